"""The rows behind every number about jobs: who, in which cohort, with what evidence."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from bitgoeul.apps.careers.enums import ExclusionReason
from bitgoeul.apps.careers.models import OutcomeExclusion, Placement, RetentionCheck
from bitgoeul.apps.careers.queries.people import local_people, people_of
from bitgoeul.apps.careers.queries.windows import Window, employment_window
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.core.indicators import Evidence, Scope, shared

FINISHED = (EnrolmentState.COMPLETED, EnrolmentState.EMPLOYED_EARLY)


@dataclass(frozen=True)
class CohortOutcomes:
    """One cohort with its enrolments, the placements of its people, and who does not count."""

    cohort: Cohort
    window: Window
    enrolments: tuple[Enrolment, ...]
    placements: Mapping[int, tuple[Placement, ...]]
    exclusions: Mapping[int, OutcomeExclusion]
    local: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Rate:
    """The rows of an employment rate, by the letters of its definition."""

    counted: tuple[Evidence, ...]
    employed: tuple[Evidence, ...]
    excluded: tuple[Evidence, ...]


def cohorts_in(scope: Scope) -> list[Cohort]:
    """Return the cohorts that a question is about, oldest first."""
    cohorts = Cohort.objects.select_related("rule_set", "programme")
    if scope.cohort is not None:
        cohorts = cohorts.filter(uuid=scope.cohort)
    if scope.agreement is not None:
        cohorts = cohorts.filter(programme__agreement__uuid=scope.agreement)
    return list(cohorts.order_by("ends_on", "pk"))


def outcomes_in(scope: Scope) -> list[CohortOutcomes]:
    """Load what became of the people of each cohort; five statements a cohort."""
    return shared(
        "careers.outcomes",
        scope,
        load=lambda: [outcomes_of(cohort) for cohort in cohorts_in(scope)],
    )


def outcomes_of(cohort: Cohort) -> CohortOutcomes:
    """Load what became of the people of a cohort.

    A job belongs to the cohort that the person was in last before it began, so that somebody
    who took two courses is not counted twice for one job.
    """
    enrolments = tuple(
        Enrolment.objects.filter(cohort=cohort)
        .select_related("person", "track", "application")
        .order_by("pk")
    )
    later = _later_starts(cohort)
    placements: dict[int, tuple[Placement, ...]] = {}
    rows = Placement.objects.filter(person__in=people_of(cohort), started_on__gte=cohort.starts_on)
    for placement in rows.select_related("vacancy", "organisation").order_by("started_on", "pk"):
        until = later.get(placement.person_id)
        if until is None or placement.started_on < until:
            own = placements.get(placement.person_id, ())
            placements[placement.person_id] = (*own, placement)
    exclusions = OutcomeExclusion.objects.filter(cohort=cohort)
    return CohortOutcomes(
        cohort=cohort,
        window=employment_window(cohort),
        enrolments=enrolments,
        placements=placements,
        exclusions={row.person_id: row for row in exclusions},
        local=frozenset(local_people(cohort)),
    )


def proved(placement: Placement, *, by: dt.date) -> bool:
    """Whether a job's evidence was there on a day."""
    return placement.evidence_on is not None and placement.evidence_on <= by


def employment_of(outcomes: CohortOutcomes) -> Rate:
    """Sort the people of a cohort into the employment rate (B + C) / (C + A - D - E).

    A completers, B completers employed in the window with evidence in time, C left for a job
    before completing, D excluded with evidence, E not unemployed at the start. Who is excluded
    leaves numerator and denominator alike.
    """
    counted, employed, excluded = [], [], []
    for enrolment in outcomes.enrolments:
        if enrolment.state not in FINISHED:
            continue
        exclusion = outcomes.exclusions.get(enrolment.person_id)
        job = _job_in_window(outcomes, enrolment)
        row = _enrolment_row(outcomes, enrolment, job, exclusion)
        if exclusion is not None:
            excluded.append(row)
            continue
        counted.append(row)
        if job is not None or enrolment.state == EnrolmentState.EMPLOYED_EARLY:
            employed.append(row)
    return Rate(counted=tuple(counted), employed=tuple(employed), excluded=tuple(excluded))


