"""Vacancies, the match, placements, retention and the published report."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import CheckState, OfferState
from bitgoeul.apps.careers.models import Offer, Placement, RetentionCheck, Vacancy
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Application, Enrolment
from bitgoeul.apps.reports.services import create_report, publish_report
from bitgoeul.cli import _
from bitgoeul.cli.demo import files, outcomes, steps_programme, synthetic
from bitgoeul.cli.demo.people import STAFF
from bitgoeul.cli.demo.steps_alliance import open_sign_ins
from bitgoeul.cli.demo.year import Year, on

COLLECTING = dt.date(2024, 12, 9)
PUBLISHED = dt.date(2024, 12, 20)


def completers(year: Year) -> list[synthetic.Applicant]:
    """Return the people of the model who completed."""
    rows = Enrolment.objects.filter(cohort=year.cohort, state=EnrolmentState.COMPLETED)
    numbers = set(rows.values_list("application__number", flat=True))
    return [person for person in year.people if person.number in numbers]


def import_vacancies(year: Year) -> None:
    """The vacancies of the companies and the research centre."""
    year.more["vacancies"] = outcomes.vacancies(
        year.firms, seed=year.seed, centre_seats=year.size.seats_a_centre_vacancy
    )
    path = files.vacancies(
        year.folder,
        year.more["vacancies"],
        opens=dt.date(2024, 11, 1),
        closes=dt.date(2024, 12, 31),
    )
    at = on(dt.date(2024, 11, 4))
    year.take_in("vacancies", path, into=None, at=at)
    for vacancy in Vacancy.objects.filter(state="draft"):
        services.open_vacancy(vacancy=vacancy, by=None, at=at)


def match(year: Year) -> None:
    """Ratings and rankings by file, one certified match, verified before it is published."""
    bora = year.staff["bora"]
    at = on(COLLECTING)
    year.round = services.create_round(
        cohort=year.cohort,
        vacancies=Vacancy.objects.filter(state="open"),
        name_ko="1기 채용 매칭",
        name_en="First hiring match",
        closes_at=on(dt.date(2024, 12, 16), 18),
        offers_expire_at=on(dt.date(2024, 12, 31), 18),
        by=bora,
        at=at,
    )
    services.open_round(matching_round=year.round, by=bora, at=at)
    people = completers(year)
    ranked = outcomes.wishes(people, year.more["vacancies"], seed=year.seed)
    given = outcomes.ratings(people, ranked, seed=year.seed)
    later = on(dt.date(2024, 12, 13))
    year.take_in("rankings", files.rankings(year.folder, ranked), into=year.round, at=later)
    year.take_in("ratings", files.ratings(year.folder, given), into=year.round, at=later)
    done = on(dt.date(2024, 12, 17))
    services.lock_round(matching_round=year.round, by=bora, at=done)
    services.run_match(matching_round=year.round, by=bora, at=done)
    services.publish_round(matching_round=year.round, by=bora, at=on(PUBLISHED))


def answer_offers(year: Year) -> None:
    """Graduates accept or decline."""
    at = on(dt.date(2024, 12, 23))
    known = {person.email: person for person in year.people}
    matched = {}
    offered = {each.number: each for each in year.more["vacancies"]}
    for offer in Offer.objects.filter(round=year.round).select_related("person", "vacancy"):
        person = known[offer.person.email]
        if outcomes.accepts(person, seed=year.seed):
            services.accept_offer(offer=offer, by=offer.person, at=at)
            matched[person.number] = offered[offer.vacancy.number]
        else:
            services.decline_offer(offer=offer, by=offer.person, at=at)
    year.more["matched"] = matched
    for vacancy in Vacancy.objects.filter(state="open"):
        services.close_vacancy(vacancy=vacancy, by=None, at=on(dt.date(2025, 1, 2)))
    services.close_round(
        matching_round=year.round, by=year.staff["bora"], at=on(dt.date(2025, 1, 2))
    )


def import_placements(year: Year) -> None:
    """Who began to work where, with evidence; who left; who does not count."""
    people = completers(year)
    spells = outcomes.jobs(people, year.more["matched"], year.firms, seed=year.seed)
    year.more["jobs"] = spells
    last = max(job.evidence_on for job in spells)
    path = files.placements(year.folder, spells)
    year.take_in("placements", path, into=year.cohort, at=on(last + dt.timedelta(days=3)))
    chosen = outcomes.exclusions(people, {job.number for job in spells})
    proved = synthetic.last_day() + dt.timedelta(days=150)
    where = files.exclusions(year.folder, chosen, proved)
    year.take_in("exclusions", where, into=year.cohort, at=on(proved + dt.timedelta(days=5)))


def import_retention(year: Year) -> None:
    """The checks at 3, 6 and 12 months, as far as they are due on the demo's today."""
    known = {person.number: person for person in year.people}
    for months in (3, 6, 12):
        rows = [
            row
            for job in year.more["jobs"]
            if (row := _answer(year, known[job.number], job, months)) is not None
        ]
        if rows:
            path = files.retention(year.folder, months, rows)
            at = on(synthetic.TODAY - dt.timedelta(days=3))
            year.take_in("retention", path, into=year.cohort, at=at)
    for job in year.more["jobs"]:
        if job.ended_on is not None and job.ended_on < synthetic.TODAY:
            _end(known[job.number].email, job)


