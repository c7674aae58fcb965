"""The pages: what each person can do on them, what is refused, how many statements they take."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import Consent, ConsentText, User
from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import CheckState, OfferState, RoundState, VacancyState
from bitgoeul.apps.careers.models import (
    Application,
    OutcomeExclusion,
    Placement,
    Profile,
    RetentionCheck,
    Vacancy,
)
from bitgoeul.core import clock, jobs
from bitgoeul.core.imports import import_file
from bitgoeul.core.journal.models import Reading
from tests.apps.careers.market import CLOSES, EXPIRES, HOUR, Market, build_market, graduate
from tests.world import AT, DAY

REASON = {"reason": "The committee asked for it."}
PERSONAL = {"offer_export", "placement_export", "check_export"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    with clock.freeze(AT):
        yield


@pytest.fixture
def market() -> Market:
    made = build_market()
    made.wants(g1="V-1 V-2", g2="V-1")
    return made


def as_(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"careers:{name}", args=args)


VACANCY = {
    "number": "",
    "title_ko": "모델 개발자",
    "title_en": "Model developer",
    "employment_type": "regular",
    "seats": "3",
    "local_percent": "30",
    "wage_from_won": "32000000",
    "wage_to_won": "38000000",
    "opens_on": "2025-06-02",
    "closes_on": "2025-06-30",
}


def test_recruiter_writes_opens_and_closes_a_vacancy(market: Market) -> None:
    recruiter = as_(market.world.people["recruiter"])
    data = VACANCY | {"organisation": market.world.employer.pk}
    response = recruiter.post(address("vacancy_create"), data)
    made = Vacancy.objects.get(title_ko="모델 개발자")
    assert response.headers["Location"] == address("vacancy_detail", made.uuid)
    assert (made.local_share, made.state) == (0.3, VacancyState.DRAFT)
    assert made.number
    public = Client()
    assert public.get(address("vacancy_detail", made.uuid)).status_code == 404
    recruiter.post(address("vacancy_open", made.uuid))
    assert public.get(address("vacancy_detail", made.uuid)).status_code == 200
    change = data | {"number": made.number, "seats": "4"}
    del change["organisation"]
    recruiter.post(address("vacancy_edit", made.uuid), change)
    recruiter.post(address("vacancy_close", made.uuid))
    made.refresh_from_db()
    assert (made.seats, made.state) == (4, VacancyState.CLOSED)


def test_recruiter_is_told_what_is_wrong_beside_the_field(market: Market) -> None:
    recruiter = as_(market.world.people["recruiter"])
    bad = VACANCY | {
        "organisation": market.world.other_employer.pk,
        "closes_on": "2025-06-01",
        "wage_to_won": "1",
        "seats": "-1",
    }
    response = recruiter.post(address("vacancy_create"), bad)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {"organisation", "closes_on", "wage_to_won", "seats"}
    assert not Vacancy.objects.filter(title_ko="모델 개발자").exists()


def test_vacancies_are_found_by_words_region_and_state(market: Market) -> None:
    client = Client(headers={"accept-language": "en"})
    shown = client.get(address("vacancy_list"), {"q": "Ramaba"})
    assert [row.number for row in shown.context["page"]] == ["V-002"]
    none = client.get(address("vacancy_list"), {"region": "39"})
    assert "No vacancy was found" in none.content.decode()
    services.close_vacancy(vacancy=market.world.vacancy, by=None, at=AT)
    first = client.get(address("vacancy_list"))
    assert "V-001" not in {row.number for row in first.context["page"]}
    every = client.get(address("vacancy_list"), {"state": ""})
    assert "V-001" in {row.number for row in every.context["page"]}


def test_graduate_ranks_by_numbers_and_by_buttons(market: Market) -> None:
    g1 = market.graduates["g1"]
    client = as_(g1)
    url = address("rank", market.round.uuid)
    fields = {n: f"rank_{v.uuid.hex}" for n, v in market.vacancies.items()}

    def ranking() -> list[str]:
        rows = Application.objects.filter(round=market.round, person=g1).order_by("rank")
        return [row.vacancy.number for row in rows]

    client.post(url, {fields["V-3"]: "1", fields["V-2"]: "5", fields["V-1"]: "2"})
    assert ranking() == ["V-3", "V-1", "V-2"]
    numbers = {fields["V-3"]: "1", fields["V-1"]: "2", fields["V-2"]: "3"}
    for move, expected in (
        (f"up:{market.vacancies['V-1'].uuid}", ["V-1", "V-3", "V-2"]),
        (f"down:{market.vacancies['V-1'].uuid}", ["V-3", "V-2", "V-1"]),
        (f"remove:{market.vacancies['V-2'].uuid}", ["V-3", "V-1"]),
        (f"up:{market.vacancies['V-3'].uuid}", ["V-3", "V-1", "V-2"]),
    ):
        response = client.post(url, numbers | {"move": move})
        assert response.headers["Location"].endswith("#v-" + move.partition(":")[2])
        assert ranking() == expected, move
    response = client.post(url, {fields["V-3"]: "1", fields["V-1"]: "1"})
    assert response.status_code == 422
    assert "already has this rank" in response.content.decode()
    response = client.post(url, {"move": f"add:{market.vacancies['V-2'].uuid}"})
    assert ranking() == ["V-2"]


def test_ranking_after_the_deadline_is_refused_in_words(market: Market) -> None:
    client = as_(market.graduates["g1"])
    with clock.freeze(CLOSES + HOUR):
        response = client.post(address("rank", market.round.uuid), {})
    assert response.status_code == 422
    assert "deadline" in response.content.decode()
    assert market.round.applications.filter(person=market.graduates["g1"]).count() == 2


def test_recruiter_rates_and_refuses_and_the_reading_is_recorded(market: Market) -> None:
    recruiter = market.world.people["recruiter"]
    client = as_(recruiter)
    url = address("rate", market.round.uuid, market.vacancies["V-1"].uuid)
    rows = {row.person: row for row in market.round.applications.filter(vacancy__number="V-1")}
    one, two = (rows[market.graduates[name]] for name in ("g1", "g2"))
    page = client.get(url).content.decode()
    assert "졸업 g1" in page
    reading = Reading.objects.get(what="careers.rating_page")
    assert reading.actor_uuid == recruiter.uuid
    assert reading.subjects == 2
    data = {f"rating_{one.uuid.hex}": "88.5", f"refuse_{two.uuid.hex}": "on"}
    assert client.post(url, data).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (float(one.rating), two.rating, two.rated_at) == (88.5, None, AT)
    both = data | {f"refuse_{one.uuid.hex}": "on"}
    assert client.post(url, both).status_code == 422
    assert client.post(url, {f"rating_{one.uuid.hex}": "101"}).status_code == 422
    table = client.post(
        address("rating_export", market.round.uuid, market.vacancies["V-1"].uuid, "csv"), REASON
    )
    text = b"".join(table.streaming_content).decode("utf-8-sig")
    assert "88.5" in text
    assert "not acceptable" in text


def test_profile_reaches_the_employer_only_with_consent(market: Market) -> None:
    g1 = market.graduates["g1"]
    client = as_(g1)
    client.post(
        address("profile_edit"), {"headline": "영상 인식", "about": "", "link": "", "visible": "on"}
    )
    profile = Profile.objects.get(person=g1)
    url = address("profile_detail", profile.uuid)
    recruiter = as_(market.world.people["recruiter"])
    assert recruiter.get(url).status_code == 404
    text = ConsentText.objects.get(purpose=Purpose.EMPLOYER_SHARING)
    Consent.objects.create(person=g1, text=text, given_at=AT)
    assert "영상 인식" in recruiter.get(url).content.decode()
    assert Reading.objects.filter(what="careers.profile").count() == 1
    rating = recruiter.get(address("rate", market.round.uuid, market.vacancies["V-1"].uuid))
    assert url in rating.content.decode()


def test_office_runs_a_round_from_draft_to_offers(market: Market) -> None:
    office = market.world.people["officer_city"]
    client = as_(office)
    market.rates("V-1", g1=80, g2=90)
    market.rates("V-2", g1=70)
    url = address("round_detail", market.round.uuid)

    def do(action: str) -> None:
        response = client.post(address("round_step", market.round.uuid, action))
        assert response.headers["Location"] == url

    do("publish")  # far too early: said, not done
    assert "not possible" in client.get(url).content.decode()
    do("lock")
    do("match")
    do("match")  # pressed twice: one job
    assert jobs.Job.objects.filter(task__endswith="run_match").count() == 1
    assert "job-" in client.get(url).content.decode()
    assert jobs.run_pending(at=AT) >= 1
    market.round.refresh_from_db()
    assert market.round.state == RoundState.MATCHED
    assert "The result is verified" in client.get(url).content.decode()
    assert Client().get(url).status_code == 404
    do("publish")
    market.round.refresh_from_db()
    assert market.round.state == RoundState.PUBLISHED
    assert market.round.offers.count() == 2
    assert client.post(address("round_step", market.round.uuid, "burn")).status_code == 404


def test_public_sees_digest_and_verdict_but_no_small_numbers(market: Market) -> None:
    market.rates("V-1", g1=81.25, g2=90.75)
    market.run()
    market.publish()
    page = Client(headers={"accept-language": "en"}).get(address("round_detail", market.round.uuid))
    text = page.content.decode()
    assert market.round.inputs_digest in text
    assert market.round.lottery_seed in text
    assert "fewer than 5" in text
    assert "90.75" not in text
    assert Client().get(address("round_bundle", market.round.uuid)).status_code == 302
    stranger = as_(market.world.people["trainee"])
    assert stranger.get(address("round_bundle", market.round.uuid)).status_code == 404
    bundle = as_(market.graduates["g3"]).post(address("round_bundle", market.round.uuid), REASON)
    names = zipfile.ZipFile(io.BytesIO(bundle.content)).namelist()
    assert names == [
        "applicants.csv",
        "certificate.json",
        "matches.csv",
        "positions.csv",
        "rules.toml",
        "summary.json",
        "verify.py",
    ]


def test_graduates_read_their_result_and_answer_their_offer(market: Market) -> None:
    market.rates("V-1", g1=80, g2=90)
    market.rates("V-2", g1=70)
    market.run()
    market.publish()
    with clock.freeze(CLOSES + 2 * HOUR):
        client = as_(market.graduates["g1"])
        text = client.get(address("result", market.round.uuid)).content.decode()
        assert "the last one admitted had 90" in text
        assert "You were next in line." in text
        offer = market.round.offers.get(person=market.graduates["g1"])
        other = market.round.offers.get(person=market.graduates["g2"])
        assert client.post(address("offer_accept", other.uuid)).status_code == 404
        client.post(address("offer_accept", offer.uuid))
        offer.refresh_from_db()
        assert offer.state == OfferState.ACCEPTED
        client.post(address("offer_decline", offer.uuid))
        assert "not possible" in client.get(address("offer_list")).content.decode()
    as_(market.graduates["g2"]).post(address("offer_accept", other.uuid))
    with clock.freeze(EXPIRES + HOUR):
        late = as_(market.graduates["g2"])
        late.post(address("offer_decline", other.uuid))
        other.refresh_from_db()
        assert other.state == OfferState.ACCEPTED


def test_employer_records_the_first_day_of_an_accepted_offer(market: Market) -> None:
    market.rates("V-1", g1=80)
    market.run()
    market.publish()
    offer = market.round.offers.get()
    recruiter = as_(market.world.people["recruiter"])
    url = address("offer_start", offer.uuid)
    assert recruiter.get(url).status_code == 404  # not accepted yet
    services.accept_offer(offer=offer, by=offer.person, at=CLOSES + HOUR)
    half = {"started_on": "2025-07-01", "evidence_kind": "contract"}
    assert recruiter.post(url, half).status_code == 422
    recruiter.post(url, half | {"evidence_on": "2025-07-01"})
    placement = Placement.objects.get(offer=offer)
    assert placement.organisation == market.world.employer
    assert placement.checks.count() == 3
    assert recruiter.get(url).status_code == 404  # recorded already


def test_office_records_a_founder_and_never_learns_of_strangers(market: Market) -> None:
    client = as_(market.world.people["officer_city"])
    data = {
        "organisation": market.world.employer.pk,
        "kind": "founding",
        "started_on": "2025-06-20",
        "evidence_kind": "business_registration",
        "evidence_on": "2025-06-21",
    }
    url = address("placement_create")
    absent = client.post(url, data | {"email": "nobody@people.example"})
    foreign = client.post(url, data | {"email": "recruiter@hanbit.example"})
    assert absent.context["form"].errors == foreign.context["form"].errors
    client.post(url, data | {"email": "G2@people.example"})
    assert Placement.objects.get(person=market.graduates["g2"]).kind == "founding"


def test_checks_are_answered_by_graduate_and_employer_when_due(market: Market) -> None:
    placement = market.world.placements["graduate"]
    check = placement.checks.get()
    graduate_ = as_(market.world.people["graduate"])
    url = address("check_answer", check.uuid)
    graduate_.post(url, {"state": "kept"})
    assert "has not come yet" in graduate_.get(address("check_list")).content.decode()
    with clock.freeze(AT.replace(month=9, day=5)):
        assert "Ganada Tech" in graduate_.get(address("check_list")).content.decode()
        graduate_.post(url, {"state": "maybe"})
        graduate_.post(url, {"state": "kept"})
        check.refresh_from_db()
        assert (check.state, check.source) == (CheckState.KEPT, "graduate")
        recruiter = as_(market.world.people["recruiter"])
        recruiter.post(url, {"state": "left", "next": "placement"})
        check.refresh_from_db()
        assert (check.state, check.source) == (CheckState.LEFT, "employer")


def test_evidence_and_end_are_recorded_on_the_placement(market: Market) -> None:
    placement = market.world.placements["graduate"]
    recruiter = as_(market.world.people["recruiter"])
    recruiter.post(
        address("placement_evidence", placement.uuid),
        {"evidence_kind": "contract", "evidence_on": "2025-06-10"},
    )
    recruiter.post(address("placement_end", placement.uuid), {"ended_on": "2025-08-01"})
    placement.refresh_from_db()
    assert placement.evidence_kind == "contract"
    assert str(placement.ended_on) == "2025-08-01"
    recruiter.post(address("placement_end", placement.uuid), {"ended_on": "2024-08-01"})
    placement.refresh_from_db()
    assert str(placement.ended_on) == "2025-08-01"


def test_office_records_an_exclusion(market: Market) -> None:
    client = as_(market.world.people["officer_university"])
    data = {
        "cohort": market.world.cohort.pk,
        "email": "g1@people.example",
        "reason": "study",
        "evidence_on": "2025-07-01",
        "evidence_note": "대학원 합격 통지서",
    }
    client.post(address("exclusion_create"), data)
    assert OutcomeExclusion.objects.get().person == market.graduates["g1"]
    assert "대학원" in client.get(address("exclusion_list")).content.decode()
    trainee = client.post(address("exclusion_create"), data | {"email": "trainee@people.example"})
    assert trainee.status_code == 422


def taken(client: Client, name: str, form: str) -> Any:
    """A file with people in it asks for the reason first."""
    if name not in PERSONAL:
        return client.get(address(name, form))
    return client.post(address(name, form), REASON)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "name", ["vacancy_export", "offer_export", "placement_export", "check_export"]
)
def test_every_list_can_be_taken_away(market: Market, name: str, form: str) -> None:
    client = as_(market.world.people["officer_city"])
    response = taken(client, name, form)
    assert response.status_code == 200
    assert f".{form}" in response.headers["Content-Disposition"]
    assert client.get(address(name, "exe")).status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [("vacancy_export", "vacancies", 5), ("placement_export", "placements", 2)],
)
def test_what_is_taken_away_can_be_brought_back_unchanged(
    market: Market, tmp_path: Path, language: str, name: str, kind: str, rows: int
) -> None:
    office = market.world.people["officer_city"]
    Vacancy.objects.filter(number="V-1").update(
        research_centre=True, local_share=0.3, wage_from_won=32_000_000, region="24"
    )
    client = as_(office)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    response = taken(client, name, "csv")
    file = tmp_path / "export.csv"
    file.write_bytes(b"".join(response.streaming_content))
    target = None if kind == "vacancies" else market.world.cohort
    receipt = import_file(kind=kind, path=file, target=target, by=office, at=AT)
    assert (receipt.rows, receipt.same, receipt.errors) == (rows, rows, [])


def test_whose_word_an_answer_is(market: Market) -> None:
    check = market.world.placements["graduate"].checks.get()
    people = market.world.people
    for role, source in (
        ("graduate", "graduate"),
        ("recruiter", "employer"),
        ("officer_city", "office"),
    ):
        assert services.source_of(by=people[role], check=check) == source


LISTS = {
    "vacancy_list": "public",
    "vacancies_own": "recruiter",
    "round_list": "officer_city",
    "offer_list": "officer_city",
    "placement_list": "officer_city",
    "check_list": "officer_city",
    "exclusion_list": "officer_city",
}


def _more(market: Market, name: str) -> None:
    """Two more rows of everything that lists show."""
    from tests.apps.careers.market import vacancy

    for number in range(2):
        row = vacancy(market.world, f"M-{name}-{number}")
        who = graduate(market.world, f"m{number}")
        made = services.create_round(
            cohort=market.world.cohort,
            vacancies=[row],
            name_ko=f"추가 {number}",
            closes_at=CLOSES,
            offers_expire_at=EXPIRES,
            by=None,
            at=AT,
        )
        placement = services.record_placement(
            person=who, organisation=market.world.employer, started_on=DAY, by=None, at=AT
        )
        RetentionCheck.objects.filter(placement=placement).update(due_on=DAY)
        services.record_exclusion(
            person=who,
            cohort=market.world.cohort,
            reason="study",
            evidence_on=DAY,
            by=None,
            at=AT,
        )
        made.offers.create(vacancy=row, person=who, made_at=AT, expires_at=EXPIRES)


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_statements_for_one_row_and_for_three(
    market: Market, name: str
) -> None:
    RetentionCheck.objects.update(due_on=DAY)
    services.record_exclusion(
        person=market.graduates["g1"],
        cohort=market.world.cohort,
        reason="study",
        evidence_on=DAY,
        by=None,
        at=AT,
    )
    role = LISTS[name]
    client = Client() if role == "public" else as_(market.world.people[role])
    with CaptureQueriesContext(connection) as few:
        assert client.get(address(name)).status_code == 200
    _more(market, name)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address(name)).status_code == 200
    reads = [q["sql"] for q in many if q["sql"].startswith("SELECT")]
    assert len(reads) <= 12, reads
    # The first visit also makes what a session needs; later ones take no more.
    assert len(many) <= len(few) + 1


def test_detail_pages_keep_within_their_statements(market: Market) -> None:
    market.rates("V-1", g1=80, g2=90)
    market.run()
    market.publish()
    office, g1 = as_(market.world.people["officer_city"]), as_(market.graduates["g1"])
    placement = market.world.placements["graduate"]
    for client, url, most in (
        (office, address("round_detail", market.round.uuid), 24),
        (g1, address("result", market.round.uuid), 14),
        (g1, address("rank", market.round.uuid), 12),
        (office, address("placement_detail", placement.uuid), 12),
        (office, address("rate", market.round.uuid, market.vacancies["V-1"].uuid), 14),
    ):
        client.get(url)
        with CaptureQueriesContext(connection) as taken:
            assert client.get(url).status_code == 200
        reads = [q["sql"] for q in taken if q["sql"].startswith("SELECT")]
        assert len(reads) <= most, (url, len(reads), reads)


def test_korean_pages_speak_korean(market: Market) -> None:
    client = Client(headers={"accept-language": "ko"})
    text = client.get(address("vacancy_list")).content.decode()
    assert "채용 공고" in text
    assert "접수 중" in text
    assert "Vacancies" not in text
