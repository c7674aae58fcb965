"""Labs that are no prediction tasks are made: functions, notebooks, short answers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from bitgoeul import runner
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import LabKind, Metric
from bitgoeul.apps.labs.models import Lab, LabFile
from bitgoeul.apps.labs.queries import specs
from bitgoeul.apps.labs.services import grading
from bitgoeul.apps.labs.services.labs import Content, check_lab, write_lab
from bitgoeul.apps.labs.services.submissions import DOORS, admit
from bitgoeul.core import uploads
from bitgoeul.core.errors import Refused
from bitgoeul.runner import bundles, reasons
from bitgoeul.runner.bundles.reasons import PROBLEMS

CHECKS_DOOR = uploads.Door(suffixes=("json",), most_bytes=1024 * 1024)
AUTOTESTS_DOOR = uploads.Door(suffixes=("yml", "yaml"), most_bytes=100_000)
DATA_DOOR = uploads.Door(suffixes=("csv", "txt"), most_bytes=20 * 1024 * 1024, columns=5_000)


class TaskFacts(TypedDict, total=False):
    """What every lab says of itself."""

    key: str
    title_ko: str
    title_en: str
    task_ko: str
    task_en: str
    owner: Organisation
    source: str
    pass_score: float
    daily_limit: int
    total_limit: int | None
    seconds: int
    memory_mb: int
    open_to_all: bool
    opens_at: dt.datetime
    closes_at: dt.datetime


def create_function_lab(
    *,
    checks: Content,
    by: User | None,
    at: dt.datetime,
    starter: Content | None = None,
    solution: Content | None = None,
    **facts: Unpack[TaskFacts],
) -> Lab:
    """Make a lab that asks for a Python function, as a draft.

    Raises
    ------
    Refused
        When the checks cannot be read, or the solution does not earn all points: a lab that
        nobody can pass never opens. Where no sandbox works the solution is kept untried.
    """
    lab = _draft(LabKind.FUNCTION, by, facts)
    admit_named(checks, CHECKS_DOOR)
    spec = specs.function_spec(checks.data)
    lab.max_points = spec.points
    contents = {LabFile.Kind.CHECKS: checks}
    door = DOORS[LabKind.FUNCTION]
    for kind, content in ((LabFile.Kind.STARTER, starter), (LabFile.Kind.SOLUTION, solution)):
        if content is not None:
            admit_named(content, door)
            contents[kind] = content
    check_lab(lab)
    _check_pass_line(lab)
    if solution is not None:
        _try(solution, spec, lab)
    write_lab(lab, contents, by=by, at=at)
    return lab


def create_notebook_lab(
    *,
    notebook: Content,
    by: User | None,
    at: dt.datetime,
    data: Content | None = None,
    autotests: Content | None = None,
    **facts: Unpack[TaskFacts],
) -> Lab:
    """Make a lab from a source notebook of nbgrader or otter, as a draft.

    What participants take is the source without solutions and hidden tests. AUTOTEST lines of
    nbgrader become tests by running the source once, by the templates of `autotests` (an
    ``autotests.yml``) or nbgrader's own.

    Raises
    ------
    Refused
        When the source cannot be graded against, with the cell that is wrong.
    """
    lab = _draft(LabKind.NOTEBOOK, by, facts)
    admit_named(notebook, DOORS[LabKind.NOTEBOOK])
    for content, door in ((data, DATA_DOOR), (autotests, AUTOTESTS_DOOR)):
        if content is not None:
            admit_named(content, door)
    try:
        notebook = _with_tests(notebook, autotests, data)
        lab.max_points = runner.read_source(notebook.data).max
        starter = Content(uploads.safe_name(notebook.name), runner.release(notebook.data))
    except runner.NotebookError as error:
        raise _refused(error) from error
    contents = {LabFile.Kind.SOURCE: notebook, LabFile.Kind.STARTER: starter}
    if data is not None:
        contents[LabFile.Kind.DATA] = data
    check_lab(lab)
    _check_pass_line(lab)
    write_lab(lab, contents, by=by, at=at)
    return lab


def _with_tests(notebook: Content, autotests: Content | None, data: Content | None) -> Content:
    if not runner.has_autotests(notebook.data):
        return notebook
    files = {data.name: data.data} if data else {}
    own = runner.templates_of(autotests.data) if autotests else None
    try:
        made = runner.with_tests(notebook.data, runner=grading.here(), files=files, templates=own)
    except runner.Unavailable as error:
        raise runner.NotebookError("autotest", cell=notebook.name) from error
    return Content(notebook.name, made)


def _refused(error: runner.NotebookError) -> Refused:
    fields = {"cell": error.cell, "value": error.value, "detail": error.value}
    return Refused(_(reasons.REASONS[error.code]) % fields, code=error.code)


def create_answer_lab(
    *, questions: Content, by: User | None, at: dt.datetime, **facts: Unpack[TaskFacts]
) -> Lab:
    """Make a lab whose questions are answered in words and marked by a person, as a draft."""
    lab = _draft(LabKind.ANSWERS, by, facts)
    admit_named(questions, CHECKS_DOOR)
    lab.max_points = specs.answer_spec(questions.data).points
    check_lab(lab)
    _check_pass_line(lab)
    write_lab(lab, {LabFile.Kind.CHECKS: questions}, by=by, at=at)
    return lab


def create_bundle_lab(
    *, bundle: Content, bundle_task: int, by: User | None, at: dt.datetime,
    higher_is_better: bool = True, **facts: Unpack[TaskFacts],
) -> Lab:  # fmt: skip
    """Make a lab of one task of another platform's contest bundle, as a draft.

    Raises
    ------
    Refused
        When the bundle cannot be read or has no such task.
    """
    lab = _draft(LabKind.BUNDLE, by, facts)
    lab.metric, lab.bundle_task = Metric.OWN, bundle_task
    lab.higher_is_better = higher_is_better
    try:
        found = bundles.read_bundle(bundle.data)
    except bundles.BundleError as error:
        raise Refused(bundle_words(error), code=error.code) from error
    if not 0 <= bundle_task < len(found.tasks):
        raise Refused(_("The bundle has no such task."), code="task_unknown")
    check_lab(lab)
    write_lab(lab, {LabFile.Kind.BUNDLE: bundle}, by=by, at=at)
    return lab


def bundle_words(error: bundles.BundleError) -> str:
    """What is wrong with a bundle: the file, the key and the line, then the reason."""
    place = ": ".join(part for part in (error.member, error.key) if part)
    if error.line:
        place = _("%(place)s (line %(line)s)") % {"place": place, "line": error.line}
    said = _(PROBLEMS[error.code]) % {**error.as_dict(), "detail": error.value}
    return f"{place}: {said}".strip(": ") if place else said


def _draft(kind: LabKind, by: User | None, facts: Mapping[str, Any]) -> Lab:
    if by is not None and not rules.can_create_lab_for(by, facts["owner"]):
        raise Refused(_("You may not make labs for this organisation."))
    return Lab(kind=kind, metric=Metric.POINTS, higher_is_better=True, **facts)


def admit_named(content: Content, door: uploads.Door) -> None:
    """Let one of several files in, and say which one may not."""
    name = uploads.safe_name(content.name)
    try:
        admit(name=content.name, content=content.data, door=door)
    except Refused as refusal:
        raise Refused(f"{name}: {refusal.message}", code=refusal.code) from refusal


def _check_pass_line(lab: Lab) -> None:
    if lab.max_points is not None and not 0 <= lab.pass_score <= lab.max_points:
        raise Refused(
            _("The pass line must lie between 0 and the %(points)s points of the lab.")
            % {"points": f"{lab.max_points:g}"},
            code="pass_line",
        )


def _try(solution: Content, spec: specs.FunctionSpec, lab: Lab) -> None:
    graded = grading.grade_function(solution.data.decode("utf-8", "replace"), spec, lab)
    if graded.failure or graded.points >= spec.points:
        return
    wrong = next(check for check in graded.checks if check["points"] < check["of"])
    raise Refused(
        _("The solution does not pass the check “%(check)s”: %(said)s")
        % {"check": wrong["title_ko"], "said": f"{wrong['code']} {wrong['value']}".strip()},
        code="solution",
    )
