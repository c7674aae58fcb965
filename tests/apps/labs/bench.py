"""A real lab: scikit-learn's breast cancer data, split by a fixed seed, with a trained answer."""

import datetime as dt
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.services import Content
from tests.world import AT, World

ROWS = 60
OPENED = AT - dt.timedelta(days=1)


class Bench:
    """Five columns of the data set, its files, and a logistic regression's answer.

    Five, not thirty: with all of them the model is always right, and a score of one proves little.
    """

    def __init__(self, rows: int = ROWS) -> None:
        data = load_breast_cancer()
        trained, asked, known, self.truth = train_test_split(
            data.data[:, :5], data.target, test_size=rows, random_state=7
        )
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
        model.fit(trained, known)
        self.labels = model.predict(asked)
        self.chances = model.predict_proba(asked)[:, 1]
        self.accuracy = accuracy_score(self.truth, self.labels)
        self.roc_auc = roc_auc_score(self.truth, self.chances)

    def predictions(self, values: Any) -> bytes:
        """Write one value per row of the test data."""
        lines = [f"{number},{value}" for number, value in enumerate(values, start=1)]
        return ("id,target\n" + "\n".join(lines) + "\n").encode()

    @property
    def wrong(self) -> bytes:
        """A file in good form in which every answer is wrong."""
        return self.predictions(1 - self.truth)

    @property
    def good(self) -> bytes:
        """The model's answer."""
        return self.predictions(self.labels)

    def files(self) -> dict[str, Content]:
        """The four files of the lab."""
        sample = self.predictions(np.zeros(len(self.truth), dtype=int))
        return {
            "train": Content("train.csv", b"a,target\n1,0\n"),
            "test": Content("test.csv", b"id,a\n1,0.5\n"),
            "sample": Content("sample.csv", sample),
            "truth": Content("truth.csv", self.predictions(self.truth)),
        }


def make_lab(world: World, bench: Bench, **more: Any) -> Lab:
    """Make the lab and open it; the world's trainee and graduate are admitted."""
    facts: dict[str, Any] = {
        "key": "breast-cancer",
        "title_ko": "유방암 예측",
        "title_en": "Breast cancer",
        "task_ko": "악성 여부를 맞히세요.",
        "owner": world.university,
        "metric": "accuracy",
        "id_column": "id",
        "target_column": "target",
        "pass_score": 0.9,
        "daily_limit": 3,
        "opens_at": OPENED,
        "closes_at": AT + dt.timedelta(days=10),
    }
    lab = services.create_lab(**(facts | bench.files() | more), by=None, at=OPENED)
    lab = services.open_lab(lab=lab, by=None, at=OPENED)
    people = [world.people["trainee"], world.people["graduate"]]
    services.admit_people(lab=lab, people=people, admitted_by=world.cohort, by=None, at=OPENED)
    return lab


def hand_in(
    lab: Lab, world: World, content: bytes, who: str = "trainee", at: dt.datetime = AT
) -> Submission:
    """Hand in as one of the world's people."""
    person = world.people[who]
    return services.receive_submission(
        lab=lab, person=person, name="predictions.csv", content=content, by=person, at=at
    )
