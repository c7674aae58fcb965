"""Labs that a room above holds: made for it, reached through it, evaluated when it asks.

The room has asked itself whether somebody may; it counts attempts and says who sees which score.
"""

import ast
import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs.enums import LabKind, LabState
from bitgoeul.apps.labs.models import Lab, LabFile, Submission
from bitgoeul.apps.labs.queries import faults
from bitgoeul.apps.labs.queries.kept import file_of, function_spec_of, read
from bitgoeul.apps.labs.services import bundle_runs
from bitgoeul.apps.labs.services.labs import Content, check_lab, lab_state, write_lab
from bitgoeul.apps.labs.services.submissions import DOORS, admit
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.scoring import score

_TOLD = 5
_COPIED = (
    "kind", "title_ko", "title_en", "task_ko", "task_en", "owner", "source", "metric", "id_column",
    "target_column", "usage_column", "pass_score", "higher_is_better", "daily_limit", "max_points",
    "seconds", "memory_mb", "held_by_kind", "held_by_uuid", "opens_at", "closes_at",
)  # fmt: skip


def hold_lab(*, lab: Lab, held_by: Model, by: User | None, at: dt.datetime) -> Lab:
    """Give a draft to a room above, for ever; from then on nobody reaches it here.

    Raises
    ------
    Refused
        When it was opened, is held already, or asks for answers that a person marks.
    """
    uuid: Any = held_by.uuid  # type: ignore[attr-defined]  # every noun that holds has one
    with transaction.atomic():
        row = Lab.objects.select_for_update(of=("self",)).select_related("owner").get(pk=lab.pk)
        if row.state != LabState.DRAFT or row.held_by_kind or row.kind == LabKind.ANSWERS:
            raise Refused(_("Only a draft that a machine evaluates can be taken."), code="invalid")
        before = lab_state(row)
        row.held_by_kind, row.held_by_uuid = held_by._meta.label_lower, uuid
        row.save(update_fields=["held_by_kind", "held_by_uuid"])
        journal.record(event="lab.held", by=by, at=at, on=row, before=before, after=lab_state(row))
    return row


def copy_held_lab(*, lab: Lab, key: str, truth: Content, by: User | None, at: dt.datetime) -> Lab:
    """Make a held lab again with a corrected truth; the first one stays as it was.

    Raises
    ------
    Refused
        When the lab is not one with predictions, or its sample does not fit the new truth.
    """
    if not lab.held_by_kind or lab.kind != LabKind.PREDICTION:
        raise Refused(_("Only predictions have a truth to correct."), code="wrong_kind")
    made = Lab(key=key, **{name: getattr(lab, name) for name in _COPIED})
    admit(name=truth.name, content=truth.data, door=uploads.Door(
        suffixes=("csv", "txt"), most_bytes=50 * 1024 * 1024, columns=5_000, cell=100_000
    ))  # fmt: skip
    check_lab(made)
    contents = {
        LabFile.Kind(file.kind): Content(file.name, read(file))
        for file in lab.files.exclude(kind=LabFile.Kind.TRUTH)
    }
    contents[LabFile.Kind.TRUTH] = truth
    if told := _predicted(made, truth.data, contents[LabFile.Kind.SAMPLE].data):
        raise Refused(told, code="sample")
    write_lab(made, contents, by=by, at=at)
    return made


def check_file(*, lab: Lab, name: str, content: bytes) -> None:
    """Refuse a file that could not be evaluated, before it is anything; no score is told.

    Raises
    ------
    Refused
        With the first faults of the file, each with its line.
    """
    admit(name=name, content=content, door=DOORS[lab.kind])
    told = ""
    if lab.kind == LabKind.PREDICTION and (truth := file_of(lab, LabFile.Kind.TRUTH)):
        told = _predicted(lab, read(truth), content)
    elif lab.kind == LabKind.FUNCTION:
        told = _defined(lab, content)
    elif lab.kind == LabKind.BUNDLE:
        told = bundle_runs.fault_of(content, name=name)
    if told:
        raise Refused(told, code="format")


def receive_for_holder(
    *, lab: Lab, person: User, name: str, content: bytes, by: User | None, at: dt.datetime
) -> Submission:
    """Keep a file for the room that holds the lab; it has counted, and has it evaluated."""
    if not lab.held_by_kind:
        raise Refused(_("No room holds this lab."), code="invalid")
    submission = Submission(
        lab=lab,
        person=person,
        name=uploads.safe_name(name),
        received_at=at,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    try:
        with transaction.atomic():
            submission.file.save(submission.name, ContentFile(content), save=False)
            submission.save(force_insert=True)
            journal.record(
                event="submission.received", by=by, at=at, on=submission,
                after={"lab": lab.uuid, "person": person.uuid, "sha256": submission.sha256},
                details={"lab": str(lab.uuid), "bytes": len(content)},
            )  # fmt: skip
    except BaseException:
        # The row is gone with the transaction; the file must not outlive it.
        if submission.file.name:
            submission.file.storage.delete(submission.file.name)
        raise
    return submission


def _predicted(lab: Lab, truth: bytes, content: bytes) -> str:
    try:
        result = score(
            truth, content, metric=lab.metric, id=lab.id_column, target=lab.target_column,
            usage=lab.usage_column or None,
        )  # fmt: skip
    except EngineError as error:
        return faults.phrase(faults.of_error(error))
    if lab.usage_column and not result.errors and None in (result.public, result.private):
        return _("The metric is not defined on the public or the private part.")
    lines = [faults.phrase(faults.of_row(error)) for error in result.errors]
    more = len(lines) - _TOLD
    if more > 0:
        lines = [*lines[:_TOLD], _("… and %(count)s more faults.") % {"count": more}]
    return " ".join(lines)


def _defined(lab: Lab, content: bytes) -> str:
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return _("Line %(line)s: this is not Python.") % {"line": line}
    name = function_spec_of(lab).function
    if not any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
        return _("The file does not define the function “%(name)s”.") % {"name": name}
    return ""
