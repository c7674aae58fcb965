"""People at work in threads: they use the pages, and remember what the product acknowledged."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model, QuerySet

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.apps.labs.models import Submission
from bitgoeul.apps.reports.models import Report
from bitgoeul.core.imports.models import Import
from bitgoeul.core.jobs.enums import LIVE
from bitgoeul.core.jobs.models import Job
from tests.faults.alliance import (
    ANSWERS,
    HARSH_PROGRAMS,
    PROGRAMS,
    REFUSED,
    Alliance,
    notebook_of,
    sign_in,
)

TOKEN = "f" * 32
ROWS = 60
STEP_SECONDS = 900.0
SETTLED = ("scored", "refused", "failed")


class Stopped(Exception):
    """The run is over, or a step took too long."""


@dataclass
class Memory:
    """What was acknowledged, by every thread; the auditor compares it with what is stored."""

    organisations: list[str] = field(default_factory=list)
    submissions: dict[str, float] = field(default_factory=dict)
    blocks: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    entries: dict[str, float] = field(default_factory=dict)
    posts: int = 0
    doubts: int = 0
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)


class Person(threading.Thread):
    """Somebody with a browser: posts forms, looks what came of it, and goes on."""

    def __init__(
        self, alliance: Alliance, memory: Memory, *, address: str, who: User, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.alliance, self.memory, self.address, self.who = alliance, memory, address, who
        self.chance = random.Random(seed)
        self.over = threading.Event()
        self.serial = 0
        cookies = {settings.SESSION_COOKIE_NAME: sign_in(who), settings.CSRF_COOKIE_NAME: TOKEN}
        self._browser = httpx.Client(
            base_url=address,
            cookies=cookies,
            headers={"X-CSRFToken": TOKEN},
            timeout=60.0,
        )

    def run(self) -> None:
        """Work until told to stop."""
        while not self.over.is_set():
            self.serial += 1
            try:
                self.work()
            except Stopped as why:
                if str(why):
                    self.memory.stuck.append(str(why))
        connection.close()

    def work(self) -> None:
        """Do one piece of work."""
        raise NotImplementedError

    def post(self, path: str, data: Any = None, files: Any = None) -> str | None:
        """Post a form; the place it leads to when it was acknowledged, None when in doubt."""
        self.memory.posts += 1
        try:
            answer = self._browser.post(path, data=data or {}, files=files)
        except httpx.HTTPError:
            answer = None
        if answer is None or answer.status_code >= 500:
            self.memory.doubts += 1
            if answer is not None:
                self.memory.faults.append(f"{answer.status_code} {path}")
            self.over.wait(0.5)
            return None
        if answer.status_code != 302:
            self.memory.refused.append(f"{answer.status_code} {path}")
            self.over.wait(1)
            return None
        return answer.headers["location"]

    def until(self, look: Callable[[], bool]) -> None:
        """Look again and again."""
        deadline = time.monotonic() + STEP_SECONDS
        while not look():
            if self.over.is_set() or time.monotonic() > deadline:
                raise Stopped("" if self.over.is_set() else f"{type(self).__name__} waited in vain")
            self.over.wait(0.1)


@contextmanager
def _patiently() -> Iterator[None]:
    """Reading may meet a database that is just being started."""
    try:
        yield
    except (OperationalError, InterfaceError):
        connection.close()
        time.sleep(0.3)


def fetch(rows: Callable[[], Any]) -> Any:
    """Read from the database, however often it is away."""
    while True:
        with _patiently():
            return rows()


def is_live(job_uuid: UUID | None) -> bool:
    """Whether a job is waiting or running."""
    return fetch(lambda: Job.objects.filter(uuid=job_uuid, state__in=LIVE).exists())


class Registrar(Person):
    """Enters organisations, one form at a time."""

    def work(self) -> None:
        """Enter one."""
        name = f"기관 {self.name} {self.serial}"
        if self.post("/alliance/organisations/new/", {"name_ko": name, "kind": "company"}):
            self.memory.organisations.append(name)
        self.over.wait(self.chance.uniform(0.1, 0.6))


class Trainee(Person):
    """Hands in predictions, good and bad, and waits for scores before the next ones."""

    unscored = 3

    def work(self) -> None:
        """Hand in one file."""
        mine = Submission.objects.filter(person=self.who).exclude(state__in=SETTLED)
        self.until(lambda: fetch(mine.count) < self.unscored)
        lab, name, known = self.alliance.lab, "predictions.csv", self.alliance.answers
        if self.alliance.code_lab is not None and self.chance.random() < 0.5:
            lab, name, known = self.alliance.code_lab, "answer.py", list(PROGRAMS)
        content, score = self.chance.choice(known)
        if name == "answer.py":
            content = f"# {self.name} {self.serial}\n".encode() + content
        place = self.post(f"/labs/{lab.uuid}/submit/", files={"file": (name, content, "text/csv")})
        if place:
            self.memory.submissions[place.rstrip("/").rsplit("/", 1)[-1]] = score
        self.over.wait(self.chance.uniform(0.1, 0.9))


class Learner(Person):
    """Hands in programs and notebooks, right, wrong and harsh, each text once in the world."""

    unscored = 6
    wanted = 50

    def work(self) -> None:
        """Hand in one."""
        if self.done:
            self.over.wait(0.5)
            return
        mine = Submission.objects.filter(person=self.who).exclude(state__in=SETTLED)
        self.until(lambda: fetch(mine.count) < self.unscored)
        mark = f"# {self.name} {self.serial}\n"
        lab, name, content, worth = self._program(mark)
        if self.alliance.notebook_lab is not None and self.chance.random() < 0.4:
            lab, name, content, worth = self._notebook(mark)
        place = self.post(f"/labs/{lab.uuid}/submit/", files={"file": (name, content, "text/x")})
        if place:
            self.sent += 1
            self.memory.submissions[place.rstrip("/").rsplit("/", 1)[-1]] = worth

    @property
    def done(self) -> bool:
        """Whether everything was handed in."""
        return self.sent >= self.wanted

    sent = 0

    def _program(self, mark: str) -> tuple[Any, str, bytes, float]:
        assert self.alliance.code_lab is not None
        text, worth = self.chance.choice(HARSH_PROGRAMS)
        return self.alliance.code_lab, "answer.py", mark.encode() + text, worth

    def _notebook(self, mark: str) -> tuple[Any, str, bytes, float]:
        assert self.alliance.notebook_lab is not None
        body, worth = self.chance.choice(ANSWERS)
        content = notebook_of(f"{mark}def double(n):\n    {body}\n")
        if self.chance.random() < 0.1:
            content, worth = mark.encode() + content, REFUSED
        return self.alliance.notebook_lab, "double.ipynb", content, worth


class Importing(Person):
    """Somebody who takes files in, all the way from upload to receipt."""

    def take_in(self, kind: str, text: str, *, target: UUID | None = None) -> str:
        """Upload, have it read, confirm; the uuid of the import that was written."""
        address = f"/imports/new/{kind}/" + (f"?target={target}" if target else "")
        while True:
            file = {"file": (f"{kind}.csv", text.encode(), "text/csv")}
            place = self.post(address, files=file)
            if place:
                break
            if self.over.is_set():
                raise Stopped
        uuid = place.rstrip("/").rsplit("/", 1)[-1]
        self.until(lambda: self._moves_on(uuid))
        return uuid

    def _moves_on(self, uuid: str) -> bool:
        imported = fetch(lambda: Import.objects.get(uuid=uuid))
        if imported.state in {"confirmed", "undone"}:
            return True
        interrupted = imported.state == "refused" and imported.refusal["code"] == "interrupted"
        if imported.state in {"refused", "cancelled"} and not interrupted:
            raise Stopped(f"import {uuid} is {imported.state}: {imported.refusal}")
        if is_live(imported.job_uuid):
            return False
        step = "confirm" if imported.state == "staged" else "again"
        self.post(f"/imports/{uuid}/{step}/")
        return False


class Importer(Importing):
    """Changes the same block of organisations again and again: all rows carry one mark."""

    block = 0

    def work(self) -> None:
        """Write the block once, and sometimes take it back."""
        mark = f"M{self.block}-{self.serial}"
        lines = [f"묶음{self.block} {number:03d},{mark},기업" for number in range(ROWS)]
        uuid = self.take_in("organisations", "\n".join(["기관명,영문명,구분", *lines, ""]))
        self.memory.blocks.setdefault(self.block, []).append((uuid, mark))
        if self.serial > 1 and self.chance.random() < 0.2:
            self._take_back(uuid)
        self.over.wait(self.chance.uniform(0, 0.5))

    def _take_back(self, uuid: str) -> None:
        def gone() -> bool:
            self.post(f"/imports/{uuid}/undo/")
            return fetch(lambda: Import.objects.filter(uuid=uuid, state="undone").exists())

        self.until(gone)
        self.memory.undone.append(uuid)


class MatchOfficer(Importing):
    """Runs matching rounds from the form to the published result."""

    def work(self) -> None:
        """Run one round."""
        name = f"매칭 {self.serial}"
        place = self.post("/careers/rounds/new/", self._terms(name))
        rows = MatchingRound.objects.filter(name_ko=name)
        if not place and not fetch(rows.exists):
            return
        found = fetch(rows.get)
        self.until(lambda: self._moves_on_round(found))
        self.memory.rounds.append(str(found.uuid))

    def _terms(self, name: str) -> dict[str, Any]:
        return {
            "cohort": self.alliance.world.cohort.pk,
            "name_ko": name,
            "closes_at": "2025-06-12T18:00",
            "offers_expire_at": "2025-06-22T18:00",
            "reserve_mode": "soft",
            "reserve_rounding": "nearest",
            "reserve_min_seats": 0,
            "vacancies": [vacancy.pk for vacancy in self.alliance.vacancies],
        }

    def _moves_on_round(self, found: MatchingRound) -> bool:
        fetch(found.refresh_from_db)
        if found.state == "published":
            return True
        if found.state == "collecting":
            self._collect(found)
        elif not self._matching(found):
            action = {"draft": "open", "locked": "match", "matched": "publish"}[found.state]
            if found.state == "matched" and self.chance.random() < 0.2:
                action = "match"
            self.post(f"/careers/rounds/{found.uuid}/do/{action}/")
        return False

    def _collect(self, found: MatchingRound) -> None:
        if not fetch(found.applications.exists):
            self.take_in("rankings", self._rankings(), target=found.uuid)
        if not fetch(lambda: found.applications.filter(rating__isnull=False).exists()):
            self.take_in("ratings", self._ratings(found), target=found.uuid)
        self.post(f"/careers/rounds/{found.uuid}/do/lock/")

    def _matching(self, found: MatchingRound) -> bool:
        rows = Job.objects.filter(dedupe=f"careers.match:{found.uuid}", state__in=LIVE)
        return fetch(rows.exists)

    def _rankings(self) -> str:
        lines = ["접수번호,공고번호,순위"]
        for number in self.alliance.numbers:
            order = self.chance.sample(self.alliance.vacancies, k=2)
            lines += [f"{number},{each.number},{rank}" for rank, each in enumerate(order, start=1)]
        return "\n".join([*lines, ""])

    def _ratings(self, found: MatchingRound) -> str:
        rows = found.applications.values_list("vacancy__number", "person__email")
        lines = [
            f"{v},{e},{self.chance.randint(300, 990) / 10}" for v, e in fetch(lambda: list(rows))
        ]
        return "\n".join(["공고번호,이메일,평가점수", *lines, ""])


class Reporter(Person):
    """Writes reports and publishes them."""

    def work(self) -> None:
        """Publish one."""
        title = f"보고서 {self.serial}"
        terms = {
            "agreement": self.alliance.world.agreement.pk,
            "cohort": self.alliance.world.cohort.pk,
            "title_ko": title,
            "as_of": "2025-06-02",
        }
        self.post("/reports/new/", terms)
        rows: QuerySet[Model] = Report.objects.filter(title_ko=title)
        if not fetch(rows.exists):
            return
        found = fetch(rows.get)

        def published() -> bool:
            self.post(f"/reports/{found.uuid}/publish/")
            return fetch(lambda: rows.filter(state="published").exists())

        self.until(published)
        self.memory.reports.append(str(found.uuid))
        self.over.wait(self.chance.uniform(0.2, 1.0))


def crowd(alliance: Alliance, memory: Memory, *, address: str, seed: int) -> list[Person]:
    """Everybody who works during a run."""
    kinds: list[tuple[type[Person], User]] = [
        (Registrar, alliance.officer),
        (Registrar, alliance.world.people["officer_city"]),
        (Importer, alliance.world.people["administrator"]),
        (Importer, alliance.world.people["administrator"]),
        (MatchOfficer, alliance.officer),
        (Reporter, alliance.officer),
        *((Trainee, person) for person in alliance.graduates[:2]),
    ]
    people = [
        kind(alliance, memory, address=address, who=who, seed=seed * 100 + place)
        for place, (kind, who) in enumerate(kinds)
    ]
    for place, person in enumerate(people):
        if isinstance(person, Importer):
            person.block = place
    return people


def class_of(
    alliance: Alliance, memory: Memory, address: str, seed: int, submissions: int
) -> list[Learner]:
    """A class that hands in so many programs together."""
    people = alliance.graduates[: min(4, submissions)]
    learners = [
        Learner(alliance, memory, address=address, who=who, seed=seed * 100 + place)
        for place, who in enumerate(people)
    ]
    for place, one in enumerate(learners):
        one.wanted = submissions // len(people) + (place < submissions % len(people))
    return learners


FEW: tuple[type[Person], ...] = (Registrar, Importer, Reporter, Trainee)
