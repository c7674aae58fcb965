"""Nobody judges against a conflict, and no result stands before all the opinions it needs."""

from decimal import Decimal
from typing import Any, cast

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.reviews import rules, services
from bitgoeul.apps.reviews.enums import ReviewState
from bitgoeul.apps.reviews.models import Conflict, Review
from bitgoeul.apps.reviews.queries.results import Result, results_of
from bitgoeul.core import clock
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.models import Entry
from tests.apps.reviews.bench import (
    AT,
    ENDS,
    Bench,
    client_of,
    judge,
    member,
    person,
    started,
)


def seat(bench: Bench, *people: User) -> None:
    services.seat_panelists(panel=bench.panel, people=people, by=bench.officer, at=AT)


def unseat(bench: Bench, *people: User) -> None:
    for one in people:
        services.unseat_panelist(panel=bench.panel, person=one, by=bench.officer, at=AT)


def assign(bench: Bench) -> dict[str, int]:
    return services.assign_reviews(panel=bench.panel, by=bench.officer, at=AT)


def colleagues(*people: User) -> None:
    """From now on they work at one company."""
    company = Organisation.objects.create(name_ko="회사", kind=OrganisationKind.COMPANY)
    for one in people:
        member(one, company, Role.MENTOR)


def result(bench: Bench, number: int) -> Result:
    return {r.number: r for r in results_of(bench.panel)}[f"K{number}"]


def holders(bench: Bench, number: int) -> set[int]:
    return {r.reviewer_id for r in bench.of(number) if r.state != ReviewState.ABSTAINED}


def test_who_is_seated_later_is_never_given_their_own_case(bench: Bench) -> None:
    started(bench)
    owner = bench.people[0]
    seat(bench, owner)
    assert [c.case.number for c in Conflict.objects.filter(person=owner)] == ["K1"]
    first, second = bench.of(1)
    judge(first, 5, 10)
    judge(second, 0, 0)
    assert bench.of(1)[-1].third
    services.abstain_review(review=second, reason="이웃", by=second.reviewer, at=AT)
    assert len(bench.of(1)) == 4
    assert owner.pk not in holders(bench, 1)


def test_a_case_is_given_around_the_conflicts_of_that_moment(bench: Bench) -> None:
    started(bench)
    fresh = person("fresh")
    seat(bench, fresh)
    colleagues(fresh, bench.people[1])
    for number in (1, 2):
        review = bench.of(number)[0]
        services.abstain_review(review=review, reason="이웃", by=review.reviewer, at=AT)
    assert fresh.pk in holders(bench, 1)
    assert fresh.pk not in holders(bench, 2)


def test_a_conflict_found_later_withdraws_what_waits(bench: Bench) -> None:
    started(bench)
    waiting, done = bench.of(1)
    judge(done, 5, 5)
    colleagues(bench.people[0], waiting.reviewer, done.reviewer)
    assert assign(bench)["given"] >= 1
    assert waiting.reviewer_id not in holders(bench, 1)
    assert done.reviewer_id in holders(bench, 1)
    assert len(holders(bench, 1)) == 2
    entry = Entry.objects.get(event="review.withdrawn", object_uuid=waiting.uuid)
    assert entry.details["reasons"] == ["same_organisation"]
    assert entry.details["reviewer"] == str(waiting.reviewer.uuid)


def test_a_tie_brought_later_withdraws_and_hands_on_at_once(bench: Bench) -> None:
    started(bench)
    case, (waiting, other) = bench.named(3), bench.of(3)
    plan = services.CasePlan(
        kind=case.kind,
        subject_uuid=case.subject_uuid,
        number="K3",
        sheet=[],
        ties={waiting.reviewer_id: "담임"},
    )
    told = services.bring_cases(panel=bench.panel, cases=[plan], by=bench.officer, at=AT)
    assert told == 0
    assert bench.named(3).sheet == case.sheet
    assert waiting.reviewer_id not in holders(bench, 3)
    assert other.reviewer_id in holders(bench, 3)
    assert len(holders(bench, 3)) == 2
    assert Entry.objects.filter(event="review.withdrawn").count() == 1


def test_a_closed_panel_gives_nothing_any_more(bench: Bench) -> None:
    started(bench)
    services.close_panel(panel=bench.panel, by=bench.officer, at=AT)
    waiting = bench.of(1)[0]
    colleagues(bench.people[0], waiting.reviewer)
    seat(bench, person("fresh"))
    assert len(bench.of(1)) == 1


def test_a_third_is_not_drawn_again_for_the_same_case(bench: Bench) -> None:
    started(bench)
    first, second = bench.of(1)
    judge(first, 5, 10)
    judge(second, 0, 0)
    third = bench.of(1)[-1]
    services.abstain_review(review=first, reason="이웃", by=first.reviewer, at=AT)
    unseat(bench, bench.of(1)[-1].reviewer)
    assert holders(bench, 1) == {second.reviewer_id, third.reviewer_id}
    assert assign(bench)["short"] > 0
    assert holders(bench, 1) == {second.reviewer_id, third.reviewer_id}


def test_a_case_short_of_reviewers_has_no_result(bench: Bench) -> None:
    unseat(bench, *bench.judges[1:])
    started(bench)
    judge(bench.of(1)[0], 5, 5)
    found = result(bench, 1)
    assert (found.score, found.waiting, found.missing) == (None, 0, 1)
    seat(bench, bench.judges[1])
    assign(bench)
    judge(bench.of(1)[1], 5, 5)
    assert result(bench, 1).score == Decimal("80.000")


