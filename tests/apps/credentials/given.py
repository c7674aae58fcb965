"""An achievement of the world's university, and credentials for it."""

import datetime as dt
from typing import Any

from bitgoeul.apps.credentials import services
from bitgoeul.apps.credentials.enums import AchievementKind
from bitgoeul.apps.credentials.models import Achievement, Credential, Skill
from tests.world import AT, World


def make_skill(key: str = "machine-learning", **more: Any) -> Skill:
    """A skill of the shipped list."""
    facts: dict[str, Any] = next(row for row in services.starter_rows() if row["key"] == key)
    services.write_skills(created=[Skill(**facts | more)], changed=[], by=None, at=AT)
    return Skill.objects.get(key=key)


def make_achievement(world: World, key: str = "academy-completion", **more: Any) -> Achievement:
    """The completion of the world's academy."""
    facts: dict[str, Any] = {
        "kind": AchievementKind.COMPLETION,
        "issuer": world.university,
        "title_ko": "한빛 아카데미 수료",
        "title_en": "Hanbit Academy completion",
        "description_ko": "인공지능 전문가 과정을 마쳤다.",
        "description_en": "Completed the course for AI experts.",
        "criteria_ko": "출석 80 % 이상, 시험 60점 이상",
        "criteria_en": "Attendance of 80 % or more, exam of 60 or more",
    }
    return services.create_achievement(key=key, **facts | more, by=None, at=AT)


def give(
    world: World,
    achievement: Achievement | None = None,
    who: str = "graduate",
    at: dt.datetime = AT,
    **more: Any,
) -> Credential:
    """Give one of the world's people the achievement, for their enrolment."""
    return services.issue_credential(
        achievement=achievement or make_achievement(world),
        person=world.people[who],
        evidence_kind="programmes.enrolment",
        evidence_uuid=world.enrolments[who].uuid,
        narrative_ko="1,300시간 가운데 1,043시간",
        narrative_en="1,043 of 1,300 hours",
        by=None,
        at=at,
        **more,
    )
