"""What the front page lists: for anyone what is open, for whoever is signed in what waits."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import (
    meetings_unanswered_by,
    minutes_waiting_for,
    open_actions_of,
    outdated_consents,
    people_having_withdrawn,
    purposes_of,
)
from bitgoeul.apps.careers.enums import CheckState, OfferState, RoundState, VacancyState
from bitgoeul.apps.careers.models import MatchingRound, Offer, RetentionCheck, Vacancy
from bitgoeul.apps.careers.rules import (
    cohorts_completed_by,
    employers_of,
    is_employer,
    rounds_run_by,
)
from bitgoeul.apps.labs.enums import LabState
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState, SelectionState
from bitgoeul.apps.programmes.models import Application, Cohort, SelectionRound
from bitgoeul.apps.programmes.rules import cohorts_managed_by
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.apps.reports.models import Report
from bitgoeul.apps.reports.rules import manageable_reports
from bitgoeul.apps.reviews.enums import PanelState, ReviewState
from bitgoeul.apps.reviews.models import Panel
from bitgoeul.core import formats
from bitgoeul.core.imports.enums import ImportState
from bitgoeul.core.imports.models import Import

SHOWN = 5
"""How many of each kind; the room's own list has the rest."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the front page."""

    title: str
    url: str
    note: str = ""
    count: int | None = None


def published_reports() -> list[Item]:
    """The newest reports that anyone may read."""
    reports = Report.objects.filter(state=ReportState.PUBLISHED)[:SHOWN]
    return [
        Item(
            title=report.title,
            url=_to("reports:report_detail", report.uuid),
            note=_("As of %(day)s") % {"day": _day(report.as_of)},
        )
        for report in reports
    ]


def open_cohorts() -> list[Item]:
    """Cohorts that take applications."""
    cohorts = Cohort.objects.filter(state=CohortState.APPLYING).select_related("programme")
    return [
        Item(
            title=str(cohort),
            url=_to("programmes:cohort_detail", cohort.uuid),
            note=_until(cohort.applications_close_at),
        )
        for cohort in cohorts.order_by("applications_close_at")[:SHOWN]
    ]


def open_vacancies() -> list[Item]:
    """Vacancies that are open, those that close first at the top."""
    vacancies = Vacancy.objects.filter(state=VacancyState.OPEN).select_related("organisation")
    return [
        Item(
            title=vacancy.title,
            url=_to("careers:vacancy_detail", vacancy.uuid),
            note=str(vacancy.organisation),
        )
        for vacancy in vacancies.order_by("closes_on", "number")[:SHOWN]
    ]


@dataclass(frozen=True)
class Work:
    """A kind of work: the rows that wait for a person, and the lines that they make."""

    rows: Callable[[User, dt.datetime], QuerySet[Any]]
    lines: Callable[[User, dt.datetime, QuerySet[Any]], Iterator[Item]]


def tasks_of(user: User | AnonymousUser, *, at: dt.datetime) -> list[Item]:
    """What waits for a person, in all their roles, most personal first.

    One statement tells which kinds of work wait at all; only these are read.
    """
    if not isinstance(user, User):
        return []
    rows = {name: work.rows(user, at) for name, work in _KINDS.items()}
    asked: Any = {f"waits_{name}": Exists(found.order_by()) for name, found in rows.items()}
    waits: Any = User.objects.filter(pk=user.pk).values(**asked).get()
    kinds = [name for name in _KINDS if waits[f"waits_{name}"]]
    return [item for name in kinds for item in _KINDS[name].lines(user, at, rows[name])]


def _consents(user: User, at: dt.datetime) -> QuerySet[Any]:
    return outdated_consents(user, on=formats.local_date(at))


def _consent_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for row in purposes_of(user, on=formats.local_date(at)):
        if row.outdated:
            title = _("Read a changed text and consent again: %(purpose)s")
            yield Item(title=title % {"purpose": row.purpose.label}, url=reverse("alliance:me"))


def _meetings(user: User, at: dt.datetime) -> QuerySet[Any]:
    return meetings_unanswered_by(user, at=at)


def _meeting_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for meeting in rows[:SHOWN]:
        yield Item(
            title=_("Say whether you come: %(meeting)s") % {"meeting": meeting},
            url=_to("alliance:meeting_detail", meeting.uuid),
            note=formats.moment(meeting.starts_at, _language()),
        )


