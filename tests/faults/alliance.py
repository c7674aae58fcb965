"""The small alliance that is written to: people, a lab with a known truth, a market, a clock."""

from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.core import clock
from tests.apps.careers.market import build_market
from tests.apps.labs.bench import OPENED, Bench, make_lab
from tests.world import AT, DAY, World

PEOPLE = 8
ATTEMPTS = 30_000


@dataclass
class Alliance:
    """What the writers know of it."""

    world: World
    officer: User
    graduates: list[User]
    numbers: list[str]
    vacancies: list[Vacancy]
    lab: Lab
    answers: list[tuple[bytes, float]]


def found() -> Alliance:
    """Make it in an empty database, and fix its clock."""
    clock.fix_today(DAY)
    market = build_market(seats={"V-1": 2, "V-2": 2, "V-3": 1}, people=PEOPLE)
    bench = Bench()
    lab = make_lab(market.world, bench, daily_limit=ATTEMPTS)
    graduates = list(market.graduates.values())
    labs.admit_people(
        lab=lab, people=graduates, admitted_by=market.world.cohort, by=None, at=OPENED
    )
    # They were made without their job and without a file: not what is counted here.
    Submission.objects.all().delete()
    return Alliance(
        world=market.world,
        officer=market.world.people["officer_university"],
        graduates=graduates,
        numbers=[f"G-{name}" for name in market.graduates],
        vacancies=list(market.vacancies.values()),
        lab=lab,
        answers=[(bench.good, float(bench.accuracy)), (bench.wrong, 0.0)],
    )


def sign_in(person: User) -> str:
    """A session as signing in makes it; returns its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


__all__ = ["AT", "Alliance", "found", "sign_in"]
