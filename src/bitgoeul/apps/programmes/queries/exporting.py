"""Rows of the room's exports: what the list shows, in a spreadsheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import (
    Application,
    CompletionVerdict,
    Enrolment,
    Stage,
)
from bitgoeul.apps.programmes.queries.eligibility import reason_text

APPLICATION_HEADER = (
    _("Application number"),
    _("Full name"),
    _("E-mail"),
    _("Phone"),
    _("Sex"),
    _("Residence"),
    _("Region of the last school"),
    _("Major"),
    _("Work"),
    _("Tracks in order"),
    _("Handed in"),
    _("State"),
    _("Reason"),
)
ENROLMENT_HEADER = (
    _("Application number"),
    _("Full name"),
    _("E-mail"),
    _("Phone"),
    _("Track"),
    _("State"),
    _("Enrolled on"),
    _("Ended on"),
    _("Reason"),
)
VERDICT_HEADER = (
    _("Application number"),
    _("Full name"),
    _("Track"),
    _("State"),
    _("Why"),
    _("Decided"),
    _("Digest of the inputs"),
)


def application_rows(
    applications: Iterable[Application], stages: Sequence[Stage]
) -> Iterator[list[Any]]:
    """Yield a row per application, with a column per stage."""
    for row in applications:
        scores = {score.stage_id: score.score for score in row.stage_scores.all()}
        yield [
            row.number,
            row.person.full_name,
            row.person.email,
            row.person.phone,
            row.person.get_sex_display(),
            row.get_residence_display(),
            row.get_school_region_display(),
            row.get_major_display(),
            row.get_work_status_display(),
            ", ".join(choice.track.name for choice in row.choices.all()),
            row.submitted_at,
            row.get_state_display(),
            reason_text(row.state_reason),
            *(scores.get(stage.pk) for stage in stages),
        ]


def enrolment_rows(enrolments: Iterable[Enrolment]) -> Iterator[list[Any]]:
    """Yield a row per enrolment."""
    for row in enrolments:
        yield [
            row.application.number if row.application else "",
            row.person.full_name,
            row.person.email,
            row.person.phone,
            row.track.name,
            row.get_state_display(),
            row.enrolled_on,
            row.ended_on,
            row.end_reason,
        ]


def verdict_rows(
    enrolments: Iterable[Enrolment],
    verdicts: Mapping[int, CompletionVerdict],
    words: Mapping[int, str],
) -> Iterator[list[Any]]:
    """Yield a row per enrolment with its verdict and the trace in words."""
    for row in enrolments:
        verdict = verdicts.get(row.pk)
        yield [
            row.application.number if row.application else "",
            row.person.full_name,
            row.track.name,
            row.get_state_display(),
            words.get(row.pk, ""),
            verdict.decided_at if verdict else None,
            verdict.inputs_digest if verdict else "",
        ]