def _minutes(user: User, at: dt.datetime) -> QuerySet[Any]:
    return minutes_waiting_for(user, on=formats.local_date(at))


def _minutes_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for meeting in rows[:SHOWN]:
        yield Item(
            title=_("Read and approve the minutes: %(meeting)s") % {"meeting": meeting},
            url=_to("alliance:meeting_detail", meeting.uuid),
        )


def _actions(user: User, at: dt.datetime) -> QuerySet[Any]:
    return open_actions_of(user)


def _action_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    today = formats.local_date(at)
    for action in rows[:SHOWN]:
        note = _("Overdue since %(day)s") if action.due_on < today else _("Until %(moment)s")
        day = _day(action.due_on)
        yield Item(
            title=action.text,
            url=_to("alliance:action_detail", action.uuid),
            note=note % {"day": day, "moment": day},
        )


def _offers(user: User, at: dt.datetime) -> QuerySet[Any]:
    return Offer.objects.filter(person=user, state=OfferState.MADE, expires_at__gt=at)


def _offer_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for offer in rows.select_related("vacancy__organisation")[:SHOWN]:
        title = _("Answer the offer of %(organisation)s")
        yield Item(
            title=title % {"organisation": offer.vacancy.organisation},
            url=reverse("careers:offer_list"),
            note=_until(offer.expires_at),
        )


def _reviews(user: User, at: dt.datetime) -> QuerySet[Any]:
    return Panel.objects.filter(
        state=PanelState.OPEN,
        opens_at__lte=at,
        closes_at__gte=at,
        cases__reviews__reviewer=user,
        cases__reviews__state=ReviewState.ASSIGNED,
    )


def _review_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for panel in rows.annotate(waiting=Count("cases__reviews")).order_by("closes_at")[:SHOWN]:
        yield Item(
            title=_("Judge in “%(panel)s”") % {"panel": panel.name},
            url=_to("reviews:panel_next", panel.uuid),
            note=_until(panel.closes_at),
            count=panel.waiting,
        )


def _drafts(user: User, at: dt.datetime) -> QuerySet[Any]:
    return Application.objects.filter(
        person=user, state=ApplicationState.DRAFT, cohort__state=CohortState.APPLYING
    )


def _draft_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for draft in rows.select_related("cohort__programme")[:SHOWN]:
        yield Item(
            title=_("Finish your application to %(cohort)s") % {"cohort": draft.cohort},
            url=_to("programmes:application_detail", draft.uuid),
            note=_until(draft.cohort.applications_close_at),
        )


def _rankings(user: User, at: dt.datetime) -> QuerySet[Any]:
    rounds = MatchingRound.objects.filter(
        state=RoundState.COLLECTING, closes_at__gt=at, cohort__in=cohorts_completed_by(user)
    )
    return rounds.exclude(applications__person=user)


def _ranking_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for one in rows[:SHOWN]:
        yield Item(
            title=_("Rank the vacancies you would like"),
            url=_to("careers:rank", one.uuid),
            note=_until(one.closes_at),
        )


def _labs(user: User, at: dt.datetime) -> QuerySet[Any]:
    labs = Lab.objects.filter(state=LabState.OPEN, closes_at__gt=at, participants__person=user)
    return labs.exclude(submissions__person=user)


def _lab_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for lab in rows[:SHOWN]:
        yield Item(
            title=_("Hand in: %(lab)s") % {"lab": lab},
            url=_to("labs:lab_detail", lab.uuid),
            note=_until(lab.closes_at),
        )


def _ratings(user: User, at: dt.datetime) -> QuerySet[Any]:
    rounds = MatchingRound.objects.filter(state=RoundState.COLLECTING, closes_at__gt=at)
    if not is_employer(user):
        return rounds.none()
    mine = Q(applications__vacancy__organisation__in=employers_of(user))
    gone = people_having_withdrawn(Purpose.EMPLOYER_SHARING).values("pk")
    unrated = mine & Q(applications__rated_at__isnull=True) & ~Q(applications__person__in=gone)
    waiting = rounds.annotate(unrated=Count("applications", filter=unrated, distinct=True))
    return waiting.filter(unrated__gt=0)


def _rating_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for one in rows[:SHOWN]:
        yield Item(
            title=_("Rate the people who applied to you"),
            url=_to("careers:rating_list", one.uuid),
            note=_until(one.closes_at),
            count=one.unrated,
        )


