"""Vacancies, as employers or the office that collects them write them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import rules, services
from bitgoeul.apps.careers.imports.skill_names import SkillNames
from bitgoeul.apps.careers.imports.who import ORGANISATION_COLUMNS, Organisations
from bitgoeul.apps.careers.imports.words import EMPLOYMENT_TYPES, REGIONS
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.core.imports import CellError, Column, Kind, Row, clean

COLUMNS = (
    Column(
        "number",
        labels=("채용번호", "공고번호", "vacancy number", "vacancy"),
        clean=clean.text(max=20),
        example="V-2024-001",
    ),
    *ORGANISATION_COLUMNS,
    Column(
        "title_ko",
        labels=("채용직무", "직무명", "공고명", "국문제목", "title in Korean", "title"),
        clean=clean.text(max=120),
        example="인공지능 연구원",
    ),
    Column(
        "title_en",
        labels=("영문직무명", "직무명(영문)", "영문제목", "title in English", "title_en"),
        clean=clean.text(max=120),
        required=False,
        default="",
    ),
    Column(
        "description",
        labels=("직무내용", "담당업무", "description"),
        clean=clean.text(max=4000),
        required=False,
        default="",
    ),
    Column(
        "research_centre",
        labels=("연구센터", "연구센터여부", "research centre", "research_centre"),
        clean=clean.boolean(),
        required=False,
        default=False,
        help=_("○ when the place of work is the research centre."),
        example="○",
    ),
    Column(
        "site",
        labels=("근무지", "근무장소", "site", "place of work"),
        clean=clean.text(max=120),
        required=False,
        default="",
    ),
    Column(
        "region",
        labels=("근무지역", "지역", "region"),
        clean=clean.choice(REGIONS),
        required=False,
        default="",
        example="광주",
    ),
    Column(
        "employment_type",
        labels=("고용형태", "employment type", "kind of employment"),
        clean=clean.choice(EMPLOYMENT_TYPES),
        required=False,
        default="regular",
        example="정규직",
    ),
    Column(
        "seats",
        labels=("모집인원", "채용인원", "seats"),
        clean=clean.integer(min=1, max=1000, unit="명"),
        example="2",
    ),
    Column(
        "wage_from_won",
        labels=("연봉하한", "연봉(부터)", "급여하한", "wage from", "wage_from"),
        clean=clean.won(),
        required=False,
        help=_("Won a year."),
        example="32,000,000원",
    ),
    Column(
        "wage_to_won",
        labels=("연봉상한", "연봉(까지)", "급여상한", "wage to", "wage_to"),
        clean=clean.won(),
        required=False,
        example="38,000,000원",
    ),
    Column(
        "local_share",
        labels=(
            "지역인재비율",
            "지역인재목표",
            "지역인재목표비율",
            "local share",
            "target share of local talents",
        ),
        clean=clean.share(),
        required=False,
        default=0,
        example="30%",
    ),
    Column(
        "skills",
        labels=("역량", "요구역량", "skills"),
        clean=clean.text(max=400),
        required=False,
        default="",
        help=_("Keys or names of the list of skills, with commas."),
        example="python, 머신러닝",
    ),
    Column(
        "opens_on",
        labels=("접수시작일", "공고시작일", "open from", "opens_on"),
        clean=clean.date(),
        example="2025-01-06",
    ),
    Column(
        "closes_on",
        labels=("접수마감일", "공고마감일", "마감일", "open until", "closes_on"),
        clean=clean.date(),
        example="2025-02-14",
    ),
)
FIELDS = tuple(
    column.key for column in COLUMNS if column.key not in ("organisation", "business_number")
)


class Context:
    """What rows are compared with: vacancies by number, organisations, and whose are allowed."""

    def __init__(self, *, rows: Iterable[Row], by: User | None) -> None:
        numbers = {row["number"] for row in rows}
        found = Vacancy.objects.select_related("organisation")
        self.vacancies = {row.number: row for row in found if row.number in numbers}
        self.organisations = Organisations()
        self.skills = SkillNames()
        self.own: set[int] | None = None
        if by is not None and not rules.is_office(by):
            self.own = set(rules.employers_of(by).values_list("pk", flat=True))


def _prepare(*, target: None, rows: Sequence[Row], by: User | None) -> Context:
    return Context(rows=rows, by=by)


def _match(row: Row, context: Context) -> Vacancy | None:
    organisation = context.organisations.find(row)
    if context.own is not None and organisation.pk not in context.own:
        raise CellError(
            "other_organisation",
            _("You may import vacancies of your own organisation only."),
            column="organisation",
        )
    row.values_by_key["skills"] = context.skills.keys_in(row["skills"])
    found = context.vacancies.get(row["number"])
    if found is not None and found.organisation_id != organisation.pk:
        raise CellError(
            "number_taken",
            _("The vacancy “%(found)s” belongs to another organisation."),
            column="number",
            found=row["number"],
        )
    return found


def _check(row: Row, context: Context) -> Iterable[CellError]:
    if row["closes_on"] < row["opens_on"]:
        yield CellError(
            "dates_reversed", _("The last day is before the first one."), column="closes_on"
        )
    low, high = row["wage_from_won"], row["wage_to_won"]
    if low is not None and high is not None and high < low:
        yield CellError(
            "wages_reversed",
            _("The highest wage is below the lowest one."),
            column="wage_to_won",
        )


def _values(row: Row) -> dict[str, Any]:
    """The fields that a file with these columns says something about."""
    given = {name: row[name] for name in FIELDS if name in row.given}
    if "local_share" in given:
        given["local_share"] = float(given["local_share"])
    return given


def _compare(existing: Vacancy, row: Row) -> bool:
    return any(getattr(existing, name) != value for name, value in _values(row).items())


def _snapshot(existing: Vacancy) -> dict[str, Any]:
    return {name: getattr(existing, name) for name in FIELDS}


def _apply(
    *, target: None, rows: Sequence[Row], by: User | None, at: dt.datetime, context: Context
) -> list[UUID]:
    created, changed, written = [], [], []
    for row in rows:
        vacancy = row.existing
        if vacancy is None:
            vacancy = Vacancy(organisation=context.organisations.find(row))
            created.append(vacancy)
        else:
            changed.append(vacancy)
        for name, value in _values(row).items():
            setattr(vacancy, name, value)
        written.append(vacancy.uuid)
    services.write_vacancies(created=created, changed=changed, by=by, at=at)
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
    rows = Vacancy.objects.select_related("organisation").filter(uuid__in=before)
    old = list(rows)
    for vacancy in old:
        for name, value in before[vacancy.uuid].items():
            setattr(vacancy, name, value)
    services.write_vacancies(created=[], changed=old, by=by, at=at)
    fresh = Vacancy.objects.select_related("organisation").filter(uuid__in=created)
    services.withdraw_vacancies(vacancies=list(fresh), by=by, at=at)


VACANCIES = Kind(
    key="vacancies",
    personal=False,
    title=_("Vacancies"),
    help=_("Jobs with seats. New ones are open at once."),
    columns=COLUMNS,
    can=lambda user, target: rules.can_import_vacancies(user),
    oversees=lambda user, target: rules.is_office(user),
    prepare=_prepare,
    match=_match,
    check=_check,
    compare=_compare,
    snapshot=_snapshot,
    apply=_apply,
    undo=_undo,
    identity=lambda row: row["number"],
)
