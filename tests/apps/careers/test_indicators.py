"""Every number against a case counted by hand."""

import datetime as dt
from uuid import UUID

import pytest

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import CheckSource, CheckState, ExclusionReason, PlacementKind
from bitgoeul.apps.careers.indicators import INDICATORS
from bitgoeul.apps.careers.models import Placement
from bitgoeul.core.indicators import Scope, Value
from tests.apps.careers.market import graduate, vacancy
from tests.world import AT, World, build_world

pytestmark = pytest.mark.django_db

# The world's cohort ends on 2025-08-01: six months later is 2026-02-01, seven 2026-03-01.
CLOSED = dt.date(2026, 3, 2)
OPEN = dt.date(2026, 3, 1)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


@pytest.fixture
def world() -> World:
    return build_world()


def ask(world: World, key: str, as_of: dt.date = CLOSED) -> Value:
    return BY_KEY[key].compute(Scope(cohort=world.cohort.uuid), as_of)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def works(
    world: World,
    who: User,
    started: str,
    proved: str | None,
    *,
    kind: str = "employment",
    ended: str | None = None,
    centre: bool = False,
) -> Placement:
    number = f"C-{who.pk}"
    placement = services.record_placement(
        person=who,
        organisation=world.employer,
        started_on=day(started),
        kind=kind,
        vacancy=vacancy(world, number, research_centre=True) if centre else None,
        evidence_kind="insurance" if proved else "",
        evidence_on=day(proved) if proved else None,
        by=None,
        at=AT,
    )
    if ended:
        placement = services.end_placement(placement=placement, ended_on=day(ended), by=None, at=AT)
    return placement


def excluded(world: World, who: User, reason: ExclusionReason) -> None:
    services.record_exclusion(
        person=who,
        cohort=world.cohort,
        reason=reason,
        evidence_on=day("2025-09-01"),
        by=None,
        at=AT,
    )


@pytest.fixture
def rate_case(world: World) -> World:
    """Eleven completers (two of the world work since June), one early leaver, one removed."""
    a = {number: graduate(world, f"a{number}") for number in range(1, 10)}
    works(world, a[1], "2025-10-01", "2025-10-05")  # B
    works(world, a[2], "2026-02-01", "2026-03-01")  # B: both on the last day
    works(world, a[3], "2026-02-02", "2026-02-10")  # a day too late
    works(world, a[4], "2025-10-01", "2026-03-02")  # proved a day too late
    works(world, a[5], "2025-10-01", None)  # never proved
    works(world, a[6], "2025-10-01", "2025-10-05")
    excluded(world, a[6], ExclusionReason.STUDY)  # D, though a job is there
    excluded(world, a[7], ExclusionReason.NOT_UNEMPLOYED)  # E
    works(world, a[8], "2025-09-01", "2025-09-02", kind=PlacementKind.FOUNDING)  # B
    works(world, a[9], "2025-07-01", "2025-07-02", ended="2025-07-20")  # over before the end
    graduate(world, "a10", state="employed_early")  # C
    works(world, graduate(world, "a11", state="removed"), "2025-10-01", "2025-10-05")
    return world


def test_employment_rate_is_b_plus_c_over_c_plus_a_minus_d_minus_e(rate_case: World) -> None:
    value = ask(rate_case, "careers.employment_rate_6m")
    # A = 9 + 2, B = a1 a2 a8 + 2, C = 1, D = 1, E = 1: (5 + 1) / (1 + 11 - 1 - 1)
    assert (len(value.numerator), len(value.denominator)) == (6, 10)
    assert value.number == 0.6
    assert value.countable
    assert sorted(str(row.state["excluded_as"]) for row in value.excluded) == ["D", "E"]
    assert {row.uuid for row in value.numerator} <= {row.uuid for row in value.denominator}
    assert not {row.uuid for row in value.excluded} & {row.uuid for row in value.denominator}
    assert "2026-03-01" in value.window


def test_employment_rate_is_no_number_while_the_window_is_open(rate_case: World) -> None:
    value = ask(rate_case, "careers.employment_rate_6m", OPEN)
    assert value.number is None
    assert not value.countable
    assert value.denominator == ()


