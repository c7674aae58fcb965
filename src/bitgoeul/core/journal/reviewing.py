"""The monthly look at who read whose data: what stands out, why, and the signature under it.

A flag accuses nobody: it names a figure, what it was compared with, and asks for an answer.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bitgoeul.core.clock import SEOUL
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal import overviews, rules, services
from bitgoeul.core.journal.models import Reading, ReadingSubject, Review

FEWEST = 20
"""Under so many different people nobody's month is called large."""
OWN_TIMES, PEER_TIMES = 3, 5
PAST_MONTHS = 6
NIGHT_HOURS = (22, 23, 0, 1, 2, 3, 4, 5)
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


def flags_of(month: dt.date) -> list[Flag]:
    """Return what stands out in a calendar month (in Seoul), by account."""
    start, end = overviews.bounds(month)
    within = Reading.objects.filter(at__gte=start, at__lt=end).order_by()
    people = _people_by_account(start, end)
    found = [*_volumes(month, people), *_single_days(start, end), *_nights(within)]
    downloads = within.exclude(action=Reading.Action.VIEW).values("actor_uuid")
    found += [
        Flag(kind="downloads", account=row["actor_uuid"], figure=row["number"])
        for row in downloads.annotate(number=Count("id"))
    ]
    found += _without_role(within, start, end)
    return sorted(found, key=lambda flag: (str(flag.account), flag.kind))


def flagged_accounts(month: dt.date, *, downloads: int = 20) -> list[FlaggedAccount]:
    """Return the accounts of a month that stand out, each with its latest downloads."""
    by_account: dict[UUID, list[Flag]] = defaultdict(list)
    for flag in flags_of(month):
        by_account[flag.account].append(flag)
    names = overviews.names_of(by_account)
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


def _people_by_account(start: dt.datetime, end: dt.datetime) -> dict[UUID, int]:
    rows = ReadingSubject.objects.filter(reading__at__gte=start, reading__at__lt=end).order_by()
    counted = rows.values("reading__actor_uuid").annotate(
        people=Count("subject_uuid", distinct=True)
    )
    return {row["reading__actor_uuid"]: row["people"] for row in counted}


def _volumes(month: dt.date, people: Mapping[UUID, int]) -> list[Flag]:
    past: dict[UUID, list[int]] = defaultdict(list)
    before = month.replace(day=1)
    for _number in range(PAST_MONTHS):
        before = (before - dt.timedelta(days=1)).replace(day=1)
        for account, number in _people_by_account(*overviews.bounds(before)).items():
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


def _nights(within: QuerySet[Reading]) -> list[Flag]:
    hours = within.annotate(hour=ExtractHour("at", tzinfo=SEOUL)).filter(hour__in=NIGHT_HOURS)
    return [
        Flag(kind="night", account=row["actor_uuid"], figure=row["number"])
        for row in hours.values("actor_uuid").annotate(number=Count("id"))
        if row["number"] >= NIGHT_AT_LEAST
    ]


def _without_role(within: QuerySet[Reading], start: dt.datetime, end: dt.datetime) -> list[Flag]:
    asked = getattr(settings, "BITGOEUL_ROLE_HOLDERS", "")
    if not asked:
        return []
    last = (end - dt.timedelta(seconds=1)).astimezone(SEOUL).date()
    holders = import_string(asked)(start.astimezone(SEOUL).date(), last)
    return [
        Flag(kind="no_role", account=row["actor_uuid"], figure=row["number"])
        for row in within.values("actor_uuid").annotate(number=Count("id"))
        if row["actor_uuid"] not in holders
    ]