def _job_in_window(outcomes: CohortOutcomes, enrolment: Enrolment) -> Placement | None:
    """The first job that began by the end of the window, lasted beyond the course, is proved."""
    window = outcomes.window
    for placement in outcomes.placements.get(enrolment.person_id, ()):
        begins_in_time = placement.started_on <= window.begins_by
        lasts = placement.ended_on is None or placement.ended_on > window.ended_on
        if begins_in_time and lasts and proved(placement, by=window.evidence_by):
            return placement
    return None


def _enrolment_row(
    outcomes: CohortOutcomes,
    enrolment: Enrolment,
    job: Placement | None,
    exclusion: OutcomeExclusion | None,
) -> Evidence:
    state: dict[str, object] = {"enrolment": enrolment.state}
    if job is not None:
        state |= {
            "placement": str(job.uuid),
            "kind": job.kind,
            "started_on": job.started_on.isoformat(),
            "evidence_kind": job.evidence_kind,
            "evidence_on": job.evidence_on.isoformat() if job.evidence_on else None,
        }
    if exclusion is not None:
        # The reason is sensitive and stays in the row; the report says which letter it is.
        not_unemployed = exclusion.reason == ExclusionReason.NOT_UNEMPLOYED
        state["excluded_as"] = "E" if not_unemployed else "D"
    return Evidence(
        kind="programmes.enrolment",
        uuid=enrolment.uuid,
        state=state,
        subject=enrolment.person.uuid,
        groups=groups_of(outcomes, enrolment),
    )


def placement_rows(
    outcomes: CohortOutcomes, *, as_of: dt.date
) -> list[tuple[Placement, Enrolment, Evidence]]:
    """Return the jobs of a cohort that had begun and were proved on a day."""
    return shared(
        "careers.placements",
        outcomes.cohort.pk,
        as_of,
        load=lambda: _placement_rows(outcomes, as_of),
    )


def _placement_rows(
    outcomes: CohortOutcomes, as_of: dt.date
) -> list[tuple[Placement, Enrolment, Evidence]]:
    by_person = {row.person_id: row for row in outcomes.enrolments}
    found = []
    for person, placements in outcomes.placements.items():
        enrolment = by_person[person]
        for placement in placements:
            if placement.started_on <= as_of and proved(placement, by=as_of):
                row = placement_row(outcomes, enrolment, placement)
                found.append((placement, enrolment, row))
    return found


def placement_row(outcomes: CohortOutcomes, enrolment: Enrolment, placement: Placement) -> Evidence:
    """Return what of a job is counted."""
    return Evidence(
        kind="careers.placement",
        uuid=placement.uuid,
        state={
            "kind": placement.kind,
            "started_on": placement.started_on.isoformat(),
            "evidence_kind": placement.evidence_kind,
            "evidence_on": placement.evidence_on.isoformat() if placement.evidence_on else None,
            "research_centre": bool(placement.vacancy and placement.vacancy.research_centre),
            "local": enrolment.person_id in outcomes.local,
        },
        subject=enrolment.person.uuid,
        groups=groups_of(outcomes, enrolment),
    )


def checks_of(cohort: Cohort, *, months: int, as_of: dt.date) -> QuerySet[RetentionCheck]:
    """Return the checks of a cohort's people whose day has come."""
    return RetentionCheck.objects.filter(
        placement__person__in=people_of(cohort), months=months, due_on__lte=as_of
    ).order_by("pk")


def groups_of(outcomes: CohortOutcomes, enrolment: Enrolment) -> dict[str, str]:
    """Return the groups by which a number may be broken down; unknown stays visible."""
    application = enrolment.application
    residence = application.residence if application else enrolment.person.residence
    return {
        "sex": enrolment.person.sex or "unknown",
        "residence": residence or "unknown",
        "field": enrolment.track.field,
    }


def _later_starts(cohort: Cohort) -> dict[int, dt.date]:
    """When each person began another course after this one."""
    rows = Enrolment.objects.filter(
        person__in=people_of(cohort), cohort__starts_on__gt=cohort.starts_on
    ).values_list("person", "cohort__starts_on")
    first: dict[int, dt.date] = {}
    for person, starts_on in rows:
        first[person] = min(starts_on, first.get(person, starts_on))
    return first
