"""A small alliance with a person of every role, for tests of access, rules and pages.

Areum is the city's officer, Bora the university's, Chan the company's; Dasom is a trainee who
became a graduate, Eun a stranger in the same seat; every other role has one person, too.
Rows are made directly, without services: what is tested here is who may see them.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Region, Role, Sex
from bitgoeul.apps.alliance.models import (
    Agreement,
    Article,
    Commitment,
    ConsentText,
    Membership,
    Organisation,
    Party,
    User,
)
from bitgoeul.apps.careers.enums import RoundState, VacancyState
from bitgoeul.apps.careers.models import (
    Application as JobApplication,
)
from bitgoeul.apps.careers.models import (
    MatchingRound,
    Offer,
    Placement,
    Profile,
    RetentionCheck,
    Vacancy,
)
from bitgoeul.apps.labs.enums import LabState
from bitgoeul.apps.labs.models import Lab, Participant, Submission
from bitgoeul.apps.programmes.enums import (
    ApplicationState,
    CohortState,
    EnrolmentState,
    Field,
    Major,
    WorkStatus,
)
from bitgoeul.apps.programmes.models import (
    Application,
    Assignment,
    Attendance,
    Choice,
    Cohort,
    Enrolment,
    Programme,
    RuleSet,
    Stage,
    StageScore,
    Track,
)
from tests.built_once import built_once

DAY = dt.date(2025, 6, 2)
AT = dt.datetime(2025, 6, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "kkamak-sikyeo-7"

ROLES = (
    "public",
    "applicant",
    "trainee",
    "graduate",
    "instructor",
    "reviewer",
    "mentor",
    "recruiter",
    "consultant",
    "client",
    "researcher",
    "officer_city",
    "officer_university",
    "officer_company",
    "administrator",
)
"""Everyone the access tables speak about; "public" is not signed in."""


@dataclass
class World:
    """What `build_world` made; `people` is keyed by role (and a few names)."""

    city: Organisation
    university: Organisation
    company: Organisation
    employer: Organisation
    other_employer: Organisation
    agreement: Agreement
    programme: Programme
    cohort: Cohort
    tracks: list[Track]
    stages: list[Stage]
    lab: Lab
    round: MatchingRound
    vacancy: Vacancy
    other_vacancy: Vacancy
    people: dict[str, User] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    job_applications: dict[str, JobApplication] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    placements: dict[str, Placement] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def person(name: str, email: str, **fields: Any) -> User:
    """Make a person who can sign in."""
    return User.objects.create_user(email, PASSWORD, full_name=name, **fields)


def member(who: User, organisation: Organisation, role: Role) -> Membership:
    """Give a person a role."""
    return Membership.objects.create(
        person=who, organisation=organisation, role=role, started_on=dt.date(2021, 4, 15)
    )


@built_once
def build_world() -> World:
    """Make the small alliance."""
    world = _parties_and_cohort()
    _staff(world)
    for key, name, number in (
        ("applicant", "가온 지원", "A-001"),
        ("trainee", "나래 훈련", "A-002"),
        ("graduate", "다솜 수료", "A-003"),
        ("stranger", "은별 낯선", "A-004"),
    ):
        _applicant(world, key=key, name=name, number=number)
    for key in ("trainee", "graduate", "stranger"):
        _enrolment(world, key=key)
    for key in ("graduate", "stranger"):
        _outcome(world, key=key)
    return world


def _parties_and_cohort() -> World:
    def organisation(name: str, english: str, kind: OrganisationKind) -> Organisation:
        return Organisation.objects.create(
            name_ko=name, name_en=english, kind=kind, region=Region.GWANGJU
        )

    city = organisation("한빛시", "Hanbit City", OrganisationKind.CITY)
    university = organisation("한빛대학교", "Hanbit University", OrganisationKind.UNIVERSITY)
    company = organisation("한빛네트웍스", "Hanbit Networks", OrganisationKind.COMPANY)
    employer = organisation("가나다테크", "Ganada Tech", OrganisationKind.COMPANY)
    other = organisation("라마바소프트", "Ramaba Soft", OrganisationKind.COMPANY)
    agreement = Agreement.objects.create(
        title_ko="인공지능 인재 협약",
        title_en="AI talent agreement",
        signed_on=dt.date(2021, 4, 15),
    )
    for order, party in enumerate((city, university, company), start=1):
        Party.objects.create(agreement=agreement, organisation=party, order=order)
    article = Article.objects.create(agreement=agreement, number=1, text_ko="인재를 기른다.")
    Commitment.objects.create(
        agreement=agreement,
        article=article,
        responsible=city,
        title_ko="수료 두 명",
        title_en="Two completions",
        indicator_key="programmes.completed",
        target=2,
        starts_on=dt.date(2025, 1, 1),
        ends_on=dt.date(2025, 12, 31),
    )
    programme = Programme.objects.create(
        key="academy",
        name_ko="한빛 아카데미",
        name_en="Hanbit Academy",
        organiser=university,
        agreement=agreement,
    )
    cohort, tracks, stages = _cohort(programme)
    lab = Lab.objects.create(
        key="first-lab",
        title_ko="첫 실습",
        title_en="First lab",
        task_ko="맞히세요.",
        task_en="Predict.",
        owner=university,
        metric="accuracy",
        id_column="id",
        target_column="target",
        pass_score=0.8,
        opens_at=AT - dt.timedelta(days=200),
        closes_at=AT + dt.timedelta(days=30),
        state=LabState.OPEN,
    )
    Assignment.objects.create(cohort=cohort, lab=lab, due_at=AT + dt.timedelta(days=30))
    vacancy = _vacancy(employer, "V-001")
    other_vacancy = _vacancy(other, "V-002")
    matching_round = MatchingRound.objects.create(
        name_ko="첫 매칭",
        name_en="First match",
        cohort=cohort,
        state=RoundState.COLLECTING,
        closes_at=AT + dt.timedelta(days=10),
        offers_expire_at=AT + dt.timedelta(days=20),
    )
    matching_round.vacancies.set([vacancy, other_vacancy])
    return World(
        city=city,
        university=university,
        company=company,
        employer=employer,
        other_employer=other,
        agreement=agreement,
        programme=programme,
        cohort=cohort,
        tracks=tracks,
        stages=stages,
        lab=lab,
        round=matching_round,
        vacancy=vacancy,
        other_vacancy=other_vacancy,
    )


def _cohort(programme: Programme) -> tuple[Cohort, list[Track], list[Stage]]:
    rules = RuleSet.objects.create(
        programme=programme, version=1, valid_from=dt.date(2025, 1, 1), values={}, approved_at=AT
    )
    cohort = Cohort.objects.create(
        programme=programme,
        number=1,
        state=CohortState.RUNNING,
        rule_set=rules,
        applications_open_at=AT - dt.timedelta(days=200),
        applications_close_at=AT - dt.timedelta(days=150),
        starts_on=DAY - dt.timedelta(days=120),
        ends_on=DAY + dt.timedelta(days=60),
        hours=1300,
        local_regions=[Region.GWANGJU],
        local_share=0.5,
    )
    tracks = [
        Track.objects.create(
            cohort=cohort, key=key, name_ko=name, name_en=key, field=field_, seats=2
        )
        for key, name, field_ in (
            ("modelling-1", "모델링 1반", Field.MODELLING),
            ("services-1", "서비스 1반", Field.SERVICES),
        )
    ]
    stages = [
        Stage.objects.create(
            cohort=cohort, key=key, name_ko=name, name_en=key, order=order, weight=weight
        )
        for order, (key, name, weight) in enumerate(
            (("motivation", "지원 동기", 10), ("course", "온라인 과정", 20), ("exam", "시험", 70)),
            start=1,
        )
    ]
    return cohort, tracks, stages


def _vacancy(employer: Organisation, number: str) -> Vacancy:
    return Vacancy.objects.create(
        organisation=employer,
        number=number,
        title_ko=f"연구원 {number}",
        title_en=f"Researcher {number}",
        seats=1,
        opens_on=DAY - dt.timedelta(days=10),
        closes_on=DAY + dt.timedelta(days=30),
        state=VacancyState.OPEN,
    )


def _staff(world: World) -> None:
    for role, organisation in (
        (Role.INSTRUCTOR, world.university),
        (Role.REVIEWER, world.university),
        (Role.MENTOR, world.company),
        (Role.RECRUITER, world.employer),
        (Role.CONSULTANT, world.company),
        (Role.CLIENT, world.other_employer),
        (Role.RESEARCHER, world.university),
        (Role.ADMINISTRATOR, world.university),
    ):
        who = person(f"{role.value} 담당", f"{role.value}@hanbit.example")
        member(who, organisation, role)
        world.people[role.value] = who
    for key, name, organisation in (
        ("officer_city", "아름 시청", world.city),
        ("officer_university", "보라 대학", world.university),
        ("officer_company", "찬 회사", world.company),
    ):
        world.people[key] = person(name, f"{key}@hanbit.example")
        member(world.people[key], organisation, Role.OFFICER)
    other = person("다른 채용", "other-recruiter@hanbit.example")
    member(other, world.other_employer, Role.RECRUITER)
    world.people["other_recruiter"] = other
    for purpose in Purpose:
        ConsentText.objects.create(
            purpose=purpose,
            version=1,
            text_ko=f"{purpose.label}에 동의합니다.",
            text_en=f"I agree to: {purpose.value}.",
            required=purpose in {Purpose.SELECTION, Purpose.TRAINING},
            published_on=dt.date(2025, 1, 1),
        )


def _applicant(world: World, *, key: str, name: str, number: str) -> None:
    who = person(
        name,
        f"{key}@people.example",
        phone="010-0000-0000",
        birth_on=dt.date(1999, 3, 1),
        sex=Sex.FEMALE,
        residence=Region.GWANGJU,
    )
    application = Application.objects.create(
        cohort=world.cohort,
        person=who,
        number=number,
        state=ApplicationState.SUBMITTED,
        residence=Region.GWANGJU,
        school_region=Region.GWANGJU,
        major=Major.COMPUTING,
        work_status=WorkStatus.SEEKING,
        submitted_at=AT - dt.timedelta(days=160),
    )
    for rank, track in enumerate(world.tracks, start=1):
        Choice.objects.create(application=application, track=track, rank=rank)
    for stage in world.stages:
        StageScore.objects.create(
            application=application, stage=stage, score=Decimal("80.00"), entered_at=AT
        )
    world.people[key] = who
    world.applications[key] = application


def _enrolment(world: World, *, key: str) -> None:
    application = world.applications[key]
    application.state = ApplicationState.SELECTED
    application.save(update_fields=["state"])
    enrolment = Enrolment.objects.create(
        cohort=world.cohort,
        track=world.tracks[0],
        person=application.person,
        application=application,
        state=EnrolmentState.ENROLLED if key == "trainee" else EnrolmentState.COMPLETED,
        enrolled_on=world.cohort.starts_on,
        ended_on=None if key == "trainee" else DAY,
    )
    Attendance.objects.create(enrolment=enrolment, held_on=DAY, hours="11110000")
    Participant.objects.create(
        lab=world.lab,
        person=application.person,
        admitted_at=AT,
        admitted_by_kind="programmes.cohort",
        admitted_by_uuid=world.cohort.uuid,
    )
    world.enrolments[key] = enrolment
    world.submissions[key] = Submission.objects.create(
        lab=world.lab,
        person=application.person,
        name="predictions.csv",
        sha256="0" * 64,
        received_at=AT,
    )


def _outcome(world: World, *, key: str) -> None:
    who = world.people[key]
    Profile.objects.create(person=who, headline="모델러", visible=True)
    vacancy = world.vacancy if key == "graduate" else world.other_vacancy
    world.job_applications[key] = JobApplication.objects.create(
        round=world.round, vacancy=vacancy, person=who, rank=1, rating=Decimal(80)
    )
    world.offers[key] = Offer.objects.create(
        round=world.round,
        vacancy=vacancy,
        person=who,
        made_at=AT,
        expires_at=AT + dt.timedelta(days=10),
    )
    world.placements[key] = Placement.objects.create(
        person=who,
        organisation=vacancy.organisation,
        vacancy=vacancy,
        started_on=DAY,
        evidence_kind="insurance",
        evidence_on=DAY,
    )
    RetentionCheck.objects.create(
        placement=world.placements[key], months=3, due_on=DAY + dt.timedelta(days=92)
    )
