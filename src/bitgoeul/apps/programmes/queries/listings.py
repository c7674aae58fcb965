"""Filtered lists: the same query gives the page and its export."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, DecimalField, Prefetch, Q, QuerySet, Value
from django.utils.translation import get_language

from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import (
    Application,
    Attendance,
    Choice,
    Cohort,
    CompletionVerdict,
    Enrolment,
    Programme,
    RuleSet,
    RuleValues,
    Selection,
    SelectionRound,
    StageOutcome,
    StageScore,
)
from bitgoeul.apps.programmes.queries.finding import named_or_numbered

HOURS_ON_A_FIRST_DAY = 8
"""What the page proposes before any day was recorded; the instructor may write another number."""


def programmes_listed(visible: Q) -> QuerySet[Programme]:
    """Return programmes with their cohorts, newest first."""
    cohorts = Cohort.objects.order_by("-number")
    return (
        Programme.objects.filter(visible)
        .distinct()
        .select_related("organiser")
        .prefetch_related(Prefetch("cohorts", cohorts))
        .order_by("name_ko")
    )


def approved_rule_set(programme: Programme) -> RuleSet | None:
    """Return the newest approved version of a programme's rules."""
    approved = programme.rule_sets.filter(approved_at__isnull=False)
    return approved.order_by("-version").first()


def rule_set_in_force(programme: Programme, *, on: dt.date) -> RuleSet | None:
    """Return the newest approved version that is valid on a day."""
    approved = programme.rule_sets.filter(approved_at__isnull=False, valid_from__lte=on)
    return approved.order_by("-valid_from", "-version").first()


def rules_to_start_from(programme: Programme) -> RuleValues:
    """Return the rules in force, which the next version starts from."""
    newest = approved_rule_set(programme)
    return newest.thresholds if newest else RuleValues()


def proposed_rule_set(programme: Programme) -> RuleSet | None:
    """Return the newest version that still waits for approval."""
    waiting = programme.rule_sets.filter(approved_at__isnull=True, withdrawn_at__isnull=True)
    return waiting.order_by("-version").first()


def applications_listed(
    cohort: Cohort,
    *,
    name: str = "",
    state: str = "",
    region: str = "",
    outcome: str = "",
    bare: bool = False,
) -> QuerySet[Application]:
    """Return a cohort's applications without drafts, by part of name or number and state.

    `outcome` is `passed:` or `cut:` with the key of a stage. `bare` without choices and scores: a
    page asks for those by `beside`.
    """
    found = (
        Application.objects.filter(cohort=cohort)
        .exclude(state=ApplicationState.DRAFT)
        .select_related("person")
        .order_by("number")
    )
    if not bare:
        found = found.prefetch_related(
            Prefetch("choices", Choice.objects.select_related("track").order_by("rank")),
            # By its id a score is set under its stage: a stage a score would be as dear as the row.
            "stage_scores",
        )
    if name:
        found = found.filter(named_or_numbered(name))
    if state:
        found = found.filter(state=state)
    if region:
        found = found.filter(residence=region)
    if outcome:
        side, _colon, key = outcome.partition(":")
        decided = StageOutcome.objects.filter(
            stage__cohort=cohort, stage__key=key, passed=side == "passed"
        )
        found = found.filter(pk__in=decided.values("application"))
    return found


@dataclass(frozen=True)
class Beside:
    """What stands beside an application in the list: tracks in order, scores by stage."""

    tracks: list[str] = field(default_factory=list)
    scores: dict[int, Decimal] = field(default_factory=dict)


