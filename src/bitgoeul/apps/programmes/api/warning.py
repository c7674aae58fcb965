"""The early-warning model of a programme."""

import datetime as dt
from typing import Any
from uuid import UUID

from bitgoeul.apps.programmes import tasks
from bitgoeul.apps.programmes.api.room import only, room
from bitgoeul.apps.programmes.models import WarningModel
from bitgoeul.apps.programmes.queries.warning import ended_cohorts
from bitgoeul.apps.programmes.queries.warning_words import audit_said, figures_said
from bitgoeul.apps.programmes.views import warning as pages
from bitgoeul.core.api.rooms import CSV, XLSX, Request
from bitgoeul.core.api.rows import JobMade, Row
from bitgoeul.engines.analysis.warning import COHORTS_AT_LEAST


class FoundOut(Row):
    """What rules and model found in a cohort that was left out; as many warned of by both."""

    cohort: int
    rows: int
    dropped: int
    warned: int
    rules: int
    model: int


class AuditLineOut(Row):
    """A group and its shares; null where they are withheld."""

    name: str
    counted: int | None
    by_rules: float | None
    by_model: float | None


class AuditOut(Row):
    """Shares by one attribute."""

    title: str
    lines: list[AuditLineOut]


class WarningModelOut(Row):
    """The newest model, or null with too few cohorts, and how many have ended."""

    programme: UUID
    cohorts_ended: int
    cohorts_needed: int
    version: int | None
    in_use: bool
    trained_at: dt.datetime | None
    numbers: dict[str, Any]
    inputs_digest: str
    held_out: list[FoundOut]
    audit: list[AuditOut]


@room.reads("/programmes/{uuid:uuid}/warning-model", WarningModelOut)
def warning_model(request: Request, uuid: UUID) -> Any:
    """Read the newest model beside the rules, and the audit by group."""
    programme = pages.managed_programme(request, uuid)  # type: ignore[arg-type]  # both doors
    newest = WarningModel.objects.filter(programme=programme).order_by("-version").first()
    return {
        "programme": uuid,
        "cohorts_ended": len(ended_cohorts(programme)),
        "cohorts_needed": COHORTS_AT_LEAST,
        "version": newest.version if newest else None,
        "in_use": bool(newest and newest.in_use),
        "trained_at": newest.trained_at if newest else None,
        "numbers": newest.numbers if newest else {},
        "inputs_digest": newest.inputs_digest if newest else "",
        "held_out": [only(one, FoundOut) for one in figures_said(newest)] if newest else [],
        "audit": [_audit(table) for table in audit_said(newest)] if newest else [],
    }


@room.writes("/programmes/{uuid:uuid}/warning-model", JobMade, status=202)
def warning_train(request: Request, uuid: UUID) -> Any:
    """Train the model on the cohorts that have ended, in the background."""
    programme = pages.managed_programme(request, uuid)  # type: ignore[arg-type]  # both doors
    return {"job": tasks.order_training(programme, request.user).uuid}


room.hands_out(
    "/programmes/{uuid:uuid}/warning-model.{form}",
    pages.warning_export,
    CSV,
    XLSX,
    name="warning_file",
)


def _audit(table: Any) -> dict[str, Any]:
    return {"title": table.title, "lines": [only(line, AuditLineOut) for line in table.lines]}
