"""Stages cut by their rule, bands leave to chance only what scores do not tell, seats move on."""

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bitgoeul.apps.alliance.enums import Purpose, Role
from bitgoeul.apps.alliance.models import ConsentText
from bitgoeul.apps.alliance.services import give_consents
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState, CutRule, OfferState
from bitgoeul.apps.programmes.models import (
    Application,
    Cohort,
    Enrolment,
    SeatOffer,
    SelectionRound,
    StageOutcome,
    StageScore,
)
from bitgoeul.apps.programmes.queries.market import band_of
from bitgoeul.apps.programmes.queries.selection import verdict_on
from bitgoeul.apps.programmes.queries.stages import line_of
from bitgoeul.apps.programmes.queries.store import digest_of_store
from bitgoeul.apps.programmes.queries.waiting import line_for, waiting_lines
from bitgoeul.apps.programmes.services.cohorts import StagePlan
from bitgoeul.apps.reviews import services as reviews
from bitgoeul.apps.reviews.models import Case, Review
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.notices.models import Notice
from bitgoeul.engines.matching import lottery_number
from tests.apps.programmes.making import (
    AFTER,
    Stage,
    close,
    make_stage,
    member,
    score,
    take_in,
)
from tests.apps.programmes.test_pages import at, client_of
from tests.core.api.calling import ROOT, caller, post, token_of

D = Decimal
WIDE = {f"K{n}": str(90 - n) for n in range(1, 9)}
"""Eight people with the scores 89 to 82: bands of five hold five and three of them."""


@pytest.fixture(autouse=True)
def _after() -> Iterator[None]:
    with clock.freeze(AFTER):
        yield


def banded(stage: Stage, *, width: str = "5", days: int | None = 3) -> SelectionRound:
    Cohort.objects.filter(pk=stage.cohort.pk).update(band_width=D(width), answer_days=days)
    stage.cohort.refresh_from_db()
    take_in(stage, [(number, "24", ("a",)) for number in WIDE])
    score(stage, WIDE)
    close(stage)
    made = services.run_selection(cohort=stage.cohort, by=stage.officer, at=AFTER)
    return services.publish_selection(selection_round=made, by=stage.officer, at=AFTER)


def offer_of(number: str) -> SeatOffer:
    return SeatOffer.objects.get(application__number=number)


@pytest.mark.parametrize(
    ("rule", "value", "line"),
    [(CutRule.NONE, None, None), (CutRule.TOP, "2", "80"), (CutRule.TOP, "99", "10"),
     (CutRule.THRESHOLD, "55", "55"), (CutRule.RATIO, "50", "80"), (CutRule.RATIO, "1", "90")],
)  # fmt: skip
def test_the_line_of_a_cut(rule: str, value: str | None, line: str | None) -> None:
    scores = [D(10), D(80), D(90), D(80)]
    found = line_of(rule, D(value) if value else None, scores)
    assert found == (D(line) if line else None)


def test_bands() -> None:
    assert [str(band_of(D(x), D(5))) for x in ("89.999", "85", "84.999", "0")] == [
        "85.000", "85.000", "80.000", "0.000",
    ]  # fmt: skip
    assert band_of(D("84.123"), D(0)) == D("84.123")


def test_chance_decides_only_inside_a_band(db: None) -> None:
    stage = make_stage(seats={"a": 3})
    made = banded(stage, days=None)
    top = [f"K{n}" for n in range(1, 6)]
    seed, name = stage.cohort.lottery_seed, "academy/1/1"
    lucky = set(sorted(top, key=lambda number: lottery_number(seed, name, number))[:3])
    given = made.selections.filter(track__isnull=False)
    assert set(given.values_list("application__number", flat=True)) == lucky
    assert lucky != {"K1", "K2", "K3"}, "the exact score would have given another answer"
    assert verdict_on(made).holds
    assert not SeatOffer.objects.exists()


