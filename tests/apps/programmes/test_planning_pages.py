"""Setting up without a shell: a programme, the approval of its rules, a cohort with its tracks."""

import pytest
from django.urls import reverse

from bitgoeul.apps.alliance.models import Agreement
from bitgoeul.apps.programmes.models import PRESETS, Cohort, Programme, RuleSet
from bitgoeul.core import clock
from bitgoeul.core.journal.models import Entry
from tests.apps.programmes.making import DURING, Stage
from tests.apps.programmes.test_pages import client_of

NEW = reverse("programmes:programme_create")
TRACKS = "a | 모델링반 | Modelling | modelling | 30\n\nb | 서비스반 | | services | 20"


def programme_data(stage: Stage, **more: object) -> dict[str, object]:
    return {
        "key": "night-school", "name_ko": "한빛 야간반", "name_en": "Night school",
        "about_ko": "", "about_en": "", "organiser": stage.university.pk,
        "agreement": stage.programme.agreement_id, "preset": "k-digital-2026", **more,
    }  # fmt: skip


def cohort_data(**more: object) -> dict[str, object]:
    return {
        "number": "2", "applications_open_at": "2025-11-03T09:00",
        "applications_close_at": "2025-11-28T18:00", "starts_on": "2026-01-05",
        "ends_on": "2026-07-31", "hours": "1000", "local_share": "32.5", "local_regions": ["24"],
        "tracks": TRACKS, **more,
    }  # fmt: skip


def new_cohort(stage: Stage) -> str:
    return reverse("programmes:cohort_create", kwargs={"uuid": stage.programme.uuid})


def test_a_programme_is_set_up_approved_and_gets_a_cohort(stage: Stage) -> None:
    officer = client_of(stage.officer)
    assert NEW in officer.get(reverse("programmes:programme_list")).content.decode()
    with clock.freeze(DURING):
        answer = officer.post(NEW, programme_data(stage))
        made = Programme.objects.get(key="night-school")
        rule_set = made.rule_sets.get()
        detail = reverse("programmes:programme_detail", kwargs={"uuid": made.uuid})
        assert answer["Location"] == detail
        assert (rule_set.approved_at, rule_set.thresholds) == (None, PRESETS["k-digital-2026"])
        start = reverse("programmes:cohort_create", kwargs={"uuid": made.uuid})
        assert start not in officer.get(detail).content.decode(), "no cohort before the rules"
        assert officer.get(start)["Location"] == detail
        approve = reverse("programmes:rule_set_approve", kwargs={"uuid": rule_set.uuid})
        assert approve in officer.get(detail).content.decode()
        officer.post(approve)
        rule_set.refresh_from_db()
        assert (rule_set.approved_at, rule_set.approved_by) == (DURING, stage.officer)
        page = officer.get(detail).content.decode()
        assert start in page
        assert approve not in page
        again = officer.post(approve, follow=True).content.decode()
        assert "approved already" in again
        officer.post(start, cohort_data(number="1"))
    cohort = made.cohorts.get()
    assert (cohort.rule_set, cohort.local_share, cohort.local_regions) == (rule_set, 0.325, ["24"])
    assert cohort.applications_open_at.isoformat() == "2025-11-03T00:00:00+00:00", "Seoul time"
    tracks = cohort.tracks.order_by("key").values_list("key", "name_ko", "name_en", "seats")
    assert list(tracks) == [("a", "모델링반", "Modelling", 30), ("b", "서비스반", "", 20)]
    assert list(cohort.stages.values_list("weight", flat=True)) == [10, 20, 70]
    written = Entry.objects.filter(event__in=("programme.created", "rule_set.proposed"))
    assert written.filter(actor_uuid=stage.officer.uuid).count() == 2


def test_others_set_nothing_up(stage: Stage) -> None:
    proposed = RuleSet.objects.create(
        programme=stage.programme, version=9, valid_from=DURING.date(), values={}
    )
    approve = reverse("programmes:rule_set_approve", kwargs={"uuid": proposed.uuid})
    for who in (stage.company_officer, stage.instructor, stage.administrator):
        client = client_of(who)
        assert client.post(NEW, programme_data(stage)).status_code == 404
        assert client.post(new_cohort(stage), cohort_data()).status_code == 404
        assert client.post(approve).status_code == 404
        page = client.get(reverse("programmes:programme_detail", args=[stage.programme.uuid]))
        assert approve not in page.content.decode()
    assert (Programme.objects.count(), Cohort.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"), [("key", "academy"), ("key", "밤 학교"), ("name_ko", ""), ("preset", "x")]
)
def test_a_programme_with_a_fault_is_refused_at_its_field(
    stage: Stage, field: str, value: str
) -> None:
    answer = client_of(stage.officer).post(NEW, programme_data(stage, **{field: value}))
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert Programme.objects.count() == 1


def test_organiser_and_agreement_are_ones_own(stage: Stage) -> None:
    foreign = Agreement.objects.create(title_ko="남의 협약", signed_on=DURING.date())
    for more in ({"organiser": stage.city.pk}, {"agreement": foreign.pk}, {"agreement": ""}):
        answer = client_of(stage.officer).post(NEW, programme_data(stage, **more))
        assert answer.status_code == 422
        assert f'href="#id_{next(iter(more))}' in answer.content.decode()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("c | 반 | modelling | 30", "Line 3: five parts"),
        ("c | 반 | | cooking | 30", "Line 3: the field"),
        ("c | 반 | | modelling | 0", "Line 3: seats"),
        ("c | 반 | | modelling | ²", "Line 3: seats"),
        ("a | 반 | | modelling | 3", "Line 3: the key “a”"),
        ("c |  | | modelling | 3", "Line 3: the Korean name"),
        ("c d | 반 | | modelling | 3", "Line 3: Enter a valid"),
    ],
)
def test_a_bad_line_is_named(stage: Stage, line: str, fault: str) -> None:
    tracks = "a | 가반 | | modelling | 3\nb | 나반 | | platform | 3\n" + line
    answer = client_of(stage.officer).post(new_cohort(stage), cohort_data(tracks=tracks))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fault in page
    assert 'href="#id_tracks"' in page
    assert Cohort.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "1"), ("applications_close_at", "2025-11-01T09:00"), ("ends_on", "2026-01-04"),
        ("local_share", "101"), ("local_regions", []), ("hours", "0"), ("tracks", ""),
    ],
)  # fmt: skip
def test_a_cohort_with_a_fault_is_refused_at_its_field(
    stage: Stage, field: str, value: object
) -> None:
    answer = client_of(stage.officer).post(new_cohort(stage), cohort_data(**{field: value}))
    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()
    assert Cohort.objects.count() == 1


def test_the_form_proposes_the_next_number(stage: Stage) -> None:
    page = client_of(stage.officer).get(new_cohort(stage)).content.decode()
    assert 'name="number" value="2"' in page
