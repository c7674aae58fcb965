"""Programmes, their rules and their cohorts: open to everybody, set up by those who may."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field

from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import enums, rules, services
from bitgoeul.apps.programmes.api.room import room
from bitgoeul.apps.programmes.forms import AssignmentForm, CohortForm, ProgrammeForm, RuleSetForm
from bitgoeul.apps.programmes.models import (
    PRESET_FILES,
    PRESETS,
    Assignment,
    Cohort,
    Programme,
    RuleSet,
    Stage,
    Track,
)
from bitgoeul.apps.programmes.queries.listings import rule_set_in_force, rules_to_start_from
from bitgoeul.apps.programmes.views.cohorts import ACTIONS
from bitgoeul.apps.programmes.views.loading import cohort_for, managed_cohort, taught_cohort
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import Body, bind, body_of, given
from bitgoeul.core.api.problems import FieldError, Problem
from bitgoeul.core.api.rooms import Request
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one, sliced
from bitgoeul.core.api.values import Day, Long, Short, Whole
from bitgoeul.core.errors import Refused

Setting = bool | Whole | Annotated[float, Field(ge=-1e6, le=1e6)] | Short


class ProgrammeRow(Row):
    """A programme in a list."""

    uuid: UUID
    key: str
    name_ko: str
    name_en: str
    organiser: Annotated[UUID, At("organiser__uuid")]
    agreement: Annotated[UUID | None, At("agreement__uuid")]


class CohortRow(Row):
    """A cohort in a list."""

    uuid: UUID
    programme: Annotated[UUID, At("programme__uuid")]
    number: int
    state: str
    applications_open_at: dt.datetime
    applications_close_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date
    hours: int
    local_regions: list[str]
    local_share: float


class RuleSetRow(Row):
    """A version of a programme's rules; the public sees those that are approved."""

    uuid: UUID
    version: int
    valid_from: dt.date
    values: dict[str, Any]
    approved_at: dt.datetime | None


class ProgrammeOut(ProgrammeRow):
    """A programme with its cohorts and rules."""

    about_ko: str
    about_en: str
    cohorts: Annotated[list[CohortRow], At("")]
    rule_sets: Annotated[list[RuleSetRow], At("")]


class TrackRow(Row):
    """A track."""

    uuid: UUID
    key: str
    name_ko: str
    name_en: str
    field: str
    seats: int


class StageRow(Row):
    """A stage of the selection."""

    uuid: UUID
    key: str
    name_ko: str
    name_en: str
    weight: int
    top_score: int


class CohortOut(CohortRow):
    """A cohort with its tracks and stages."""

    tracks: Annotated[list[TrackRow], At("")]
    stages: Annotated[list[StageRow], At("")]


class AssignmentRow(Row):
    """A lab that a cohort has."""

    uuid: UUID
    lab: Annotated[UUID, At("lab__uuid")]
    title_ko: Annotated[str, At("lab__title_ko")]
    required: bool
    due_at: dt.datetime


class TrackIn(Body):
    """A track to plan."""

    key: Annotated[Short, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=40)]
    name_ko: Annotated[Short, Field(min_length=1, pattern=r"^[^|\r\n]*$")]
    name_en: Annotated[Short, Field(pattern=r"^[^|\r\n]*$")] = ""
    field: Literal[tuple(enums.Field.values)]  # type: ignore[valid-type]  # made at run time
    seats: Annotated[Whole, Field(ge=1, le=1000)]


CohortIn = body_of(
    CohortForm,
    replace={"tracks": Annotated[list[TrackIn], Field(min_length=1, max_length=30)]},
    suffix="Body",
)


class RuleSetIn(Body):
    """What changes against the rules in force, or a preset, by the form's names (in percent)."""

    valid_from: Day
    reason: Annotated[Long, Field(min_length=1, max_length=2000)]
    preset: Literal[("", *PRESETS)] = ""  # type: ignore[valid-type]  # made at run time
    changes: Annotated[dict[Short, Setting | list[Short] | None], Field(max_length=200)] = {}


