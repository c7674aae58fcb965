"""Labs: read, their files, made as predictions, opened, closed, scored again, changed."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from bitgoeul.apps.labs import queries, rules, services
from bitgoeul.apps.labs.api.room import managed_lab, room, visible_lab
from bitgoeul.apps.labs.forms import (
    CatalogueFilter,
    ChecksForm,
    LabFilter,
    LabForm,
    LabSettingsForm,
    content_of,
)
from bitgoeul.apps.labs.models import Lab, LabFile
from bitgoeul.apps.labs.views import labs as pages
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import CSV, Request, require_files
from bitgoeul.core.api.rows import At, Made, Row, every, listed, one

FILES = ("train", "test", "sample", "truth")


class LabRow(Row):
    """A lab in a list."""

    uuid: UUID
    key: str
    kind: str
    title_ko: str
    title_en: str
    owner: Annotated[UUID, At("owner__uuid")]
    metric: str
    pass_score: float
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    open_to_all: bool
    max_points: float | None


class FileRow(Row):
    """A file that one may have."""

    kind: str
    name: str
    sha256: str


class LabOut(LabRow):
    """A lab with its task and files; to a participant how many attempts are left today."""

    task_ko: str
    task_en: str
    source: str
    id_column: str
    target_column: str
    daily_limit: int
    total_limit: int | None
    seconds: int
    memory_mb: int
    achievement: Annotated[UUID | None, At("achievement__uuid")]
    skills: Annotated[list[str], At("")]
    files: Annotated[list[FileRow], At("")]
    best_score: Annotated[float | None, At("")]
    attempts_left: Annotated[int | None, At("")]


class Rescored(Row):
    """How many submissions are being scored again."""

    submissions: int


@room.lists("/labs", LabRow, filters=LabFilter, public=True)
def lab_list(request: Request) -> Any:
    """List labs by a part of the title and a state."""
    asked, visible = request.asked, rules.labs_visible_to(request.user)
    found = queries.labs_listed(visible, name=asked["q"] or "", state=asked["state"] or "")
    return listed(request, found, LabRow)


@room.reads("/labs/{uuid:uuid}", LabOut, public=True)
def lab_detail(request: Request, uuid: UUID) -> Any:
    """Read a lab's task and files."""
    user = request.user
    lab = visible_lab(request, uuid)
    files = LabFile.objects.filter(rules.files_visible_to(user), lab=lab).distinct()
    admitted = user.is_authenticated and rules.can_submit_to_lab(user, lab)
    best = queries.best_score_of(lab, user) if admitted else None
    left = queries.attempts_left(lab, user, at=clock.now()) if admitted else None
    return one(Lab.objects.all(), access.EVERYBODY, LabOut, uuid=uuid) | {
        "files": every(files, FileRow),
        "skills": list(lab.skills.values_list("key", flat=True)),
        "best_score": best.score if best else None,
        "attempts_left": left,
    }


room.hands_out(
    "/labs/{uuid:uuid}/files/{slug:kind}", pages.lab_file, CSV, name="lab_file", public=True
)


@room.writes(
    "/labs",
    Made,
    status=201,
    body=LabForm,
    files=FILES,
    most_bytes=4 * services.LAB_DOOR.most_bytes,
)
def lab_create(request: Request) -> Any:
    """Make a lab with its four files, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, LabForm, person=request.user)
    lab = services.create_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/{uuid:uuid}/opening", Made)
def lab_open(request: Request, uuid: UUID) -> Any:
    """Open a lab."""
    services.open_lab(lab=managed_lab(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/closing", Made)
def lab_close(request: Request, uuid: UUID) -> Any:
    """Close a lab."""
    services.close_lab(lab=managed_lab(request, uuid), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/rescoring", Rescored, status=202)
def lab_rescore(request: Request, uuid: UUID) -> Any:
    """Have every submission of a lab scored again."""
    lab = managed_lab(request, uuid)
    return {"submissions": services.rescore(lab=lab, by=request.user, at=clock.now())}


@room.lists("/labs/open", LabRow, filters=CatalogueFilter, public=True)
def open_list(request: Request) -> Any:
    """List the labs that whoever has an account may do now."""
    asked = request.asked
    found = queries.open_labs(
        at=clock.now(),
        name=asked["q"] or "",
        kind=asked["kind"] or "",
        skill=asked["skill"] or "",
    )
    return listed(request, found, LabRow)


@room.writes("/labs/{uuid:uuid}", Made, method="PATCH", body=LabSettingsForm)
def lab_change(request: Request, uuid: UUID) -> Any:
    """Change a lab's words, limits, skills and certificate."""
    lab = managed_lab(request, uuid)
    form = bind(request, LabSettingsForm, instance=lab)
    services.change_lab(lab=lab, **form.facts(), by=request.user, at=clock.now())
    return {"uuid": uuid}


@room.writes("/labs/{uuid:uuid}/checks", Made, body=ChecksForm, files=("checks",),
             most_bytes=services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_checks(request: Request, uuid: UUID) -> Any:
    """Put new checks in place of a function lab's."""
    lab = managed_lab(request, uuid)
    require_files(request)
    upload = bind(request, ChecksForm).cleaned_data["checks"]
    content = content_of(upload, services.CHECKS_DOOR)
    services.replace_checks(lab=lab, checks=content, by=request.user, at=clock.now())
    return {"uuid": uuid}
