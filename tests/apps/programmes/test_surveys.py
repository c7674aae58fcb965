"""Surveys: opened to those they ask, answered once without a name, shown over the threshold."""

import datetime as dt
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import translation

from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import (
    SURVEY_PRESETS,
    ClassGroup,
    Enrolment,
    Module,
    Survey,
    SurveyInvitation,
    SurveyText,
)
from bitgoeul.apps.programmes.queries.surveys import results_of
from bitgoeul.core import clock
from bitgoeul.core.disclosure import protect_scale
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import IN_CLASS, Stage, make_stage, started
from tests.apps.programmes.test_pages import client_of

WEEK = dt.timedelta(days=7)
AFTER = IN_CLASS + WEEK


@pytest.fixture
def running(db: None) -> Stage:
    stage = make_stage(hours=80, seats={"a": 6, "b": 1})
    started(stage, {f"K{number}": "90" for number in range(7)})
    return stage


def survey(stage: Stage, *, opened: bool = True) -> Survey:
    values = {"title_ko": "만족도", "title_en": "", "opens_at": IN_CLASS, "closes_at": AFTER}
    row = services.make_survey(
        cohort=stage.cohort, values=values, preset="k-scale", by=stage.officer, at=IN_CLASS
    )
    if opened:
        row = services.open_survey(survey=row, by=stage.officer, at=IN_CLASS)
    return row


def answer(row: Survey, enrolment: Enrolment, point: int, words: str = "") -> None:
    answers = {
        question.uuid: point if question.kind == "scale" else words
        for question in row.questions.all()
    }
    services.answer_survey(survey=row, person=enrolment.person, answers=answers, at=IN_CLASS)


