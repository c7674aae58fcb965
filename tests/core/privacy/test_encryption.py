"""Identifiers are kept encrypted, found exactly, and written anew under a new key."""

import datetime as dt
import json
import os
import stat
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps as installed
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.__main__ import main
from bitgoeul.apps.alliance.models import User
from bitgoeul.cli.startup import StartError, check_keys
from bitgoeul.core.privacy import keyring, rotation
from tests.world import person

pytestmark = pytest.mark.django_db
BORN = dt.date(1999, 3, 1)


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, settings: Any) -> None:
    settings.BITGOEUL_KEYRING_FILE = tmp_path / "keyring.json"


def stored(user: User) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, birth_on FROM alliance_user WHERE id = %s", [user.pk])
        row = cursor.fetchone()
    assert row is not None
    return row[0], row[1]


def somebody(email: str = "a@people.example", phone: str = "010-1234-5678") -> User:
    return person("가온", email, phone=phone, birth_on=BORN)


def test_the_database_alone_gives_nothing_away() -> None:
    one, two = somebody(), somebody("b@people.example")
    for user in (one, two):
        assert "1234-5678" not in stored(user)[0]
        assert "1999-03" not in stored(user)[1]
        user.refresh_from_db()
        assert (user.phone, user.birth_on) == ("010-1234-5678", BORN)
    assert stored(one)[0] != stored(two)[0], "the same number is written differently each time"
    assert stored(one)[1].split("$")[1] == "", "dates of birth would be guessed from an index"


def test_a_number_is_found_exactly_and_only_so() -> None:
    one = somebody()
    somebody("b@people.example", "010-1234-5679")
    empty = somebody("c@people.example", "")
    assert list(User.objects.filter(phone="010-1234-5678")) == [one]
    assert list(User.objects.filter(phone="")) == [empty]
    assert not User.objects.filter(phone="010").exists()
    assert not User.objects.filter(phone="%").exists()
    assert User.objects.exclude(phone="010-1234-5678").count() == 2
    for lookup in ("icontains", "startswith", "gt"):
        with pytest.raises(TypeError):
            list(User.objects.filter(**{f"phone__{lookup}": "010"}))


def test_the_search_is_served_by_an_index() -> None:
    User.objects.bulk_create(
        User(email=f"n{n}@people.example", full_name="가", phone=f"010-0000-{n:04d}")
        for n in range(2000)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE alliance_user")
    found = User.objects.filter(phone="010-0000-0042").order_by()
    plan = found.explain().upper()
    assert "INDEX" in plan
    assert "SCAN ALLIANCE_USER" not in plan
    assert "SEQ SCAN" not in plan
    assert found.get().email == "n42@people.example"


def test_what_stood_before_there_were_keys_is_read_and_then_sealed() -> None:
    user = somebody()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alliance_user SET phone = %s, birth_on = %s WHERE id = %s",
            ["010-9999-0000", "2001-05-06", user.pk],
        )
    assert User.objects.get(phone="010-9999-0000").birth_on == dt.date(2001, 5, 6)
    assert rotation.written_under()["plain"] == 2
    migration = import_module("bitgoeul.apps.alliance.migrations.0006_encrypted_identifiers")

    class Editor:
        """What a migration's step asks of its editor."""

    editor = Editor()
    editor.connection = connection  # type: ignore[attr-defined]  # all that the step reads
    migration.encrypt(installed, editor)
    assert rotation.written_under().keys() == {"k1"}
    assert User.objects.get(phone="010-9999-0000").birth_on == dt.date(2001, 5, 6)
    migration.decrypt(installed, editor)
    assert stored(user) == ("010-9999-0000", "2001-05-06")


def test_keys_are_rotated_and_old_ones_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    one = somebody()
    before = stored(one)
    keyring.add_key()
    assert list(User.objects.filter(phone="010-1234-5678")) == [one], "found under either key"
    two = somebody("b@people.example")
    assert stored(two)[0].startswith("k2$")
    assert User.objects.filter(phone="010-1234-5678").count() == 2
    assert main(["keys", "rotate"]) == 0
    assert [key.version for key in keyring.ring()] == ["k3"]
    assert rotation.written_under().keys() == {"k3"}
    assert stored(one) != before
    assert User.objects.filter(phone="010-1234-5678").count() == 2
    assert rotation.write_anew() == 0
    capsys.readouterr()
    assert main(["keys", "check"]) == 0
    assert json.loads(capsys.readouterr().out)["values"] == {"k3": 4}


def test_without_its_key_nothing_is_read() -> None:
    user = somebody()
    keyring.add_key()
    keyring.drop_keys(set())
    with pytest.raises(keyring.KeyMissing):
        User.objects.get(pk=user.pk)
    assert main(["keys", "check"]) == 1


def test_a_lost_key_is_not_replaced_by_another_of_its_name() -> None:
    somebody()
    keyring.place().unlink()
    with pytest.raises(keyring.KeyMissing):
        somebody("b@people.example")
    assert main(["keys", "rotate"]) == 1
    assert main(["keys", "check"]) == 1
    with pytest.raises(StartError):
        check_keys()
    assert not keyring.place().exists()


def test_a_copy_apart_keeps_forgotten_keys(tmp_path: Path) -> None:
    somebody()
    copy = tmp_path / "copy.json"
    keyring.put_away(copy)
    main(["keys", "rotate"])
    keyring.put_away(copy)
    assert [key.version for key in keyring.read_copy(copy)] == ["k2", "k1"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    others = (keyring.Key("k1", os.urandom(32)),)
    keyring.put_in_place(copy, others)
    keyring.put_in_place(keyring.place(), (keyring.Key("k1", os.urandom(32)),))
    with pytest.raises(keyring.KeysDiffer):
        keyring.put_away(copy)
    assert keyring.read_copy(copy) == others
    for damaged in ("", "[]", "{}", '[{"version": "k1", "secret": "00"}]', "\x00\xff"):
        copy.write_text(damaged)
        with pytest.raises(keyring.KeysDamaged):
            keyring.read_copy(copy)


def test_a_value_fits_its_field_only() -> None:
    value = keyring.seal("010-1234-5678", field="alliance.user.phone", searchable=True)
    with pytest.raises(keyring.KeyMissing):
        keyring.unseal(value, field="alliance.user.birth_on")


def test_the_keys_stand_in_a_file_of_their_own_or_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyring.ring()
    assert stat.S_IMODE(keyring.place().stat().st_mode) == 0o600
    given = json.dumps([{"version": "k7", "secret": os.urandom(32).hex()}])
    monkeypatch.setenv("BITGOEUL_KEYRING", given)
    assert [key.version for key in keyring.ring()] == ["k7"]
    with pytest.raises(keyring.KeyMissing):
        keyring.add_key()


@pytest.fixture
def _fixed_key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BITGOEUL_KEYRING", json.dumps([{"version": "k1", "secret": "00" * 32}]))
        yield


@pytest.mark.usefixtures("_fixed_key")
def test_any_text_comes_back() -> None:
    @given(text=st.text(max_size=200, alphabet=st.characters(exclude_categories=("Cs",))))
    def check(text: str) -> None:
        value = keyring.seal(text, field="a.b", searchable=True)
        assert keyring.unseal(value, field="a.b") == text
        assert any(value.startswith(each) for each in keyring.beginnings(text, field="a.b"))

    check()
