"""The room's long lists as tables on a page."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.programmes.enums import ApplicationState, EnrolmentState, Major
from bitgoeul.apps.programmes.models import Application, Enrolment, Stage
from bitgoeul.apps.programmes.queries.listings import Beside
from bitgoeul.core import formats, tables
from bitgoeul.core.tables import Column

_KINDS = {
    "selected": "ok",
    "completed": "ok",
    "submitted": "info",
    "enrolled": "info",
    "ineligible": "warn",
    "removed": "warn",
    "not_completed": "warn",
}
"""How a state looks; programmes/state.html says the same for single rows."""


def applications_table(
    rows: Iterable[Application], stages: Sequence[Stage], beside: Mapping[int, Beside]
) -> SafeString:
    """Draw applications with their wishes and the scores of each stage."""
    address = tables.Address("programmes:application_detail")
    regions, majors = tables.words_of(Region), tables.words_of(Major)
    states = tables.words_of(ApplicationState)
    columns = (
        Column(
            label=_("Application number"),
            cell=lambda row: tables.link(address(row.uuid), row.number),
            heads=True,
        ),
        Column(label=_("Full name"), cell=lambda row: row.person.full_name),
        Column(label=_("Residence"), cell=lambda row: regions.get(row.residence, "")),
        Column(label=_("Major"), cell=lambda row: majors.get(row.major, "")),
        Column(
            label=_("Tracks in order"),
            cell=lambda row: ", ".join(beside[row.pk].tracks),
        ),
        *(_score_in(stage, beside) for stage in stages),
        Column(
            label=_("State"),
            cell=lambda row: tables.badge(states[row.state], _KINDS.get(row.state, "")),
        ),
    )
    return tables.table(rows, columns, label=_("Applications"))


def _score_in(stage: Stage, beside: Mapping[int, Beside]) -> Column:
    def score(row: Application) -> str:
        found = beside[row.pk].scores.get(stage.pk)
        return "" if found is None else formats.number(found, digits=1)

    return Column(label=stage.name, cell=score, number=True)


def enrolments_table(rows: Iterable[Enrolment]) -> SafeString:
    """Draw a roster."""
    address = tables.Address("programmes:enrolment_detail")
    states, language = tables.words_of(EnrolmentState), get_language() or "ko"
    columns = (
        Column(
            label=_("Full name"),
            cell=lambda row: tables.link(address(row.uuid), row.person.full_name),
            heads=True,
        ),
        Column(
            label=_("Application number"),
            cell=lambda row: row.application.number if row.application else "–",
        ),
        Column(label=_("Track"), cell=lambda row: row.track.name),
        Column(
            label=_("State"),
            cell=lambda row: tables.badge(states[row.state], _KINDS.get(row.state, "")),
        ),
        Column(label=_("Enrolled on"), cell=lambda row: formats.day(row.enrolled_on, language)),
    )
    return tables.table(rows, columns, label=_("Roster"))