def test_the_preset_is_written_opened_answered_and_read(running: Stage) -> None:
    made = reverse("programmes:survey_create", kwargs={"uuid": running.cohort.uuid})
    own = list(Enrolment.objects.order_by("pk"))
    with clock.freeze(IN_CLASS):
        officer = client_of(running.officer)
        data = {
            "title_ko": "1기 만족도", "opens_at": "2025-06-02T09:00",
            "closes_at": "2025-06-09T10:00", "preset": "k-scale",
        }  # fmt: skip
        assert officer.post(made, data).status_code == 302
        row = Survey.objects.get()
        officer.post(reverse("programmes:survey_open", kwargs={"uuid": row.uuid}))
        mine = client_of(own[0].person)
        sheet = reverse("programmes:survey_answer", kwargs={"uuid": row.uuid})
        seen = mine.get(sheet).content.decode()
        assert "Your answers are anonymous" in seen
        assert mine.post(sheet, {}).status_code == 422
        answers = {
            str(one.uuid): "4" if one.kind == "scale" else "좋았다" for one in row.questions.all()
        }
        mine.post(sheet, answers)
        again = mine.get(sheet).content.decode()
        assert "your answers are in" in again
        assert "Send my answers" not in again
        listed = mine.get(reverse("programmes:surveys_own")).content.decode()
        assert "answered" in listed
    row.refresh_from_db()
    for one in own[1:6]:
        answer(row, one, 4, "실습")
    address = reverse("programmes:survey_detail", kwargs={"uuid": row.uuid})
    file = reverse("programmes:survey_csv", kwargs={"uuid": row.uuid})
    with clock.freeze(IN_CLASS + 6 * dt.timedelta(days=1)):
        assert "Mean" not in client_of(running.officer).get(address).content.decode()
    with clock.freeze(AFTER):
        text = client_of(running.officer).get(address).content.decode()
        assert "Mean 4.0 of 5" in text
        assert "좋았다" in text
        found = client_of(running.officer).get(file)
        assert "4.0" in b"".join(found.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
        assert client_of(running.instructor).get(address).status_code == 404


def test_nobody_answers_twice_and_nothing_leads_back(running: Stage) -> None:
    row = survey(running)
    own = Enrolment.objects.order_by("pk")[0]
    answer(row, own, 2, "말")
    with pytest.raises(Refused) as twice:
        answer(row, own, 5)
    assert twice.value.code == "taken"
    entry = Entry.objects.get(event="survey.answered")
    assert entry.actor_uuid is None
    assert not entry.details
    assert SurveyInvitation.objects.filter(answered=True).count() == 1
    assert {field.name for field in SurveyText._meta.concrete_fields} == {"key", "question", "text"}


def test_few_answers_are_not_shown_and_none_before_the_end(running: Stage) -> None:
    row = survey(running)
    for one in Enrolment.objects.order_by("pk")[:4]:
        answer(row, one, 5, "말")
    assert results_of(row, at=IN_CLASS) is None
    found = results_of(row, at=AFTER)
    assert found is not None
    assert (found.answered, found.questions) == (None, ())


def test_words_of_few_stay_out_of_page_and_file(running: Stage) -> None:
    row = survey(running)
    for place, one in enumerate(Enrolment.objects.order_by("pk")[:6]):
        answer(row, one, 5, "비밀" if place < 4 else "")
    found = results_of(row, at=AFTER)
    assert found is not None
    assert found.questions[-1].texts is None
    with clock.freeze(AFTER):
        address = reverse("programmes:survey_csv", kwargs={"uuid": row.uuid})
        answered = client_of(running.officer).get(address)
        assert "비밀" not in b"".join(answered.streaming_content).decode()  # type: ignore[attr-defined]  # a stream


def test_what_was_opened_stands(running: Stage) -> None:
    row = survey(running)
    acting = {"by": running.officer, "at": IN_CLASS}
    question = row.questions.all()[0]
    for refused in (
        lambda: services.open_survey(survey=row, **acting),
        lambda: services.remove_survey(survey=row, **acting),
        lambda: services.change_survey(survey=row, values={"title_ko": "x"}, **acting),
        lambda: services.save_survey_question(survey=row, values={"text_ko": "x"}, **acting),
        lambda: services.remove_survey_question(question=question, **acting),
    ):
        with pytest.raises(Refused) as error:
            refused()
        assert error.value.code == "wrong_state"
    draft = survey(running, opened=False)
    services.remove_survey_question(question=draft.questions.all()[0], **acting)
    services.remove_survey(survey=draft, **acting)
    empty = services.make_survey(
        cohort=running.cohort, values={"title_ko": "x", "opens_at": IN_CLASS, "closes_at": AFTER},
        **acting,
    )  # fmt: skip
    with pytest.raises(Refused):
        services.open_survey(survey=empty, **acting)


def test_the_preset_file_is_in_both_languages() -> None:
    preset = SURVEY_PRESETS["k-scale"]
    assert len(preset["questions"]) == 12
    assert all(one["text_ko"] and one["text_en"] for one in preset["questions"])


def test_a_mean_is_shown_only_where_it_leaves_small_counts_open() -> None:
    """Against brute force: all counts of five points that fit what is shown."""

    def compositions(number: int) -> list[tuple[int, ...]]:
        bars = [(a, b, c, d) for a in range(number + 1) for b in range(a, number + 1)
                for c in range(b, number + 1) for d in range(c, number + 1)]  # fmt: skip
        return [tuple(y - x for x, y in pairwise((0, *cut, number))) for cut in bars]

    known: dict[tuple[int, object], list[tuple[int, ...]]] = {}
    everything = compositions(7)
    for counts in everything:
        total = sum(place * count for place, count in enumerate(counts, start=1))
        known.setdefault((7, protect_mean(total, 7)), []).append(counts)
    for counts in everything[::3]:
        total = sum(place * count for place, count in enumerate(counts, start=1))
        shown = protect_scale(counts, threshold=5)
        small = [place for place, count in enumerate(counts) if 0 < count < 5]
        alike = known[7, protect_mean(total, 7)]
        told = any(len({other[place] for other in alike}) == 1 for place in small)
        assert (shown.counts is None) == bool(small)
        assert (shown.mean is None) == told


def protect_mean(total: int, number: int) -> float:
    """Round half up to one decimal, in whole numbers."""
    return (20 * total + number) // (2 * number) / 10


def test_what_a_survey_asks_about_is_not_struck(running: Stage) -> None:
    facts = {"by": running.officer, "at": IN_CLASS}
    cohort, track = running.cohort, running.cohort.tracks.get(key="a")
    module = Module.objects.create(cohort=cohort, key="ml", order=9, title_ko="기계학습", hours=40)
    group = ClassGroup.objects.create(track=track, key="a9", seats=3)
    values = {"title_ko": "만족도", "title_en": "", "opens_at": IN_CLASS, "closes_at": AFTER}
    for about in ({"module": module}, {"class_group": group}):
        services.make_survey(cohort=cohort, values=values | about, preset="k-scale", **facts)
    with pytest.raises(Refused, match="asks about this module"), translation.override("en"):
        services.remove_modules(cohort=cohort, uuids=[module.uuid], **facts)
    with pytest.raises(Refused, match="asks about this class"), translation.override("en"):
        services.remove_class(class_group=group, **facts)
    assert Module.objects.filter(pk=module.pk).exists()
    assert ClassGroup.objects.filter(pk=group.pk).exists()
