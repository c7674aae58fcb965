"""The stages of a selection, their panels, and bulk actions."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bitgoeul.apps.programmes import enums, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms import ApplicationFilter
from bitgoeul.apps.programmes.forms.stages import PanelForm, StagesForm
from bitgoeul.apps.programmes.queries.listings import applications_listed
from bitgoeul.apps.programmes.queries.stages import stages_standing
from bitgoeul.apps.programmes.views import stages as pages
from bitgoeul.apps.programmes.views.loading import managed_cohort
from bitgoeul.core import clock
from bitgoeul.core.api.bodies import Body, bind, body_of, errors_of, given
from bitgoeul.core.api.problems import Problem
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import Made, Row, whole
from bitgoeul.core.api.values import Line, Short, Whole


class StageStandingRow(Row):
    """A stage and how it stands."""

    uuid: UUID
    key: str
    order: int
    weight: int
    top_score: int
    kind: str
    source: str
    lab: UUID | None
    cut_rule: str
    cut_value: float | None
    decided_at: dt.datetime | None
    scored: int
    passed: int
    cut: int


class StageIn(Body):
    """A stage to be."""

    key: Short
    name_ko: Short
    name_en: Short = ""
    weight: Annotated[int, Field(ge=1, le=100)]
    top_score: Annotated[int, Field(ge=1, le=1000)] = 100
    kind: Literal[tuple(enums.StageKind.values)] = "other"  # type: ignore[valid-type]  # the room's own
    source: Short = "import"
    cut_rule: Literal[tuple(enums.CutRule.values)] = "none"  # type: ignore[valid-type]  # the room's own
    cut_value: Annotated[float, Field(gt=0, le=100_000)] | None = None


class StagesIn(Body):
    """The stages of a cohort, in order."""

    stages: Annotated[list[StageIn], Field(max_length=20)]


class StageActionIn(Body):
    """What is done with a stage."""

    action: Literal[tuple(pages.ACTIONS)]  # type: ignore[valid-type]  # the page's own actions


class BulkIn(Body):
    """A judgement of everything that the filter finds; `expected` says how many that are."""

    q: Short = ""
    state: Short = ""
    region: Short = ""
    outcome: Short = ""
    eligible: bool = False
    reason: Line = ""
    expected: Whole


@room.lists("/cohorts/{uuid:uuid}/stages", StageStandingRow)
def stage_list(request: Request, uuid: UUID) -> Any:
    """List a cohort's stages and how they stand."""
    said = ("uuid", "key", "order", "weight", "top_score", "kind", "source", "cut_rule",
            "decided_at")  # fmt: skip
    return whole(
        [
            {
                **{name: getattr(row.stage, name) for name in said},
                "cut_value": None if row.stage.cut_value is None else float(row.stage.cut_value),
                "lab": row.stage.lab.uuid if row.stage.lab else None,
                "scored": row.scored,
                "passed": row.passed,
                "cut": row.cut,
            }
            for row in stages_standing(_cohort(request, uuid))
        ]
    )


@room.writes("/cohorts/{uuid:uuid}/stages", Made, method="PUT", body=StagesIn)
def stages_write(request: Request, uuid: UUID) -> Any:
    """Replace the stages of a cohort that is not called yet."""
    cohort = _cohort(request, uuid)
    parts = ("key", "name_ko", "name_en", "weight", "top_score", "kind", "source", "cut_rule")
    lines = (
        " | ".join([*(str(each[p]) for p in parts), f"{each['cut_value'] or '':}"])
        for each in given(request).model_dump()["stages"]
    )
    data = {"stages": "\n".join(lines)}
    form = bind(request, StagesForm, data=data, labs=pages.labs_of(cohort))
    stages = form.cleaned_data["stages"]
    services.write_stages(cohort=cohort, stages=stages, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/stages/{uuid:uuid}/actions", Made, body=StageActionIn)
def stage_action(request: Request, uuid: UUID) -> Any:
    """Admit to the lab, take results, decide, or take the decision back."""
    stage = pages.stage_for(request, uuid)
    pages.ACTIONS[given(request).action][0](stage=stage, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/stages/{uuid:uuid}/panels", Made, status=201, body=body_of(PanelForm, suffix="Body"))
def panel_create(request: Request, uuid: UUID) -> Any:
    """Found a panel for a stage and bring it the applications that are still in."""
    stage = pages.stage_for(request, uuid)
    form = bind(request, PanelForm, rubrics=pages.rubrics_for(stage))
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    return {"uuid": services.found_stage_panel(stage=stage, **facts).uuid}


@room.writes("/cohorts/{uuid:uuid}/applications/eligibility", Made, body=BulkIn)
def application_bulk(request: Request, uuid: UUID) -> Any:
    """Judge everything that a filter finds, or nothing when it finds another number by now."""
    cohort, said = _cohort(request, uuid), given(request)
    names = ("q", "state", "region", "outcome")
    filters = ApplicationFilter({name: getattr(said, name) for name in names})
    if not filters.is_valid():
        raise Problem("invalid", errors=errors_of(filters))
    asked = filters.cleaned_data
    found = applications_listed(
        cohort,
        name=asked.get("q", ""),
        state=asked.get("state", ""),
        region=asked.get("region", ""),
        outcome=asked.get("outcome", ""),
    )
    services.judge_in_bulk(
        cohort=cohort,
        found=found,
        eligible=said.eligible,
        reason=said.reason,
        expected=said.expected,
        by=request.user,
        at=clock.now(),
    )
    return {"uuid": uuid}


def _cohort(request: Request, uuid: UUID) -> Any:
    return managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
