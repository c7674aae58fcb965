"""What lies in a lab's and a submission's files, read for pages and grading."""

import json
from collections.abc import Mapping

from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.models import Lab, LabFile, Practice, Submission
from bitgoeul.apps.labs.queries import specs
from bitgoeul.apps.labs.queries.feedback import CheckResult

MARKED = "marked-"
"""How the version of a person's marking begins."""


def file_of(lab: Lab, kind: str) -> LabFile | None:
    """Return the file of a kind, if the lab has one."""
    return LabFile.objects.filter(lab=lab, kind=kind).first()


def read(kept: LabFile | Practice | Submission) -> bytes:
    """Return the bytes of a kept file."""
    with kept.file.open("rb") as file:
        return bytes(file.read())


def function_spec_of(lab: Lab) -> specs.FunctionSpec:
    """Return a function lab's checks."""
    return specs.function_spec(_checks(lab))


def answers_spec_of(lab: Lab) -> specs.AnswerSpec:
    """Return the questions of a lab with short answers."""
    return specs.answer_spec(_checks(lab))


def answers_of(submission: Submission) -> Mapping[str, str]:
    """Return what was answered, by the question's key; nothing once the file was erased."""
    if not submission.file:
        return {}
    try:
        found = json.loads(read(submission))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()}


def questions_to_mark(submission: Submission) -> tuple[specs.Question, ...]:
    """Return what a person marks: all questions, or the parts of a notebook that need one."""
    if submission.lab.kind == LabKind.ANSWERS:
        return answers_spec_of(submission.lab).questions
    newest = submission.evaluations.first()
    return tuple(
        specs.Question(key=one["key"], text_ko=one["key"], text_en="", points=float(one["of"]))
        for one in (newest.checks if newest else ())
        if one["key"] in _by_person(submission)
    )


def checks_by_machine(submission: Submission) -> list[CheckResult]:
    """Return the results of a notebook's newest grading that no person gives."""
    newest = submission.evaluations.exclude(scorer_version__startswith=MARKED).first()
    return [one for one in (newest.checks if newest else ()) if one["code"] != "manual"]


def _by_person(submission: Submission) -> set[str]:
    graded = submission.evaluations.exclude(scorer_version__startswith=MARKED).first()
    return {one["key"] for one in (graded.checks if graded else ()) if one["code"] == "manual"}


def _checks(lab: Lab) -> bytes:
    file = file_of(lab, LabFile.Kind.CHECKS)
    return read(file) if file is not None else b"{}"