class PresetRow(Row):
    """Ready-made rules: their values, where they come from, and where sources disagree."""

    key: str
    title_ko: str
    title_en: str
    valid_from: dt.date
    values: dict[str, Any]
    source: dict[str, Any]
    disagreement: dict[str, dict[str, str]]


class StepIn(Body):
    """The step to take."""

    action: Literal[tuple(ACTIONS)]  # type: ignore[valid-type]  # made at run time


@room.lists("/programmes", ProgrammeRow, public=True)
def programme_list(request: Request) -> Any:
    """List programmes."""
    found = Programme.objects.filter(rules.programmes_visible_to(request.user))
    return listed(request, found, ProgrammeRow)


@room.reads("/programmes/{uuid:uuid}", ProgrammeOut, public=True)
def programme_detail(request: Request, uuid: UUID) -> Any:
    """Read a programme with its cohorts and rules."""
    user, rows = request.user, Programme.objects.select_related("agreement", "organiser")
    visible = rules.programmes_visible_to(user)
    programme = access.get(rows, visible, uuid=uuid)
    seen = rules.rule_sets_visible_to(user)
    versions = RuleSet.objects.filter(seen, programme=programme).distinct().order_by("-version")
    cohorts = Cohort.objects.filter(rules.cohorts_visible_to(user), programme=programme)
    return one(Programme.objects.all(), visible, ProgrammeOut, uuid=uuid) | {
        "cohorts": every(cohorts.distinct().order_by("-number"), CohortRow),
        "rule_sets": every(versions, RuleSetRow),
    }


