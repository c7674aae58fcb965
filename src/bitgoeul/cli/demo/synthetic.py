"""A year of an academy as a model with known truth: people, scores, attendance, jobs, retention.

Marginals are the published ones of the academy's fourth and fifth cohorts (see docs/demo.md); the
people are invented. Every function is pure: the same seed and arguments give the same result, and
each later stage takes the people that the real selection or match let through, so the files fit
whatever the engines decide.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache

import holidays
import numpy as np

from bitgoeul.cli.demo.names import company_name, person_name

TODAY = dt.date(2026, 3, 16)
APPLY_FROM = dt.date(2024, 2, 1)
APPLY_UNTIL = dt.date(2024, 2, 29)
FIRST_DAY = dt.date(2024, 4, 1)
HOURS = 1300
HOURS_A_DAY = 8

REGIONS = {
    "24": 460,
    "36": 92,
    "35": 45,
    "11": 62,
    "31": 38,
    "23": 11,
    "21": 17,
    "22": 13,
    "38": 12,
    "37": 8,
    "26": 3,
    "25": 7,
    "33": 5,
    "34": 4,
    "39": 2,
}
"""Applicants by region: Gwangju 460, Honam 597, capital area 111, Yeongnam 53, Chungcheong 16,
Jeju 2; the split inside an area is ours."""
SEXES = {"male": 522, "female": 257}
AGES = {(18, 18): 12, (19, 25): 280, (26, 30): 320, (31, 39): 167}
MAJORS = {"computing": 133, "engineering": 160, "science": 76, "humanities": 202, "other": 208}
WORK = {"seeking": 736, "startup": 43}

TRACKS = (
    ("modelling-1", "AI 모델링 1반", "AI modelling 1", "modelling"),
    ("modelling-2", "AI 모델링 2반", "AI modelling 2", "modelling"),
    ("modelling-3", "AI 모델링 3반", "AI modelling 3", "modelling"),
    ("modelling-4", "AI 모델링 4반", "AI modelling 4", "modelling"),
    ("services-1", "AI 서비스 1반", "AI services 1", "services"),
    ("services-2", "AI 서비스 2반", "AI services 2", "services"),
    ("services-3", "AI 서비스 3반", "AI services 3", "services"),
    ("platform-1", "AI 플랫폼·인프라 1반", "AI platform and infrastructure 1", "platform"),
    ("platform-2", "AI 플랫폼·인프라 2반", "AI platform and infrastructure 2", "platform"),
    ("platform-3", "AI 플랫폼·인프라 3반", "AI platform and infrastructure 3", "platform"),
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How big the year is; the tests make a smaller one of the same shape."""

    applicants: int = 779
    """The first so many of the drawn people; only all of them have the published marginals."""
    seats_a_track: int = 33
    companies: int = 25
    seats_a_centre_vacancy: int = 10


FULL = Size()


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What the model knows and no file says."""

    job_rate_of_completers: float = 0.68
    """Share of completers who would find work within six months."""
    yearly_leaving_rate: float = 0.22
    """Hazard of leaving a job within the first year."""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """An invented applicant with the ability that drives everything later."""

    number: str
    full_name: str
    email: str
    phone: str
    birth_on: dt.date
    sex: str
    residence: str
    school_region: str
    major: str
    work_status: str
    choices: tuple[str, ...]
    submitted_at: dt.datetime
    ability: float
    diligence: float


@dataclass(frozen=True, kw_only=True)
class Company:
    """An invented company."""

    name_ko: str
    name_en: str
    business_number: str
    region: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """One person's training day, in the marks of the attendance file."""

    number: str
    held_on: dt.date
    marks: str
    late: bool
    left_early: bool
    excuse: str


def rng_of(seed: int, *place: object) -> np.random.Generator:
    """Return a generator for one place of the model, so that stages do not disturb others."""
    text = "|".join([str(seed), *(str(part) for part in place)])
    return np.random.default_rng(np.frombuffer(text.encode(), dtype=np.uint8).astype(np.uint32))


def applicants(*, seed: int) -> list[Applicant]:
    """Draw 779 applicants whose marginals are exactly the published ones."""
    rng = rng_of(seed, "applicants")
    regions = _shuffled(rng, REGIONS)
    sexes = _shuffled(rng, SEXES)
    ages = _shuffled(rng, AGES)
    majors = _shuffled(rng, MAJORS)
    work = _shuffled(rng, WORK)
    return [
        _applicant(
            rng,
            index,
            residence=regions[index],
            sex=sexes[index],
            age=ages[index],
            major=majors[index],
            work=work[index],
        )
        for index in range(len(regions))
    ]


def _applicant(
    rng: np.random.Generator,
    index: int,
    *,
    residence: str,
    sex: str,
    age: tuple[int, int],
    major: str,
    work: str,
) -> Applicant:
    years = int(rng.integers(age[0], age[1] + 1))
    birth = dt.date(FIRST_DAY.year - years, 1, 1) + dt.timedelta(days=int(rng.integers(0, 59)))
    bonus = {"computing": 0.5, "engineering": 0.3, "science": 0.1}.get(major, -0.1)
    away = rng.random() < 0.15
    order = rng.permutation(len(TRACKS))[: int(rng.integers(2, 4))]
    minute = int(rng.integers(0, (28 * 24 + 14) * 60))
    opened = dt.datetime.combine(APPLY_FROM, dt.time(9), tzinfo=dt.timezone(dt.timedelta(hours=9)))
    return Applicant(
        number=f"D-{index + 1:04d}",
        full_name=person_name(rng),
        email=f"applicant{index + 1:04d}@people.example",
        phone=f"010-0000-{index + 1:04d}",
        birth_on=birth,
        sex=sex,
        residence=residence,
        school_region=str(rng.choice(["11", "24", "35", "36"])) if away else residence,
        major=major,
        work_status=work,
        choices=tuple(TRACKS[int(place)][0] for place in order),
        submitted_at=opened + dt.timedelta(minutes=minute),
        ability=float(rng.normal(bonus, 1.0)),
        diligence=float(rng.normal(0.0, 1.0)),
    )


