"""The model's second half: labs, vacancies, wishes, ratings, jobs and whether they are kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bitgoeul.cli.demo.synthetic import FULL, Applicant, Company, Truth, last_day, rng_of

RESEARCH_CENTRE = "CJ올리브네트웍스"
MATCH_DAY = dt.date(2024, 11, 29)
TITLES = (
    ("데이터 분석가", "Data analyst"),
    ("머신러닝 엔지니어", "Machine-learning engineer"),
    ("AI 서비스 기획자", "AI service planner"),
    ("백엔드 개발자", "Back-end developer"),
    ("데이터 엔지니어", "Data engineer"),
    ("컴퓨터비전 연구원", "Computer-vision researcher"),
)


@dataclass(frozen=True, kw_only=True)
class Vacancy:
    """A position with seats; `appeal` is what the model knows of its popularity."""

    number: str
    organisation: str
    title_ko: str
    title_en: str
    research_centre: bool
    site: str
    seats: int
    wage_from_won: int
    wage_to_won: int
    local_share: float
    appeal: float


@dataclass(frozen=True, kw_only=True)
class Job:
    """A spell of work with its evidence."""

    number: str
    organisation: str
    vacancy: str
    kind: str
    started_on: dt.date
    evidence_kind: str
    evidence_on: dt.date
    ended_on: dt.date | None


def vacancies(
    firms: Sequence[Company], *, seed: int, centre_seats: int = FULL.seats_a_centre_vacancy
) -> list[Vacancy]:
    """Invent the vacancies of the companies and of the research centre."""
    rng = rng_of(seed, "vacancies")
    centre = [
        _vacancy(rng, number, organisation=RESEARCH_CENTRE, title=TITLES[title], centre=True)
        for number, title in ((1, 5), (2, 1))
    ]
    made = [replace(each, seats=centre_seats) for each in centre]
    for firm in firms:
        for _each in range(int(rng.integers(1, 3))):
            title = TITLES[int(rng.integers(len(TITLES)))]
            made.append(
                _vacancy(rng, len(made) + 1, organisation=firm.name_ko, title=title, centre=False)
            )
    return made


def later_vacancies(firms: Sequence[Company], *, seed: int) -> list[Vacancy]:
    """Invent the few vacancies that are open on the demo's today."""
    rng = rng_of(seed, "later vacancies")
    chosen = [(RESEARCH_CENTRE, TITLES[4], True)]
    chosen += [(firm.name_ko, TITLES[place], False) for place, firm in enumerate(firms[:3])]
    return [
        _vacancy(rng, 100 + number, organisation=name, title=title, centre=centre)
        for number, (name, title, centre) in enumerate(chosen, start=1)
    ]


def _vacancy(
    rng: np.random.Generator,
    number: int,
    *,
    organisation: str,
    title: tuple[str, str],
    centre: bool,
) -> Vacancy:
    wage = int(rng.integers(30, 42)) * 1_000_000
    return Vacancy(
        number=f"V-{number:03d}",
        organisation=organisation,
        title_ko=f"{title[0]}(시연)",
        title_en=f"{title[1]} (demo)",
        research_centre=centre,
        site="제2연구소" if centre else "본사",
        seats=10 if centre else int(rng.integers(2, 7)),
        wage_from_won=wage,
        wage_to_won=wage + 6_000_000,
        local_share=0.3 if centre else 0.0,
        appeal=2.0 if centre else float(rng.normal(0, 0.7)),
    )


def wishes(
    people: Sequence[Applicant], offered: Sequence[Vacancy], *, seed: int
) -> dict[str, list[str]]:
    """Let each graduate rank three to seven vacancies; popular ones come first more often."""
    appeal = np.array([vacancy.appeal for vacancy in offered])
    ranked = {}
    for person in people:
        rng = rng_of(seed, "wishes", person.number)
        liking = appeal + rng.gumbel(0, 1, len(offered))
        best = np.argsort(-liking)[: int(rng.integers(3, 8))]
        ranked[person.number] = [offered[int(place)].number for place in best]
    return ranked


