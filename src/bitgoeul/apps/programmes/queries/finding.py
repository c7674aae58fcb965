"""What the room answers to the search box: programmes, cohorts, applications, trainees."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.queries import name_keys
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.models import Application, Cohort, Enrolment, Programme
from bitgoeul.core import finding
from bitgoeul.core.db.matching import matches


def search(question: str, user: Any) -> list[finding.Group]:
    """Find programmes and cohorts by name, applications by number or name, trainees by name."""
    groups = [_programmes(question, user), _cohorts(question, user)]
    if user.is_authenticated:
        groups += [_applications(question, user), _enrolments(question, user)]
    return groups


def _programmes(question: str, user: Any) -> finding.Group:
    rows = Programme.objects.filter(rules.programmes_visible_to(user)).distinct()
    rows = rows.filter(matches(question, "name_ko", "name_en", "key")).select_related("organiser")
    hits = (
        finding.Hit(
            title=row.name,
            route="programmes:programme_detail",
            uuid=row.uuid,
            note=row.organiser.name,
        )
        for row in finding.first(rows)
    )
    return finding.group(_("Programmes"), hits)


def _cohorts(question: str, user: Any) -> finding.Group:
    rows = Cohort.objects.filter(rules.cohorts_visible_to(user)).select_related("programme")
    rows = rows.filter(matches(question, "programme__name_ko", "programme__name_en"))
    hits = (
        finding.Hit(
            title=str(row),
            route="programmes:cohort_detail",
            uuid=row.uuid,
            note=row.get_state_display(),
        )
        for row in finding.first(rows)
    )
    return finding.group(_("Cohorts"), hits)


def _applications(question: str, user: Any) -> finding.Group:
    rows = Application.objects.filter(rules.applications_visible_to(user))
    rows = rows.filter(named_or_numbered(question)).select_related("person", "cohort__programme")
    hits = (
        finding.Hit(
            title=f"{row.number} {row.person.full_name}",
            route="programmes:application_detail",
            uuid=row.uuid,
            note=f"{row.cohort} · {row.get_state_display()}",
            subject=row.person.uuid,
        )
        for row in finding.first(rows.order_by())
    )
    return finding.group(_("Applications"), hits)


def _enrolments(question: str, user: Any) -> finding.Group:
    rows = Enrolment.objects.filter(rules.enrolments_visible_to(user))
    rows = rows.filter(person__in=name_keys(question).order_by().values("person"))
    hits = (
        finding.Hit(
            title=row.person.full_name,
            route="programmes:enrolment_detail",
            uuid=row.uuid,
            note=f"{row.cohort} · {row.get_state_display()}",
            subject=row.person.uuid,
        )
        for row in finding.first(rows.select_related("person", "cohort__programme").order_by())
    )
    return finding.group(_("Trainees"), hits)


def named_or_numbered(question: str, *, path: str = "") -> Q:
    """Build the filter: an application whose number begins so, or whose person is named so.

    A question with a digit is a number, any other a name: one index answers, never both.
    """
    asked = question.strip()
    if any(each.isdigit() for each in asked):
        return Q(**{f"{path}number__begins": asked.upper()}) | Q(**{f"{path}number__begins": asked})
    keys = name_keys(asked).order_by().values("person")
    return Q(**{f"{path}person__in": keys})
