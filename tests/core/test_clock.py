"""The one clock: real, fixed for a demo, stopped for a test."""

import datetime as dt
from types import SimpleNamespace

import pytest

from bitgoeul.core import clock


@pytest.fixture
def folder(tmp_path, settings):
    settings.BITGOEUL = SimpleNamespace(data_dir=tmp_path)
    settings.BITGOEUL_FIXED_TODAY = None
    return tmp_path


def test_real_time_by_default(folder):
    before = dt.datetime.now(dt.UTC)
    assert before <= clock.now() <= dt.datetime.now(dt.UTC)
    assert clock.fixed_today() is None


def test_today_is_the_date_in_seoul():
    with clock.freeze(dt.datetime(2026, 3, 1, 15, 0, tzinfo=dt.UTC)):  # midnight in Seoul
        assert clock.today() == dt.date(2026, 3, 2)
    with clock.freeze(dt.datetime(2026, 3, 1, 14, 59, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 3, 1)


def test_a_demo_keeps_its_date_and_the_real_time_of_day(folder):
    clock.fix_today(dt.date(2027, 2, 15))
    real = dt.datetime.now(clock.SEOUL)
    assert clock.today() == dt.date(2027, 2, 15)
    shown = clock.now().astimezone(clock.SEOUL)
    assert abs((shown.hour * 60 + shown.minute) - (real.hour * 60 + real.minute)) in {0, 1, 1439}
    assert clock.now().tzinfo


def test_a_new_date_is_seen_at_once(folder):
    clock.fix_today(dt.date(2027, 2, 15))
    assert clock.today() == dt.date(2027, 2, 15)
    path = clock.fix_today(dt.date(2027, 2, 16))
    assert clock.today() == dt.date(2027, 2, 16)
    path.unlink()
    assert clock.fixed_today() is None


@pytest.mark.parametrize("given", ["2027-02-15", dt.date(2027, 2, 15)])
def test_the_setting_wins(folder, settings, given):
    clock.fix_today(dt.date(2030, 1, 1))
    settings.BITGOEUL_FIXED_TODAY = given
    assert clock.today() == dt.date(2027, 2, 15)


def test_freezing_nests_and_ends():
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    second = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    with clock.freeze(first):
        with clock.freeze(second):
            assert clock.now() == second
        assert clock.now() == first
    assert clock.now() != first


def test_only_aware_moments_stop_the_clock():
    naive = dt.datetime(2026, 1, 1)  # noqa: DTZ001 -- what is tested
    with pytest.raises(ValueError, match="aware"), clock.freeze(naive):
        pass


def test_without_a_data_folder(settings):
    settings.BITGOEUL = None
    settings.BITGOEUL_FIXED_TODAY = None
    assert clock.fixed_today() is None
    with pytest.raises(ValueError, match="no data folder"):
        clock.fix_today(dt.date(2027, 2, 15))
