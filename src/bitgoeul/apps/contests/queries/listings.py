"""What the pages list."""

from django.db.models import Count, Q, QuerySet

from bitgoeul.apps.contests.enums import TeamState
from bitgoeul.apps.contests.models import Contest, Terms
from bitgoeul.core.db.matching import matches


def contests_listed(
    visible: Q, *, name: str = "", state: str = "", kind: str = ""
) -> QuerySet[Contest]:
    """Return contests by a part of the title, a state and a kind, each with its `team_count`."""
    found = Contest.objects.filter(pk__in=Contest.objects.filter(visible).values("pk"))
    if name:
        found = found.filter(matches(name, "title_ko", "title_en", "key"))
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    active = Count("teams", filter=Q(teams__state=TeamState.ACTIVE))
    ordered = found.select_related("owner").annotate(team_count=active)
    return ordered.order_by("-registration_opens_at", "id")


def newest_terms(contest: Contest) -> list[Terms]:
    """Return the newest version of each text of a contest."""
    newest: dict[str, Terms] = {}
    for terms in Terms.objects.filter(contest=contest).order_by("kind", "version"):
        newest[terms.kind] = terms
    return list(newest.values())