def _due(at: dt.datetime) -> QuerySet[Any]:
    return RetentionCheck.objects.filter(state=CheckState.DUE, due_on__lte=formats.local_date(at))


def _own_checks(user: User, at: dt.datetime) -> QuerySet[Any]:
    return _due(at).filter(placement__person=user)


def _own_check_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for check in rows.select_related("placement__organisation")[:SHOWN]:
        question = _("Do you still work at %(organisation)s?")
        yield Item(
            title=question % {"organisation": check.placement.organisation},
            url=reverse("careers:check_list"),
            note=_("%(months)s months after the first day") % {"months": check.months},
        )


def _checks(user: User, at: dt.datetime) -> QuerySet[Any]:
    gone = people_having_withdrawn(Purpose.OUTCOME_FOLLOW_UP).values("pk")
    asked = _due(at).filter(placement__organisation__in=employers_of(user))
    return asked.exclude(placement__person__in=gone)


def _check_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    yield Item(
        title=_("Say who still works for you"),
        url=reverse("careers:check_list"),
        count=rows.count(),
    )


def _imports(user: User, at: dt.datetime) -> QuerySet[Any]:
    return Import.objects.filter(uploaded_by=user, state=ImportState.STAGED)


def _import_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for one in rows[:SHOWN]:
        yield Item(
            title=_("Confirm the import of %(file)s") % {"file": one.file_name},
            url=_to("imports:detail", one.uuid),
            count=one.rows,
        )


def _selections(user: User, at: dt.datetime) -> QuerySet[Any]:
    cohorts = Cohort.objects.filter(cohorts_managed_by(user))
    return SelectionRound.objects.filter(state=SelectionState.RUN, cohort__in=cohorts)


def _selection_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for one in rows.select_related("cohort__programme")[:SHOWN]:
        yield Item(
            title=_("Check and publish the selection of %(cohort)s") % {"cohort": one.cohort},
            url=_to("programmes:cohort_detail", one.cohort.uuid),
        )


def _rounds(user: User, at: dt.datetime) -> QuerySet[Any]:
    return MatchingRound.objects.filter(rounds_run_by(user), state=RoundState.MATCHED)


def _round_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for one in rows.select_related("cohort__programme")[:SHOWN]:
        yield Item(
            title=_("Check and publish the match of %(cohort)s") % {"cohort": one.cohort},
            url=_to("careers:round_detail", one.uuid),
        )


def _reports(user: User, at: dt.datetime) -> QuerySet[Any]:
    return Report.objects.filter(manageable_reports(user), state=ReportState.DRAFT).distinct()


def _report_lines(user: User, at: dt.datetime, rows: QuerySet[Any]) -> Iterator[Item]:
    for report in rows[:SHOWN]:
        yield Item(
            title=_("Check and publish: %(report)s") % {"report": report},
            url=_to("reports:report_detail", report.uuid),
            note=_("As of %(day)s") % {"day": _day(report.as_of)},
        )


_KINDS = {
    "consents": Work(_consents, _consent_lines),
    "meetings": Work(_meetings, _meeting_lines),
    "minutes": Work(_minutes, _minutes_lines),
    "actions": Work(_actions, _action_lines),
    "offers": Work(_offers, _offer_lines),
    "drafts": Work(_drafts, _draft_lines),
    "reviews": Work(_reviews, _review_lines),
    "rankings": Work(_rankings, _ranking_lines),
    "labs": Work(_labs, _lab_lines),
    "ratings": Work(_ratings, _rating_lines),
    "own_checks": Work(_own_checks, _own_check_lines),
    "checks": Work(_checks, _check_lines),
    "imports": Work(_imports, _import_lines),
    "selections": Work(_selections, _selection_lines),
    "rounds": Work(_rounds, _round_lines),
    "reports": Work(_reports, _report_lines),
}
"""In the order in which they are shown; own matters before work."""


def _to(name: str, uuid: UUID) -> str:
    return reverse(name, kwargs={"uuid": uuid})


def _language() -> str:
    return "en" if get_language() == "en" else "ko"


def _day(day: dt.date) -> str:
    return formats.day(day, _language())


def _until(at: dt.datetime) -> str:
    return _("Until %(moment)s") % {"moment": formats.moment(at, _language())}
