"""The room's long list as a table on a page."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.labs.enums import SubmissionState
from bitgoeul.apps.labs.models import Submission
from bitgoeul.core import formats, tables
from bitgoeul.core.tables import Column

_KINDS = {"scored": "ok", "refused": "warn", "failed": "bad", "marking": "warn"}
"""How a state looks; labs/state.html says the same for single rows."""


def _score(row: Submission) -> str:
    score: float | None = row.score  # type: ignore[attr-defined]  # annotated by the query
    if score is None or row.lab.max_points is None:
        return formats.number(score, digits=4)
    return f"{score:g}"


def submissions_table(rows: Iterable[Submission]) -> SafeString:
    """Draw everybody's submissions with their newest score."""
    address = tables.Address("labs:submission_detail")
    states, language = tables.words_of(SubmissionState), get_language() or "ko"
    columns = (
        Column(
            label=_("Name"), cell=lambda row: tables.link(address(row.uuid), row.person), heads=True
        ),
        Column(label=_("Handed in"), cell=lambda row: formats.moment(row.received_at, language)),
        Column(
            label=_("State"),
            cell=lambda row: tables.badge(states[row.state], _KINDS.get(row.state, "info")),
        ),
        Column(label=_("Score"), cell=_score, number=True),
    )
    return tables.table(rows, columns, label=_("Submissions"))
