"""Decisions: listed, opened, written down with their votes."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.enums import MeetingState
from bitgoeul.apps.alliance.forms import DecisionFilter, DecisionForm
from bitgoeul.apps.alliance.models import Decision, SignedInRequest
from bitgoeul.apps.alliance.views import meetings
from bitgoeul.apps.alliance.views.committee_tables import (
    decision_header,
    decision_row,
    decisions_table,
)
from bitgoeul.apps.alliance.views.committees import note
from bitgoeul.apps.alliance.views.replies import done, form_page
from bitgoeul.core import access, clock, exports
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


def asked_of(filters: Any) -> dict[str, Any]:
    """What a filter asks, or nothing when it asks nonsense."""
    return filters.cleaned_data if filters.is_valid() else {}


@require_safe
@access.signed_in
@keeps_views
def decision_list(request: SignedInRequest) -> HttpResponseBase:
    """List decisions; `form` asks for the same as CSV or XLSX."""
    access.require(rules.has_committee(request.user))
    filters = DecisionFilter(request.GET)
    asked = asked_of(filters)
    found = queries.decisions_listed(
        rules.decisions_visible_to(request.user),
        text=asked.get("q", ""),
        year=asked.get("year"),
        state=asked.get("state", ""),
    )
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        return exports.table_response(
            form, "decisions", decision_header(), map(decision_row, found)
        )
    page = page_of(found, request.GET.get("page"))
    context = {"page": page, "table": decisions_table(page), "filters": filters}
    return render(request, "alliance/decision_list.html", context)


def decision_for(request: SignedInRequest, uuid: UUID) -> Decision:
    """Load a decision that the person may see."""
    return access.get(queries.decisions(), rules.decisions_visible_to(request.user), uuid=uuid)


@require_safe
@access.signed_in
def decision_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a decision with its votes, what it concerns, and what came of it."""
    decision, user = decision_for(request, uuid), request.user
    actions = list(queries.actions().filter(decision=decision))
    note(request, queries.people_of(actions, "owner"), what="alliance.decision", about=uuid)
    writes = decision.meeting.state == MeetingState.HELD
    context = {
        "decision": decision,
        "committee": decision.committee,
        "later": Decision.objects.filter(supersedes=decision).first(),
        "concerned": decision.concerned.select_related("commitment"),
        "actions": actions,
        "may_give": rules.can_give_action(user, decision.committee),
        "may_take_back": writes and rules.can_run_meeting(user, decision.committee),
    }
    return render(request, "alliance/decision_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def decision_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Write a decision down."""
    meeting = meetings.run_by(request, uuid)
    form = DecisionForm(request.POST or None, meeting=meeting)
    return form_page(
        request,
        form,
        lambda: services.record_decision(
            meeting=meeting, **form.facts(), by=request.user, at=clock.now()
        ),
        title=_("Write down a decision"),
        said=_("The decision has been written down."),
        to=lambda made: reverse("alliance:decision_detail", kwargs={"uuid": made.uuid}),
        crumbs=meetings.way_to(meeting),
        cancel=meetings.address(meeting),
        lede=_("Whether it is carried follows from the votes and the standing rules."),
    )


@require_POST
@access.signed_in
def decision_take_back(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take out a decision that was written down by mistake."""
    decision = decision_for(request, uuid)
    access.require(rules.can_run_meeting(request.user, decision.committee))
    return done(
        request,
        lambda: services.take_back_decision(decision=decision, by=request.user, at=clock.now()),
        said=_("The decision has been taken out."),
        to=meetings.address(decision.meeting),
    )
