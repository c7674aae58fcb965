"""A stored verdict is applied once more: by its page, by a program, by the command."""

import json

import pytest
from django.urls import reverse

from bitgoeul.__main__ import main
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import CompletionVerdict, Enrolment
from bitgoeul.apps.programmes.queries.replaying import replay
from bitgoeul.core import clock
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_pages import client_of


@pytest.fixture
def decided(db: None) -> Stage:
    stage = make_stage(hours=80)
    started(stage, {"K1": "90", "K2": "80"})
    services.decide_completions(cohort=stage.cohort, by=stage.officer, at=IN_CLASS)
    return stage


def test_the_page_says_the_same_or_names_the_difference(decided: Stage) -> None:
    enrolment = Enrolment.objects.order_by("pk")[0]
    page = reverse("programmes:enrolment_replay", kwargs={"uuid": enrolment.uuid})
    with clock.freeze(IN_CLASS):
        own = client_of(enrolment.person)
        assert "the same again" in own.get(page).content.decode()
        CompletionVerdict.objects.filter(enrolment=enrolment).update(completed=True)
        assert "differs" in own.get(page).content.decode()
        other = client_of(Enrolment.objects.order_by("pk")[1].person)
        assert other.get(page).status_code == 404


def test_a_source_in_better_words_is_no_difference(decided: Stage) -> None:
    verdict = CompletionVerdict.objects.order_by("pk")[0]
    assert any(line.get("source") for line in verdict.trace)
    verdict.trace = [line | {"source": "as it was worded before"} for line in verdict.trace]
    assert replay(verdict).same
    verdict.trace[-1]["met"] = None
    assert not replay(verdict).same


def test_the_command_names_what_differs(decided: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "academy/1", "--lang", "en"]) == 0
    assert "2 verdicts replayed; 0 differ." in capsys.readouterr().err
    CompletionVerdict.objects.filter(pk=CompletionVerdict.objects.all()[0].pk).update(completed=1)
    assert main(["replay", "--json", "--lang", "en"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["replayed"] == 2
    assert [each["what"] for each in told["differing"][0]["differences"]] == ["completed"]
    assert main(["replay", "nowhere/9"]) == 2
