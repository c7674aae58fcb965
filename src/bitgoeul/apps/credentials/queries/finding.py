"""What the room answers to the search box: skills and achievements."""

from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.queries.listings import achievements_listed, skills_listed
from bitgoeul.core import finding


def search(question: str, user: Any) -> list[finding.Group]:
    """Find skills and achievements by any of their names; both are open to everybody."""
    skills = (
        finding.Hit(
            title=row.name, route="credentials:skill_detail", uuid=row.uuid, note=row.ncs_class
        )
        for row in finding.first(skills_listed(name=question))
    )
    achievements = (
        finding.Hit(
            title=row.title,
            route="credentials:achievement_detail",
            uuid=row.uuid,
            note=row.issuer.name,
        )
        for row in finding.first(achievements_listed(name=question))
    )
    return [
        finding.group(_("Skills"), skills, route="credentials:skill_list"),
        finding.group(_("Achievements"), achievements, route="credentials:achievement_list"),
    ]
