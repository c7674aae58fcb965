"""A lab gives the scores of a stage: its points become points of the stage, never more."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from bitgoeul.apps.labs import services as labs
from bitgoeul.apps.labs.models import Lab, Submission
from bitgoeul.apps.labs.services import grading
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import CutRule
from bitgoeul.apps.programmes.models import Application, StageScore
from bitgoeul.apps.programmes.services.cohorts import StagePlan
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from tests.apps.labs.kinds import CHECKS, QUESTIONS, as_file
from tests.apps.programmes.making import AFTER, DURING, OPENS, Stage, close, make_stage, take_in
from tests.apps.programmes.test_pages import at, client_of

D = Decimal


@pytest.fixture(autouse=True)
def _then(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with clock.freeze(AFTER):
        yield


def make_lab(stage: Stage, *, words: bool = False) -> Lab:
    facts: dict[str, Any] = {
        "key": "coding", "title_ko": "코딩 시험", "title_en": "Coding test", "task_ko": "푸세요.",
        "owner": stage.university, "pass_score": 6.0, "opens_at": OPENS,
        "closes_at": AFTER.replace(month=12), "by": None, "at": OPENS,
    }  # fmt: skip
    made = (
        labs.create_answer_lab(questions=as_file(QUESTIONS), **facts)
        if words
        else labs.create_function_lab(checks=as_file(CHECKS), **facts)
    )
    return labs.open_lab(lab=made, by=None, at=OPENS)


def called(stage: Stage, lab: Lab, *, top_score: int = 100, people: int = 4) -> None:
    """Write a stage that the lab scores, call for applications and close the call."""
    plan = StagePlan(key="coding", name_ko="코딩", name_en="Coding", weight=100, source="lab",
                     lab=lab, top_score=top_score, cut_rule=CutRule.TOP,
                     cut_value=D(2))  # fmt: skip
    services.write_stages(cohort=stage.cohort, stages=[plan], by=stage.officer, at=OPENS)
    stage.cohort = services.open_applications(cohort=stage.cohort, by=stage.officer, at=OPENS)
    take_in(stage, [(f"K{n}", "24", ("a",)) for n in range(1, people + 1)])
    close(stage)


def act(stage: Stage, action: str) -> str:
    row = stage.cohort.stages.get()
    url = reverse("programmes:stage_action", args=[row.uuid, action])
    return client_of(stage.officer).post(url, follow=True).content.decode()


def hand_in(lab: Lab, points: Mapping[str, float]) -> None:
    """Keep what each applicant earned of the lab's ten points, through the room's own door."""
    for number, earned in points.items():
        person = Application.objects.get(number=number).person
        text = f"# {number}".encode()
        one = labs.HandedIn(person=person, content=text, at=DURING)
        check: Any = {"key": "all", "title_ko": "", "title_en": "", "points": earned, "of": 10.0,
                      "code": "ok", "value": "", "hidden": False}  # fmt: skip
        labs.receive_graded(
            lab=lab, handed=[one], graded={one.sha256: grading.Graded(checks=(check,))},
            name="a.py", by=None, at=DURING,
        )  # fmt: skip


def scores_of(stage: Stage) -> dict[str, Decimal]:
    rows = StageScore.objects.filter(stage__cohort=stage.cohort)
    return dict(rows.values_list("application__number", "score"))


@pytest.mark.parametrize(("top", "wanted"), [(100, ("60", "95", "0")), (40, ("24", "38", "0"))])
def test_points_of_a_lab_are_their_share_of_the_stage(
    db: None, top: int, wanted: tuple[str, ...]
) -> None:
    stage = make_stage(opened=False)
    lab = make_lab(stage)
    called(stage, lab, top_score=top)
    assert "Everybody still in is admitted." in act(stage, "admit")
    assert lab.participants.count() == 4
    hand_in(lab, {"K1": 6, "K2": 9.5, "K3": 0})
    assert "The results are taken over." in act(stage, "take")
    assert scores_of(stage) == {f"K{n}": D(value) for n, value in enumerate(wanted, start=1)}
    page = client_of(stage.officer).get(at(stage, "stage_list")).content.decode()
    assert "Coding test" in page
    assert f"10 points of the lab are {top} here" in page
    act(stage, "decide")
    one = Application.objects.get(number="K1")
    url = reverse("programmes:application_detail", args=[one.uuid])
    told = client_of(one.person).get(url).content.decode()
    assert f"You scored {D(wanted[0]):.1f} of {top}." in told
    cut = Application.objects.filter(cut_in__isnull=False).order_by("number")
    assert list(cut.values_list("number", flat=True)) == ["K3", "K4"]


def test_a_share_stays_what_it_is_and_an_error_is_no_scale(db: None) -> None:
    stage = make_stage(opened=False)
    lab = make_lab(stage)
    Lab.objects.update(metric="macro_f1", max_points=None)
    lab.refresh_from_db()
    called(stage, lab)
    act(stage, "admit")
    hand_in(lab, {"K1": 0.8125, "K2": 1.0})
    act(stage, "take")
    assert scores_of(stage) == {"K1": D("81.25"), "K2": D(100)}
    Lab.objects.update(metric="rmse", higher_is_better=False)
    lab.refresh_from_db()
    assert "The scores of this lab have no scale." in act(stage, "take")
    plan = StagePlan(key="x", name_ko="x", weight=100, source="lab", lab=lab)
    stage.cohort.state = "planned"
    stage.cohort.save()
    with pytest.raises(Refused, match="no best and no worst"):
        services.write_stages(cohort=stage.cohort, stages=[plan], by=stage.officer, at=AFTER)


def test_nobody_is_cut_while_something_is_not_graded_or_not_taken(db: None) -> None:
    stage = make_stage(opened=False)
    lab = make_lab(stage, words=True)
    called(stage, lab)
    act(stage, "admit")
    with clock.freeze(DURING):
        for number in ("K1", "K2"):
            who = Application.objects.get(number=number).person
            labs.receive_answers(lab=lab, person=who, answers={"why": number}, by=who, at=DURING)
    one, two = Submission.objects.order_by("id")

    def mark(row: Submission, points: float) -> None:
        marks = {"why": labs.Mark(points=points), "how": labs.Mark(points=1)}
        labs.mark_answers(submission=row, marks=marks, by=None, at=AFTER)

    mark(one, 4)
    act(stage, "take")
    assert scores_of(stage) == {"K1": D(50)}
    assert "What 1 person handed in" in act(stage, "decide")
    mark(two, 2)
    assert "The result of 1 person" in act(stage, "decide")
    act(stage, "take")
    mark(two, 3)
    assert "The result of 1 person" in act(stage, "decide"), "marked again since it was taken"
    act(stage, "take")
    assert scores_of(stage)["K2"] == D(40)
    assert "2 go on, 2 do not." in act(stage, "decide")
