"""The demo's data contests: real data, and thirty teams whose models are really trained.

Nothing here knows the product: `make_contests` gives files, and the demo hands them in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
TEAMS = 30
COPIED = (23, 8)
"""The first of these teams hands in the second one's file with a few values changed."""


@dataclass(frozen=True)
class Entry:
    """One file of predictions, and the model that made it."""

    team: int
    number: int
    model: str
    content: bytes


@dataclass(frozen=True)
class DataContest:
    """A contest's files (CSV) and what its teams hand in, in the order of time.

    ``truth`` has the columns id, target and Usage; ``train`` has the target, ``test`` has not.
    """

    key: str
    metric: str
    target: str
    train: bytes
    test: bytes
    sample: bytes
    truth: bytes
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Task:
    key: str
    metric: str
    target: str
    columns: tuple[str, ...]
    known: Floats
    known_target: Floats
    asked: Floats
    asked_target: Floats


def make_contests(*, seed: int = 5, teams: int = TEAMS) -> tuple[DataContest, ...]:
    """The healthcare and the energy contest with the files of all teams.

    Notes
    -----
    Trains about 110 small models, some ten seconds of processor time; the same seed gives the
    same files on one machine (scikit-learn's last digits may differ between processors).
    """
    tasks = (_healthcare(seed), _energy(seed + 1))
    return tuple(_contest(task, seed=seed, teams=teams) for task in tasks)


def _healthcare(seed: int) -> _Task:
    """Tumours, benign or malignant: 569 cases of the University of Wisconsin."""
    from sklearn.datasets import load_breast_cancer

    found = load_breast_cancer()
    order = np.random.default_rng(seed).permutation(len(found.target))
    rows, malignant = found.data[order], 1.0 - found.target[order]
    columns = tuple(str(name).replace(" ", "_") for name in found.feature_names)
    cut = 269
    return _Task(
        "healthcare", "roc_auc", "malignant", columns,
        rows[:cut], malignant[:cut], rows[cut:], malignant[cut:],
    )  # fmt: skip


def _energy(seed: int) -> _Task:
    """Use of electricity in invented buildings, hour by hour: weather, floor, people, calendar."""
    random = np.random.default_rng(seed)
    rows = 2000
    hour, weekday, month = (random.integers(0, top, rows) for top in (24, 7, 12))
    outside = 13 - 13 * np.cos((month + 0.5) / 6 * np.pi) + random.normal(0, 4, rows)
    floor = random.lognormal(7.5, 0.6, rows)
    insulation = random.uniform(0.4, 1.6, rows)
    open_now = (weekday < 5) & (hour >= 8) & (hour < 19)
    people = np.where(open_now, floor / 25 * random.uniform(0.3, 1.0, rows), 0).round()
    heating = np.maximum(0, 17 - outside) * floor * insulation * 0.0022
    cooling = np.maximum(0, outside - 24) * (floor * 0.003 + people * 0.09)
    base = floor * np.where(open_now, 0.012, 0.004) + people * 0.11
    used = (base + heating + cooling) * random.lognormal(0, 0.08, rows)
    columns = ("hour", "weekday", "month", "outside", "floor", "insulation", "people")
    table = np.column_stack([hour, weekday, month, outside, floor, insulation, people]).round(3)
    cut = 1000
    return _Task(
        "energy", "rmse", "kwh", columns,
        table[:cut], used[:cut].round(3), table[cut:], used[cut:].round(3),
    )  # fmt: skip


def _contest(task: _Task, *, seed: int, teams: int) -> DataContest:
    random = np.random.default_rng(seed)
    size = len(task.asked)
    usage = np.where(random.permutation(size) < size * 0.4, "Public", "Private")
    ids = [f"t{row:04d}" for row in range(size)]
    guess = np.full(size, round(float(task.known_target.mean()), 4))
    columns = (*task.columns, task.target)
    known = np.column_stack([task.known, task.known_target])
    truth = zip(ids, map(_shown, task.asked_target), usage, strict=True)
    return DataContest(
        key=task.key,
        metric=task.metric,
        target=task.target,
        train=_csv(("id", *columns), _numbered([f"k{n:04d}" for n in range(len(known))], known)),
        test=_csv(("id", *task.columns), _numbered(ids, task.asked)),
        sample=_predictions(task, ids, guess),
        truth=_csv(("id", task.target, "Usage"), truth),
        entries=_entries(task, ids, seed=seed, teams=teams),
    )  # fmt: skip