def test_window_follows_the_rule_set(rate_case: World) -> None:
    rules = rate_case.cohort.rule_set
    rules.values = {"employment_window_months": 7, "evidence_deadline_months": 8}
    rules.save()
    value = ask(rate_case, "careers.employment_rate_6m", day("2026-04-02"))
    # a3 (begun 2026-02-02) and a4 (proved 2026-03-02) count now, too.
    assert (len(value.numerator), len(value.denominator)) == (8, 10)


def test_rows_carry_subject_groups_and_no_names(rate_case: World) -> None:
    value = ask(rate_case, "careers.employment_rate_6m")
    for row in (*value.denominator, *value.excluded):
        assert isinstance(row.subject, UUID)
        assert set(row.groups) == {"sex", "residence", "field"}
        assert "졸업" not in str(row.state)
        assert "study" not in str(row.state)


def test_placements_count_what_has_begun_and_is_proved(rate_case: World) -> None:
    # a1 a2 a3 a4 a6 a8 a9 a11 and two of the world; a5 is not proved.
    assert ask(rate_case, "careers.placements").number == 10
    # On 1 March 2026 a4's evidence is a day away.
    assert ask(rate_case, "careers.placements", OPEN).number == 9
    assert ask(rate_case, "careers.founders").number == 1


def test_a_change_of_a_row_changes_its_state(rate_case: World) -> None:
    before = {row.uuid: dict(row.state) for row in ask(rate_case, "careers.placements").numerator}
    placement = Placement.objects.get(person__email="a1@people.example")
    services.update_evidence(
        placement=placement,
        evidence_kind="contract",
        evidence_on=day("2025-10-06"),
        by=None,
        at=AT,
    )
    after = {row.uuid: dict(row.state) for row in ask(rate_case, "careers.placements").numerator}
    assert {uuid for uuid in before if before[uuid] != after[uuid]} == {placement.uuid}


def test_research_centre_and_local_talents(world: World) -> None:
    people = [graduate(world, f"c{number}", local=number in (1, 2)) for number in range(1, 6)]
    for who in people[:4]:
        works(world, who, "2025-10-01", "2025-10-05", centre=True)
    works(world, people[4], "2025-10-01", "2025-10-05")
    assert ask(world, "careers.research_centre_jobs").number == 4
    value = ask(world, "careers.research_centre_local_share")
    assert (len(value.numerator), len(value.denominator), value.number) == (2, 4, 0.5)
    # c1 c2, and both of the world's people, live in Gwangju.
    assert ask(world, "careers.local_hires").number == 4


def test_local_follows_the_programmes_definition(world: World) -> None:
    works(world, graduate(world, "d1"), "2025-10-01", "2025-10-05")  # school in Seoul
    assert ask(world, "careers.local_hires").number == 3
    world.cohort.rule_set.values = {"local_definition": "school"}
    world.cohort.rule_set.save()
    assert ask(world, "careers.local_hires").number == 2


def test_retention_counts_silence_as_not_kept(world: World) -> None:
    Placement.objects.all().delete()
    answers = (CheckState.KEPT, CheckState.KEPT, CheckState.LEFT, CheckState.UNKNOWN, None)
    for number, state in enumerate(answers):
        placement = works(world, graduate(world, f"r{number}"), "2025-08-10", "2025-08-12")
        if state is not None:
            services.answer_check(
                check=placement.checks.get(months=3),
                state=state,
                answered_on=day("2025-11-15"),
                source=CheckSource.EMPLOYER,
                by=None,
                at=AT,
            )
    works(world, graduate(world, "late"), "2025-12-10", "2025-12-12")  # due in March 2026
    works(world, graduate(world, "unproved"), "2025-08-10", None)
    value = ask(world, "careers.retention_3m")
    assert (len(value.numerator), len(value.denominator), value.number) == (2, 5, 0.4)
    assert sorted(str(row.state["state"]) for row in value.denominator) == [
        "due",
        "kept",
        "kept",
        "left",
        "unknown",
    ]
    assert "2" in value.window
    # An answer that came later was not known then.
    earlier = ask(world, "careers.retention_3m", day("2025-11-14"))
    assert (earlier.number, len(earlier.denominator)) == (0.0, 5)
    twelve = ask(world, "careers.retention_12m")
    assert twelve.number is None
    assert not twelve.countable


def test_scope_of_an_agreement_covers_its_programmes(rate_case: World) -> None:
    whole = BY_KEY["careers.placements"].compute(Scope(agreement=rate_case.agreement.uuid), CLOSED)
    assert whole.number == 10
