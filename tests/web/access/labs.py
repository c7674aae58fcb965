"""Who may reach the labs' pages."""

from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile

from bitgoeul.apps.labs import services
from bitgoeul.apps.labs.models import LabFile, Practice, Submission
from tests.apps.labs.kinds import answer_lab, function_lab
from tests.web.access import EVERYONE, OFFICERS, Route, action, fixed, page
from tests.world import AT, World

STAFF = frozenset({"instructor", "officer_city", "officer_university"})
"""The owner's instructor and officer, and the officer of the city that signed with the owner."""
OWNERS = frozenset({"instructor", "officer_university"})
PARTICIPANTS = frozenset({"trainee", "graduate"})

_LAB = fixed(uuid=lambda world: world.lab.uuid)


def _file(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    """Own is the training data; same is the truth, which nobody gets."""
    kind = {"own": LabFile.Kind.TRAIN, "same": LabFile.Kind.TRUTH}.get(ownership)
    if kind is None:
        return None
    if not LabFile.objects.filter(lab=world.lab, kind=kind).exists():
        file = LabFile(lab=world.lab, kind=kind, name=f"{kind.value}.csv", sha256="0" * 64)
        file.file.save(file.name, ContentFile(b"id,target\n1,0\n"))
    return {"uuid": world.lab.uuid, "kind": kind.value}


def _submission(world: World, role: str, ownership: str) -> Mapping[str, Any] | None:
    if ownership == "own" and role in world.submissions:
        return {"uuid": _kept(world.submissions[role]).uuid}
    return {"uuid": _kept(world.submissions["stranger"]).uuid} if ownership == "other" else None


def _function_lab(world: World) -> Any:
    if "function lab" not in world.more:
        world.more["function lab"] = function_lab(world)
    return world.more["function lab"].uuid


def _practised(world: World) -> Any:
    """A lab in which the trainee and the graduate have tried something."""
    uuid = _function_lab(world)
    if "practised" not in world.more:
        lab = world.more["practised"] = world.more["function lab"]
        for role in PARTICIPANTS:
            made = Practice(lab=lab, person=world.people[role], name="a.py", tried_at=AT)
            made.file.save("a.py", ContentFile(b"x = 1\n"))
    return uuid


def _answer_lab(world: World) -> Any:
    if "answer lab" not in world.more:
        world.more["answer lab"] = answer_lab(world)
    return world.more["answer lab"].uuid


def _answers(world: World) -> Any:
    if "answers" not in world.more:
        _answer_lab(world)
        lab, person = world.more["answer lab"], world.people["trainee"]
        world.more["answers"] = services.receive_answers(
            lab=lab, person=person, answers={"why": "-"}, by=person, at=AT
        )
    return world.more["answers"].uuid


def _kept(submission: Submission) -> Submission:
    if not submission.file:
        submission.file.save("predictions.csv", ContentFile(b"id,target\n1,0\n"))
    return submission


ROUTES: dict[str, Route] = {
    "labs:lab_list": page(EVERYONE),
    "labs:lab_detail": page(EVERYONE, _LAB),
    "labs:lab_file": Route(allowed={"own": EVERYONE}, kwargs=_file),
    "labs:lab_create": page(OFFICERS | {"instructor"}),
    "labs:open_list": page(EVERYONE),
    "labs:lab_create_function": page(OFFICERS | {"instructor"}),
    "labs:lab_create_notebook": page(OFFICERS | {"instructor"}),
    "labs:lab_create_answers": page(OFFICERS | {"instructor"}),
    "labs:lab_change": page(OWNERS, _LAB),
    "labs:lab_checks": page(OWNERS, fixed(uuid=_function_lab)),
    "labs:answer": action(PARTICIPANTS, fixed(uuid=_answer_lab)),
    "labs:mark": page(OWNERS, fixed(uuid=_answers)),
    "labs:error_list": page(STAFF, _LAB),
    "labs:change_list": page(STAFF, _LAB),
    "labs:similarity": page(STAFF, _LAB),
    "labs:similarity_ask": action(STAFF, _LAB),
    "labs:lab_open": action(OWNERS, _LAB),
    "labs:lab_close": action(OWNERS, _LAB),
    "labs:lab_rescore": action(OWNERS, _LAB),
    "labs:submit": action(PARTICIPANTS, _LAB),
    "labs:practice": page(PARTICIPANTS, fixed(uuid=_practised)),
    "labs:practice_hand_in": action(PARTICIPANTS, fixed(uuid=_practised)),
    "labs:submission_list": page(STAFF, _LAB),
    "labs:marks_csv": page(STAFF, _LAB),
    "labs:marks_xlsx": page(STAFF, _LAB),
    "labs:submission_detail": Route(
        allowed={"own": PARTICIPANTS, "other": STAFF}, kwargs=_submission
    ),
    "labs:submission_file": Route(
        allowed={"own": PARTICIPANTS, "other": STAFF}, kwargs=_submission
    ),
}
