"""Progress in the remote part of a course, as a learning system exports it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.models import Cohort, Enrolment, Module, RemoteProgress
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with, loaded once."""

    cohort: Cohort
    by_number: dict[str, Enrolment]
    by_email: dict[str, Enrolment]
    modules: dict[str, Module]
    known: dict[tuple[int, int], RemoteProgress]
    lines: dict[tuple[int, int], int]
    """Where a person and module stood first: by number and by address it is the same person."""


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load the cohort's people, its modules by key and title, and the figures that stand."""
    enrolments = list(
        Enrolment.objects.filter(cohort=target).select_related("application", "person")
    )
    modules = list(target.modules.all())
    names = {
        _folded(name): module
        for module in modules
        for name in (module.title_en, module.title_ko)
        if name
    }
    stored = RemoteProgress.objects.filter(enrolment__cohort=target)
    return Context(
        cohort=target,
        by_number={row.application.number: row for row in enrolments if row.application},
        by_email={row.person.email: row for row in enrolments},
        modules=names | {_folded(module.key): module for module in modules},
        known={(row.enrolment_id, row.module_id): row for row in stored},
        lines={},
    )


def enrolment_of(row: Row, context: Context) -> Enrolment:
    """Return whose row it is.

    Raises
    ------
    CellError
        When nobody enrolled here has this number or address.
    """
    number, email = row["number"], row["email"]
    if not number and not email:
        raise CellError("missing", column="number")
    found = context.by_number.get(number) if number else context.by_email.get(email)
    if found is None:
        raise CellError(
            "no_enrolment",
            _("Nobody enrolled in this cohort has “%(found)s”."),
            column="number" if number else "email",
            found=number or email,
        )
    return found


def module_of(row: Row, context: Context) -> Module:
    """Return the module that the row names by key or title.

    Raises
    ------
    CellError
        When this cohort has none of that name.
    """
    found = context.modules.get(_folded(row["module"]))
    if found is None:
        raise CellError(
            "no_module",
            _("This cohort's curriculum has no module “%(found)s”."),
            column="module",
            found=row["module"],
        )
    return found


def match(row: Row, context: Context) -> RemoteProgress | None:
    """Find the figure that stands."""
    return context.known.get((enrolment_of(row, context).pk, module_of(row, context).pk))


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults: a module of another track, a day outside, a newer figure that stands."""
    enrolment, module = enrolment_of(row, context), module_of(row, context)
    if module.track_id not in {None, enrolment.track_id}:
        yield CellError(
            "other_track",
            _("“%(found)s” is not taught in the track of this person."),
            column="module",
            found=row["module"],
        )
    first = context.lines.setdefault((enrolment.pk, module.pk), row.line)
    if first != row.line:
        yield CellError(
            "twice",
            _("This person and module stand in line %(found)s already."),
            column="module",
            found=str(first),
        )
    day = row["as_of"]
    if day < context.cohort.starts_on:
        yield CellError(
            "too_early",
            column="as_of",
            found=day.isoformat(),
            min=context.cohort.starts_on.isoformat(),
        )
    if day > clock.today():
        yield CellError(
            "too_late", column="as_of", found=day.isoformat(), max=clock.today().isoformat()
        )
    stands = match(row, context)
    if stands is not None and day < stands.as_of:
        yield CellError(
            "older",
            _("A newer figure, of %(found)s, stands already."),
            column="as_of",
            found=stands.as_of.isoformat(),
        )


def compare(existing: RemoteProgress, row: Row) -> bool:
    """Tell whether the row differs from the figure that stands."""
    return any(getattr(existing, name) != row[name] for name in ("percent", "source", "as_of"))


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the figures through the room's service."""
    entries = [
        services.RemoteEntry(
            enrolment=enrolment_of(row, context),
            module=module_of(row, context),
            percent=row["percent"],
            source=row["source"],
            as_of=row["as_of"],
        )
        for row in rows
    ]
    return services.record_remote_progress(cohort=target, entries=entries, by=by, at=at)


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Remove new figures and put replaced ones back."""
    if Enrolment.objects.filter(cohort=target, verdicts__isnull=False).exists():
        raise UndoRefused("undo_blocked", what=str(_("completion verdicts")))
    try:
        services.take_back_remote_progress(
            cohort=target, created=created, changed=dict(changed), by=by, at=at
        )
    except Refused as refusal:
        raise UndoRefused("undo_missing" if refusal.code == "stale" else "cannot_undo") from refusal


def can(user: Any, target: Cohort | None) -> bool:
    """Instructors of the organiser and overseeing officers import progress."""
    if target is None:
        return rules.can_teach_anything(user)
    return rules.can_teach_cohort(user, target)


KIND = Kind(
    key="remote-progress",
    title=_("Remote progress"),
    help=_(
        "One line per person and module: application number or e-mail, key or title of the "
        "module, percent from 0 to 100, the system it is from, and its day."
    ),
    columns=(
        Column(
            "number",
            ("접수번호", "지원번호", "수험번호", "Application number", "number"),
            clean.text(max=20),
            required=False,
            default="",
        ),
        Column(
            "email", ("전자우편", "이메일", "E-mail"), clean.email(), required=False, default=""
        ),
        Column("module", ("과목", "과목 코드", "과목명", "Module"), clean.text(max=120)),
        Column(
            "percent",
            ("진도율", "학습 진도율", "진도율(%)", "Progress", "percent"),
            clean.decimal(min=0, max=100, places=2, unit="%"),
        ),
        Column("source", ("출처", "학습 시스템", "Source"), clean.text(min=1, max=80)),
        Column("as_of", ("기준일", "기준 일자", "As of", "date"), clean.date()),
    ),
    target="programmes.Cohort",
    can=can,
    prepare=prepare,
    match=match,
    check=check,
    compare=compare,
    snapshot=lambda existing: {
        name: getattr(existing, name) for name in ("percent", "source", "as_of")
    },
    apply=apply,
    undo=undo,
    identity=lambda row: (row["number"] or row["email"], _folded(row["module"])),
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_taught_by(user)),
)
