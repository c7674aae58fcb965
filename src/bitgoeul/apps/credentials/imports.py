"""The list of skills as a file: the same columns as the list hands out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.credentials import rules, services
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.core import imports
from bitgoeul.core.imports import Column, Kind, Row, clean

_key = clean.text(min=1, max=60, pattern=r"[a-z0-9][a-z0-9_-]*", form="data-analysis")


def _names(cell: Any) -> str:
    text = str(clean.text(max=2000)(cell))
    for sign in ("|", ";", ","):
        text = text.replace(sign, "\n")
    return "\n".join(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _optional(key: str, *labels: str, most: int, example: str = "") -> Column:
    return Column(
        key, labels=labels, clean=clean.text(max=most), required=False, default="", example=example
    )


COLUMNS = (
    Column("key", labels=("식별자", "키", "key"), clean=_key, example="data-analysis"),
    Column(
        "name_ko",
        labels=("국문 이름", "한글 이름", "이름", "능력명", "name in korean"),
        clean=clean.text(max=120),
        example="데이터 분석",
    ),
    _optional("name_en", "영문 이름", "영문명", "name in english", most=120),
    Column(
        "other_names",
        labels=("다른 이름", "별칭", "유의어", "other names", "aliases"),
        clean=_names,
        required=False,
        default="",
        help=_("Several with a comma between."),
        example="데이터분석, EDA",
    ),
    _optional("ncs_class", "NCS 세분류", "세분류", "ncs class", most=80, example="빅데이터분석"),
    _optional("ncs_code", "NCS 코드", "ncs code", most=20, example="20010703"),
    _optional("esco_uri", "ESCO", "esco uri", most=200),
    _optional("onet_codes", "O*NET", "onet codes", most=120, example="15-2051.00"),
    _optional("source", "출처", "source", most=200),
)
FIELDS = tuple(column.key for column in COLUMNS if column.key != "key")


def _can(user: Any, target: None) -> bool:
    return rules.can_write_skills(user)


def _prepare(*, target: None, rows: Sequence[Row], by: User | None) -> dict[str, Skill]:
    found = Skill.objects.filter(key__in=[row["key"] for row in rows])
    return {skill.key: skill for skill in found}


def _match(row: Row, context: dict[str, Skill]) -> Skill | None:
    return context.get(row["key"])


def _compare(existing: Skill, row: Row) -> bool:
    return any(getattr(existing, name) != row[name] for name in FIELDS if name in row.given)


def _snapshot(existing: Skill) -> dict[str, Any]:
    return {name: getattr(existing, name) for name in FIELDS}


def _apply(
    *, target: None, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Any
) -> list[UUID]:
    created: list[Skill] = []
    changed: list[Skill] = []
    written = []
    for row in rows:
        skill = row.existing or Skill(key=row["key"])
        (changed if row.existing else created).append(skill)
        for name in FIELDS:
            if name in row.given:
                setattr(skill, name, row[name])
        written.append(skill.uuid)
    services.write_skills(created=created, changed=changed, by=by, at=at)
    return written


def _undo(
    *,
    target: None,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    before = dict(changed)
    rows = list(Skill.objects.filter(uuid__in=before))
    for skill in rows:
        for name, value in before[skill.uuid].items():
            setattr(skill, name, value)
    services.write_skills(created=[], changed=rows, by=by, at=at)
    services.drop_skills(uuids=created, by=by, at=at)


SKILLS = Kind(
    key="skills",
    title=_("Skills"),
    help=_("One line a skill; the file that the list of skills hands out can be imported again."),
    columns=COLUMNS,
    can=_can,
    prepare=_prepare,
    match=_match,
    compare=_compare,
    snapshot=_snapshot,
    apply=_apply,
    undo=_undo,
    identity=lambda row: row["key"],
    personal=False,
)

imports.register(SKILLS)
