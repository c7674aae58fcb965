"""The monthly look at who read whose data: what stands out, why, and the signature under it.

A flag accuses nobody: it names a figure, what it was compared with, and asks for an answer.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.core.clock import SEOUL
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal import overviews, rules, services
from bitgoeul.core.journal.models import Reading, ReadingSubject, Review
from bitgoeul.core.journal.overviews import Tally

FEWEST = 20
"""Under so many different people nobody's month is called large."""
OWN_TIMES, PEER_TIMES = 3, 5
PAST_MONTHS = 6
NIGHT_AT_LEAST = 3
A_DAY_AT_LEAST = 100


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One thing that stands out: whose, which kind, the figure, and what it was held against."""

    kind: str
    account: UUID
    figure: int
    against: int = 0

    def as_json(self) -> dict[str, object]:
        """Return what the signed review keeps; an account by its uuid, never by name."""
        return {
            "kind": self.kind,
            "account": str(self.account),
            "figure": self.figure,
            "against": self.against,
        }

    @property
    def text(self) -> str:
        """Why it stands out, in words."""
        return _explained(self)


@dataclass(frozen=True, kw_only=True)
class FlaggedAccount:
    """Everything that stands out about one account in a month, with its downloads."""

    account: UUID
    name: str
    flags: Sequence[Flag]
    downloads: Sequence[Reading]


def flags_of(month: dt.date, *, tallies: Sequence[Tally] | None = None) -> list[Flag]:
    """Return what stands out in a calendar month (in Seoul), by account."""
    totals = _by_account(overviews.tallies_in(month) if tallies is None else tallies)
    found = [*_volumes(month), *_single_days(*overviews.bounds(month))]
    for account, total in totals.items():
        if total.nights >= NIGHT_AT_LEAST:
            found.append(Flag(kind="night", account=account, figure=total.nights))
        if total.files:
            found.append(Flag(kind="downloads", account=account, figure=total.files))
    found += _without_role(month, totals)
    return sorted(found, key=lambda flag: (str(flag.account), flag.kind))


def _by_account(tallies: Iterable[Tally]) -> dict[UUID, Tally]:
    found: dict[UUID, Tally] = {}
    for one in tallies:
        before = found.get(one.account)
        found[one.account] = (
            one
            if before is None
            else replace(
                before,
                readings=before.readings + one.readings,
                nights=before.nights + one.nights,
                files=before.files + one.files,
            )
        )
    return found


def flagged_accounts(
    month: dt.date,
    *,
    downloads: int = 20,
    tallies: Sequence[Tally] | None = None,
    names: Mapping[UUID, str] | None = None,
) -> list[FlaggedAccount]:
    """Return the accounts of a month that stand out, each with its latest downloads."""
    by_account: dict[UUID, list[Flag]] = defaultdict(list)
    for flag in flags_of(month, tallies=tallies):
        by_account[flag.account].append(flag)
    names = overviews.names_of(by_account) if names is None else names
    start, end = overviews.bounds(month)
    files: dict[UUID, list[Reading]] = defaultdict(list)
    found = Reading.objects.filter(at__gte=start, at__lt=end).exclude(action=Reading.Action.VIEW)
    for reading in found.order_by("-id")[:1000]:
        if len(files[reading.actor_uuid]) < downloads:
            files[reading.actor_uuid].append(reading)
    accounts = [
        FlaggedAccount(
            account=account,
            name=names.get(account, str(account)),
            flags=flags,
            downloads=files[account],
        )
        for account, flags in by_account.items()
    ]
    return sorted(accounts, key=lambda each: (-len(each.flags), each.name))


def review_of(month: dt.date) -> Review | None:
    """Return the signed review of a month."""
    return Review.objects.filter(month=month.replace(day=1)).first()


def sign_month_off(*, month: dt.date, note: str, by: object, at: dt.datetime) -> Review:
    """Keep what was flagged in a month and what its reviewer found out; once, and for good.

    Raises
    ------
    Refused
        When `by` may not, the month has not ended, is signed already, or a flag got no answer.
    """
    if not rules.can_read_readings(by):
        raise Refused(_("You may not sign this month off."))
    month = month.replace(day=1)
    if overviews.bounds(month)[1] > at:
        raise Refused(_("The month has not ended yet."))
    found = flags_of(month)
    if found and not note.strip():
        raise Refused(_("Write down what you found out about what stands out."))
    with transaction.atomic():
        if review_of(month) is not None:
            raise Refused(_("The month is signed off already."))
        start, end = overviews.bounds(month)
        review = Review(
            month=month,
            at=at,
            reviewer_uuid=by.uuid,  # type: ignore[attr-defined]  # an account has one
            readings=Reading.objects.filter(at__gte=start, at__lt=end).count(),
            flags=[flag.as_json() for flag in found],
            note=note.strip(),
        )
        review.full_clean()
        review.save(force_insert=True)
        services.record(
            event="readings.reviewed",
            by=by,  # type: ignore[arg-type]  # an account has a uuid
            at=at,
            on=review,
            after={"flags": review.flags, "note": review.note},
            details={"month": f"{month:%Y-%m}", "readings": review.readings, "flags": len(found)},
        )
    return review


def _explained(flag: Flag) -> str:
    figure, against = flag.figure, flag.against
    if flag.kind == "own_past":
        return _(
            "Read data of %(figure)d different people; in the half year before it was %(against)d "
            "in a usual month."
        ) % {"figure": figure, "against": against}
    if flag.kind == "peers":
        return _(
            "Read data of %(figure)d different people; the middle one of the other accounts read "
            "%(against)d."
        ) % {"figure": figure, "against": against}
    if flag.kind == "one_day":
        return _("Read data of %(figure)d different people on one day.") % {"figure": figure}
    if flag.kind == "night":
        return _("Read %(figure)d times between 10 at night and 6 in the morning.") % {
            "figure": figure
        }
    if flag.kind == "no_role":
        return _("Read %(figure)d times without holding any role in this month.") % {
            "figure": figure
        }
    return ngettext(
        "Downloaded one file with other people's data; its reason stands below.",
        "Downloaded %(figure)d files with other people's data; their reasons stand below.",
        figure,
    ) % {"figure": figure}


def _people_by_month(start: dt.datetime, end: dt.datetime) -> dict[dt.date, dict[UUID, int]]:
    """How many different people each account read, by the first day of the month."""
    rows = ReadingSubject.objects.filter(reading__at__gte=start, reading__at__lt=end).order_by()
    months = rows.annotate(month=TruncMonth("reading__at", tzinfo=SEOUL))
    found: dict[dt.date, dict[UUID, int]] = defaultdict(dict)
    for row in months.values("reading__actor_uuid", "month").annotate(
        people=Count("subject_uuid", distinct=True)
    ):
        found[row["month"].date()][row["reading__actor_uuid"]] = row["people"]
    return found


def _volumes(month: dt.date) -> list[Flag]:
    present = month.replace(day=1)
    first = present
    for _number in range(PAST_MONTHS):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    by_month = _people_by_month(overviews.bounds(first)[0], overviews.bounds(present)[1])
    people = by_month.pop(present, {})
    past: dict[UUID, list[int]] = defaultdict(list)
    for before in by_month.values():
        for account, number in before.items():
            past[account].append(number)
    found = []
    for account, number in people.items():
        if number < FEWEST:
            continue
        usual = int(median(past[account])) if past[account] else 0
        if usual and number > OWN_TIMES * usual:
            found.append(Flag(kind="own_past", account=account, figure=number, against=usual))
        others = [other for key, other in people.items() if key != account]
        middle = int(median(others)) if others else 0
        if len(others) >= 2 and number > PEER_TIMES * max(middle, 1):
            found.append(Flag(kind="peers", account=account, figure=number, against=middle))
    return found


def _single_days(start: dt.datetime, end: dt.datetime) -> list[Flag]:
    rows = ReadingSubject.objects.filter(reading__at__gte=start, reading__at__lt=end).order_by()
    days = rows.annotate(day=TruncDate("reading__at", tzinfo=SEOUL)).values(
        "reading__actor_uuid", "day"
    )
    most: dict[UUID, int] = {}
    for row in days.annotate(people=Count("subject_uuid", distinct=True)):
        account = row["reading__actor_uuid"]
        most[account] = max(most.get(account, 0), row["people"])
    return [
        Flag(kind="one_day", account=account, figure=number)
        for account, number in most.items()
        if number >= A_DAY_AT_LEAST
    ]


def _without_role(month: dt.date, totals: Mapping[UUID, Tally]) -> list[Flag]:
    asked = getattr(settings, "BITGOEUL_ROLE_HOLDERS", "")
    if not asked:
        return []
    start, end = overviews.bounds(month)
    last = (end - dt.timedelta(seconds=1)).astimezone(SEOUL).date()
    holders = import_string(asked)(start.astimezone(SEOUL).date(), last)
    return [
        Flag(kind="no_role", account=account, figure=total.readings)
        for account, total in totals.items()
        if account not in holders
    ]
