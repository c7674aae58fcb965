"""The board of a phase: for everybody, with what each reader may see."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.models import Phase
from bitgoeul.apps.contests.queries.boards import Board, boards_of
from bitgoeul.apps.contests.views.replies import attempt, managed_phase
from bitgoeul.core import access, clock, exports


@require_safe
def board(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Show the boards of a phase's tasks; `final` shows the order by private scores."""
    phase = phase_for(request, uuid)
    final = request.GET.get("final") == "1"
    boards, viewer = boards_of(phase, request.user, at=clock.now(), final=final)
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        return exports.table_response(form, "board", header(), lines_of(boards))
    context = {
        "contest": phase.contest,
        "phase": phase,
        "phases": phase.contest.phases.all(),
        "boards": boards,
        "viewer": viewer,
        "final": final,
        "runs": viewer.organiser,
        "may_advance": viewer.organiser and phase.advances and not phase.advanced_at,
    }
    return render(request, "contests/board.html", context)


def header() -> list[str]:
    """Name the columns of a board's file."""
    return [_("Task"), _("Rank"), _("Team"), _("Public"), _("Private"),
            pgettext("contest", "Entries"),
            _("Handed in"), _("Tied")]  # fmt: skip


def lines_of(boards: list[Board]) -> Iterator[tuple[object, ...]]:
    """Write the lines of a board's file: the same that the page shows."""
    for board in boards:
        for line in board.lines:
            yield (
                str(board.task), line.place, line.name, line.public, line.private, line.entries,
                line.received_at, _("yes") if line.tied else "",
            )  # fmt: skip


@require_POST
@access.signed_in
def phase_advance(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let the best teams of a phase into the next."""
    phase: Any = managed_phase(request, uuid)
    done = _("The best teams have gone on and have been told.")
    attempt(request, services.advance_phase, done, phase=phase)
    return redirect("contests:board", uuid=uuid)


def phase_for(request: HttpRequest, uuid: UUID) -> Phase:
    """Return a phase of a contest that one may read."""
    rows = Phase.objects.select_related("contest__owner", "contest__agreement")
    return access.get(rows, rules.contests_visible_to(request.user, prefix="contest__"), uuid=uuid)
