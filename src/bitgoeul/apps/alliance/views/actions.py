"""Actions: who does what until when; one's own stand on the front page, too."""

from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import (
    ActionFilter,
    ActionForm,
    CommitteeReasonForm,
    EvidenceForm,
)
from bitgoeul.apps.alliance.models import Action, SignedInRequest
from bitgoeul.apps.alliance.views.committee_tables import action_header, action_row, actions_table
from bitgoeul.apps.alliance.views.committees import address, committee_for, crumbs_of, note
from bitgoeul.apps.alliance.views.decisions import asked_of
from bitgoeul.apps.alliance.views.meetings import note_choices
from bitgoeul.apps.alliance.views.replies import done, form_page, reason_of
from bitgoeul.core import access, clock, exports, journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of
from bitgoeul.core.saved.listing import keeps_views


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@keeps_views
def action_list(request: SignedInRequest) -> HttpResponseBase:
    """List actions; `form` asks for the same as CSV or XLSX."""
    visible = rules.actions_visible_to(request.user)
    access.require(rules.has_committee(request.user) or queries.actions().filter(visible).exists())
    filters = ActionFilter(request.GET)
    asked = asked_of(filters)
    found = queries.actions_listed(
        visible,
        text=asked.get("q", ""),
        state=asked.get("state", ""),
        owner=request.user if asked.get("whose") == "mine" else None,
    )
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        people = exports.column_of(found, "owner__uuid")
        purpose = _("Work of the steering committee")
        journal.note_download(request, people, what="alliance.action_list", purpose=purpose)
        return exports.table_response(form, "actions", action_header(), map(action_row, found))
    page = page_of(found, request.GET.get("page"))
    note(request, queries.people_of(page, "owner"), what="alliance.action_list")
    context = {"page": page, "table": actions_table(page), "filters": filters}
    return render(request, "alliance/action_list.html", context)


def action_for(request: SignedInRequest, uuid: UUID) -> Action:
    """Load an action that the person may see."""
    return access.get(queries.actions(), rules.actions_visible_to(request.user), uuid=uuid)


def _page(
    request: SignedInRequest, action: Action, form: EvidenceForm, status: int
) -> HttpResponse:
    people = queries.people_of([action], "owner", "settled_by")
    note(request, people, what="alliance.action", about=action.uuid)
    context = {
        "action": action,
        "committee": action.committee,
        "sees_committee": rules.can_view_committee(request.user, action.committee),
        "overdue": action.state == "open" and action.due_on < clock.today(),
        "form": form if rules.can_settle_action(request.user, action) else None,
        "may_drop": rules.can_drop_action(request.user, action),
        "reason_form": CommitteeReasonForm(),
    }
    return render(request, "alliance/action_detail.html", context, status=status)


@require_safe
@access.signed_in
def action_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show one action: where it comes from, how it stands, and the form that ends it."""
    return _page(request, action_for(request, uuid), EvidenceForm(), 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def action_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give somebody something to do."""
    committee = committee_for(request, uuid)
    access.require(rules.can_give_action(request.user, committee))
    start = {name: request.GET.get(name, "") for name in ("decision", "meeting")}
    form = ActionForm(request.POST or None, committee=committee, initial=start)
    note_choices(request, form, "owner", about=uuid)
    return form_page(
        request,
        form,
        lambda: services.give_action(
            committee=committee, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        title=_("Give an action"),
        said=_("The owner has been told."),
        to=lambda made: reverse("alliance:action_detail", kwargs={"uuid": made.uuid}),
        crumbs=crumbs_of(committee),
        cancel=address(committee),
    )


@uploads.body_up_to(uploads.PAPERS.most_bytes)
@require_POST
@access.signed_in
def action_finish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say that it is done, and what shows it."""
    action = action_for(request, uuid)
    allowed = action.owner_id == request.user.pk or rules.can_run_meeting(
        request.user, action.committee
    )
    access.require(allowed)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, action, form, 422)
    try:
        services.finish_action(
            action=action,
            evidence=form.cleaned_data["evidence"],
            paper=form.paper(),
            by=request.user,
            at=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, action_for(request, uuid), form, 422)
    return done(
        request, lambda: None, said=_("Noted as done."), to=request.path.removesuffix("done/")
    )


@require_POST
@access.signed_in
def action_drop(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say that it is not to be done any more."""
    action, reason = action_for(request, uuid), reason_of(CommitteeReasonForm(request.POST))
    access.require(rules.can_run_meeting(request.user, action.committee))
    return done(
        request,
        lambda: services.drop_action(action=action, reason=reason, by=request.user, at=clock.now()),
        said=_("The action has been dropped."),
        to=reverse("alliance:action_detail", kwargs={"uuid": uuid}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def action_evidence(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Hand out the file that shows that it is done."""
    action = action_for(request, uuid)
    access.require(bool(action.file))
    purpose = _("Work of the steering committee")
    people = [action.owner.uuid]
    journal.note_download(request, people, what="alliance.evidence", purpose=purpose, about=uuid)
    return as_download(action.file.open("rb"), action.file_name)


def as_download(file: object, name: str) -> FileResponse:
    """Hand out a kept file so that no browser opens it as a page of ours."""
    answer = FileResponse(file, as_attachment=True, filename=name)
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
