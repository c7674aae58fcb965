"""What the room answers to the search box: vacancies, matching rounds, placements."""

from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.queries import name_keys
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.models import MatchingRound, Placement, Vacancy
from bitgoeul.core import finding
from bitgoeul.core.db.matching import matches

_COLUMNS = ("title_ko", "title_en", "number", "organisation__name_ko", "organisation__name_en")


def search(question: str, user: Any) -> list[finding.Group]:
    """Find vacancies by words, rounds by name, placements by the name of the person."""
    groups = [_vacancies(question, user), _rounds(question, user)]
    if user.is_authenticated:
        groups.append(_placements(question, user))
    return groups


def _vacancies(question: str, user: Any) -> finding.Group:
    rows = Vacancy.objects.filter(rules.vacancies_visible_to(user))
    rows = rows.filter(matches(question, *_COLUMNS)).select_related("organisation")
    hits = (
        finding.Hit(
            title=row.title,
            route="careers:vacancy_detail",
            uuid=row.uuid,
            note=f"{row.organisation.name} · {row.get_state_display()}",
        )
        for row in finding.first(rows.order_by("-closes_on", "number"))
    )
    return finding.group(_("Vacancies"), hits, route="careers:vacancy_list")


def _rounds(question: str, user: Any) -> finding.Group:
    rows = MatchingRound.objects.filter(rules.rounds_visible_to(user))
    rows = rows.filter(matches(question, "name_ko", "name_en"))
    # A round carries its frozen inputs and its result: far too much for a title.
    plain = rows.only("uuid", "name_ko", "name_en", "state", "closes_at")
    hits = (
        finding.Hit(
            title=row.name,
            route="careers:round_detail",
            uuid=row.uuid,
            note=row.get_state_display(),
        )
        for row in finding.first(plain)
    )
    return finding.group(_("Matching rounds"), hits)


def _placements(question: str, user: Any) -> finding.Group:
    rows = Placement.objects.filter(rules.placements_visible_to(user))
    rows = rows.filter(person__in=name_keys(question).order_by().values("person"))
    hits = (
        finding.Hit(
            title=row.person.full_name,
            route="careers:placement_detail",
            uuid=row.uuid,
            note=row.organisation.name,
            subject=row.person.uuid,
        )
        for row in finding.first(rows.select_related("person", "organisation").order_by())
    )
    return finding.group(_("Placements"), hits, route="careers:placement_list")
