"""The list of skills: written by import, by hand, or begun with the lexicon that we ship."""

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials import rules
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import delete_unreferenced
from bitgoeul.core.journal.services import Change

FIELDS = (
    "name_ko", "name_en", "other_names", "ncs_class", "ncs_code", "esco_uri", "onet_codes",
    "source",
)  # fmt: skip
STARTER = Path(__file__).with_name("starter_skills.csv")


def write_skills(
    *, created: Sequence[Skill], changed: Sequence[Skill], by: User | None, at: dt.datetime
) -> int:
    """Write new and changed skills; returns how many.

    Raises
    ------
    Refused
        When the person may not, or a skill is not valid; then none is written.
    """
    if by is not None and not rules.can_write_skills(by):
        raise Refused(_("You may not change the list of skills."), code="forbidden")
    _check([*created, *changed])
    with transaction.atomic():
        before = {row.pk: row for row in Skill.objects.filter(pk__in=[s.pk for s in changed])}
        Skill.objects.bulk_create(created, batch_size=200)
        Skill.objects.bulk_update(changed, FIELDS, batch_size=200)
        journal.record_many(
            event="skill.written",
            by=by,
            at=at,
            changes=[
                Change(
                    on=skill,
                    before=skill_state(before[skill.pk]) if skill.pk in before else None,
                    after=skill_state(skill),
                    details={"key": skill.key},
                )
                for skill in (*created, *changed)
            ],
        )
    return len(created) + len(changed)


def drop_skills(*, uuids: Sequence[UUID], by: User | None, at: dt.datetime) -> int:
    """Take back skills that nothing names, where the import that wrote them is undone."""
    if by is not None and not rules.can_write_skills(by):
        raise Refused(_("You may not change the list of skills."), code="forbidden")
    with transaction.atomic():
        rows = list(Skill.objects.filter(uuid__in=uuids))
        delete_unreferenced(Skill, uuids)
        changes = [
            Change(on=skill, before=skill_state(skill), details={"key": skill.key})
            for skill in rows
        ]
        journal.record_many(event="skill.dropped", by=by, at=at, changes=changes)
    return len(rows)


def load_starter_skills(*, by: User | None, at: dt.datetime) -> int:
    """Add what the shipped lexicon has and the list lacks; what is there stays as it is."""
    known = set(Skill.objects.values_list("key", flat=True))
    fresh = [Skill(**row) for row in starter_rows() if row["key"] not in known]
    return write_skills(created=fresh, changed=[], by=by, at=at)


def starter_rows() -> list[dict[str, Any]]:
    """Return the shipped lexicon; sources and licences stand in docs/rooms/credentials.md."""
    return [dict(row) for row in _starter()]


@cache
def _starter() -> tuple[Mapping[str, Any], ...]:
    with STARTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(row | {"other_names": row["other_names"].replace("|", "\n")} for row in rows)


def skill_state(skill: Skill) -> dict[str, object]:
    """What of a skill the journal digests."""
    return {"key": skill.key} | {name: getattr(skill, name) for name in FIELDS}


def _check(skills: Sequence[Skill]) -> None:
    for skill in skills:
        try:
            skill.clean_fields()
        except ValidationError as error:
            told = " ".join(error.messages)
            raise Refused(f"{skill.key}: {told}", code="invalid") from error
