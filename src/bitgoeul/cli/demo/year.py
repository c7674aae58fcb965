"""The demo year, step by step: each writes files as an operator has them, imports and runs them.

Everything goes through the doors that people use: the importer and the rooms' services. The clock
of each step is the date on which it would have happened.
"""

import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bitgoeul.apps.alliance.models import Agreement, User
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes.models import Cohort, Programme
from bitgoeul.cli.demo import synthetic
from bitgoeul.core import clock, imports
from bitgoeul.core.imports.receipts import Receipt

SEOUL = ZoneInfo("Asia/Seoul")
SEED = 20240201


@dataclass
class Year:
    """What the steps hand on to each other."""

    folder: Path
    seed: int = SEED
    size: synthetic.Size = synthetic.FULL
    people: list[synthetic.Applicant] = field(default_factory=list)
    firms: list[synthetic.Company] = field(default_factory=list)
    staff: dict[str, User] = field(default_factory=dict)
    agreement: Agreement = field(init=False)
    programme: Programme = field(init=False)
    cohort: Cohort = field(init=False)
    lab: Lab = field(init=False)
    round: MatchingRound = field(init=False)
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = synthetic.applicants(seed=self.seed)[: self.size.applicants]
        self.firms = synthetic.companies(seed=self.seed, count=self.size.companies)

    def take_in(
        self, kind: str, path: Path, *, into: Any, at: dt.datetime, leave_out: bool = False
    ) -> Receipt:
        """Import a file as the university's officer, through the importer that people use."""
        with clock.freeze(at):
            receipt = imports.import_file(
                kind=kind,
                path=path,
                target=into,
                by=self.staff.get("bora"),
                at=at,
                leave_out_errors=leave_out,
            )
        if receipt.errors and not leave_out:
            first = receipt.errors[0]
            raise RuntimeError(f"{path.name}, row {first.row}, {first.column}: {first.message}")
        return receipt


def on(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    """Return a moment of the year in Seoul."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=SEOUL)


def make(
    demo: Path,
    *,
    told: Callable[[int, int, str, float], None],
    size: synthetic.Size = synthetic.FULL,
) -> Year:
    """Run every step, telling of each when it is done."""
    from bitgoeul.cli.demo import steps_alliance, steps_careers, steps_programme

    clock.fix_today(synthetic.TODAY)
    year = Year(folder=demo / "files", size=size)
    steps: list[tuple[str, Callable[[Year], None]]] = [
        *steps_alliance.STEPS,
        *steps_programme.STEPS,
        *steps_careers.STEPS,
    ]
    for number, (message, step) in enumerate(steps, start=1):
        started = time.monotonic()
        step(year)
        told(number, len(steps), message, time.monotonic() - started)
    ready = {"today": synthetic.TODAY.isoformat(), "seed": year.seed}
    (demo / "ready.json").write_text(json.dumps(ready))
    return year
