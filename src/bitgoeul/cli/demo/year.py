"""The demo year, step by step: each writes files as an operator has them, imports and runs them.

Everything goes through the doors that people use: the importer and the rooms' services. The clock
of each step is the date on which it would have happened.
"""

import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
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
from bitgoeul.web.config import DEMO_READY

SEOUL = ZoneInfo("Asia/Seoul")
SEED = 20240201
PROGRAMME = "bitgoeul-ai-academy"
LAB = "breast-cancer"
STAFF_KEYS = {
    "areum": "areum@city.example",
    "bora": "bora@university.example",
    "instructor": "daon@university.example",
}
"""The people whom the steps name, by the address they sign in with."""


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
    ready = {"today": synthetic.TODAY.isoformat(), "seed": year.seed, "size": asdict(size)}
    (demo / DEMO_READY).write_text(json.dumps(ready))
    return year


def resume(demo: Path) -> Year:
    """Take up the year that `make` wrote, in another process.

    Raises
    ------
    FileNotFoundError
        When no year was made in this folder.
    """
    ready = json.loads((demo / DEMO_READY).read_text())
    year = Year(folder=demo / "files", seed=ready["seed"], size=synthetic.Size(**ready["size"]))
    year.staff = {key: User.objects.get(email=email) for key, email in STAFF_KEYS.items()}
    year.programme = Programme.objects.get(key=PROGRAMME)
    assert year.programme.agreement is not None
    year.agreement = year.programme.agreement
    year.cohort = Cohort.objects.get(programme=year.programme, number=1)
    year.lab = Lab.objects.get(key=LAB)
    year.round = MatchingRound.objects.filter(cohort=year.cohort).earliest("pk")
    return year
