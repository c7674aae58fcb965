"""A small contest: truth of twelve rows, six public and six private, and files of known quality."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bitgoeul.apps.alliance.enums import OrganisationKind, Region, Role
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.models import Contest, Entry, Phase, Task, Team
from bitgoeul.apps.labs.services import Content
from bitgoeul.core import jobs
from tests.world import AT

DAY = dt.timedelta(days=1)
ROWS = 12
TRUTH = [1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0]


def solution(truth: list[int] | None = None) -> bytes:
    """A table like Kaggle's solution.csv: the odd rows are public, the even ones private."""
    lines = [
        f"{number},{value},{'Public' if number % 2 else 'Private'}"
        for number, value in enumerate(truth or TRUTH, start=1)
    ]
    return ("id,target,Usage\n" + "\n".join(lines) + "\n").encode()


def answers(public_right: int = 6, private_right: int = 6) -> bytes:
    """A file in which so many of the six rows of each part are right."""
    left = {True: public_right, False: private_right}
    lines = []
    for number, value in enumerate(TRUTH, start=1):
        public = number % 2 == 1
        right = left[public] > 0
        left[public] -= 1
        lines.append(f"{number},{value if right else 1 - value}")
    return ("id,target\n" + "\n".join(lines) + "\n").encode()


def files(**more: Content) -> dict[str, Content]:
    """The four files of the task."""
    test = "id,a\n" + "".join(f"{number},0.5\n" for number in range(1, ROWS + 1))
    return {
        "train": Content("train.csv", b"a,target\n1,0\n"),
        "test": Content("test.csv", test.encode()),
        "sample": Content("sample.csv", answers(0, 0)),
        "truth": Content("solution.csv", solution()),
    } | more


@dataclass
class Bench:
    """A running contest with one phase and one task, its officer and its people."""

    officer: User
    owner: Organisation
    contest: Contest
    phase: Phase
    task: Task
    people: list[User] = field(default_factory=list)

    def person(self, number: int) -> User:
        """Return the person of a number, made on first use."""
        while len(self.people) <= number:
            name = f"p{len(self.people)}"
            self.people.append(User.objects.create_user(f"{name}@team.example", full_name=name))
        return self.people[number]

    def team(self, number: int, name: str = "", **more: Any) -> Team:
        """Register a team led by the person of a number."""
        return services.create_team(
            contest=self.contest, name=name or f"팀 {number}", person=self.person(number),
            by=None, at=AT, **more,
        )  # fmt: skip

    def hand_in(self, team: Team, content: bytes, *, at: dt.datetime = AT, **more: Any) -> Entry:
        """Hand in as the captain; `score` has it scored."""
        return services.submit_entry(
            task=more.pop("task", self.task), team=team, name="answers.csv", content=content,
            by=more.pop("by", team.captain), at=at, **more,
        )  # fmt: skip


def score(entry: Entry) -> Entry:
    """Score what waits."""
    jobs.run_pending()
    entry.refresh_from_db()
    return entry


def make_bench(*, blind: bool = False, state: str = "running", **more: Any) -> Bench:
    """Make the contest; the facts of its phase can be given."""
    owner = Organisation.objects.create(
        name_ko="빛가람시", name_en="Bitgaram", kind=OrganisationKind.CITY, region=Region.GWANGJU
    )
    officer = User.objects.create_user("officer@city.example", full_name="담당")
    Membership.objects.create(
        person=officer, organisation=owner, role=Role.OFFICER, started_on=dt.date(2021, 4, 15)
    )
    of_contest = {name: more.pop(name) for name in ("team_most", "team_least", "age_from", "age_to",
                  "regions", "external_data", "prize_places") if name in more}  # fmt: skip
    contest = services.create_contest(
        key="health", kind="data", owner=owner, title_ko="건강", title_en="Health", text_ko="-",
        registration_opens_at=AT - DAY, registration_closes_at=AT + 5 * DAY, by=officer, at=AT,
        **of_contest,
    )  # fmt: skip
    facts: dict[str, Any] = {"opens_at": AT - DAY, "closes_at": AT + 10 * DAY, "daily_limit": 3}
    facts["board"] = "plain"
    phase = services.plan_phase(
        contest=contest, title_ko="예선", blind=blind, by=officer, at=AT, **(facts | more)
    )
    task = services.add_prediction_task(
        phase=phase, title_ko="예측", task_ko="맞히세요.", metric="accuracy", id_column="id",
        target_column="target", usage_column="Usage", by=officer, at=AT, **files(),
    )  # fmt: skip
    for step in ("publish", "start") if state == "running" else ():
        contest = services.move_contest(contest=contest, action=step, by=officer, at=AT)
    phase.contest = contest
    task.phase = phase
    return Bench(officer=officer, owner=owner, contest=contest, phase=phase, task=task)
