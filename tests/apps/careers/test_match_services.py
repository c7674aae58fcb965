"""A round from ranking to offers: the verifier, run as a stranger runs it, is the oracle."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import OfferState, RoundState
from bitgoeul.apps.careers.models import Offer
from bitgoeul.apps.careers.queries import bundles
from bitgoeul.core.errors import Refused
from tests.apps.careers.market import CLOSES, EXPIRES, HOUR, Market, build_market
from tests.world import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    made = build_market()
    made.wants(g1="V-1 V-2", g2="V-1 V-3", g3="V-1 V-2", g4="V-2")
    made.rates("V-1", g1=80, g2=70, g3=90)
    made.rates("V-2", g1=60, g3=95, g4=None)
    made.rates("V-3", g2=50)
    return made


def offers(market: Market) -> dict[str, str]:
    names = {who.pk: name for name, who in market.graduates.items()}
    rows = Offer.objects.filter(round=market.round).select_related("vacancy")
    return {names[row.person_id]: row.vacancy.number for row in rows}


def test_offers_are_the_hand_computed_stable_match(market: Market) -> None:
    # V-1 takes g3 (90); g1 falls to V-2 (60, g4 is not acceptable there); g2 falls to V-3.
    market.run()
    market.publish()
    assert offers(market) == {"g3": "V-1", "g1": "V-2", "g2": "V-3"}
    assert market.round.verification["stable"] is True
    assert market.round.verification["violation"] is None


def test_bundle_is_accepted_by_the_program_inside_it(market: Market, tmp_path: Path) -> None:
    market.run()
    market.publish()
    zipfile.ZipFile(io.BytesIO(bundles.bundle(market.round))).extractall(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "verify.py")],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer == {
        "stable": True,
        "applicant_optimal": True,
        "quotas": True,
        "tight": True,
        "violation": None,
    }
    text = "".join(path.read_text() for path in tmp_path.iterdir() if path.suffix != ".py")
    for who in market.graduates.values():
        assert who.full_name not in text
        assert who.email not in text
        assert str(who.uuid) not in text
    assert market.round.pseudonym_key not in text


def test_a_changed_match_fails_the_program_and_is_not_published(market: Market) -> None:
    market.run()
    files = market.round.outcome["files"]
    lines = files["matches.csv"].splitlines(keepends=True)
    placed = [n for n, line in enumerate(lines[1:], start=1) if line.split(",")[1]]
    first, second = placed[:2]
    one, two = lines[first].split(",", 1), lines[second].split(",", 1)
    lines[first], lines[second] = f"{one[0]},{two[1]}", f"{two[0]},{one[1]}"
    files["matches.csv"] = "".join(lines)
    market.round.save(update_fields=["outcome"])
    with pytest.raises(Refused, match=r"보류|withheld") as refused:
        market.publish()
    assert refused.value.code == "not_verified"
    market.round.refresh_from_db()
    assert market.round.state == RoundState.MATCHED
    assert not market.round.offers.exists()


def test_same_inputs_same_digest_and_same_pseudonyms(market: Market) -> None:
    first = market.run()
    again = services.run_match(matching_round=first, by=None, at=CLOSES + HOUR)
    assert again.inputs_digest == first.inputs_digest
    assert again.inputs == first.inputs
    assert again.outcome == first.outcome


def test_seed_is_committed_before_and_revealed_in_the_rules(market: Market) -> None:
    import hashlib

    seed_hash = market.round.lottery_seed_hash
    market.run()
    market.publish()
    rules = market.round.inputs["files"]["rules.toml"]
    assert hashlib.sha256(market.round.lottery_seed.encode()).hexdigest() == seed_hash
    assert market.round.lottery_seed in rules


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        # Two seats, share 1/2: one reserved for locals (g1, g2); the best others take the other.
        ("soft", {"g1", "g3"}),
        # Regular seats go to g3 and g4; no local among them, so one local passes above.
        ("target", {"g1", "g3", "g4"}),
    ],
)
def test_local_share_works_as_the_round_says(mode: str, expected: set[str]) -> None:
    market = build_market(seats={"V-1": 2}, reserve_mode=mode)
    services.update_vacancy(vacancy=market.vacancies["V-1"], by=None, at=AT, local_share=0.5)
    market.wants(g1="V-1", g2="V-1", g3="V-1", g4="V-1")
    market.rates("V-1", g1=60, g2=50, g3=90, g4=80)
    market.run()
    market.publish()
    assert set(offers(market)) == expected


def test_ranks_can_be_reordered_and_ratings_stay(market: Market) -> None:
    market.wants(g1="V-2 V-3 V-1")
    rows = market.round.applications.filter(person=market.graduates["g1"]).order_by("rank")
    assert [(row.vacancy.number, row.rating and int(row.rating)) for row in rows] == [
        ("V-2", 60),
        ("V-3", None),
        ("V-1", 80),
    ]


def test_only_completers_before_the_deadline_rank_known_vacancies(market: Market) -> None:
    world = market.world
    common = {"matching_round": market.round, "vacancies": [market.vacancies["V-1"]]}
    trainee = world.people["trainee"]
    with pytest.raises(Refused) as refused:
        services.rank_vacancies(person=trainee, by=trainee, at=AT, **common)
    assert refused.value.code == "not_completed"
    g1 = market.graduates["g1"]
    with pytest.raises(Refused) as refused:
        services.rank_vacancies(person=g1, by=g1, at=CLOSES + HOUR, **common)
    assert refused.value.code == "too_late"
    with pytest.raises(Refused) as refused:
        services.rank_vacancies(person=g1, by=market.graduates["g2"], at=AT, **common)
    assert refused.value.code == "forbidden"
    common["vacancies"] = [world.vacancy]
    with pytest.raises(Refused) as refused:
        services.rank_vacancies(person=g1, by=g1, at=AT, **common)
    assert refused.value.code == "unknown"


def test_recruiter_rates_own_vacancies_only(market: Market) -> None:
    row = market.round.applications.filter(vacancy__number="V-1").first()
    services.rate_application(
        application=row, rating=None, by=market.world.people["recruiter"], at=AT
    )
    with pytest.raises(Refused) as refused:
        services.rate_application(
            application=row, rating=None, by=market.world.people["other_recruiter"], at=AT
        )
    assert refused.value.code == "forbidden"


def test_vacancy_of_a_locked_round_keeps_its_seats(market: Market) -> None:
    market.run()
    for change in (
        lambda v: services.update_vacancy(vacancy=v, by=None, at=AT, seats=9),
        lambda v: services.close_vacancy(vacancy=v, by=None, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            change(market.vacancies["V-1"])
        assert refused.value.code == "locked"
    services.update_vacancy(vacancy=market.vacancies["V-1"], by=None, at=AT, site="광주")


def test_offers_are_answered_in_time_by_their_person(market: Market) -> None:
    market.run()
    market.publish()
    rows = {offer.person_id: offer for offer in market.round.offers.all()}
    g1, g2, g3 = (market.graduates[name] for name in ("g1", "g2", "g3"))
    with pytest.raises(Refused) as refused:
        services.accept_offer(offer=rows[g1.pk], by=g2, at=CLOSES + HOUR)
    assert refused.value.code == "forbidden"
    assert services.accept_offer(offer=rows[g1.pk], by=g1, at=CLOSES + HOUR).state == "accepted"
    services.decline_offer(offer=rows[g2.pk], by=g2, at=CLOSES + HOUR)
    with pytest.raises(Refused) as refused:
        services.accept_offer(offer=rows[g3.pk], by=g3, at=EXPIRES)
    assert refused.value.code == "too_late"
    with pytest.raises(Refused) as refused:
        services.close_round(matching_round=market.round, by=None, at=EXPIRES)
    assert refused.value.code == "waiting"
    # Two offers of the small world wait, too.
    assert services.expire_offers(at=EXPIRES) == 3
    assert services.expire_offers(at=EXPIRES) == 0
    rows[g3.pk].refresh_from_db()
    assert rows[g3.pk].state == OfferState.EXPIRED
    closed = services.close_round(matching_round=market.round, by=None, at=EXPIRES)
    assert closed.state == RoundState.CLOSED