@room.writes("/programmes", Made, status=201, body=ProgrammeForm)
def programme_create(request: Request) -> Any:
    """Set up a programme and propose its first rules."""
    access.require(rules.can_create_any_programme(request.user))
    form = bind(request, ProgrammeForm, organisers=rules.organisers_for(request.user))
    made = services.create_programme(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": made.uuid}


@room.lists("/programmes/{uuid:uuid}/rules", RuleSetRow, public=True)
def rule_set_list(request: Request, uuid: UUID) -> Any:
    """List the versions of a programme's rules."""
    visible = rules.programmes_visible_to(request.user)
    programme = access.get(Programme.objects.all(), visible, uuid=uuid)
    found = RuleSet.objects.filter(rules.rule_sets_visible_to(request.user), programme=programme)
    return listed(request, found, RuleSetRow)


@room.lists("/rules/presets", PresetRow, public=True)
def preset_list(request: Request) -> Any:
    """List the ready-made rules that a version can start from."""
    shown = ("key", "title_ko", "title_en", "valid_from", "source", "disagreement")
    rows = [
        {name: getattr(preset, name) for name in shown} | {"values": preset.values.as_json()}
        for preset in PRESET_FILES.values()
    ]
    return sliced(request, rows)


@room.writes("/programmes/{uuid:uuid}/rules", Made, status=201, body=RuleSetIn)
def rule_set_propose(request: Request, uuid: UUID) -> Any:
    """Propose the next version: the rules in force with the changes that are named."""
    visible = rules.programmes_managed_by(request.user)
    programme = access.get(Programme.objects.all(), visible, uuid=uuid)
    asked = given(request).model_dump()
    preset = asked["preset"]
    values = PRESETS[preset] if preset else rules_to_start_from(programme)
    facts: dict[str, Any] = {"values": values, "today": clock.today()}
    fields = RuleSetForm(**facts).fields
    unknown = sorted(asked["changes"].keys() - fields.keys())
    if unknown:
        message = _("This name is unknown here.")
        errors = [FieldError(place=f"body.changes.{name}", message=message) for name in unknown]
        raise Problem("invalid", errors=errors)
    standing = {name: field.initial for name, field in fields.items()}
    data = standing | {"valid_from": asked["valid_from"], "reason": asked["reason"]}
    form = bind(request, RuleSetForm, data=data | asked["changes"], **facts)
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    made = services.propose_rule_set(programme=programme, **facts)
    return {"uuid": made.uuid}


@room.writes("/rules/{uuid:uuid}/approval", Made)
def rule_set_approve(request: Request, uuid: UUID) -> Any:
    """Approve a version that somebody else proposed."""
    may = rules.rule_sets_approvable_by(request.user)
    found = access.get(RuleSet.objects.select_related("programme"), may, uuid=uuid)
    services.approve_rule_set(rule_set=found, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/rules/{uuid:uuid}/withdrawal", Made)
def rule_set_withdraw(request: Request, uuid: UUID) -> Any:
    """Take back a proposal."""
    may = rules.rule_sets_managed_by(request.user)
    found = access.get(RuleSet.objects.select_related("programme"), may, uuid=uuid)
    services.withdraw_rule_set(rule_set=found, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/programmes/{uuid:uuid}/cohorts", Made, status=201, body=CohortIn)
def cohort_create(request: Request, uuid: UUID) -> Any:
    """Plan a cohort under the rules that are valid on its first day."""
    visible = rules.programmes_managed_by(request.user)
    programme = access.get(Programme.objects.all(), visible, uuid=uuid)
    values = given(request).model_dump(exclude_unset=True)
    parts = ("key", "name_ko", "name_en", "field", "seats")
    lines = [" | ".join(str(each.get(p, "")) for p in parts) for each in values["tracks"]]
    data = {**values, "tracks": "\n".join(lines)}
    form = bind(request, CohortForm, data=data, programme=programme)
    facts = {**form.facts(), "by": request.user, "at": clock.now()}
    rule_set = rule_set_in_force(programme, on=facts["starts_on"])
    if rule_set is None:
        raise Refused(_("A cohort needs an approved rule set of its programme."))
    return {"uuid": services.create_cohort(programme=programme, rule_set=rule_set, **facts).uuid}


@room.lists("/cohorts", CohortRow, public=True)
def cohort_list(request: Request) -> Any:
    """List cohorts."""
    found = Cohort.objects.filter(rules.cohorts_visible_to(request.user))
    return listed(request, found, CohortRow)


@room.reads("/cohorts/{uuid:uuid}", CohortOut, public=True)
def cohort_detail(request: Request, uuid: UUID) -> Any:
    """Read a cohort with its tracks and stages."""
    cohort = cohort_for(rules.cohorts_visible_to(request.user), uuid)
    return one(Cohort.objects.all(), access.EVERYBODY, CohortOut, uuid=uuid) | {
        "tracks": every(Track.objects.filter(cohort=cohort), TrackRow),
        "stages": every(Stage.objects.filter(cohort=cohort), StageRow),
    }


@room.writes("/cohorts/{uuid:uuid}/steps", Made, body=StepIn)
def cohort_action(request: Request, uuid: UUID) -> Any:
    """Take a cohort one step further."""
    cohort = managed_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    service, _said = ACTIONS[given(request).action]
    service(cohort=cohort, by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.lists("/cohorts/{uuid:uuid}/labs", AssignmentRow)
def assignment_list(request: Request, uuid: UUID) -> Any:
    """List the labs of a cohort."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    return listed(request, Assignment.objects.filter(cohort=cohort), AssignmentRow)


@room.writes("/cohorts/{uuid:uuid}/labs", Made, status=201, body=AssignmentForm)
def assignment_add(request: Request, uuid: UUID) -> Any:
    """Give a cohort another lab."""
    cohort = taught_cohort(request, uuid)  # type: ignore[arg-type]  # the same for both doors
    labs = Lab.objects.filter(owner=cohort.programme.organiser, held_by_kind="")
    labs = labs.exclude(assignments__cohort=cohort)
    form = bind(request, AssignmentForm, labs=labs)
    facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
    services.assign_lab(cohort=cohort, **facts)
    return {"uuid": uuid}
