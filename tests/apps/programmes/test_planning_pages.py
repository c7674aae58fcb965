"""Setting up without a shell: a programme, the approval of its rules, a cohort with its tracks."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import html5lib
import pytest
from django.test import Client
from django.urls import reverse

from bitgoeul.apps.alliance.models import Agreement
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import PRESETS, Cohort, Programme, RuleSet, RuleValues
from bitgoeul.apps.programmes.queries.rule_words import SECTIONS
from bitgoeul.apps.programmes.queries.versions import LABELS, changes_between, said
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
        versions = reverse("programmes:rule_set_list", kwargs={"uuid": made.uuid})
        assert versions in officer.get(detail).content.decode()
        assert approve not in officer.get(versions).content.decode(), "four eyes"
        assert officer.post(approve).status_code == 404
        other = client_of(stage.city_officer)
        assert approve in other.get(versions).content.decode()
        other.post(approve)
        rule_set.refresh_from_db()
        assert (rule_set.approved_at, rule_set.approved_by) == (DURING, stage.city_officer)
        page = officer.get(detail).content.decode()
        assert start in page
        assert approve not in page
        again = other.post(approve, follow=True).content.decode()
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


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send back of the page's form, untouched."""
    page = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    sent: dict[str, Any] = {}
    for field in page.iter():
        name, kind = field.get("name", ""), field.get("type", "")
        if field.tag not in {"input", "textarea", "select"} or name == "csrfmiddlewaretoken":
            continue
        if not name or kind == "submit":
            continue
        if field.tag == "select":
            chosen = [one.get("value") for one in field.iter("option") if "selected" in one.attrib]
            sent[name] = chosen[0] if chosen else ""
        elif kind != "checkbox":
            sent[name] = field.get("value", "") if field.tag == "input" else field.text or ""
        elif "checked" in field.attrib:
            sent[name] = [*sent.get(name, []), field.get("value", "on")]
    return sent


class TestVersions:
    """A later version: the form holds the rules in force, somebody else approves the change."""

    def pages(self, stage: Stage) -> tuple[str, str]:
        kwargs = {"uuid": stage.programme.uuid}
        return (
            reverse("programmes:rule_set_list", kwargs=kwargs),
            reverse("programmes:rule_set_propose", kwargs=kwargs),
        )

    @pytest.mark.parametrize("preset", PRESETS)
    def test_the_form_untouched_gives_the_rules_in_force(self, stage: Stage, preset: str) -> None:
        stage.cohort.rule_set.values = PRESETS[preset].as_json()
        stage.cohort.rule_set.save()
        _list, new = self.pages(stage)
        officer = client_of(stage.officer)
        same = form_of(officer.get(new).content.decode()) | {"reason": "시험"}
        answer = officer.post(new, same)
        assert answer.status_code == 422
        assert "Nothing differs from the rules in force." in answer.content.decode()
        assert stage.programme.rule_sets.count() == 1

    def test_a_version_goes_from_proposal_to_approval(self, stage: Stage) -> None:
        listed, new = self.pages(stage)
        officer, city = client_of(stage.officer), client_of(stage.city_officer)
        untouched = form_of(officer.get(new).content.decode())
        assert untouched["attendance_share_at_least"] == "80"
        changed = untouched | {
            "attendance_share_at_least": "85.5", "age_to": "34", "excuse_days_at_most__birth": "7",
            "retention_checkpoints_months": "3 6, 12 24", "reason": "시의회 의견",
        }  # fmt: skip
        officer.post(new, changed)
        made = stage.programme.rule_sets.get(version=2)
        before, after = stage.cohort.rule_set.thresholds, made.thresholds
        assert after == dataclasses.replace(
            before,
            attendance_share_at_least=Decimal("0.855"),
            age_to=34,
            excuse_days_at_most={"birth": 7},
            retention_checkpoints_months=(3, 6, 12, 24),
        )
        assert (made.proposed_by, made.reason, made.approved_at) == (
            stage.officer, "시의회 의견", None,
        )  # fmt: skip
        again = officer.post(new, changed | {"age_to": "35"}).content.decode()
        assert "Version 2 still waits for approval" in again
        page = city.get(listed).content.decode()
        for words in ("80%", "85.5%", "3, 6, 12, 24", "시의회 의견"):
            assert words in page
        assert "시의회 의견" not in Client().get(listed).content.decode(), "a proposal is inside"
        city.post(reverse("programmes:rule_set_approve", kwargs={"uuid": made.uuid}))
        made.refresh_from_db()
        assert made.approved_by == stage.city_officer
        assert "85.5%" in Client().get(listed).content.decode()
        stage.cohort.refresh_from_db()
        assert stage.cohort.rule_set.version == 1, "a planned cohort keeps its version"

    def test_a_withdrawn_number_is_not_used_again(self, stage: Stage) -> None:
        listed, new = self.pages(stage)
        officer = client_of(stage.officer)
        changed = form_of(officer.get(new).content.decode()) | {"age_to": "34", "reason": "가"}
        officer.post(new, changed)
        two = stage.programme.rule_sets.get(version=2)
        step = {"uuid": two.uuid}
        officer.post(reverse("programmes:rule_set_withdraw", kwargs=step))
        city = client_of(stage.city_officer)
        answer = city.post(reverse("programmes:rule_set_approve", kwargs=step), follow=True)
        assert "This proposal was withdrawn." in answer.content.decode()
        officer.post(new, changed)
        assert stage.programme.rule_sets.get(version=3).approved_at is None
        assert Entry.objects.filter(event="rule_set.withdrawn").count() == 1
        assert "Withdrawn" in officer.get(listed).content.decode()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("age_to", "-1"), ("attendance_share_at_least", "101"), ("events_per_absence", "1"),
            ("retention_checkpoints_months", "drei"), ("retention_checkpoints_months", "6, 3"),
            ("evidence_deadline_months", "2"), ("rounding", "sideways"), ("reason", ""),
            ("excuse_share_at_most__illness", "x"), ("valid_from", "gestern"),
        ],
    )  # fmt: skip
    def test_a_fault_is_told_at_its_field(self, stage: Stage, field: str, value: str) -> None:
        _listed, new = self.pages(stage)
        officer = client_of(stage.officer)
        sent = form_of(officer.get(new).content.decode()) | {"reason": "가", field: value}
        answer = officer.post(new, sent)
        assert answer.status_code == 422
        assert f'href="#id_{field}' in answer.content.decode()
        assert stage.programme.rule_sets.count() == 1


