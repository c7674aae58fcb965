"""Two data contests, filled in by the worker: one is closed, one runs on the demo's day.

Thirty invented teams of the first cohort's people hand in what really trained models predict;
every entry is scored by the service that the room's job calls.
"""

import datetime as dt
import random
import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.enums import ContestKind, EntryState, TeamState, TermsKind
from bitgoeul.apps.contests.models import Contest, Entry, Phase, Task, Team
from bitgoeul.apps.labs.services import Content
from bitgoeul.apps.programmes.models import Enrolment
from bitgoeul.cli import _
from bitgoeul.cli.demo import contest_files, contest_models, names
from bitgoeul.cli.demo.contest_models import DataContest
from bitgoeul.cli.demo.filling import Part, Write
from bitgoeul.cli.demo.people import CITY, UNIVERSITY
from bitgoeul.cli.demo.steps_alliance import organisation
from bitgoeul.cli.demo.year import Year, on

TEAM_PEOPLE = 3
TRIES = 3
DAILY = 3
TOGETHER = 10
OWNERS = {"university": (UNIVERSITY, "bora"), "city": (CITY, "areum")}
"""Who holds a contest, and its officer."""


@cache
def described() -> dict[str, dict[str, Any]]:
    """The contests as the file describes them, by key."""
    return {row["key"]: row for row in _words()["contest"]}


def units(_year: Year) -> Sequence[str]:
    """First both contests, then each one's teams, tries and end."""
    rest = [(key, step) for key, row in described().items() for step in _steps(row)]
    return ("made", *(f"{key}:{step}" for key, step in rest))


def prepare(year: Year, name: str) -> Write:
    """Train the models (once) or read what they predicted; what it returns writes."""
    if name == "made":
        made = _trained(year)
        return lambda: [make_contest(year, described()[one.key], one) for one in made]
    key, _sign, step = name.partition(":")
    row = described()[key]
    if step == "talk":
        return lambda: talk(year, row)
    what, *numbers = step.split("-")
    if what == "teams":
        return lambda: register(year, row, _batch(numbers[0]))
    made_of = contest_files.read(year.folder, key)
    if what == "final":
        return lambda: play_final(year, row, made_of)
    number = int(numbers[0]) - 1
    return lambda: hand_in(year, row, made_of, number, _batch(numbers[1]))