def test_the_store_is_frozen_and_research_gets_who_consented(db: None) -> None:
    stage = make_stage(seats={"a": 3})
    text = ConsentText.objects.get(purpose=Purpose.RESEARCH)
    made = banded(stage)
    for number in ("K1", "K6"):
        who = Application.objects.get(number=number).person
        give_consents(person=who, texts=[text], by=who, at=AFTER)
    made.refresh_from_db()
    assert digest_of_store(made.store) == made.store_digest
    assert {row["number"] for row in made.store["rows"]} == set(WIDE)
    assert made.store["seed"] == stage.cohort.lottery_seed
    assert made.store["pools"][0]["cutoff"]["score"] == "85"
    researcher = member("researcher", stage.university, Role.RESEARCHER)
    reason = {"reason": "Evaluating the selection"}
    answer = client_of(researcher).post(at(stage, "selection_store"), reason)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("rows.csv").decode())))
        head = json.loads(archive.read("store.json"))
    assert sorted(row["total"] for row in rows) == ["84.000", "89.000"]
    assert {row["band"] for row in rows} == {"80.000", "85.000"}
    assert head["people"] == 2
    assert "seed" not in head
    assert not {row["case"] for row in rows} & set(WIDE), "nobody is known by the code"
    assert client_of(stage.instructor).get(at(stage, "selection_store")).status_code == 404


