"""A panel of four reviewers and six cases, and what is done with it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.test import Client

from bitgoeul.apps.alliance.enums import OrganisationKind, Role
from bitgoeul.apps.alliance.models import Membership, Organisation, User
from bitgoeul.apps.reviews import services
from bitgoeul.apps.reviews.models import Case, Panel, Review

AT = dt.datetime(2025, 2, 3, 10, 0, tzinfo=dt.UTC)
ENDS = AT + dt.timedelta(days=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Bench:
    """A panel of four, its officer, and six cases."""

    university: Organisation
    officer: User
    panel: Panel
    judges: list[User]
    people: list[User]

    def named(self, number: int) -> Case:
        return Case.objects.get(number=f"K{number}")

    def of(self, number: int) -> list[Review]:
        return list(self.named(number).reviews.order_by("id"))


def person(name: str, domain: str = "gmail.com") -> User:
    return User.objects.create_user(f"{name}@{domain}", "x", full_name=name)


def member(who: User, organisation: Organisation, role: Role) -> None:
    Membership.objects.create(
        person=who, organisation=organisation, role=role, started_on=dt.date(2020, 1, 1)
    )


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    return client


def make_bench() -> Bench:
    university = Organisation.objects.create(name_ko="대학", kind=OrganisationKind.UNIVERSITY)
    officer = person("officer")
    member(officer, university, Role.OFFICER)
    judges = [person(f"judge{n}") for n in range(4)]
    for judge in judges:
        member(judge, university, Role.REVIEWER)
    rubric = services.publish_rubric(
        owner=university, key="essay", name_ko="동기", by=officer, at=AT,
        items=[services.ItemPlan(key="depth", label_ko="깊이", weight=60),
               services.ItemPlan(key="fit", label_ko="알맞음", weight=40, top_score=10)],
    )  # fmt: skip
    panel = services.create_panel(
        owner=university, subject_kind="test.thing", subject_uuid=uuid4(), name_ko="심사",
        rubric=rubric, opens_at=AT, closes_at=ENDS, gap_limit=Decimal(20), load_limit=9,
        by=officer, at=AT,
    )  # fmt: skip
    services.seat_panelists(panel=panel, people=judges, by=officer, at=AT)
    people = [person(f"who{n}") for n in range(1, 7)]
    return Bench(university, officer, panel, judges, people)


def bring(bench: Bench, **ties: dict[int, str]) -> None:
    plans = [
        services.CasePlan(
            kind="test.case", subject_uuid=uuid4(), number=f"K{n}", person=who,
            sheet=[{"ko": "왜", "en": "Why", "text": f"글 {n}"}], ties=ties.get(f"K{n}", {}),
        )
        for n, who in enumerate(bench.people, start=1)
    ]  # fmt: skip
    services.bring_cases(panel=bench.panel, cases=plans, by=bench.officer, at=AT)


def started(bench: Bench, **ties: dict[int, str]) -> None:
    bring(bench, **ties)
    services.assign_reviews(panel=bench.panel, by=bench.officer, at=AT)
    bench.panel = services.open_panel(panel=bench.panel, by=bench.officer, at=AT)


def judge(review: Review, depth: int, fit: int) -> Review:
    scores = {"depth": depth, "fit": fit}
    return services.submit_review(review=review, scores=scores, by=review.reviewer, at=AT)