def _shuffled(rng: np.random.Generator, counts: dict) -> list:
    values = [value for value, count in counts.items() for _ in range(count)]
    return [values[int(place)] for place in rng.permutation(len(values))]


def stage_scores(people: list[Applicant], *, seed: int) -> dict[str, dict[str, float]]:
    """Score the four stages; who never sat the exam has no score there, nor in the interview."""
    rng = rng_of(seed, "stages")
    scores = {}
    for person in people:
        motivation = _mark(72 + 6 * person.diligence + rng.normal(0, 6))
        course = _mark(70 + 7 * person.ability + 6 * person.diligence + rng.normal(0, 6))
        exam = _mark(58 + 12 * person.ability + rng.normal(0, 7))
        scores[person.number] = {"motivation": motivation, "course": course, "exam": exam}
        if rng.random() < 0.08:
            del scores[person.number]["exam"]
    # Of their own: the stages that were there before keep their numbers.
    rng = rng_of(seed, "interviews")
    for person in people:
        if "exam" in scores[person.number]:
            mark = _mark(68 + 5 * person.ability + 6 * person.diligence + rng.normal(0, 6))
            scores[person.number]["interview"] = mark
    return scores


def _mark(value: float) -> float:
    return round(float(min(100, max(0, value))), 1)


@cache
def training_days() -> tuple[dt.date, ...]:
    """Return the working days on which the planned hours are taught (Korean holidays are free)."""
    free = holidays.country_holidays("KR", years=(2024, 2025))
    days: list[dt.date] = []
    day = FIRST_DAY
    while len(days) * HOURS_A_DAY < HOURS:
        if day.weekday() < 5 and day not in free:
            days.append(day)
        day += dt.timedelta(days=1)
    return tuple(days)


def last_day() -> dt.date:
    """Return the last training day."""
    return training_days()[-1]


@cache
def hours_on(day: dt.date) -> int:
    """Return how many hours are planned on a training day (the last one may be shorter)."""
    days = training_days()
    rest = HOURS - HOURS_A_DAY * (len(days) - 1)
    return rest if day == days[-1] else HOURS_A_DAY


def attendance(people: list[Applicant], *, seed: int) -> list[Day]:
    """Simulate every training day; a few drop out for good, a few are often away."""
    return [day for person in people for day in _days_of(person, seed)]


def _days_of(person: Applicant, seed: int) -> list[Day]:
    rng = rng_of(seed, "attendance", person.number)
    days = training_days()
    drops = rng.random() < 0.085 + 0.03 * max(0.0, -person.diligence)
    stop = int(rng.integers(10, len(days) - 40)) if drops else len(days)
    away_rate = min(0.16, max(0.005, 0.035 - 0.02 * person.diligence))
    luck = rng.random(len(days))
    luck[stop:] = -1.0
    return [
        _lived_day(person, held_on, luck=draw, away_rate=away_rate)
        for held_on, draw in zip(days, luck.tolist(), strict=True)
    ]


def _lived_day(person: Applicant, held_on: dt.date, *, luck: float, away_rate: float) -> Day:
    """Turn a uniform draw into a day: gone for good (below 0), ill, away, late, early, there."""
    hours = hours_on(held_on)
    if luck < 0:
        return _day(person, held_on, "0" * hours)
    if luck < away_rate / 3:
        return _day(person, held_on, "e" * hours, excuse="병결(진단서)")
    if luck < away_rate:
        return _day(person, held_on, "0" * hours)
    if luck < away_rate + 0.02:
        return _day(person, held_on, "0" + "1" * (hours - 1), late=True)
    if luck < away_rate + 0.03:
        return _day(person, held_on, "1" * (hours - 1) + "0", left_early=True)
    return _day(person, held_on, "1" * hours)


def _day(
    person: Applicant,
    held_on: dt.date,
    marks: str,
    *,
    late: bool = False,
    left_early: bool = False,
    excuse: str = "",
) -> Day:
    return Day(
        number=person.number,
        held_on=held_on,
        marks=marks,
        late=late,
        left_early=left_early,
        excuse=excuse,
    )


def companies(*, seed: int, count: int = FULL.companies) -> list[Company]:
    """Invent the companies of the employment committee."""
    rng = rng_of(seed, "companies")
    made = []
    for index in range(count):
        name_ko, name_en = company_name(index)
        region = "24" if rng.random() < 0.7 else "11"
        made.append(
            Company(
                name_ko=name_ko,
                name_en=name_en,
                business_number=business_number(int(rng.integers(0, 10**6))),
                region=region,
            )
        )
    return made


def business_number(body: int) -> str:
    """Return a number with a right check digit in the unused 000 office range."""
    digits = [0, 0, 0, *(int(figure) for figure in f"{body:06d}")]
    weights = (1, 3, 7, 1, 3, 7, 1, 3, 5)
    total = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    total += digits[8] * 5 // 10
    check = (10 - total % 10) % 10
    text = "".join(str(digit) for digit in digits) + str(check)
    return f"{text[:3]}-{text[3:5]}-{text[5:]}"