def test_all_lines_are_read_at_once(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = banded(make_stage(seats={"a": 2, "b": 1}))
    each = {track: line_for(made, track) for track in ("a", "b")}
    with django_assert_num_queries(1):
        assert waiting_lines(made, ("a", "b")) == each
    assert each["a"]


def test_seats_are_offered_accepted_declined_and_lapse(db: None) -> None:
    stage = make_stage(seats={"a": 3})
    made = banded(stage)
    offers = list(SeatOffer.objects.order_by("id"))
    assert len(offers) == 3
    assert offers[0].answer_by.date() == AFTER.date() + dt.timedelta(days=3)
    line = [waiting.number for waiting in line_for(made, "a")]
    assert len(line) == 5
    first, second, third = offers
    page = client_of(first.application.person).get(
        reverse("programmes:application_detail", args=[first.application.uuid])
    )
    assert "Accept the seat" in page.content.decode()
    waits = Application.objects.get(number=line[0])
    told = client_of(waits.person).get(reverse("programmes:application_detail", args=[waits.uuid]))
    assert "place 1" in told.content.decode()
    client_of(first.application.person).post(
        reverse("programmes:seat_answer", args=[first.uuid]), {"accept": "yes"}
    )
    services.answer_seat(offer=second, accept=False, by=second.application.person, at=AFTER)
    assert offer_of(line[0]).turn == 1
    assert Application.objects.get(number=line[0]).state == ApplicationState.SELECTED
    with pytest.raises(Refused):
        services.enrol_selected(cohort=stage.cohort, by=stage.officer, at=AFTER)
    later = AFTER + dt.timedelta(days=4)
    with pytest.raises(Refused):
        services.answer_seat(offer=third, accept=True, by=third.application.person, at=later)
    assert services.lapse_seat_offers(at=later) == 2
    assert services.lapse_seat_offers(at=later) == 0
    assert {offer_of(number).state for number in line[1:3]} == {OfferState.MADE}
    for number in line[1:3]:
        called = offer_of(number)
        services.answer_seat(offer=called, accept=True, by=called.application.person, at=later)
    enrolled = services.enrol_selected(cohort=stage.cohort, by=stage.officer, at=later)
    assert {e.application.number for e in enrolled if e.application} == {
        first.application.number, line[1], line[2],
    }  # fmt: skip
    assert Notice.objects.filter(message="applications.offered").count() == 6
    html = client_of(stage.officer).get(at(stage, "waiting_list")).content.decode()
    assert "Next in line" in html
    file = client_of(stage.officer).post(at(stage, "offers_csv"), {"reason": "좌석 점검"})
    lines = b"".join(file.streaming_content).decode().splitlines()  # type: ignore[attr-defined]  # a stream
    assert len(lines) == 7
    assert sum(",Declined," in line for line in lines) == 1


def test_a_disqualification_calls_the_next_at_once(db: None) -> None:
    stage = make_stage(seats={"a": 3})
    made = banded(stage)
    offer = SeatOffer.objects.order_by("id")[0]
    services.answer_seat(offer=offer, accept=True, by=offer.application.person, at=AFTER)
    following = line_for(made, "a")[0].number
    services.judge_eligibility(
        application=offer.application,
        eligible=False,
        reason="거짓 서류",
        by=stage.officer,
        at=AFTER,
    )
    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN
    assert (offer_of(following).cause, offer_of(following).state) == ("disqualified", "made")


def test_who_leaves_early_is_followed_until_the_last_day_of_calls(db: None) -> None:
    stage = make_stage(seats={"a": 3})
    made = banded(stage)
    for offer in SeatOffer.objects.all():
        services.answer_seat(offer=offer, accept=True, by=offer.application.person, at=AFTER)
    services.enrol_selected(cohort=stage.cohort, by=stage.officer, at=AFTER)
    Cohort.objects.update(call_until=dt.date(2025, 3, 10))
    line = [waiting.number for waiting in line_for(made, "a")]
    one, two, _three = Enrolment.objects.order_by("id")
    in_time = dt.datetime(2025, 3, 7, 9, 0, tzinfo=dt.UTC)
    services.end_enrolment(
        enrolment=one, state="withdrawn", on=in_time.date(), reason="이사", by=None, at=in_time
    )
    called = offer_of(line[0])
    services.answer_seat(offer=called, accept=True, by=called.application.person, at=in_time)
    assert Enrolment.objects.get(application=called.application).state == "enrolled"
    late = in_time + dt.timedelta(days=5)
    services.end_enrolment(
        enrolment=two, state="withdrawn", on=late.date(), reason="이사", by=None, at=late
    )
    assert not SeatOffer.objects.filter(application__number=line[1]).exists()


def test_a_reserved_seat_goes_to_a_waiting_local(db: None) -> None:
    stage = make_stage(seats={"a": 2}, local_share="0.5")
    Cohort.objects.update(answer_days=3)
    stage.cohort.refresh_from_db()
    people = {"K1": "11", "K2": "24", "K3": "11", "K4": "24"}
    take_in(stage, [(number, region, ("a",)) for number, region in people.items()])
    score(stage, {"K1": "95", "K2": "60", "K3": "90", "K4": "50"})
    close(stage)
    made = services.run_selection(cohort=stage.cohort, by=stage.officer, at=AFTER)
    services.publish_selection(selection_round=made, by=stage.officer, at=AFTER)
    reserved = offer_of("K2")
    services.answer_seat(offer=reserved, accept=False, by=reserved.application.person, at=AFTER)
    assert SeatOffer.objects.order_by("-id")[0].application.number == "K4"


PLANS = (
    StagePlan(key="course", name_ko="사전", weight=50, cut_rule=CutRule.TOP, cut_value=D(3)),
    StagePlan(key="essay", name_ko="동기", weight=50, source="reviews"),
)


@pytest.fixture
def staged(db: None) -> Stage:
    stage = make_stage(opened=False, seats={"a": 2})
    services.write_stages(cohort=stage.cohort, stages=PLANS, by=stage.officer, at=AFTER)
    stage.cohort = services.open_applications(cohort=stage.cohort, by=stage.officer, at=AFTER)
    take_in(stage, [(f"K{n}", "24", ("a",)) for n in range(1, 6)])
    course = stage.cohort.stages.get(key="course")
    rows = Application.objects.order_by("number")
    services.enter_stage_scores(
        cohort=stage.cohort, by=stage.officer, at=AFTER,
        entries=[
            services.ScoreEntry(application=row, stage=course, score=D(value))
            for row, value in zip(rows, ("90", "80", "70", "70"), strict=False)
        ],
    )  # fmt: skip
    close(stage)
    return stage


def test_a_stage_cuts_tells_why_and_can_be_taken_back(staged: Stage) -> None:
    course = staged.cohort.stages.get(key="course")
    told = services.decide_stage(stage=course, by=staged.officer, at=AFTER)
    assert told == {"passed": 4, "cut": 1}, "equal scores at the line go on together"
    out = Application.objects.get(number="K5")
    assert (out.state, out.cut_in) == (ApplicationState.NOT_SELECTED, course)
    page = (
        client_of(out.person)
        .get(reverse("programmes:application_detail", args=[out.uuid]))
        .content.decode()
    )
    assert "There is no score of yours in this stage." in page
    assert Notice.objects.filter(message="applications.stage").count() == 5
    officer, url = client_of(staged.officer), at(staged, "application_bulk")
    for side, number in (("passed", 4), ("cut", 1)):
        page = officer.get(f"{url}?outcome={side}:course").content.decode()
        assert f"The filter finds {number} application" in page
        assert "goes on" in page or "does not go on" in page
    listed = officer.get(f"{at(staged, 'application_list')}?outcome=cut:course").content.decode()
    assert "K5" in listed
    assert "K4" not in listed
    with pytest.raises(Refused):
        services.decide_stage(stage=course, by=staged.officer, at=AFTER)
    assert services.take_back_stage(stage=course, by=staged.officer, at=AFTER) == 1
    assert not StageOutcome.objects.exists()
    assert Application.objects.filter(state=ApplicationState.SUBMITTED).count() == 5


def test_a_line_set_beforehand_is_told_and_that_of_few_is_not(staged: Stage) -> None:
    course = staged.cohort.stages.get(key="course")
    services.decide_stage(stage=course, by=staged.officer, at=AFTER)
    one = Application.objects.get(number="K1")
    url = reverse("programmes:application_detail", args=[one.uuid])
    assert "You scored 90.0 of 100." in client_of(one.person).get(url).content.decode()
    services.take_back_stage(stage=course, by=staged.officer, at=AFTER)
    staged.cohort.stages.filter(pk=course.pk).update(cut_rule="threshold", cut_value=75)
    services.decide_stage(stage=course, by=staged.officer, at=AFTER)
    assert "from 75.0 on people went on" in client_of(one.person).get(url).content.decode()


def test_reviews_give_the_scores_of_a_stage(staged: Stage) -> None:
    essay = staged.cohort.stages.get(key="essay")
    course = staged.cohort.stages.get(key="course")
    Application.objects.update(motivation="배우고 싶습니다")
    services.decide_stage(stage=course, by=staged.officer, at=AFTER)
    judge = member("judge", staged.university, Role.REVIEWER)
    rubric = reviews.publish_rubric(
        owner=staged.university, key="essay", name_ko="동기", by=staged.officer, at=AFTER,
        items=[reviews.ItemPlan(key="depth", label_ko="깊이", weight=100)],
    )  # fmt: skip
    client = client_of(staged.officer)
    answer = client.post(
        reverse("programmes:panel_create", args=[essay.uuid]),
        {"rubric": rubric.pk, "name_ko": "동기 심사", "opens_at": "2025-02-03T09:00",
         "closes_at": "2025-02-10T09:00", "reviews_each": 1, "load_limit": 50,
         "look_for": ["same_organisation"]},
    )  # fmt: skip
    panel = essay_panel = Case.objects.all()[0].panel
    assert answer["Location"] == reverse("reviews:panel_detail", args=[panel.uuid])
    assert Case.objects.count() == 4
    assert Case.objects.all()[0].sheet == [
        {"ko": "지원 동기", "en": "Motivation", "text": "배우고 싶습니다"}
    ]
    reviews.seat_panelists(panel=panel, people=[judge], by=staged.officer, at=AFTER)
    reviews.assign_reviews(panel=panel, by=staged.officer, at=AFTER)
    panel = reviews.open_panel(panel=panel, by=staged.officer, at=AFTER)
    for depth, review in enumerate(Review.objects.order_by("case__number"), start=1):
        client.post(reverse("programmes:stage_action", args=[essay.uuid, "take"]))
        with pytest.raises(Refused, match="no result that was taken"):
            services.decide_stage(stage=essay, by=staged.officer, at=AFTER)
        reviews.submit_review(review=review, scores={"depth": depth}, by=judge, at=AFTER)
    client.post(reverse("programmes:stage_action", args=[essay.uuid, "take"]))
    scores = StageScore.objects.filter(stage=essay).order_by("application__number")
    assert list(scores.values_list("score", flat=True)) == [D(20), D(40), D(60), D(80)]
    assert essay_panel.name_ko in client.get(at(staged, "stage_list")).content.decode()
    made = services.run_selection(cohort=staged.cohort, by=staged.officer, at=AFTER)
    assert len(made.inputs["applicants"]) == 4


def test_stages_are_written_line_by_line(db: None) -> None:
    stage = make_stage(opened=False)
    client = client_of(stage.officer)
    bad = client.post(at(stage, "stage_list"), {"stages": "a | 가 | | 50"})
    assert "nine parts" in bad.content.decode()
    first = "a | 가 | A | 40 | 100 | course | import | threshold | 60"
    lines = f"{first}\nb | 나 | | 60 | 50 | interview | import | none |"
    client.post(at(stage, "stage_list"), {"stages": lines})
    rows = stage.cohort.stages.order_by("order")
    assert [(s.key, s.weight, s.kind, s.cut_rule, s.cut_value) for s in rows] == [
        ("a", 40, "course", "threshold", D(60)), ("b", 60, "interview", "none", None),
    ]  # fmt: skip
    services.open_applications(cohort=stage.cohort, by=stage.officer, at=AFTER)
    with pytest.raises(Refused):
        services.write_stages(cohort=stage.cohort, stages=PLANS, by=stage.officer, at=AFTER)


def test_a_bulk_action_acts_on_the_filter_and_on_nothing_else(stage: Stage) -> None:
    take_in(stage, [(f"K{n}", "24" if n < 3 else "11", ("a",)) for n in range(1, 6)])
    client = client_of(stage.officer)
    url = f"{at(stage, 'application_bulk')}?region=11"
    page = client.get(url).content.decode()
    assert "The filter finds 3 applications" in page
    assert "<dd>Seoul</dd>" in page
    wrong = client.post(url, {"eligible": "no", "reason": "지역", "expected": 5})
    assert "finds 3 applications by now" in wrong.content.decode()
    client.post(url, {"eligible": "no", "reason": "지역", "expected": 3})
    out = Application.objects.filter(state=ApplicationState.INELIGIBLE)
    assert set(out.values_list("number", flat=True)) == {"K3", "K4", "K5"}
    assert Notice.objects.filter(message="applications.judged").count() == 3


@pytest.mark.parametrize(
    "wrong", [{"state": "refusde"}, {"outcome": "failed:course"}, {"region": "999"}]
)
def test_a_filter_with_a_typing_error_judges_nobody(stage: Stage, wrong: dict[str, str]) -> None:
    take_in(stage, [(f"K{n}", "24", ("a",)) for n in range(1, 4)])
    client = client_of(stage.officer)
    url = f"{at(stage, 'application_bulk')}?{urlencode(wrong)}"
    assert client.get(url).context["number"] == 0
    listed = client.get(f"{at(stage, 'application_list')}?{urlencode(wrong)}")
    assert "K1" not in listed.content.decode()
    for expected in (0, 3):
        client.post(url, {"eligible": "no", "reason": "지역", "expected": expected})
    program = caller(token_of(stage.officer, "programmes:write")[1])
    path = f"/programmes/cohorts/{stage.cohort.uuid}/applications"
    for expected in (0, 3):
        body = {**wrong, "eligible": False, "reason": "지역", "expected": expected}
        answer = post(program, f"{path}/eligibility", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.content
        assert answer.json()["errors"]
    assert program.get(f"{ROOT}{path}", wrong).status_code == 422
    assert not Application.objects.exclude(state=ApplicationState.SUBMITTED).exists()


def test_presets_hold_together() -> None:
    for preset in services.PRESETS.values():
        assert sum(plan.weight for plan in preset.stages) == 100
    shares = [preset.local_share for preset in services.PRESETS.values()]
    assert shares[1] > shares[0]
    assert all(one != other for one, other in pairwise(services.PRESETS))
