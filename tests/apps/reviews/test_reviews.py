"""Cases are judged by others, evenly, around conflicts, by whoever may and only while they may."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.reviews import rules, services
from bitgoeul.apps.reviews.enums import ConflictReason, PanelState, ReviewState
from bitgoeul.apps.reviews.models import Conflict, Panel, Review, Rubric
from bitgoeul.apps.reviews.queries.panels import queue_of, subjects_judged_by
from bitgoeul.apps.reviews.queries.results import calibration_of, intraclass, results_of
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Reading
from bitgoeul.core.notices.models import Notice
from tests.apps.reviews.bench import AT, ENDS, Bench, bring, client_of, judge, member, started
from tests.web.access.reviews import build
from tests.world import ROLES, World, build_world


def test_cases_go_evenly_to_different_people_and_the_same_way_again(bench: Bench) -> None:
    started(bench)
    given = [(r.case_id, r.reviewer_id) for r in Review.objects.order_by("case__number", "id")]
    assert len(set(given)) == 12
    loads = [sum(who == j.pk for _case, who in given) for j in bench.judges]
    assert loads == [3, 3, 3, 3]
    Review.objects.all().delete()
    services.assign_reviews(panel=bench.panel, by=bench.officer, at=AT)
    again = Review.objects.order_by("case__number", "id").values_list("case", "reviewer")
    assert list(again) == given
    assert services.assign_reviews(panel=bench.panel, by=bench.officer, at=AT)["given"] == 0


def test_conflicts_are_computed_as_the_panel_says(bench: Bench) -> None:
    one, two, three, four = bench.judges
    member(bench.people[0], bench.university, Role.MENTOR)
    addresses = {
        two: "two@lab.example",
        bench.people[2]: "kim@lab.example",
        one: "one@shared.example",
        bench.people[1]: "b@shared.example",
    }
    for who, address in addresses.items():
        who.email = address
        who.save()
    bench.panel.open_domains = ["shared.example"]
    bench.panel.save()
    bench.people[4] = three
    bring(bench, K4={four.pk: "담임"})
    told = services.assign_reviews(panel=bench.panel, by=bench.officer, at=AT)
    found = {
        (c.case.number, c.person_id, c.reason) for c in Conflict.objects.select_related("case")
    }
    same = {("K1", j.pk, "same_organisation") for j in bench.judges}
    own = {("K5", three.pk, "same_person")} | {
        ("K5", j.pk, "same_organisation") for j in bench.judges if j != three
    }
    assert found == same | own | {("K3", two.pk, "same_domain"), ("K4", four.pk, "taught")}
    assert told == {"given": 8, "short": 2}
    barred = {(number, who) for number, who, _reason in found}
    assert not barred & {
        (r.case.number, r.reviewer_id) for r in Review.objects.select_related("case")
    }


def test_what_is_not_looked_for_is_no_conflict(bench: Bench) -> None:
    bench.panel.look_for = []
    bench.panel.save()
    member(bench.people[0], bench.university, Role.MENTOR)
    started(bench, K2={bench.judges[0].pk: "담임"})
    assert not Conflict.objects.exists()


def test_a_third_is_asked_when_two_differ_too_far_and_the_median_counts(bench: Bench) -> None:
    started(bench)
    first, second = bench.of(1)
    judge(first, 5, 10)
    judge(second, 4, 10)
    assert len(bench.of(1)) == 2, "100 and 88 are not too far apart"
    judge(second, 0, 5)
    third = bench.of(1)[-1]
    assert third.third
    assert third.reviewer_id not in {first.reviewer_id, second.reviewer_id}
    by_number = {r.number: r for r in results_of(bench.panel)}
    assert by_number["K1"].score is None
    judge(third, 3, 5)
    judge(bench.of(2)[0], 5, 5)
    judge(bench.of(2)[1], 4, 5)
    by_number = {r.number: r for r in results_of(bench.panel)}
    assert by_number["K1"].score == Decimal("56.000")
    assert by_number["K1"].gap == Decimal("80.000")
    assert by_number["K2"].score == Decimal("74.000")
    assert by_number["K3"].score is None


def test_who_abstains_is_replaced_and_never_asked_again(bench: Bench) -> None:
    started(bench)
    review = bench.of(1)[0]
    with pytest.raises(Refused):
        services.abstain_review(review=review, reason=" ", by=review.reviewer, at=AT)
    services.abstain_review(review=review, reason="이웃", by=review.reviewer, at=AT)
    now = [r for r in bench.of(1) if r.state == ReviewState.ASSIGNED]
    assert len(now) == 2
    assert Conflict.objects.get().reason == ConflictReason.DECLARED
    assert review.reviewer_id not in {r.reviewer_id for r in now}
    with pytest.raises(Refused):
        judge(review, 5, 5)


def test_the_queue_saves_and_goes_on(bench: Bench) -> None:
    started(bench)
    who = bench.judges[0]
    client, first = client_of(who), queue_of(bench.judges[0])[0]
    go = reverse("reviews:panel_next", args=[bench.panel.uuid])
    page = client.get(go, follow=True)
    assert f"Case {first.case.number}" in page.content.decode()
    assert Reading.objects.filter(what="reviews.review").count() == 1
    client.post(reverse("reviews:review_skip", args=[first.uuid]))
    assert queue_of(who).last() == first
    second = queue_of(who)[0]
    address = reverse("reviews:review_detail", args=[second.uuid])
    assert client.post(address, {"s_depth": "5"}).status_code == 422
    after = client.post(address, {"s_depth": "5", "s_fit": "7", "comment": "좋음"})
    assert after["Location"] == go
    second.refresh_from_db()
    assert (second.total, second.comment) == (Decimal("88.000"), "좋음")
    for review in queue_of(who):
        judge(review, 3, 3)
    assert "Nothing waits for you here" in client.get(go, follow=True).content.decode()


def test_a_reviewer_sees_it_during_the_phase_only(bench: Bench) -> None:
    started(bench)
    who = bench.judges[0]
    address = reverse("reviews:review_detail", args=[queue_of(who)[0].uuid])
    assert client_of(who).get(address).status_code == 200
    assert client_of(bench.judges[1]).get(address).status_code == 404
    assert subjects_judged_by(who, "test.case").count() == 3
    with clock.freeze(ENDS + dt.timedelta(seconds=1)):
        assert client_of(who).get(address).status_code == 404
        assert not subjects_judged_by(who, "test.case").exists()
    services.close_panel(panel=bench.panel, by=bench.officer, at=AT)
    assert client_of(who).get(address).status_code == 404
    assert client_of(bench.officer).get(address).status_code == 200


def test_opinions_are_checked(bench: Bench) -> None:
    started(bench)
    review = bench.of(1)[0]
    for scores in ({"depth": 5}, {"depth": 6, "fit": 1}, {"depth": "NaN", "fit": 1}):
        with pytest.raises(Refused):
            services.submit_review(review=review, scores=scores, by=review.reviewer, at=AT)
    with pytest.raises(Refused):
        services.submit_review(
            review=review, scores={"depth": 1, "fit": 1}, by=bench.officer, at=AT
        )


def test_reviewers_are_told_and_an_officer_runs_it_by_its_page(bench: Bench) -> None:
    bring(bench)
    client = client_of(bench.officer)
    for action in ("assign", "open"):
        client.post(reverse("reviews:panel_action", args=[bench.panel.uuid, action]))
    assert Notice.objects.filter(message="reviews.assigned").count() == 4
    url = reverse("reviews:panel_detail", args=[bench.panel.uuid])
    assert "judge3" in client.get(url).content.decode()
    client.post(reverse("reviews:panel_unseat", args=[bench.panel.uuid, bench.judges[0].uuid]))
    assert Review.objects.count() == 9
    client.post(reverse("reviews:panel_action", args=[bench.panel.uuid, "assign"]))
    assert Review.objects.count() == 12
    csv = b"".join(
        client.post(
            reverse("reviews:results_csv", args=[bench.panel.uuid]), {"reason": "위원회 요청"}
        ).streaming_content
    ).decode()
    assert "K6" in csv


def test_a_rubric_is_changed_by_its_next_version(bench: Bench) -> None:
    client = client_of(bench.officer)
    url = reverse("reviews:rubric_create")
    standing = client.get(f"{url}?from={bench.panel.rubric.uuid}").content.decode()
    assert "depth | 깊이 |  | 60 | 5" in standing
    body = {"owner": bench.university.pk, "key": "essay", "name_ko": "동기"}
    bad = client.post(url, body | {"items": "a | 가 | | 50 | 5"})
    assert "add up to 100" in bad.content.decode()
    client.post(url, body | {"items": "a | 가 | | 50 | 5\nb | 나 | B | 50 | 10"})
    assert list(Rubric.objects.values_list("version", flat=True)) == [2, 1]
    assert bench.panel.rubric.items.count() == 2


def test_the_intraclass_correlation_is_the_published_one() -> None:
    """Shrout and Fleiss (1979), table 2: ICC(1,1) = .17."""
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass(rows)
    assert found is not None
    assert round(found, 2) == 0.17
    assert intraclass([[1, 2]]) is None
    assert intraclass([[1], [2]]) is None


def test_calibration_names_the_severe(bench: Bench) -> None:
    started(bench)
    hard = bench.judges[0]
    for review in Review.objects.select_related("reviewer"):
        judge(review, 1 if review.reviewer == hard else 5, 5)
    found = calibration_of(bench.panel)
    by_person = {one.person: one for one in found.judges}
    assert (by_person[hard].severity or 0) < -40
    assert found.beyond > 0
    page = client_of(bench.officer).get(reverse("reviews:calibration", args=[bench.panel.uuid]))
    assert "Against the others" in page.content.decode()


PAIRS: tuple[tuple[Any, Any, Any], ...] = (
    (Rubric, rules.rubrics_visible_to, rules.can_see_rubric),
    (Panel, rules.panels_managed_by, rules.can_manage_panel),
    (Panel, rules.panels_judged_by, rules.can_judge_in_panel),
    (Review, rules.reviews_visible_to, rules.can_see_review),
    (Review, rules.reviews_writable_by, rules.can_write_review),
    (Organisation, rules.rubric_owners_for, rules.can_publish_rubric),
)


@pytest.mark.django_db
def test_yes_no_and_list_filter_agree() -> None:
    world: World = build_world()
    build(world)
    users = {"public": AnonymousUser(), **{role: world.people[role] for role in ROLES[1:]}}
    for panel_state, review_state in itertools.product(PanelState, ReviewState):
        Panel.objects.update(state=panel_state)
        Review.objects.update(state=review_state)
        for (role, user), (model, listed, answer) in itertools.product(users.items(), PAIRS):
            inside = set(model.objects.filter(listed(user)).values_list("pk", flat=True))
            said = {row.pk for row in model.objects.all() if answer(user, row)}
            assert inside == said, (role, model.__name__, answer.__name__, panel_state)
