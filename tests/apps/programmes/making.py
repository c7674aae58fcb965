"""Small worlds of this room, made through its own services."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Region, Role
from bitgoeul.apps.alliance.models import (
    Agreement,
    ConsentText,
    Membership,
    Organisation,
    Party,
    User,
)
from bitgoeul.apps.alliance.services import NewPerson, register_people
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Application, Cohort, Programme, RuleValues, Track
from tests.built_once import built_once

SEOUL = dt.timezone(dt.timedelta(hours=9))
OPENS = dt.datetime(2025, 1, 6, 9, 0, tzinfo=SEOUL)
DURING = dt.datetime(2025, 1, 10, 12, 0, tzinfo=SEOUL)
CLOSES = dt.datetime(2025, 1, 31, 18, 0, tzinfo=SEOUL)
AFTER = dt.datetime(2025, 2, 3, 10, 0, tzinfo=SEOUL)
STARTS = dt.date(2025, 3, 3)
ENDS = dt.date(2025, 9, 26)
IN_CLASS = dt.datetime(2025, 6, 2, 10, 0, tzinfo=SEOUL)


@dataclass
class Stage:
    """Who and what a test needs: parties, people of each role, a cohort."""

    city: Organisation
    university: Organisation
    company: Organisation
    officer: User
    city_officer: User
    company_officer: User
    instructor: User
    administrator: User
    programme: Programme
    cohort: Cohort
    tracks: Sequence[Track]


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@people.example", "x", full_name=name)


def member(name: str, organisation: Organisation, role: Role) -> User:
    made = person(name)
    Membership.objects.create(
        person=made, organisation=organisation, role=role, started_on=dt.date(2021, 4, 15)
    )
    return made


def consent_texts() -> list[ConsentText]:
    """One text per purpose; the first two are needed to take part."""
    return [
        ConsentText.objects.create(
            purpose=purpose,
            version=1,
            text_ko=f"{purpose.label} 동의",
            text_en=f"I agree: {purpose.value}",
            required=purpose in {Purpose.SELECTION, Purpose.TRAINING},
            published_on=dt.date(2024, 1, 1),
        )
        for purpose in Purpose
    ]


@built_once
def make_stage(
    *,
    seats: Mapping[str, int] | None = None,
    values: RuleValues | None = None,
    local_share: str = "0",
    hours: int = 1300,
    opened: bool = True,
) -> Stage:
    """Make the parties, their people, a programme with approved rules and one cohort."""

    def organisation(name: str, kind: OrganisationKind) -> Organisation:
        return Organisation.objects.create(name_ko=name, name_en=f"{name} (en)", kind=kind)

    city = organisation("한빛시", OrganisationKind.CITY)
    university = organisation("한빛대학교", OrganisationKind.UNIVERSITY)
    company = organisation("한빛네트웍스", OrganisationKind.COMPANY)
    agreement = Agreement.objects.create(title_ko="협약", signed_on=dt.date(2021, 4, 15))
    for order, party in enumerate((city, university, company), start=1):
        Party.objects.create(agreement=agreement, organisation=party, order=order)
    officer = member("officer", university, Role.OFFICER)
    consent_texts()
    programme = services.create_programme(
        key="academy",
        name_ko="한빛 아카데미",
        name_en="Hanbit Academy",
        organiser=university,
        agreement=agreement,
        by=None,
        at=OPENS,
    )
    cohort = add_cohort(
        programme, seats=seats or {"a": 2, "b": 1}, values=values, local_share=local_share,
        hours=hours,
    )  # fmt: skip
    if opened:
        cohort = services.open_applications(cohort=cohort, by=None, at=OPENS)
    return Stage(
        city=city,
        university=university,
        company=company,
        officer=officer,
        city_officer=member("city-officer", city, Role.OFFICER),
        company_officer=member("company-officer", company, Role.OFFICER),
        instructor=member("instructor", university, Role.INSTRUCTOR),
        administrator=member("administrator", university, Role.ADMINISTRATOR),
        programme=programme,
        cohort=cohort,
        tracks=list(cohort.tracks.order_by("key")),
    )


def add_cohort(
    programme: Programme,
    *,
    seats: Mapping[str, int],
    values: RuleValues | None = None,
    local_share: str = "0",
    hours: int = 1300,
    number: int = 1,
) -> Cohort:
    """Plan a cohort under an approved rule set."""
    wanted = values or RuleValues()
    rule_set = programme.rule_sets.order_by("-version").first()
    if rule_set is None or rule_set.thresholds != wanted:
        rule_set = services.propose_rule_set(
            programme=programme, values=wanted, valid_from=dt.date(2025, 1, 1), by=None, at=OPENS
        )
        rule_set = services.approve_rule_set(rule_set=rule_set, by=None, at=OPENS)
    return services.create_cohort(
        programme=programme,
        number=number,
        rule_set=rule_set,
        applications_open_at=OPENS,
        applications_close_at=CLOSES,
        starts_on=STARTS,
        ends_on=ENDS,
        hours=hours,
        tracks=[
            services.TrackPlan(
                key=key, name_ko=f"{key}반", name_en=f"Class {key}", field="modelling", seats=n
            )
            for key, n in seats.items()
        ],
        local_regions=[Region.GWANGJU],
        local_share=Decimal(local_share),
        lottery_seed="a seed drawn for the tests",
        by=None,
        at=OPENS,
    )


def take_in(
    stage: Stage, rows: Sequence[tuple[str, str, Sequence[str]]], *, work: str = "seeking"
) -> list[Application]:
    """Take applications in as (number, region, track keys)."""
    tracks = {track.key: track for track in stage.tracks}
    incoming = [
        services.IncomingApplication(
            number=number,
            person=NewPerson(
                email=f"{number.lower()}@people.example",
                full_name=f"지원 {number}",
                birth_on=dt.date(1999, 5, 5),
                sex="female",
                residence=region,
            ),
            answers=services.Answers(
                residence=region, school_region=region, major="computing", work_status=work
            ),
            choices=tuple(tracks[key] for key in keys),
            submitted_at=DURING,
        )
        for number, region, keys in rows
    ]
    services.take_in_applications(
        cohort=stage.cohort, incoming=incoming, by=stage.officer, at=DURING
    )
    return list(Application.objects.filter(cohort=stage.cohort).order_by("number"))


def score(stage: Stage, totals: Mapping[str, str]) -> None:
    """Give every applicant the same score in every stage, so that it is also the total."""
    applications = {row.number: row for row in Application.objects.filter(cohort=stage.cohort)}
    services.enter_stage_scores(
        cohort=stage.cohort,
        entries=[
            services.ScoreEntry(application=applications[number], stage=part, score=Decimal(value))
            for number, value in totals.items()
            for part in stage.cohort.stages.all()
        ],
        by=stage.officer,
        at=AFTER,
    )


def close(stage: Stage) -> None:
    """End the call for applications."""
    stage.cohort = services.close_applications(cohort=stage.cohort, by=stage.officer, at=AFTER)


def started(stage: Stage, totals: Mapping[str, str], keys: Sequence[str] = ("a", "b")) -> None:
    """Carry a cohort from applications to its first day."""
    take_in(stage, [(number, "24", keys) for number in totals])
    score(stage, totals)
    close(stage)
    made = services.run_selection(cohort=stage.cohort, by=stage.officer, at=AFTER)
    services.publish_selection(selection_round=made, by=stage.officer, at=AFTER)
    services.enrol_selected(cohort=stage.cohort, by=stage.officer, at=AFTER)
    stage.cohort.refresh_from_db()


def known(people: Sequence[NewPerson]) -> dict[str, User]:
    """Make people known."""
    return register_people(people=people, by=None, at=OPENS)
