"""What the demo year gets after its first page: parts, each in units that a kill cannot halve.

A unit is a job: its slow half (grading, computing) runs first, and its writes are committed
together with the job's end and the order for the next unit. So people who use the demo meanwhile
do not wait for it, and nothing is written twice or left out whatever is killed.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from bitgoeul.cli.demo.year import Year
from bitgoeul.web import demo_note

Write = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the year.

    `units` names what it consists of, in order; `prepare` does the slow half of one and returns
    the writing half, which is short.
    """

    key: str
    title: str
    units: Callable[[Year], Sequence[str]]
    prepare: Callable[[Year, str], Write]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit of a part, and where it stands among all."""

    part: Part
    name: str
    number: int
    total: int


def parts() -> tuple[Part, ...]:
    """The parts in their order: a later one may stand on an earlier one."""
    from bitgoeul.cli.demo import (
        steps_committee,
        steps_contests,
        steps_labs,
        steps_running,
        steps_selection,
        steps_teaching,
    )

    return (
        *steps_committee.PARTS,
        *steps_selection.PARTS,
        *steps_teaching.PARTS,
        *steps_labs.PARTS,
        *steps_running.PARTS,
        *steps_contests.PARTS,
    )


def units_of(year: Year) -> Iterator[Unit]:
    """All units, in order."""
    listed = [(part, name) for part in parts() for name in part.units(year)]
    for number, (part, name) in enumerate(listed):
        yield Unit(part=part, name=name, number=number, total=len(listed))


def find(year: Year, *, part: str, name: str) -> tuple[Unit, Unit | None]:
    """Return a unit, and the one that follows it.

    Raises
    ------
    LookupError
        When this version of the program knows no such unit.
    """
    units = list(units_of(year))
    for unit, following in zip(units, [*units[1:], None], strict=True):
        if (unit.part.key, unit.name) == (part, name):
            return unit, following
    raise LookupError(f"the demo year has no unit {part}/{name}")


def fill(
    year: Year,
    *,
    told: Callable[[Unit], None] = lambda _unit: None,
    only: Collection[str] | None = None,
) -> None:
    """Fill everything (or some parts) here and now, for whoever makes the year unserved."""
    for unit in units_of(year):
        if only is not None and unit.part.key not in only:
            continue
        write = unit.part.prepare(year, unit.name)
        with transaction.atomic():
            write()
        told(unit)


def tell(unit: Unit | None) -> None:
    """Let the pages say which unit is being filled; None when all are."""
    demo_note.write(
        demo_note.Filling(title=unit.part.title, done=unit.number, total=unit.total)
        if unit is not None
        else None
    )
