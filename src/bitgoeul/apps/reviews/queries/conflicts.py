"""Conflicts of interest that can be computed: what a panel looks for is its data."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.apps.reviews.enums import OPEN_DOMAINS, ConflictReason
from bitgoeul.apps.reviews.models import Case, Conflict, Panel

Found = set[tuple[int, int, str]]


def computed_conflicts(panel: Panel, *, on: dt.date, case: Case | None = None) -> Found:
    """Return (case, reviewer, reason) for what the panel looks for, and for one's own case."""
    reviewers = [seat.person for seat in panel.panelists.select_related("person")]
    rows = panel.cases.filter(person__isnull=False).select_related("person")
    cases = list(rows if case is None else rows.filter(pk=case.pk))
    found: Found = {
        (case.pk, case.person_id, ConflictReason.SAME_PERSON)
        for case in cases
        if case.person_id in {person.pk for person in reviewers}
    }
    if ConflictReason.SAME_ORGANISATION in panel.look_for:
        found |= _same_organisation(cases, reviewers, on)
    if ConflictReason.SAME_DOMAIN in panel.look_for:
        found |= _same_domain(cases, reviewers, {*OPEN_DOMAINS, *panel.open_domains})
    return found


def conflicts_of(panel: Panel) -> Mapping[int, set[int]]:
    """Return who may not judge which case, as it is stored."""
    barred: dict[int, set[int]] = defaultdict(set)
    for case, person in Conflict.objects.filter(case__panel=panel).values_list("case", "person"):
        barred[case].add(person)
    return barred


def domain_of(address: str) -> str:
    """Return what follows the @, in lower case."""
    return address.rpartition("@")[2].lower()


def _same_organisation(cases: Iterable[Case], reviewers: list[User], on: dt.date) -> Found:
    people = {case.person_id for case in cases} | {person.pk for person in reviewers}
    held: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.on(on).values_list("person", "organisation").order_by()
    ids = sorted(each for each in people if each is not None)
    for start in range(0, len(ids), 500):
        for person, organisation in rows.filter(person__in=ids[start : start + 500]):
            held[person].add(organisation)
    return {
        (case.pk, reviewer.pk, ConflictReason.SAME_ORGANISATION)
        for case in cases
        if case.person_id in held
        for reviewer in reviewers
        if reviewer.pk != case.person_id and held[case.person_id] & held.get(reviewer.pk, set())
    }


def _same_domain(cases: Iterable[Case], reviewers: list[User], open_to_all: set[str]) -> Found:
    by_domain: dict[str, list[int]] = defaultdict(list)
    for reviewer in reviewers:
        by_domain[domain_of(reviewer.email)].append(reviewer.pk)
    return {
        (case.pk, reviewer, ConflictReason.SAME_DOMAIN)
        for case in cases
        if case.person is not None and domain_of(case.person.email) not in open_to_all
        for reviewer in by_domain.get(domain_of(case.person.email), ())
        if reviewer != case.person_id
    }