def test_an_owed_third_leaves_the_result_open_until_it_is_there(bench: Bench) -> None:
    unseat(bench, *bench.judges[2:])
    started(bench)
    first, second = bench.of(1)
    judge(first, 5, 10)
    judge(second, 0, 0)
    found = result(bench, 1)
    assert (found.score, found.missing, found.owes_third) == (None, 1, True)
    assert assign(bench) == {"given": 0, "short": 1}
    seat(bench, bench.judges[2])
    assert assign(bench) == {"given": 1, "short": 0}
    assert (result(bench, 1).waiting, result(bench, 1).missing) == (1, 0)
    unseat(bench, bench.judges[2])
    assert (result(bench, 1).score, result(bench, 1).missing) == (None, 1)
    seat(bench, bench.judges[3])
    assign(bench)
    third = bench.of(1)[-1]
    assert (third.third, third.reviewer) == (True, bench.judges[3])
    judge(third, 5, 5)
    assert result(bench, 1).score == Decimal("80.000")


def test_two_far_apart_wait_for_the_panels_number_before_a_third(bench: Bench) -> None:
    bench.panel.reviews_each = 3
    bench.panel.save()
    started(bench)
    for review, points in zip(bench.of(1)[:2], (10, 0), strict=True):
        judge(review, points // 2, points)
    assert not any(review.third for review in bench.of(1))
    judge(bench.of(1)[2], 5, 10)
    assert bench.of(1)[-1].third


def test_who_was_unseated_neither_reads_nor_rewrites(bench: Bench) -> None:
    started(bench)
    review = judge(bench.of(1)[0], 5, 5)
    who = review.reviewer
    address = reverse("reviews:review_detail", args=[review.uuid])
    assert client_of(who).get(address).status_code == 200
    unseat(bench, who)
    for answer in (
        client_of(who).get(address),
        client_of(who).post(address, {"s_depth": "1", "s_fit": "1"}),
    ):
        assert answer.status_code == 404
    assert not rules.can_write_review(who, review)
    assert not Review.objects.filter(rules.reviews_writable_by(who)).exists()
    with pytest.raises(Refused):
        judge(review, 0, 0)
    assert result(bench, 1).opinions == (Decimal("80.000"),)


def test_nothing_is_rewritten_after_the_phase(bench: Bench) -> None:
    started(bench)
    review = judge(bench.of(1)[0], 5, 5)
    address = reverse("reviews:review_detail", args=[review.uuid])
    with clock.freeze(ENDS.replace(day=ENDS.day + 1)):
        answer = client_of(review.reviewer).post(address, {"s_depth": "1", "s_fit": "1"})
        assert answer.status_code == 404
        with pytest.raises(Refused):
            judge(review, 0, 0)


def test_a_withdrawn_review_is_refused_not_lost_in_an_error(bench: Bench) -> None:
    started(bench)
    review = bench.of(1)[0]
    Review.objects.filter(pk=review.pk).delete()
    with pytest.raises(Refused) as refusal:
        judge(review, 5, 5)
    assert refusal.value.code == "not_allowed"


def test_a_refusal_is_said_on_the_page(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    started(bench)
    review = bench.of(1)[0]
    address = reverse("reviews:review_detail", args=[review.uuid])
    opinion = {"s_depth": "5", "s_fit": "7", "comment": "긴 글"}
    code = "wrong_state"

    def refuse(**_facts: Any) -> None:
        raise Refused("Not now.", code=code)

    for name in ("submit_review", "seat_panelists", "unseat_panelist"):
        monkeypatch.setattr(services, name, refuse)
    answer = client_of(review.reviewer).post(address, opinion)
    assert answer.status_code == 422
    assert "Not now." in answer.content.decode()
    assert "긴 글" in answer.content.decode()
    code = "not_allowed"
    answer = client_of(review.reviewer).post(address, opinion)
    assert (answer.status_code, answer["Location"]) == (302, reverse("reviews:panel_list"))
    officer, panel, who = client_of(bench.officer), bench.panel.uuid, bench.judges[0]
    fresh = person("fresh")
    member(fresh, bench.university, Role.REVIEWER)
    for url, body in (
        (reverse("reviews:panel_seat", args=[panel]), {"people": [fresh.pk]}),
        (reverse("reviews:panel_unseat", args=[panel, who.uuid]), {}),
    ):
        answer = officer.post(url, body)
        assert answer.status_code == 302
        said = [str(message) for message in get_messages(cast("Any", answer).wsgi_request)]
        assert said[-1] == "Not now."


def test_the_table_of_results_says_what_nobody_was_asked(bench: Bench) -> None:
    unseat(bench, *bench.judges[1:])
    started(bench)
    judge(bench.of(1)[0], 5, 5)
    address = reverse("reviews:results_csv", args=[bench.panel.uuid])
    answer = client_of(bench.officer).post(address, {"reason": "위원회 요청"})
    lines = b"".join(cast("Any", answer).streaming_content).decode().splitlines()
    assert lines[0].endswith("Nobody asked yet")
    assert lines[1].split(",")[1:] == ["", "80.000", "", lines[1].split(",")[4], "0", "1"]
