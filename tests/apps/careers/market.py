"""A small market on top of the small world: graduates, three vacancies, one round."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.enums import VacancyState
from bitgoeul.apps.careers.models import Application as JobApplication
from bitgoeul.apps.careers.models import MatchingRound, Vacancy
from bitgoeul.apps.programmes.enums import ApplicationState, EnrolmentState, Major, WorkStatus
from bitgoeul.apps.programmes.models import Application, Enrolment
from tests.built_once import built_once
from tests.world import AT, DAY, World, build_world, person

CLOSES = AT + dt.timedelta(days=10)
EXPIRES = AT + dt.timedelta(days=20)
HOUR = dt.timedelta(hours=1)


@dataclass
class Market:
    """A world with graduates, vacancies and a collecting round that nobody has answered yet."""

    world: World
    graduates: dict[str, User]
    vacancies: dict[str, Vacancy]
    round: MatchingRound

    def wants(self, **lists: str) -> None:
        """Write rankings: `wants(g1="V-1 V-2")`."""
        for name, numbers in lists.items():
            services.rank_vacancies(
                matching_round=self.round,
                person=self.graduates[name],
                vacancies=[self.vacancies[number] for number in numbers.split()],
                by=self.graduates[name],
                at=AT,
            )

    def rates(self, number: str, **ratings: float | None) -> None:
        """Write ratings of one vacancy: `rates("V-1", g1=90, g2=None)`."""
        rows = {
            row.person_id: row
            for row in JobApplication.objects.filter(
                round=self.round, vacancy=self.vacancies[number]
            ).select_related("vacancy", "round")
        }
        services.rate_applications(
            matching_round=self.round,
            ratings={
                rows[self.graduates[name].pk]: None if rating is None else Decimal(str(rating))
                for name, rating in ratings.items()
            },
            by=None,
            at=AT,
        )

    def run(self) -> MatchingRound:
        """Lock and match."""
        services.lock_round(matching_round=self.round, by=None, at=CLOSES)
        self.round = services.run_match(matching_round=self.round, by=None, at=CLOSES)
        return self.round

    def publish(self) -> MatchingRound:
        """Publish what was matched."""
        self.round = services.publish_round(matching_round=self.round, by=None, at=CLOSES + HOUR)
        return self.round


def graduate(world: World, name: str, *, local: bool = True, state: str = "completed") -> User:
    """Make a person who finished the world's cohort."""
    region = Region.GWANGJU if local else Region.SEOUL
    who = person(
        f"졸업 {name}", f"{name}@people.example", residence=region, sex=Sex.MALE, language="ko"
    )
    application = Application.objects.create(
        cohort=world.cohort,
        person=who,
        number=f"G-{name}",
        state=ApplicationState.SELECTED,
        residence=region,
        school_region=Region.SEOUL,
        major=Major.OTHER,
        work_status=WorkStatus.SEEKING,
        submitted_at=AT - dt.timedelta(days=160),
    )
    Enrolment.objects.create(
        cohort=world.cohort,
        track=world.tracks[0],
        person=who,
        application=application,
        state=EnrolmentState(state),
        enrolled_on=world.cohort.starts_on,
        ended_on=DAY,
    )
    return who


def vacancy(world: World, number: str, *, seats: int = 1, **fields: object) -> Vacancy:
    """Make an open vacancy of the world's employer."""
    return Vacancy.objects.create(
        organisation=fields.pop("organisation", world.employer),
        number=number,
        title_ko=f"개발자 {number}",
        title_en=f"Developer {number}",
        seats=seats,
        opens_on=DAY,
        closes_on=DAY + dt.timedelta(days=30),
        state=VacancyState.OPEN,
        **fields,
    )


@built_once
def build_market(
    *, seats: dict[str, int] | None = None, people: int = 4, **terms: object
) -> Market:
    """Make the market; g1 and g2 are local, the others are not."""
    world = build_world()
    graduates = {
        f"g{number}": graduate(world, f"g{number}", local=number <= 2)
        for number in range(1, people + 1)
    }
    vacancies = {
        number: vacancy(world, number, seats=count)
        for number, count in (seats or {"V-1": 1, "V-2": 1, "V-3": 1}).items()
    }
    made = services.create_round(
        cohort=world.cohort,
        vacancies=vacancies.values(),
        name_ko="두 번째 매칭",
        name_en="Second match",
        closes_at=CLOSES,
        offers_expire_at=EXPIRES,
        by=world.people["officer_city"],
        at=AT,
        **terms,
    )
    made = services.open_round(matching_round=made, by=None, at=AT)
    return Market(world=world, graduates=graduates, vacancies=vacancies, round=made)
