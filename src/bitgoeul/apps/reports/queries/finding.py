"""What the room answers to the search box: reports."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.reports import rules
from bitgoeul.apps.reports.models import Report
from bitgoeul.core import finding, formats
from bitgoeul.core.db.matching import matches


def search(question: str, user: Any) -> list[finding.Group]:
    """Find reports by title or by the title of their agreement."""
    columns = ("title_ko", "title_en", "agreement__title_ko", "agreement__title_en")
    rows = Report.objects.filter(rules.reports_visible_to(user)).distinct()
    rows = rows.filter(matches(question, *columns)).select_related("agreement")
    hits = (
        finding.Hit(
            title=row.title,
            route="reports:report_detail",
            uuid=row.uuid,
            note=formats.day(row.as_of, get_language() or "ko"),
        )
        for row in finding.first(rows)
    )
    return [finding.group(_("Reports"), hits)]
