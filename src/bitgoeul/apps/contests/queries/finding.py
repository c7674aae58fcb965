"""What the room answers to the search box: contests."""

from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.models import Contest
from bitgoeul.core import finding
from bitgoeul.core.db.matching import matches


def search(question: str, user: Any) -> list[finding.Group]:
    """Find contests by title or key."""
    rows = Contest.objects.filter(rules.contests_visible_to(user)).distinct()
    rows = rows.filter(matches(question, "title_ko", "title_en", "key")).select_related("owner")
    hits = (
        finding.Hit(
            title=row.title, route="contests:contest_detail", uuid=row.uuid, note=row.owner.name
        )
        for row in finding.first(rows)
    )
    return [finding.group(_("Contests"), hits, route="contests:contest_list")]