def ratings(
    people: Sequence[Applicant], ranked: Mapping[str, Sequence[str]], *, seed: int
) -> dict[tuple[str, str], float | None]:
    """Let employers rate who applied, 0 to 100; None: not acceptable."""
    given: dict[tuple[str, str], float | None] = {}
    for person in people:
        rng = rng_of(seed, "ratings", person.number)
        for vacancy in ranked[person.number]:
            rating = 65 + 9 * person.ability + 4 * person.diligence + rng.normal(0, 8)
            given[vacancy, person.number] = (
                None if rating < 45 else round(float(min(100, rating)), 1)
            )
    return given


def accepts(person: Applicant, *, seed: int) -> bool:
    """Tell whether a graduate accepts the offer they get."""
    return bool(rng_of(seed, "accepts", person.number).random() < 0.93)


def jobs(
    people: Sequence[Applicant],
    matched: Mapping[str, Vacancy],
    firms: Sequence[Company],
    *,
    seed: int,
    truth: Truth | None = None,
) -> list[Job]:
    """Simulate who works where from when, and until when."""
    truth = truth or Truth()
    found = []
    for person in people:
        rng = rng_of(seed, "jobs", person.number)
        vacancy = matched.get(person.number)
        if vacancy is not None:
            found.append(_job(rng, person, vacancy.organisation, vacancy.number, truth))
        elif rng.random() < _chance_outside(person, truth):
            firm = firms[int(rng.integers(len(firms)))]
            founds = rng.random() < 0.12
            found.append(
                _job(rng, person, firm.name_ko, "", truth, kind="founding" if founds else "")
            )
    return found


def _chance_outside(person: Applicant, truth: Truth) -> float:
    logit = np.log(truth.job_rate_of_completers / (1 - truth.job_rate_of_completers))
    return float(1 / (1 + np.exp(-(logit - 0.9 + 0.5 * person.ability))))


def _job(
    rng: np.random.Generator,
    person: Applicant,
    organisation: str,
    vacancy: str,
    truth: Truth,
    *,
    kind: str = "",
) -> Job:
    wait = int(rng.integers(20, 60)) if vacancy else int(rng.exponential(80)) + 15
    start = last_day() + dt.timedelta(days=wait + (30 if vacancy else 0))
    days = int(rng.exponential(365 / -np.log(1 - truth.yearly_leaving_rate)))
    founding = kind == "founding"
    return Job(
        number=person.number,
        organisation=organisation,
        vacancy=vacancy,
        kind=kind or "employment",
        started_on=start,
        evidence_kind="business_registration" if founding else "insurance",
        evidence_on=start + dt.timedelta(days=int(rng.integers(0, 20))),
        ended_on=start + dt.timedelta(days=days) if days < 400 and not founding else None,
    )


def exclusions(people: Sequence[Applicant], working: set[str]) -> list[tuple[str, str]]:
    """Choose completers without a job who went on to study or to the army."""
    idle = [person for person in people if person.number not in working]
    reasons = ("study",) * 4 + ("military",) * 3
    return [(person.number, why) for person, why in zip(idle[::5], reasons, strict=False)]


@cache
def lab_tables() -> dict[str, Any]:
    """Split the breast-cancer data of scikit-learn into training, test and hidden truth."""
    data = load_breast_cancer()
    order = rng_of(7, "lab").permutation(len(data.target))
    train, test = order[:340], order[340:]
    return {
        "names": [name.replace(" ", "_") for name in data.feature_names],
        "train": (train, data.data[train], data.target[train]),
        "test": (test, data.data[test], data.target[test]),
    }


def prediction(person: Applicant, *, attempt: int, seed: int) -> list[tuple[int, int]]:
    """Train a real model, stronger for the able, and predict the test rows."""
    tables = lab_tables()
    rng = rng_of(seed, "lab", person.number, attempt)
    count = int(np.clip(round(3 + 2 * person.ability + 2 * rng.normal()) + 4 * attempt, 1, 30))
    columns = rng.permutation(len(tables["names"]))[:count]
    _ids, features, target = tables["train"]
    ids, unseen, _truth = tables["test"]
    model = make_pipeline(
        StandardScaler(), LogisticRegression(solver="newton-cholesky", max_iter=50)
    )
    model.fit(features[:, columns], target)
    predicted = model.predict(unseen[:, columns])
    return [(int(row), int(guess)) for row, guess in zip(ids, predicted, strict=True)]