def test_every_threshold_has_its_name_and_can_be_said() -> None:
    assert LABELS.keys() == {one.name for one in dataclasses.fields(RuleValues)}
    for values in (RuleValues(), *PRESETS.values()):
        for one in dataclasses.fields(RuleValues):
            assert said(one.name, getattr(values, one.name))
    assert [change.title for change in changes_between(*[*PRESETS.values()][:2])]


def test_no_threshold_stands_under_two_headings() -> None:
    under = [name for _title, names in SECTIONS for name in names]
    assert len(under) == len(set(under))
    assert set(under) <= LABELS.keys()


def test_an_officer_starts_from_ready_made_rules(stage: Stage) -> None:
    new = reverse("programmes:rule_set_propose", kwargs={"uuid": stage.programme.uuid})
    officer = client_of(stage.officer)
    page = officer.get(new, {"preset": "k-digital-2026"}).content.decode()
    assert "guidelineData.ts" in page
    assert "was not reachable" in page, "what nobody checked is said"
    officer.post(new, form_of(page) | {"reason": "과정 승인"})
    assert stage.programme.rule_sets.get(version=2).thresholds == PRESETS["k-digital-2026"]


def test_a_cohort_lives_by_the_rules_of_its_first_day(stage: Stage) -> None:
    facts: dict[str, Any] = {"programme": stage.programme, "by": None, "at": DURING}
    for version, day, age in ((2, dt.date(2026, 1, 1), 30), (3, dt.date(2026, 7, 1), 31)):
        values = RuleValues(age_to=age)
        made = services.propose_rule_set(values=values, valid_from=day, **facts)
        services.approve_rule_set(rule_set=made, by=None, at=DURING)
        assert made.version == version
    officer = client_of(stage.officer)
    officer.post(new_cohort(stage), cohort_data())
    assert Cohort.objects.get(number=2).rule_set.version == 2
    early = officer.post(new_cohort(stage), cohort_data(number="3", starts_on="2024-12-30"))
    assert 'href="#id_starts_on"' in early.content.decode()


def test_the_rules_refuse_a_course_that_they_do_not_allow(stage: Stage) -> None:
    kept = stage.cohort.rule_set
    kept.values = PRESETS["k-digital-2026"].as_json()
    kept.save()
    officer = client_of(stage.officer)
    short = officer.post(new_cohort(stage), cohort_data(hours="349")).content.decode()
    assert "at least 350 hours" in short
    brief = officer.post(new_cohort(stage), cohort_data(ends_on="2026-03-20")).content.decode()
    assert "3 to 12 months" in brief
    officer.post(new_cohort(stage), cohort_data(hours="350"))
    assert Cohort.objects.count() == 2