def _steps(row: dict[str, Any]) -> list[str]:
    """A contest's units: ten teams at a time, so that none holds the database for long."""
    batches = range(1, contest_models.TEAMS // TOGETHER + 1)
    steps = [f"teams-{batch}" for batch in batches]
    steps += [f"try-{number + 1}-{batch}" for number in range(TRIES) for batch in batches]
    return [*steps, "talk", *(["final"] if "closed" in row else [])]


def _batch(number: str) -> range:
    return range((int(number) - 1) * TOGETHER, int(number) * TOGETHER)


def make_contest(year: Year, row: dict[str, Any], made: DataContest) -> Contest:
    """A contest with its texts, its first phase and task; announced and started."""
    owner, _officer = OWNERS[row["owner"]]
    by = _officer_of(year, row)
    opens, closes = row["registration"]
    at = on(opens - dt.timedelta(days=10))
    contest = services.create_contest(
        key=row["slug"],
        kind=ContestKind.DATA,
        owner=organisation(owner),
        agreement=year.agreement,
        registration_opens_at=on(opens),
        registration_closes_at=on(closes, 18),
        team_most=4,
        by=by,
        at=at,
        **{name: row[name].strip() for name in _TEXTS},
    )
    words = _words()["terms"]
    services.publish_terms(
        contest=contest, kind=TermsKind.CONDUCT, text_ko=words["conduct_ko"].strip(),
        text_en=words["conduct_en"].strip(), by=by, at=at,
    )  # fmt: skip
    phase = _plan(
        contest, row["first"], ("예선", "First round"), by=by, at=at, daily_limit=DAILY,
        finals=2, advances=row["advances"],
    )  # fmt: skip
    files = {name: Content(f"{name}.csv", getattr(made, name)) for name in _FILES}
    _add_task(phase, row, made, files, usage="Usage", by=by, at=at)
    services.move_contest(contest=contest, action="publish", by=by, at=at)
    return services.move_contest(
        contest=contest, action="start", by=by, at=min(on(opens), on(row["first"][0]))
    )


_TEXTS = (
    "title_ko", "title_en", "summary_ko", "summary_en", "text_ko", "text_en", "prizes_ko",
    "prizes_en",
)  # fmt: skip
_FILES = ("train", "test", "sample", "truth")


def register(year: Year, row: dict[str, Any], batch: range) -> None:
    """Teams of three: a captain registers, the others come by the captain's link."""
    contest = _contest(row)
    opens = row["registration"][0]
    for number, crew in enumerate(_crews(_people(year))):
        if number not in batch:
            continue
        at = on(opens + dt.timedelta(days=1 + number % 10), 10 + number % 8)
        for person in crew:
            services.accept_terms(contest=contest, person=person, by=person, at=at)
        captain, *others = crew
        team = services.create_team(
            contest=contest, name=team_name(number), person=captain, by=captain, at=at
        )
        if not others:
            continue
        invitation = services.invite_member(team=team, by=captain, at=at)
        key = services.key_of(invitation)
        for later, person in enumerate(others, start=1):
            joined = at + dt.timedelta(hours=later)
            services.join_team(key=key, person=person, by=person, at=joined)


def hand_in(year: Year, row: dict[str, Any], made: DataContest, number: int, batch: range) -> None:
    """One round of tries of some teams; after the last, some choose what counts in the end."""
    contest = _contest(row)
    task = Task.objects.select_related("phase", "lab").get(phase__contest=contest, number=1)
    teams = {place: team for place, team in _teams(contest).items() if place in batch}
    days = _days(row["first"][0], row["played_to"])[number]
    for entry in made.entries:
        if min(entry.number, TRIES) - 1 != number or entry.team not in teams:
            continue
        drawn = _drawn(year, f"{row['key']}|{entry.team}|{entry.number}")
        at = on(days[drawn.randrange(len(days))], drawn.randrange(9, 18), drawn.randrange(60))
        _hand_in(task, teams[entry.team], entry.content, note=entry.model, at=at)
    if number == TRIES - 1:
        at = on(row["played_to"], 19)
        for place, team in teams.items():
            if place % 3 == 0:
                _choose(task, team, at=at)


def talk(year: Year, row: dict[str, Any]) -> None:
    """What the organiser announces, and a question with its answer."""
    contest, by = _contest(row), _officer_of(year, row)
    for news in row["news"]:
        services.announce(
            contest=contest, title_ko=news["ko"], title_en=news["en"], text_ko=news["text_ko"],
            text_en=news["text_en"], by=by, at=on(news["on"], 14),
        )  # fmt: skip
    asked = row["asked"]
    teams = _teams(contest)
    captain = teams[asked["team"] % len(teams)].captain
    question = services.ask_question(
        contest=contest, text=asked["text"], by=captain, at=on(asked["on"], 20)
    )
    services.answer_question(
        question=question, answer=asked["answer"], by=by, at=on(asked["answered_on"], 11)
    )


def play_final(year: Year, row: dict[str, Any], made: DataContest) -> None:
    """The best go on, hand in once more without a board, and the contest is closed.

    The final is planned here and not before: else the room's sweep would let the best go on while
    tries of the year are still being filled in.
    """
    contest, by = _contest(row), _officer_of(year, row)
    first = Phase.objects.get(contest=contest, number=1)
    opens, _closes = row["final"]
    at = on(opens, 9)
    final = _plan(
        contest, row["final"], ("본선", "Final"), blind=True, by=by, at=at, daily_limit=1,
        total_limit=1, finals=1,
    )  # fmt: skip
    kept = contest_files.private_ids(made)
    files = {
        name: Content(f"{name}.csv", contest_files.only(getattr(made, name), kept, without="Usage"))
        for name in _FILES
        if name != "train"
    }
    files["train"] = Content("train.csv", made.train)
    task = _add_task(final, row, made, files, usage="", by=by, at=at)
    going = services.advance_phase(phase=first, by=by, at=at)
    last = {entry.team: entry for entry in made.entries}
    places = {team.pk: place for place, team in _teams(contest).items()}
    for number, team in enumerate(going):
        entry = last[places[team.pk]]
        moment = on(opens + dt.timedelta(days=number % 7), 10 + number % 8, 5 * (number % 12))
        content = contest_files.only(entry.content, kept)
        _hand_in(task, team, content, note=entry.model, at=moment)
    services.move_contest(contest=contest, action="judge", by=by, at=on(row["final"][1], 19))
    services.move_contest(contest=contest, action="close", by=by, at=on(row["closed"], 13))


def team_name(number: int) -> str:
    """A name that shows as invented."""
    return f"(가상) {names.GIVEN[number % len(names.GIVEN)]} 팀"


def _plan(
    contest: Contest, days: Sequence[dt.date], title: tuple[str, str], *, by: User,
    at: dt.datetime, blind: bool = False, **limits: Any,
) -> Phase:  # fmt: skip
    opens, closes = days
    return services.plan_phase(
        contest=contest, title_ko=title[0], title_en=title[1], opens_at=on(opens, 9),
        closes_at=on(closes, 18), blind=blind, by=by, at=at, **limits,
    )  # fmt: skip


def _add_task(
    phase: Phase, row: dict[str, Any], made: DataContest, files: dict[str, Content], *,
    usage: str, by: User, at: dt.datetime,
) -> Task:  # fmt: skip
    return services.add_prediction_task(
        phase=phase, title_ko=row["summary_ko"], title_en=row["summary_en"],
        task_ko=row["task_ko"], task_en=row["task_en"], source=row["source"], metric=made.metric,
        id_column="id", target_column=made.target, usage_column=usage, by=by, at=at,
        train=files["train"], test=files["test"], sample=files["sample"], truth=files["truth"],
    )  # fmt: skip


def _hand_in(task: Task, team: Team, content: bytes, *, note: str, at: dt.datetime) -> None:
    """Hand in as the captain, and have it scored at once: the worker's queue stays empty."""
    entry = services.submit_entry(
        task=task, team=team, name=contest_files.FILE_NAME, content=content, note=note,
        by=team.captain, at=at, queued=False,
    )  # fmt: skip
    outcome = services.evaluate_entry(entry=entry.uuid)
    services.record_result(entry=entry.uuid, outcome=outcome, at=at + dt.timedelta(minutes=1))


def _choose(task: Task, team: Team, *, at: dt.datetime) -> None:
    scored = Entry.objects.filter(team=team, task=task, state=EntryState.SCORED)
    entries = list(scored.order_by("-received_at")[: task.phase.finals])
    services.choose_finals(team=team, task=task, entries=entries, by=team.captain, at=at)


def _trained(year: Year) -> tuple[DataContest, ...]:
    teams = len(_crews(_people(year)))
    made = contest_models.make_contests(teams=teams)
    for one in made:
        contest_files.keep(year.folder, one)
    return made


def _crews(people: Sequence[User]) -> list[Sequence[User]]:
    """Divide people into teams of up to three; at most as many teams as models are trained for."""
    most = min(contest_models.TEAMS * TEAM_PEOPLE, len(people))
    cuts = [*range(0, most, TEAM_PEOPLE), most]
    return [people[first:after] for first, after in pairwise(cuts)]


def _people(year: Year) -> list[User]:
    rows = Enrolment.objects.filter(cohort=year.cohort).select_related("person")
    return [row.person for row in rows.order_by("person_id")[: contest_models.TEAMS * TEAM_PEOPLE]]


def _teams(contest: Contest) -> dict[int, Team]:
    """The teams that take part still, by the number of whose models they hand in."""
    rows = contest.teams.filter(state=TeamState.ACTIVE).select_related("captain", "contest")
    found = {team.name: team for team in rows}
    places = range(contest_models.TEAMS)
    return {place: found[name] for place in places if (name := team_name(place)) in found}


def _days(first: dt.date, last: dt.date) -> list[list[dt.date]]:
    """Cut a phase into as many spans of days as there are rounds of tries."""
    total = (last - first).days
    cuts = [total * number // TRIES for number in range(TRIES + 1)]
    return [
        [first + dt.timedelta(days=day) for day in range(start + 1, end)]
        for start, end in pairwise(cuts)
    ]


def _contest(row: dict[str, Any]) -> Contest:
    return Contest.objects.get(key=row["slug"])


def _officer_of(year: Year, row: dict[str, Any]) -> User:
    return year.staff[OWNERS[row["owner"]][1]]


def _drawn(year: Year, what: str) -> random.Random:
    return random.Random(f"{year.seed}|{what}")  # noqa: S311 -- an invented contest, no secret


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("contests.toml").read_text("utf-8"))


PARTS = (Part(key="contests", title=_("Two data contests"), units=units, prepare=prepare),)
