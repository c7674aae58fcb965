"""People who consented to research, and a request for an extract about them."""

import datetime as dt
from typing import Any

from django.utils import timezone

from bitgoeul.apps.alliance.enums import Purpose, Region, Sex
from bitgoeul.apps.alliance.models import Consent, ConsentText, User
from bitgoeul.apps.programmes.models import Application, Enrolment
from bitgoeul.apps.reports import services
from bitgoeul.apps.reports.models import Extract
from tests.world import World, person

COLUMNS = ["age", "sex", "residence", "major", "outcome", "completed"]
NOW = timezone.now()


def consenting(world: World) -> list[User]:
    """Twelve who consented and look alike in two groups, and one who looks like nobody else."""
    text = ConsentText.objects.get(purpose=Purpose.RESEARCH)
    found = []
    for number in range(13):
        odd = number == 12
        who = person(
            f"훈련 {number}",
            f"t{number}@people.example",
            phone=f"010-1111-{number:04}",
            birth_on=dt.date(1960 if odd else 1998 + number % 2, 3, 1),
            sex=Sex.MALE if odd else Sex.FEMALE,
        )
        application = Application.objects.create(
            cohort=world.cohort,
            person=who,
            number=f"B-{number:03}",
            residence=Region.JEJU if odd else Region.GWANGJU,
            major="computing" if number % 2 else "science",
        )
        Enrolment.objects.create(
            cohort=world.cohort,
            track=world.tracks[0],
            person=who,
            application=application,
            enrolled_on=world.cohort.starts_on,
        )
        Consent.objects.create(person=who, text=text, given_at=NOW)
        found.append(who)
    return found


def ask(world: World, **more: Any) -> Extract:
    facts = {
        "title": "훈련과 취업",
        "purpose": "수료가 취업에 주는 영향을 봅니다.",
        "ethics": "한빛대 IRB 2025-031",
        "columns": COLUMNS,
        "programmes": [world.programme],
        "starts_on": dt.date(2025, 1, 1),
        "ends_on": dt.date(2025, 12, 31),
        "days": 90,
    }
    return services.ask_for_extract(**{**facts, **more}, by=world.people["researcher"], at=NOW)
