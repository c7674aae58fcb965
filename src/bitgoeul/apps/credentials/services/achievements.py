"""What can be achieved is written, changed and retired."""

import datetime as dt
from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.credentials import rules
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


class AchievementWords(TypedDict, total=False):
    """The texts of an achievement."""

    title_ko: str
    title_en: str
    description_ko: str
    description_en: str
    criteria_ko: str
    criteria_en: str


FIELDS = tuple(AchievementWords.__annotations__)


def create_achievement(
    *,
    key: str,
    kind: str,
    issuer: Organisation,
    by: User | None,
    at: dt.datetime,
    skills: Sequence[Skill] = (),
    **words: Unpack[AchievementWords],
) -> Achievement:
    """Write down what can be achieved, and by which criteria."""
    if by is not None and not rules.can_create_achievement_for(by, issuer):
        raise Refused(_("You may not write achievements of this organisation."), code="forbidden")
    achievement = Achievement(key=key, kind=kind, issuer=issuer, **words)
    _check(achievement)
    with transaction.atomic():
        achievement.save(force_insert=True)
        achievement.skills.set(skills)
        journal.record(
            event="achievement.created",
            by=by,
            at=at,
            on=achievement,
            after=achievement_state(achievement, skills),
            details={"key": key, "skills": sorted(skill.key for skill in skills)},
        )
    return achievement


def update_achievement(
    *,
    achievement: Achievement,
    by: User | None,
    at: dt.datetime,
    skills: Sequence[Skill] | None = None,
    **words: Unpack[AchievementWords],
) -> Achievement:
    """Change words and skills; what was issued before keeps the words that it was issued with."""
    with transaction.atomic():
        row = _held(achievement, by)
        before = achievement_state(row, list(row.skills.all()))
        for name, value in words.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        if skills is not None:
            row.skills.set(skills)
        after = achievement_state(row, list(row.skills.all()))
        journal.record(
            event="achievement.changed", by=by, at=at, on=row, before=before, after=after
        )
    return row


def retire_achievement(*, achievement: Achievement, by: User | None, at: dt.datetime) -> None:
    """Issue it no more; what was issued stays valid."""
    with transaction.atomic():
        row = _held(achievement, by)
        if row.retired_at is not None:
            raise Refused(_("This achievement is no longer issued."), code="wrong_state")
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        journal.record(event="achievement.retired", by=by, at=at, on=row)


def achievement_state(row: Achievement, skills: Sequence[Skill]) -> dict[str, object]:
    """What of an achievement the journal digests."""
    words: dict[str, object] = {name: getattr(row, name) for name in FIELDS}
    return words | {
        "key": row.key,
        "kind": row.kind,
        "issuer": row.issuer.uuid,
        "skills": sorted(skill.key for skill in skills),
    }


def _held(achievement: Achievement, by: User | None) -> Achievement:
    rows = Achievement.objects.select_for_update(of=("self",)).select_related("issuer")
    row = rows.get(pk=achievement.pk)
    if by is not None and not rules.can_manage_achievement(by, row):
        raise Refused(_("You may not change this achievement."), code="forbidden")
    return row


def _check(achievement: Achievement) -> None:
    try:
        achievement.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="invalid") from error
