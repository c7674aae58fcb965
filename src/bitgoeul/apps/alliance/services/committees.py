"""Founding a committee, its standing rules, and who sits in it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import Office
from bitgoeul.apps.alliance.models import Agreement, Committee, Organisation, Seat, User
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

RULES = (
    "name_ko",
    "name_en",
    "voting",
    "majority",
    "quorum_percent",
    "quorum_parties",
    "notice_days",
)
_ONE_EACH = frozenset({Office.CHAIR, Office.SECRETARY})


def found_committee(
    *,
    agreement: Agreement,
    founded_on: dt.date,
    by: User | None,
    at: dt.datetime,
    **standing_rules: object,
) -> Committee:
    """Found the committee of an agreement with its standing rules (`RULES` by name)."""
    if by is not None and not rules.can_found_committee(by, agreement):
        raise Refused(_("You may not found a committee for this agreement."))
    if Committee.objects.filter(agreement=agreement).exists():
        raise Refused(_("This agreement has a committee already."))
    committee = Committee(agreement=agreement, founded_on=founded_on, **standing_rules)
    with transaction.atomic():
        check(committee)
        committee.save(force_insert=True)
        journal.record(
            event="committee.founded",
            by=by,
            at=at,
            on=committee,
            after=_rules_of(committee),
            details={"agreement": str(agreement.uuid), **_rules_of(committee)},
        )
    return committee


def change_committee_rules(
    *, committee: Committee, by: User | None, at: dt.datetime, **changes: object
) -> Committee:
    """Change standing rules; decisions that were taken stand as they were taken."""
    if by is not None and not rules.can_manage_committee(by, committee):
        raise Refused(_("You may not change this committee's rules."))
    before = _rules_of(committee)
    with transaction.atomic():
        for name in RULES:
            if name in changes:
                setattr(committee, name, changes[name])
        check(committee)
        committee.save()
        after = _rules_of(committee)
        journal.record(
            event="committee.rules_changed",
            by=by,
            at=at,
            on=committee,
            before=before,
            after=after,
            details={name: after[name] for name in RULES if after[name] != before[name]},
        )
    return committee


def _rules_of(committee: Committee) -> dict[str, object]:
    return {name: getattr(committee, name) for name in RULES}


def give_seat(
    *,
    committee: Committee,
    person: User,
    organisation: Organisation,
    office: str,
    started_on: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Seat:
    """Give a person a seat for a party, in an office, from a day on."""
    if by is not None and not rules.can_manage_committee(by, committee):
        raise Refused(_("You may not give seats in this committee."))
    parties = committee.agreement.signatories
    if not parties.filter(organisation=organisation).exists():
        raise Refused(
            _("%(organisation)s is not a party of this agreement.")
            % {"organisation": organisation.name}
        )
    if not person.memberships.on(started_on).filter(organisation=organisation).exists():
        raise Refused(_("This person does not act for that party on the first day of the term."))
    held = Seat.objects.on(started_on).filter(committee=committee)
    if held.filter(person=person).exists():
        raise Refused(_("This person sits in the committee already."))
    if office in _ONE_EACH and held.filter(office=office).exists():
        raise Refused(
            _("There is already: %(office)s. End that term first.")
            % {"office": Office(office).label}
        )
    seat = Seat(
        committee=committee,
        person=person,
        organisation=organisation,
        office=office,
        started_on=started_on,
    )
    with transaction.atomic():
        check(seat)
        seat.save(force_insert=True)
        rules.forget_seats(person)
        journal.record(
            event="seat.given", by=by, at=at, on=seat, after=_seat_state(seat), details=_named(seat)
        )
    return seat


def end_seat(*, seat: Seat, ended_on: dt.date, by: User | None, at: dt.datetime) -> Seat:
    """End a term; the person keeps what they did in it."""
    if by is not None and not rules.can_manage_committee(by, seat.committee):
        raise Refused(_("You may not end terms in this committee."))
    if seat.ended_on is not None:
        raise Refused(_("This term has ended already."))
    before = _seat_state(seat)
    with transaction.atomic():
        seat.ended_on = ended_on
        check(seat)
        seat.save(update_fields=["ended_on"])
        rules.forget_seats(seat.person)
        journal.record(
            event="seat.ended",
            by=by,
            at=at,
            on=seat,
            before=before,
            after=_seat_state(seat),
            details=_named(seat),
        )
    return seat


def _named(seat: Seat) -> dict[str, object]:
    return {"committee": str(seat.committee.uuid), "office": seat.office}


def _seat_state(seat: Seat) -> dict[str, object]:
    return {
        "committee": seat.committee.uuid,
        "person": seat.person.uuid,
        "organisation": seat.organisation.uuid,
        "office": seat.office,
        "started_on": seat.started_on,
        "ended_on": seat.ended_on,
    }
