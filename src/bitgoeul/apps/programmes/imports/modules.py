"""A curriculum: one line per module, as the export of the design page writes it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.programmes import rules, services
from bitgoeul.apps.programmes.models import Cohort, Module, Track
from bitgoeul.apps.programmes.queries.cohorts import cohorts_to_choose, find_cohort
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import CellError, Column, Kind, Row, UndoRefused, clean

_FIELDS = ("title_ko", "title_en", "order", "hours", "company_project", "about")
SKILLS_AT_MOST, SKILL_LONGEST = 20, 60


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the rows are compared with."""

    cohort: Cohort
    tracks: dict[str, Track]
    companies: dict[str, Organisation]
    known: dict[str, Module]


def prepare(*, target: Cohort, rows: Sequence[Row], by: User | None) -> Context:
    """Load tracks, the companies that the file names, and the modules that stand."""
    tracks: dict[str, Track] = {}
    for track in target.tracks.all():
        tracks |= {track.key: track, track.name_ko: track}
    names = {row["company"] for row in rows if row["company"]}
    companies = Organisation.objects.filter(name_ko__in=names)
    modules = Module.objects.filter(cohort=target).select_related("track", "company")
    return Context(
        cohort=target,
        tracks=tracks,
        companies={each.name_ko: each for each in companies},
        known={row.key: row for row in modules},
    )


def match(row: Row, context: Context) -> Module | None:
    """Find the module of the same key."""
    return context.known.get(row["key"])


def check(row: Row, context: Context) -> Iterator[CellError]:
    """Further faults: a track or a company that is not there, too many skills."""
    if row["track"] and row["track"] not in context.tracks:
        yield CellError(
            "no_track", _("This cohort has no track “%(found)s”."),
            column="track", found=row["track"],
        )  # fmt: skip
    if row["company"] and row["company"] not in context.companies:
        yield CellError(
            "no_company", _("No organisation is called “%(found)s”."),
            column="company", found=row["company"],
        )  # fmt: skip
    if len(row["skills"]) > SKILLS_AT_MOST or any(len(k) > SKILL_LONGEST for k in row["skills"]):
        yield CellError(
            "bad_skills", _("At most 20 skills of at most 60 characters each."), column="skills"
        )


def compare(existing: Module, row: Row) -> bool:
    """Tell whether the row differs from the module that stands."""
    track = existing.track
    return (
        any(getattr(existing, name) != row[name] for name in _FIELDS)
        or row["track"] not in ({"", None} if track is None else {track.key, track.name_ko})
        or (existing.company.name_ko if existing.company else "") != row["company"]
        or existing.skills != row["skills"]
    )


def snapshot(existing: Module) -> dict[str, Any]:
    """What `undo` needs to restore a module."""
    return {
        "key": existing.key,
        "track": existing.track_id,
        "company": existing.company_id,
        "skills": existing.skills,
        **{name: getattr(existing, name) for name in _FIELDS},
    }


def apply(
    *, target: Cohort, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    """Write the modules through the room's service."""
    plans = [
        services.ModulePlan(
            key=row["key"],
            track=context.tracks.get(row["track"]),
            company=context.companies.get(row["company"]),
            skills=tuple(row["skills"]),
            **{name: row[name] for name in _FIELDS},
        )
        for row in rows
    ]
    return services.save_modules(cohort=target, plans=plans, by=by, at=at)


def undo(
    *,
    target: Cohort,
    created: Sequence[UUID],
    changed: Sequence[tuple[UUID, dict[str, Any]]],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Strike new modules and put changed ones back."""
    tracks = Track.objects.filter(cohort=target).in_bulk()
    companies = Organisation.objects.in_bulk({old["company"] for _uuid, old in changed} - {None})
    plans = [
        services.ModulePlan(
            **{
                **old,
                "track": tracks.get(old["track"]),
                "company": companies.get(old["company"]),
                "skills": tuple(old["skills"]),
            }
        )
        for _uuid, old in changed
    ]
    try:
        removed = services.remove_modules(cohort=target, uuids=created, by=by, at=at)
        services.save_modules(cohort=target, plans=plans, by=by, at=at)
    except (Refused, ValidationError) as refusal:
        raise UndoRefused("cannot_undo") from refusal
    if removed < len(created):
        raise UndoRefused("undo_missing")


def can(user: Any, target: Cohort | None) -> bool:
    """Overseeing officers write the curriculum."""
    if target is None:
        return rules.can_manage_anything(user)
    return rules.can_manage_cohort(user, target)


_words = clean.text(max=600)


def _skills(cell: Any) -> list[str]:
    parts = str(_words(cell)).split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _text(key: str, labels: tuple[str, ...], most: int) -> Column:
    return Column(key, labels, clean.text(max=most), required=False, default="")


KIND = Kind(
    key="curriculum",
    title=_("Curriculum"),
    help=_("One line per module with its hours; a module without a track is for every track."),
    columns=(
        Column("key", ("과목 코드", "Module key", "key"), clean.text(max=40)),
        Column(
            "order", ("순서", "Order"), clean.integer(min=0, max=9999), required=False, default=0
        ),
        Column("title_ko", ("과목명", "국문 제목", "Title in Korean"), clean.text(max=120)),
        _text("title_en", ("영문 과목명", "영문 제목", "Title in English"), 120),
        _text("track", ("반", "과정", "Track"), 80),
        Column("hours", ("시간", "시수", "Hours"), clean.integer(min=1, max=2000, unit="시간")),
        Column(
            "company_project",
            ("기업 프로젝트", "Company project"),
            clean.boolean(),
            required=False,
            default=False,
        ),
        _text("company", ("기업", "Company"), 120),
        Column("skills", ("역량", "Skills"), _skills, required=False, default=[]),
        _text("about", ("내용", "About"), 4000),
    ),
    target="programmes.Cohort",
    can=can,
    prepare=prepare,
    match=match,
    check=check,
    compare=compare,
    snapshot=snapshot,
    apply=apply,
    undo=undo,
    identity=lambda row: row["key"],
    target_lookup=find_cohort,
    targets=lambda user: cohorts_to_choose(rules.cohorts_managed_by(user)),
    personal=False,
)
