"""What the partners count about programmes; each number lists the rows that it was counted from.

The state of an evidence row holds only what was counted, so a later change that matters shows in
a published report, and one that does not matter leaves it alone.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import ApplicationState, EnrolmentState
from bitgoeul.apps.programmes.models import Application, Cohort, Enrolment, Selection, Track
from bitgoeul.apps.programmes.queries.completion import attendance_now
from bitgoeul.core import clock
from bitgoeul.core.indicators import Evidence, Indicator, Scope, Value, count, phrase, share, shared

GROUPS = ("sex", "residence", "field", "major")


def cohorts_in(scope: Scope) -> QuerySet[Cohort]:
    """Return the cohorts that a question is about."""
    cohorts = Cohort.objects.select_related("rule_set", "programme")
    if scope.cohort is not None:
        cohorts = cohorts.filter(uuid=scope.cohort)
    if scope.agreement is not None:
        cohorts = cohorts.filter(programme__agreement__uuid=scope.agreement)
    return cohorts.order_by("pk")


def applicants(scope: Scope, as_of: dt.date) -> Value:
    """Applications handed in by a day; withdrawn ones are left out."""
    handed_in: list[Evidence] = []
    withdrawn: list[Evidence] = []
    # Plain columns: a hundred thousand rows as objects cost ten times as much.
    columns = ("uuid", "state", "submitted_at", "cohort__uuid", "residence", "major")
    people = ("person__uuid", "person__sex")
    rows = _applications(scope).filter(submitted_at__lt=_end_of(as_of)).order_by("pk")
    for uuid, state, at, cohort, residence, major, subject, sex in rows.values_list(
        *columns, *people
    ):
        evidence = Evidence(
            kind="programmes.application",
            uuid=uuid,
            state={"cohort": str(cohort), "submitted_at": at},
            subject=subject,
            groups={"sex": sex, "residence": residence, "major": major},
        )
        (withdrawn if state == ApplicationState.WITHDRAWN else handed_in).append(evidence)
    return Value(
        number=len(handed_in),
        numerator=tuple(handed_in),
        excluded=tuple(withdrawn),
        window=phrase(_("handed in by %(day)s"), day=as_of.isoformat()),
        as_of=as_of,
    )


def seats(scope: Scope, as_of: dt.date) -> Value:
    """Seats of the tracks of cohorts that had called for applications by a day."""
    tracks = Track.objects.filter(
        cohort__in=cohorts_in(scope), cohort__applications_open_at__lt=_end_of(as_of)
    ).select_related("cohort")
    rows = tuple(
        Evidence(
            kind="programmes.track",
            uuid=track.uuid,
            state={"cohort": str(track.cohort.uuid), "seats": track.seats},
            groups={"field": track.field},
        )
        for track in tracks
    )
    return Value(
        number=sum(int(row.state["seats"]) for row in rows),
        numerator=rows,
        window=phrase(_("called for by %(day)s"), day=as_of.isoformat()),
        as_of=as_of,
    )


def selected(scope: Scope, as_of: dt.date) -> Value:
    """Applications that a published selection gave a seat."""
    return count(rows=_selected(scope, as_of), as_of=as_of, window=_published_by(as_of))


def selected_local_share(scope: Scope, as_of: dt.date) -> Value:
    """Local talents among the selected."""
    rows = _selected(scope, as_of)
    return share(
        numerator=[row for row in rows if row.state["local"]],
        denominator=rows,
        as_of=as_of,
        window=_published_by(as_of),
    )


def enrolled(scope: Scope, as_of: dt.date) -> Value:
    """Enrolments that had begun by a day, however they ended."""
    rows = [_enrolment_row(row, {}) for row in _enrolments(scope, as_of)]
    return count(rows=rows, as_of=as_of, window=_begun_by(as_of))


def completed(scope: Scope, as_of: dt.date) -> Value:
    """Enrolments that completed by a day."""
    rows = [
        _enrolment_row(row, {"completed": True})
        for row in _enrolments(scope, as_of)
        if _has_completed(row, as_of)
    ]
    return count(
        rows=rows,
        as_of=as_of,
        window=phrase(_("completed by %(day)s"), day=as_of.isoformat()),
    )


def completion_rate(scope: Scope, as_of: dt.date) -> Value:
    """Completers among everyone enrolled in the cohorts that have ended."""
    below: list[Evidence] = []
    excluded: list[Evidence] = []
    ended = False
    for row in _enrolments(scope, as_of):
        if row.cohort.ends_on > as_of:
            continue
        ended = True
        done = _has_completed(row, as_of)
        early = row.state == EnrolmentState.EMPLOYED_EARLY
        evidence = _enrolment_row(row, {"completed": done, "left_for_job": early})
        (excluded if early else below).append(evidence)
    return share(
        numerator=[row for row in below if row.state["completed"]],
        denominator=below,
        excluded=excluded,
        as_of=as_of,
        window=phrase(_("cohorts ended by %(day)s"), day=as_of.isoformat()),
        countable=ended,
    )


def attended_hours_share(scope: Scope, as_of: dt.date) -> Value:
    """Among everyone enrolled in ended cohorts, those who attended the share that the rules ask."""
    rows: list[Evidence] = []
    ended = False
    everybody = _enrolments(scope, as_of)
    for cohort in cohorts_in(scope).filter(ends_on__lte=as_of):
        enrolments = [row for row in everybody if row.cohort_id == cohort.pk]
        ended = ended or bool(enrolments)
        lines = attendance_now(cohort, enrolments)
        for row in enrolments:
            line = lines[row.pk]
            facts = {name: line.facts[name] for name in ("attended", "planned", "unit")}
            rows.append(_enrolment_row(row, {"reached": bool(line.met), **facts}))
    return share(
        numerator=[row for row in rows if row.state["reached"]],
        denominator=rows,
        as_of=as_of,
        window=phrase(_("cohorts ended by %(day)s"), day=as_of.isoformat()),
        countable=ended,
    )


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=clock.SEOUL)


def _begun_by(day: dt.date) -> Any:
    return phrase(_("begun by %(day)s"), day=day.isoformat())


def _published_by(day: dt.date) -> Any:
    return phrase(_("published by %(day)s"), day=day.isoformat())


def _applications(scope: Scope) -> QuerySet[Application]:
    return (
        Application.objects.filter(cohort__in=cohorts_in(scope))
        .exclude(state=ApplicationState.DRAFT)
        .order_by("pk")
    )


def _enrolments(scope: Scope, as_of: dt.date) -> Sequence[Enrolment]:
    return shared(
        "programmes.enrolments", scope, as_of, load=lambda: list(_enrolled_by(scope, as_of))
    )


def _enrolled_by(scope: Scope, as_of: dt.date) -> QuerySet[Enrolment]:
    # Of an application only what a number is grouped by: its texts are long.
    return (
        Enrolment.objects.filter(cohort__in=cohorts_in(scope), enrolled_on__lte=as_of)
        .select_related("person", "track", "application", "cohort")
        .defer("application__motivation", "application__state_reason", "cohort__local_regions")
        .order_by("pk")
    )


def _selected(scope: Scope, as_of: dt.date) -> list[Evidence]:
    return shared("programmes.selected", scope, as_of, load=lambda: _chosen(scope, as_of))


def _chosen(scope: Scope, as_of: dt.date) -> list[Evidence]:
    # Plain columns, like the applicants.
    rows = Selection.objects.filter(
        round__cohort__in=cohorts_in(scope),
        round__published_at__lt=_end_of(as_of),
        track__isnull=False,
    ).order_by("pk")
    found = rows.values_list(
        "pool",
        "local",
        "round__uuid",
        "track__key",
        "track__field",
        "application__uuid",
        "application__residence",
        "application__major",
        "application__person__uuid",
        "application__person__sex",
    )
    return [
        Evidence(
            kind="programmes.application",
            uuid=uuid,
            state={"round": str(of_round), "track": track, "pool": pool, "local": local},
            subject=person,
            groups={
                "sex": sex,
                "residence": residence,
                "major": major,
                "field": field,
                "track": track,
            },
        )
        for (
            pool, local, of_round, track, field, uuid, residence, major, person, sex,
        ) in found
    ]  # fmt: skip


def _enrolment_row(row: Enrolment, facts: Mapping[str, object]) -> Evidence:
    groups = {"sex": row.person.sex, "residence": row.person.residence}
    if row.application is not None:
        groups |= {"residence": row.application.residence, "major": row.application.major}
    return Evidence(
        kind="programmes.enrolment",
        uuid=row.uuid,
        state={
            "cohort": str(row.cohort.uuid),
            "track": row.track.key,
            "enrolled_on": row.enrolled_on.isoformat(),
            **facts,
        },
        subject=row.person.uuid,
        groups=groups | {"field": row.track.field, "track": row.track.key},
    )


def _has_completed(row: Enrolment, as_of: dt.date) -> bool:
    done = row.state == EnrolmentState.COMPLETED
    return done and row.ended_on is not None and row.ended_on <= as_of


INDICATORS = (
    Indicator(
        key="programmes.applicants",
        title=gettext_lazy("Applicants"),
        definition=gettext_lazy(
            "Applications handed in by the day, eligible or not. Withdrawn ones are left out."
        ),
        unit="count",
        compute=applicants,
        group_by=("sex", "residence", "major"),
        exclusions=gettext_lazy("Applications that their authors withdrew."),
    ),
    Indicator(
        key="programmes.seats",
        title=gettext_lazy("Seats"),
        definition=gettext_lazy(
            "The sum of the seats of all tracks of cohorts that called for applications."
        ),
        unit="sum",
        compute=seats,
    ),
    Indicator(
        key="programmes.selected",
        title=gettext_lazy("Selected"),
        definition=gettext_lazy("Applications that a published selection gave a seat."),
        unit="count",
        compute=selected,
        group_by=GROUPS,
    ),
    Indicator(
        key="programmes.selected_local_share",
        title=gettext_lazy("Local talents among the selected"),
        definition=gettext_lazy(
            "Among the selected, those who counted as local by the cohort's regions and the "
            "definition in the programme's rules, on the day of the selection."
        ),
        unit="share",
        compute=selected_local_share,
        group_by=("sex", "field", "major"),
    ),
    Indicator(
        key="programmes.enrolled",
        title=gettext_lazy("Enrolled"),
        definition=gettext_lazy("Enrolments that had begun by the day, however they ended."),
        unit="count",
        compute=enrolled,
        group_by=GROUPS,
    ),
    Indicator(
        key="programmes.completed",
        title=gettext_lazy("Completed"),
        definition=gettext_lazy(
            "Enrolments whose completion was decided by the approved rules of the programme."
        ),
        unit="count",
        compute=completed,
        group_by=GROUPS,
    ),
    Indicator(
        key="programmes.completion_rate",
        title=gettext_lazy("Completion rate"),
        definition=gettext_lazy(
            "Completed among all enrolments of cohorts whose last day has passed; who withdrew or "
            "was removed counts as not completed. Before the last day there is no number."
        ),
        unit="share",
        compute=completion_rate,
        group_by=GROUPS,
        exclusions=gettext_lazy("Who left for a job before the end is in neither part."),
    ),
    Indicator(
        key="programmes.attended_hours_share",
        title=gettext_lazy("Attendance reached"),
        definition=gettext_lazy(
            "Among all enrolments of ended cohorts, those who attended at least the share of the "
            "planned hours or days that the programme's rules ask for."
        ),
        unit="share",
        compute=attended_hours_share,
        group_by=GROUPS,
    ),
)