def _entries(task: _Task, ids: Sequence[str], *, seed: int, teams: int) -> tuple[Entry, ...]:
    """One to three tries of every team, first tries first; later ones are of a stronger model."""
    makers = _classifiers() if task.metric == "roc_auc" else _regressors()
    entries, last = [], {}
    for number in range(3):
        for team in range(teams):
            if (team * 7 + seed) % 3 < number:
                continue
            random = np.random.default_rng([seed, team, number])
            place = (team * 5 + 1) % len(makers) + 2 * number
            name, make = makers[min(place, len(makers) - 1)]
            guess = _trained(task, make(team * 10 + number), random, effort=number)
            last[team] = guess
            entries.append(Entry(team, number + 1, name, _predictions(task, ids, guess)))
    copier, copied = COPIED
    if copier < teams:
        guess = last[copied].copy()
        changed = np.random.default_rng([seed, copier]).choice(len(guess), 5, replace=False)
        guess[changed] = guess[changed] * 0.98
        number = 1 + max(entry.number for entry in entries if entry.team == copier)
        model = next(entry.model for entry in reversed(entries) if entry.team == copied)
        entries.append(Entry(copier, number, model, _predictions(task, ids, guess)))
    return tuple(entries)


def _trained(task: _Task, model: Any, random: np.random.Generator, *, effort: int) -> Floats:
    """Train on what the team looked at: some of the columns and of the rows, more every time."""
    share = min(1.0, 0.35 + 0.25 * effort + 0.3 * random.random())
    width = task.known.shape[1]
    columns = np.sort(random.choice(width, max(2, round(width * share)), replace=False))
    rows = random.choice(len(task.known), round(len(task.known) * share), replace=False)
    model.fit(task.known[np.ix_(rows, columns)], task.known_target[rows])
    asked = task.asked[:, columns]
    if task.metric == "roc_auc":
        return np.asarray(model.predict_proba(asked)[:, 1], dtype=np.float64)
    return np.maximum(np.asarray(model.predict(asked), dtype=np.float64), 0)


_Maker = tuple[str, Callable[[int], Any]]


def _classifiers() -> list[_Maker]:
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier

    def scaled(model: Any) -> Any:
        return make_pipeline(StandardScaler(), model)

    return [  # from weak to strong
        ("stump", lambda seed: DecisionTreeClassifier(max_depth=1, random_state=seed)),
        ("tree", lambda seed: DecisionTreeClassifier(max_depth=4, random_state=seed)),
        ("naive Bayes", lambda _: GaussianNB()),
        ("neighbours", lambda seed: scaled(KNeighborsClassifier(3 + seed % 9))),
        ("forest", lambda seed: RandomForestClassifier(20 + seed % 20, random_state=seed)),
        ("boosting", lambda seed: GradientBoostingClassifier(n_estimators=25, random_state=seed)),
        ("logistic regression", lambda seed: scaled(LogisticRegression(C=0.05 * (1 + seed % 9)))),
    ]


def _regressors() -> list[_Maker]:
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import Ridge
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeRegressor

    def scaled(model: Any) -> Any:
        return make_pipeline(StandardScaler(), model)

    return [  # from weak to strong
        ("mean by group", lambda seed: DecisionTreeRegressor(max_depth=2, random_state=seed)),
        ("ridge", lambda seed: scaled(Ridge(1 + seed % 5))),
        ("neighbours", lambda seed: scaled(KNeighborsRegressor(3 + seed % 9))),
        ("tree", lambda seed: DecisionTreeRegressor(max_depth=6, random_state=seed)),
        ("forest", lambda seed: RandomForestRegressor(15 + seed % 15, random_state=seed)),
        ("boosting", lambda seed: GradientBoostingRegressor(n_estimators=80, random_state=seed)),
    ]


def _numbered(keys: Sequence[str], rows: Floats) -> list[tuple[str, ...]]:
    return [(key, *map(_shown, row)) for key, row in zip(keys, rows, strict=True)]


def _shown(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _predictions(task: _Task, ids: Sequence[str], guess: Floats) -> bytes:
    return _csv(("id", task.target), zip(ids, (f"{value:.6f}" for value in guess), strict=True))


def _csv(header: Sequence[str], rows: Any) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in (header, *rows)).encode()
