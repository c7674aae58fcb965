"""The room's long lists as tables on a page."""

from collections.abc import Callable, Iterable

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.careers.enums import (
    EmploymentType,
    EvidenceKind,
    PlacementKind,
    VacancyState,
)
from bitgoeul.apps.careers.models import Placement, Vacancy
from bitgoeul.core import formats, tables
from bitgoeul.core.tables import Column


def placements_table(rows: Iterable[Placement]) -> SafeString:
    """Draw placements with what proves them."""
    address = tables.Address("careers:placement_detail")
    kinds = tables.words_of(PlacementKind)
    language = get_language() or "ko"
    columns = (
        Column(
            label=_("Graduate"),
            cell=lambda row: tables.link(address(row.uuid), row.person),
            heads=True,
        ),
        Column(label=_("Organisation"), cell=lambda row: row.organisation.name),
        Column(label=_("Kind"), cell=lambda row: kinds[row.kind]),
        Column(
            label=_("First day"), cell=lambda row: formats.day(row.started_on, language), short=True
        ),
        Column(label=_("Evidence"), cell=_proof(language)),
        Column(
            label=_("Last day at work"),
            cell=lambda row: formats.day(row.ended_on, language),
            short=True,
        ),
    )
    return tables.table(rows, columns, label=_("Placements"))


def _proof(language: str) -> Callable[[Placement], SafeString]:
    evidence = tables.words_of(EvidenceKind)
    missing = tables.badge(_("Evidence missing"), "warn")

    def proof(row: Placement) -> SafeString:
        if not row.evidence_on:
            return missing
        day = formats.day(row.evidence_on, language)
        return tables.lines([f"{evidence.get(row.evidence_kind, '')} {day}"])

    return proof


def vacancies_table(rows: Iterable[Vacancy]) -> SafeString:
    """Draw jobs with place, seats and wage."""
    regions, kinds = tables.words_of(Region), tables.words_of(EmploymentType)
    language = get_language() or "ko"

    def place(row: Vacancy) -> SafeString:
        return tables.lines([f"{regions.get(row.region, '')} {row.site}".strip()])

    columns = (
        Column(label=_("Job"), cell=_title(), heads=True),
        Column(label=_("Organisation"), cell=lambda row: row.organisation.name),
        Column(label=_("Place of work"), cell=place),
        Column(label=_("Kind"), cell=lambda row: kinds[row.employment_type]),
        Column(label=_("Seats"), cell=lambda row: row.seats, number=True),
        Column(label=_("Wage a year"), cell=_pay()),
        Column(
            label=_("Open until"), cell=lambda row: formats.day(row.closes_on, language), short=True
        ),
    )
    return tables.table(rows, columns, label=_("Vacancies"))


def _title() -> Callable[[Vacancy], SafeString]:
    address = tables.Address("careers:vacancy_detail")
    states, centre = tables.words_of(VacancyState), tables.badge(_("Research centre"), "info")

    def title(row: Vacancy) -> SafeString:
        shown = tables.link(address(row.uuid), row.title)
        at_centre = f" {centre}" if row.research_centre else ""
        kind = "warn" if row.state == VacancyState.DRAFT else ""
        opened = row.state == VacancyState.OPEN
        state = "" if opened else f" {tables.badge(states[row.state], kind)}"
        # A link and two badges, each escaped where it was made.
        return mark_safe(f"{shown}{at_centre}{state}")  # noqa: S308

    return title


def _pay() -> Callable[[Vacancy], SafeString]:
    wage, agreed = get_template("careers/wage.html"), tables.lines([_("By agreement")])

    def pay(row: Vacancy) -> SafeString:
        if row.wage_from_won is None and row.wage_to_won is None:
            return agreed
        # Rendered by the engine, so already escaped.
        return format_html("<span>{}</span>", mark_safe(wage.render({"vacancy": row})))  # noqa: S308

    return pay
