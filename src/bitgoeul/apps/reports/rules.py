"""Who may see a report, its rows, and who may publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.alliance.queries import organisations_of
from bitgoeul.apps.reports.enums import ReportState

if TYPE_CHECKING:
    from bitgoeul.apps.reports.models import Report

Person = User | AnonymousUser

RUNS_PROGRAMMES = (OrganisationKind.CITY, OrganisationKind.UNIVERSITY)
"""Kinds of parties whose officers may open a number down to people; companies see aggregates."""


def can_view_report(user: Person, report: Report) -> bool:
    """Anyone sees what is published; officers of any party see drafts."""
    if report.state == ReportState.PUBLISHED:
        return True
    return is_partner(user, report.agreement)


def reports_visible_to(user: Person) -> Q:
    """The filter beside `can_view_report`."""
    mine = organisations_of(user, role=Role.OFFICER)
    published = Q(state=ReportState.PUBLISHED)
    return published | Q(agreement__in=Agreement.objects.filter(parties__in=mine))


def is_partner(user: Person, agreement: Agreement) -> bool:
    """An officer of any party of the agreement."""
    return organisations_of(user, role=Role.OFFICER).filter(agreements=agreement).exists()


def can_manage_report(user: Person, report: Report) -> bool:
    """Officers of the city or the university write, publish and open reports."""
    return can_manage_reports_of(user, report.agreement)


def can_manage_reports_of(user: Person, agreement: Agreement) -> bool:
    """The same, before there is a report."""
    mine = organisations_of(user, role=Role.OFFICER).filter(kind__in=RUNS_PROGRAMMES)
    return mine.filter(agreements=agreement).exists()


def manageable_reports(user: Person) -> Q:
    """The filter beside `can_manage_report`."""
    mine = organisations_of(user, role=Role.OFFICER).filter(kind__in=RUNS_PROGRAMMES)
    return Q(agreement__in=Agreement.objects.filter(parties__in=mine))


def agreements_shown_to(user: Person) -> Q:
    """The filter beside `is_partner`: agreements whose dashboard a person sees."""
    return Q(parties__in=organisations_of(user, role=Role.OFFICER))


def agreements_reported_by(user: Person) -> Q:
    """The filter beside `can_manage_reports_of`."""
    mine = organisations_of(user, role=Role.OFFICER).filter(kind__in=RUNS_PROGRAMMES)
    return Q(parties__in=mine)


def is_officer(user: Person) -> bool:
    """An officer of any organisation."""
    return organisations_of(user, role=Role.OFFICER).exists()


def may_write_reports(user: Person) -> bool:
    """An officer of a city or university that is party to some agreement."""
    mine = organisations_of(user, role=Role.OFFICER).filter(kind__in=RUNS_PROGRAMMES)
    return mine.filter(agreements__isnull=False).exists()