def _answer(
    year: Year, person: synthetic.Applicant, job: outcomes.Job, months: int
) -> Sequence[Any] | None:
    check = RetentionCheck.objects.filter(
        placement__person__email=person.email, months=months
    ).first()
    if check is None or check.due_on > synthetic.TODAY - dt.timedelta(days=10):
        return None
    rng = synthetic.rng_of(year.seed, "answer", person.number, months)
    left = job.ended_on is not None and job.ended_on <= check.due_on
    state = "미확인" if rng.random() < 0.04 else "퇴사" if left else "재직"
    answered = check.due_on + dt.timedelta(days=int(rng.integers(0, 8)))
    return (
        person.email,
        job.organisation,
        job.started_on.isoformat(),
        months,
        state,
        answered.isoformat(),
    )


def _end(email: str, job: outcomes.Job) -> None:
    placement = Placement.objects.get(person__email=email, started_on=job.started_on)
    assert job.ended_on is not None
    services.end_placement(placement=placement, ended_on=job.ended_on, by=None, at=on(job.ended_on))


def publish(year: Year) -> None:
    """The outcome report for the three parties; then one row is corrected, which shows."""
    bora = year.staff["bora"]
    report = create_report(
        agreement=year.agreement,
        cohort=year.cohort,
        title_ko="빛고을 AI 아카데미 1기 성과 보고서(시연)",
        title_en="Outcomes of the first cohort (demo)",
        as_of=synthetic.TODAY - dt.timedelta(days=1),
        by=bora,
        at=on(synthetic.TODAY, 8),
    )
    publish_report(report=report, by=bora, at=on(synthetic.TODAY, 9))
    unknown = RetentionCheck.objects.filter(state=CheckState.UNKNOWN).order_by("id").first()
    if unknown is not None:
        services.answer_check(
            check=unknown,
            state=CheckState.KEPT,
            answered_on=unknown.due_on + dt.timedelta(days=9),
            source="employer",
            by=None,
            at=on(synthetic.TODAY, 9, 30),
        )


def open_second_round(year: Year) -> None:
    """Vacancies and a second round that take ratings and rankings on the demo's today."""
    opens, closes = dt.date(2026, 3, 2), dt.date(2026, 4, 30)
    offered = outcomes.later_vacancies(year.firms, seed=year.seed)
    path = files.vacancies(
        year.folder, offered, opens=opens, closes=closes, name="50-vacancies-second-round"
    )
    at = on(opens)
    year.take_in("vacancies", path, into=None, at=at)
    for vacancy in Vacancy.objects.filter(state="draft"):
        services.open_vacancy(vacancy=vacancy, by=None, at=at)
    bora = year.staff["bora"]
    following = services.create_round(
        cohort=year.cohort,
        vacancies=Vacancy.objects.filter(state="open"),
        name_ko="1기 추가 매칭",
        name_en="Second hiring match",
        closes_at=on(dt.date(2026, 4, 10), 18),
        offers_expire_at=on(dt.date(2026, 4, 24), 18),
        by=bora,
        at=at,
    )
    services.open_round(matching_round=following, by=bora, at=at)


def open_doors(year: Year) -> None:
    """Passwords for one person of each role."""
    people = [(who, email) for _name, email, _organisation, _role, who in STAFF]
    people.append((_("recruiter, invented company"), "recruiter01@firms.example"))
    people += _learners(year)
    open_sign_ins(people)


def _learners(year: Year) -> list[tuple[str, str]]:
    chosen = []
    kept = Placement.objects.filter(
        offer__state=OfferState.ACCEPTED, checks__months=6, checks__state=CheckState.KEPT
    ).select_related("person")
    if (placed := kept.order_by("id").first()) is not None:
        chosen.append((_("graduate with a job"), placed.person.email))
    matched = Offer.objects.filter(round=year.round).values("person")
    completed = User.objects.filter(
        enrolments__cohort=year.cohort, enrolments__state=EnrolmentState.COMPLETED
    )
    if (free := completed.exclude(pk__in=matched).order_by("id").first()) is not None:
        chosen.append((_("graduate without a match"), free.email))
    turned_down = Application.objects.filter(cohort=year.cohort, state="not_selected")
    if (sad := turned_down.select_related("person").order_by("id").first()) is not None:
        chosen.append((_("applicant who got no seat"), sad.person.email))
    return chosen


STEPS = (
    (_("Importing vacancies of 25 companies and the research centre"), import_vacancies),
    (_("Matching graduates and employers, verifying, publishing"), match),
    (_("Answering the offers"), answer_offers),
    (_("Importing placements and exclusions"), import_placements),
    (_("Importing retention checks"), import_retention),
    (_("Publishing the outcome report"), publish),
    *steps_programme.LAST_STEPS,
    (_("Opening a second hiring round"), open_second_round),
    (_("Opening sign-ins for every role"), open_doors),
)
