"""Applications of one cohort that may be of the same person; an officer decides, nothing merges."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import Application, Cohort, DuplicateDecision

REASONS: Mapping[str, Any] = {
    "phone": _("the same telephone number"),
    "email": _("e-mail addresses of one mailbox"),
    "name_birth": _("the same name and year of birth"),
}
PAIRS_AT_MOST = 200
CROWD_AT_MOST = 20
_DOTLESS = frozenset(("gmail.com", "googlemail.com"))


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two applications, why they look alike, and what was decided of them."""

    first: Application
    second: Application
    reasons: tuple[str, ...]
    decision: DuplicateDecision | None

    @property
    def both(self) -> tuple[Application, Application]:
        """The two, the earlier first."""
        return self.first, self.second

    @property
    def words(self) -> list[str]:
        """The reasons in words."""
        return [str(REASONS[reason]) for reason in self.reasons]


def mailbox(address: str) -> str:
    """Return the mailbox behind an address: without what follows a plus, dots where none count."""
    local, _at, domain = address.lower().partition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def duplicates_in(cohort: Cohort) -> list[Pair]:
    """Return likely duplicates, undecided first; at most two hundred."""
    reasons: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, groups in _groups(cohort).items():
        for people in groups:
            # Of one crowd (a shared number of a school) so many are enough to look at.
            for pair in combinations(sorted(people)[:CROWD_AT_MOST], 2):
                reasons[pair].add(reason)
    settled = set(
        DuplicateDecision.objects.filter(first__cohort=cohort).values_list("first_id", "second_id")
    )
    pairs = sorted(reasons, key=lambda pair: (pair in settled, pair))[:PAIRS_AT_MOST]
    ids = {each for pair in pairs for each in pair}
    rows = Application.objects.filter(pk__in=ids).select_related("person", "cohort__programme")
    by_id = rows.in_bulk()
    decided = {
        (row.first_id, row.second_id): row
        for row in DuplicateDecision.objects.filter(first__in=ids, second__in=ids)
    }
    found = [
        Pair(
            first=by_id[pair[0]],
            second=by_id[pair[1]],
            reasons=tuple(sorted(reasons[pair])),
            decision=decided.get(pair),
        )
        for pair in pairs
    ]
    return sorted(found, key=lambda pair: (pair.decision is not None, pair.first.number))


def _groups(cohort: Cohort) -> dict[str, list[list[int]]]:
    applications = Application.objects.filter(cohort=cohort).exclude(state=ApplicationState.DRAFT)
    # The sealed text itself: equal numbers share its beginning, so none is opened here.
    rows = list(
        applications.order_by("pk")
        .annotate(sealed=Cast("person__phone", TextField()))
        .values_list("pk", "person_id", "person__full_name", "person__email", "sealed")
    )
    born = _born(person for _pk, person in _namesakes(rows))
    return {
        "phone": _alike((pk, _beginning(sealed)) for pk, _p, _n, _e, sealed in rows),
        "email": _alike((pk, mailbox(email)) for pk, _p, _n, email, _s in rows),
        "name_birth": _alike(
            (pk, f"{_plain(name)} {born[person].year}" if born.get(person) else "")
            for pk, person, name, _e, _s in rows
        ),
    }


def _namesakes(rows: Iterable[tuple[Any, ...]]) -> list[tuple[int, int]]:
    by_name: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, person, name, _email, _sealed in rows:
        by_name[_plain(name)].append((pk, person))
    return [each for group in by_name.values() if len(group) > 1 for each in group]


def _born(people: Iterable[int]) -> Mapping[int, dt.date]:
    ids = list(people)
    found: dict[int, dt.date | None] = {}
    for start in range(0, len(ids), 500):
        rows = User.objects.filter(pk__in=ids[start : start + 500])
        found.update(rows.values_list("pk", "birth_on"))
    return {person: born for person, born in found.items() if born is not None}


def _alike(keyed: Iterable[tuple[int, str]]) -> list[list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, key in keyed:
        if key:
            groups[key].append(pk)
    return [group for group in groups.values() if len(group) > 1]


def _beginning(sealed: str) -> str:
    return sealed.rpartition("$")[0] or sealed


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
