"""Who may see a report, its rows, and who may publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import OrganisationKind
from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.alliance.rules import officer_organisations
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.core import access

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
    mine = officer_organisations(user)
    published = Q(state=ReportState.PUBLISHED)
    return published | Q(agreement__in=Agreement.objects.filter(parties__in=mine))


def is_partner(user: Person, agreement: Agreement) -> bool:
    """An officer of any party of the agreement."""
    return _is_party(user, officer_organisations(user), agreement)


def can_manage_report(user: Person, report: Report) -> bool:
    """Officers of the city or the university write, publish and open reports."""
    return can_manage_reports_of(user, report.agreement)


def can_manage_reports_of(user: Person, agreement: Agreement) -> bool:
    """The same, before there is a report."""
    return _is_party(user, officer_organisations(user, kinds=RUNS_PROGRAMMES), agreement)


def _is_party(user: Person, organisations: frozenset[int], agreement: Agreement) -> bool:
    if not organisations:
        return False
    signed = agreement.parties.filter(pk__in=organisations)
    return access.once(user, ("party", organisations, agreement.pk), signed.exists)


def manageable_reports(user: Person) -> Q:
    """The filter beside `can_manage_report`."""
    mine = officer_organisations(user, kinds=RUNS_PROGRAMMES)
    return Q(agreement__in=Agreement.objects.filter(parties__in=mine))


def agreements_shown_to(user: Person) -> Q:
    """The filter beside `is_partner`: agreements whose dashboard a person sees."""
    return Q(parties__in=officer_organisations(user))


def agreements_reported_by(user: Person) -> Q:
    """The filter beside `can_manage_reports_of`."""
    mine = officer_organisations(user, kinds=RUNS_PROGRAMMES)
    return Q(parties__in=mine)


def is_officer(user: Person) -> bool:
    """An officer of any organisation."""
    return bool(officer_organisations(user))


def may_write_reports(user: Person) -> bool:
    """An officer of a city or university that is party to some agreement."""
    mine = officer_organisations(user, kinds=RUNS_PROGRAMMES)
    return bool(mine) and Agreement.objects.filter(parties__in=mine).exists()
