"""Who may see a report, its rows, and who may publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.alliance.rules import officer_organisations, standing_of
from bitgoeul.apps.reports.enums import ReportState
from bitgoeul.core import access

if TYPE_CHECKING:
    from bitgoeul.apps.reports.models import Extract, Report

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


def can_ask_for_extracts(user: Person) -> bool:
    """Researchers of any organisation ask for extracts."""
    return Role.RESEARCHER in standing_of(user).roles


def can_see_extracts(user: Person) -> bool:
    """Whoever may ask for extracts, or decide of some."""
    return can_ask_for_extracts(user) or may_write_reports(user)


def extracts_visible_to(user: Person) -> Q:
    """One's own, and those over programmes that one's city or university runs."""
    if not isinstance(user, User):
        return access.NOBODY
    mine = officer_organisations(user, kinds=RUNS_PROGRAMMES)
    own = Q(asked_by=user) if can_ask_for_extracts(user) else access.NOBODY
    return own | Q(programmes__agreement__in=Agreement.objects.filter(parties__in=mine))


def can_decide_extract(user: Person, extract: Extract) -> bool:
    """An officer who runs every programme in it, and did not ask for it: four eyes."""
    if not isinstance(user, User) or extract.asked_by_id == user.pk:
        return False
    mine = officer_organisations(user, kinds=RUNS_PROGRAMMES)
    run = Agreement.objects.filter(parties__in=mine)
    return bool(mine) and not extract.programmes.exclude(agreement__in=run).exists()


def can_fetch_extract(user: Person, extract: Extract) -> bool:
    """Whoever asked for it, as long as they are a researcher."""
    return extract.asked_by_id == user.pk and can_ask_for_extracts(user)