def beside(applications: Iterable[Application]) -> Mapping[int, Beside]:
    """Return choices and scores of a page of applications, in one statement and without rows."""
    found = {row.pk: Beside() for row in applications}
    scores = (
        StageScore.objects.filter(application__in=found)
        .order_by()
        .annotate(ko=Value(""), en=Value(""))
        .values_list("application", "stage", "ko", "en", "score")
    )
    no_score = Value(None, output_field=DecimalField())
    choices = (
        Choice.objects.filter(application__in=found)
        .order_by()
        .annotate(no_score=no_score)
        .values_list("application", "rank", "track__name_ko", "track__name_en", "no_score")
    )
    english = get_language() == "en"
    for pk, place, korean, name_en, score in sorted(
        scores.union(choices, all=True), key=lambda line: line[:2]
    ):
        if score is not None:
            found[pk].scores[place] = score
        else:
            found[pk].tracks.append(name_en if english and name_en else korean)
    return found


def enrolments_listed(
    cohort: Cohort, *, name: str = "", state: str = "", track: str = ""
) -> QuerySet[Enrolment]:
    """Return a cohort's enrolments by part of name, state and track."""
    found = (
        Enrolment.objects.filter(cohort=cohort)
        .select_related("person", "track", "application")
        .order_by("track__key", "person__full_name", "id")
    )
    if name:
        by_number = any(each.isdigit() for each in name)
        path = "application__" if by_number else ""
        found = found.filter(named_or_numbered(name, path=path))
    if state:
        found = found.filter(state=state)
    if track:
        found = found.filter(track__key=track)
    return found


def selections_listed(
    selection_round: SelectionRound, *, name: str = "", seat: str = ""
) -> QuerySet[Selection]:
    """Return a round's selections by part of name or number, and by seat, best score first."""
    found = (
        Selection.objects.filter(round=selection_round)
        .select_related("application__person", "track")
        .order_by("-total_score", "application__number")
    )
    if name:
        found = found.filter(named_or_numbered(name, path="application__"))
    if seat == "yes":
        found = found.filter(track__isnull=False)
    elif seat == "no":
        found = found.filter(track__isnull=True)
    elif seat:
        found = found.filter(track__key=seat)
    return found


def current_round(cohort: Cohort) -> SelectionRound | None:
    """Return a cohort's newest selection round that was run."""
    rounds = cohort.selection_rounds.filter(run_at__isnull=False).select_related(
        "cohort__programme", "cohort__rule_set"
    )
    return rounds.order_by("-number").first()


def days_held(cohort: Cohort) -> list[tuple[dt.date, int]]:
    """Return the days with attendance, newest first, each with the number of people."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort).order_by("-held_on")
    return list(rows.values_list("held_on").annotate(Count("id")))


def hours_usual(cohort: Cohort, day: dt.date) -> int:
    """Return how many hours a day has: those recorded for it, else those of the newest day."""
    rows = Attendance.objects.filter(enrolment__cohort=cohort)
    here = rows.filter(held_on=day).order_by("-id").first()
    found = here or rows.order_by("-held_on", "-id").first()
    return len(found.hours) if found else HOURS_ON_A_FIRST_DAY


def attendance_on(
    cohort: Cohort, day: dt.date, *, track: str = ""
) -> list[tuple[Enrolment, Attendance | None]]:
    """Return whoever could be there on a day, each with the stored day or None."""
    there = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    enrolments = list(enrolments_listed(cohort, track=track).filter(there, enrolled_on__lte=day))
    rows = Attendance.objects.filter(enrolment__cohort=cohort, held_on=day)
    stored = {row.enrolment_id: row for row in rows}
    return [(enrolment, stored.get(enrolment.pk)) for enrolment in enrolments]


def newest_verdict_of(enrolment: Enrolment) -> CompletionVerdict | None:
    """Return the verdict that counts."""
    return enrolment.verdicts.select_related("rule_set").order_by("-decided_at", "-id").first()


def newest_verdicts(enrolments: Iterable[Enrolment]) -> Mapping[int, CompletionVerdict]:
    """Return the verdict that counts of each enrolment, without the stored inputs."""
    rows = CompletionVerdict.objects.filter(enrolment__in=[row.pk for row in enrolments])
    newest: dict[int, CompletionVerdict] = {}
    for verdict in rows.defer("inputs").order_by("decided_at", "id"):
        newest[verdict.enrolment_id] = verdict
    return newest
