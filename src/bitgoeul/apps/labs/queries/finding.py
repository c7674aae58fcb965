"""What the room answers to the search box: labs."""

from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.models import Lab
from bitgoeul.core import finding
from bitgoeul.core.db.matching import matches


def search(question: str, user: Any) -> list[finding.Group]:
    """Find labs by title or key."""
    rows = Lab.objects.filter(rules.labs_visible_to(user)).distinct()
    rows = rows.filter(matches(question, "title_ko", "title_en", "key")).select_related("owner")
    hits = (
        finding.Hit(title=row.title, route="labs:lab_detail", uuid=row.uuid, note=row.owner.name)
        for row in finding.first(rows)
    )
    return [finding.group(_("Labs"), hits, route="labs:lab_list")]
