"""Labs of the other kinds are made: functions, notebooks, answers in words."""

from typing import Any

from bitgoeul.apps.labs import rules, services
from bitgoeul.apps.labs.api.room import room
from bitgoeul.apps.labs.forms import (
    AnswerLabForm,
    FunctionLabForm,
    NotebookLabForm,
)
from bitgoeul.apps.labs.views import task_labs
from bitgoeul.core import access, clock
from bitgoeul.core.api.bodies import bind
from bitgoeul.core.api.rooms import Request, require_files
from bitgoeul.core.api.rows import Made


@room.writes("/labs/functions", Made, status=201, body=FunctionLabForm, files=("checks",),
             most_bytes=4 * services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_create_function(request: Request) -> Any:
    """Make a lab that asks for a Python function, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, FunctionLabForm, person=request.user)
    lab = services.create_function_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/notebooks", Made, status=201, body=NotebookLabForm, files=("source_notebook",),
             most_bytes=task_labs.NOTEBOOK_BYTES)  # fmt: skip
def lab_create_notebook(request: Request) -> Any:
    """Make a lab from a source notebook of nbgrader or otter, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, NotebookLabForm, person=request.user)
    lab = services.create_notebook_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}


@room.writes("/labs/answers", Made, status=201, body=AnswerLabForm, files=("questions",),
             most_bytes=4 * services.CHECKS_DOOR.most_bytes)  # fmt: skip
def lab_create_answers(request: Request) -> Any:
    """Make a lab whose questions are answered in words, as a draft."""
    access.require(rules.can_create_lab(request.user))
    require_files(request)
    form = bind(request, AnswerLabForm, person=request.user)
    lab = services.create_answer_lab(**form.facts(), by=request.user, at=clock.now())
    return {"uuid": lab.uuid}
