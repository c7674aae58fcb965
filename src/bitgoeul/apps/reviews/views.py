"""Panels for those who run them and those who judge, the queue, rubrics, calibration."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest
from bitgoeul.apps.reviews import rules, services
from bitgoeul.apps.reviews.forms import CaseFilter, ReviewForm, RubricForm, SeatForm
from bitgoeul.apps.reviews.models import Case, Panel, Review, Rubric
from bitgoeul.apps.reviews.queries.panels import (
    cases_listed,
    own_reviews,
    panels_listed,
    people_of,
    people_to_seat,
    queue_of,
    rubrics_listed,
    sheet_in,
)
from bitgoeul.apps.reviews.queries.results import calibration_of, results_of
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of

ACTIONS: Mapping[str, tuple[Callable[..., Any], Any]] = {
    "assign": (services.assign_reviews, gettext_lazy("The cases are assigned.")),
    "open": (services.open_panel, gettext_lazy("The panel judges now; its reviewers are told.")),
    "close": (services.close_panel, gettext_lazy("The panel is closed.")),
}
RESULT_HEADER = (
    gettext_lazy("Case"),
    gettext_lazy("Result"),
    gettext_lazy("Opinions"),
    gettext_lazy("Difference"),
    gettext_lazy("Third opinion"),
    gettext_lazy("Still waiting"),
    gettext_lazy("Nobody asked yet"),
)


@require_safe
@access.signed_in
def panel_list(request: SignedInRequest) -> HttpResponse:
    """List the panels that one runs or judges in."""
    user = request.user
    visible = rules.panels_managed_by(user) | rules.panels_judged_by(user)
    context = {
        "page": page_of(panels_listed(visible), request.GET.get("page")),
        "runs": rules.can_run_reviews(user),
        "waiting": queue_of(user).count(),
    }
    return render(request, "reviews/panel_list.html", context)


def panel_for(visible: Q, uuid: UUID) -> Panel:
    """Return a panel that the filter lets through."""
    rows = Panel.objects.select_related("owner", "agreement", "rubric")
    return access.get(rows, visible, uuid=uuid)


def note(request: SignedInRequest, people: Iterable[UUID], *, what: str, about: UUID) -> None:
    """Record whose data a page shows."""
    journal.note_page(request, people, what=f"reviews.{what}", purpose=_("Judging"), about=about)


@require_safe
@access.signed_in
def panel_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a panel: to those who run it how it stands, to a reviewer what is theirs to judge."""
    user = request.user
    visible = rules.panels_managed_by(user) | rules.panels_judged_by(user)
    panel = panel_for(visible, uuid)
    runs = rules.can_manage_panel(user, panel)
    judges = rules.can_judge_in_panel(user, panel)
    context: dict[str, Any] = {"panel": panel, "runs": runs, "judges": judges}
    if judges:
        context["mine"] = own_reviews(user, panel)
    if runs:
        context |= _run_part(request, panel)
    return render(request, "reviews/panel_detail.html", context)


def _run_part(request: SignedInRequest, panel: Panel) -> dict[str, Any]:
    filters = CaseFilter(request.GET)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    page = page_of(cases_listed(panel, state=state), request.GET.get("page"))
    seats = list(panel.panelists.select_related("person").order_by("person__full_name", "id"))
    there = {seat.person_id for seat in seats}
    fresh = people_to_seat(panel).exclude(pk__in=there)
    form = SeatForm(people=fresh)
    shown = {seat.person.uuid for seat in seats} | {person.uuid for person in fresh}
    for case in page:
        shown |= {row.reviewer.uuid for row in case.reviews.all()}
        shown |= {row.person.uuid for row in case.conflicts.all()}
    note(request, shown, what="panel", about=panel.uuid)
    return {"filters": filters, "page": page, "seats": seats, "form": form, "fresh": fresh}


@require_POST
@access.signed_in
def panel_seat(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Seat reviewers."""
    panel = panel_for(rules.panels_managed_by(request.user), uuid)
    form = SeatForm(request.POST, people=people_to_seat(panel))
    if form.is_valid():
        people = list(form.cleaned_data["people"])
        done = _("The reviewers are seated.")
        _try(request, services.seat_panelists, done, panel=panel, people=people)
    else:
        messages.error(request, _("Choose who sits on the panel."))
    return redirect("reviews:panel_detail", uuid=uuid)


@require_POST
@access.signed_in
def panel_unseat(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Take somebody off the panel."""
    panel = panel_for(rules.panels_managed_by(request.user), uuid)
    who = access.get(people_of(panel), Q(uuid=person))
    done = _("What waited for this reviewer can be assigned to others now.")
    _try(request, services.unseat_panelist, done, panel=panel, person=who)
    return redirect("reviews:panel_detail", uuid=uuid)


@require_POST
@access.signed_in
def panel_action(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Assign the cases, open or close the panel."""
    panel = panel_for(rules.panels_managed_by(request.user), uuid)
    if action not in ACTIONS:
        raise Http404
    service, done = ACTIONS[action]
    made = _try(request, service, done, panel=panel)
    if isinstance(made, dict) and made["short"]:
        text = _("%(number)s cases lack a reviewer: seat more people or raise the limit.")
        messages.warning(request, text % {"number": made["short"]})
    return redirect("reviews:panel_detail", uuid=uuid)


def _try(request: SignedInRequest, service: Callable[..., Any], done: Any, **facts: Any) -> Any:
    """Do it and say so, or say why not."""
    try:
        made = service(**facts, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, done)
    return made


@require_safe
@access.signed_in
def calibration(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show how alike the reviewers judge."""
    panel = panel_for(rules.panels_managed_by(request.user), uuid)
    found = calibration_of(panel)
    note(request, [j.person.uuid for j in found.judges], what="calibration", about=panel.uuid)
    return render(request, "reviews/calibration.html", {"panel": panel, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def results_export(request: SignedInRequest, uuid: UUID, form: str) -> HttpResponseBase:
    """Hand out the result of every case, as CSV or XLSX."""
    panel = panel_for(rules.panels_managed_by(request.user), uuid)
    people = panel.cases.filter(person__isnull=False).values_list("person__uuid", flat=True)
    journal.note_download(
        request, people, what="reviews.results", purpose=_("Judging"), about=panel.uuid
    )
    rows = (
        [r.number, r.score, " ".join(map(str, r.opinions)), r.gap, r.third, r.waiting, r.missing]
        for r in results_of(panel)
    )
    header, name = list(map(str, RESULT_HEADER)), f"reviews-{panel.uuid}.{form}"
    if form == "xlsx":
        return exports.xlsx_response(rows, header, name, title=_("Results"))
    return exports.csv_response(rows, header, name)


@require_safe
@access.signed_in
def panel_next(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Lead a reviewer to the next case that waits."""
    panel = panel_for(rules.panels_judged_by(request.user), uuid)
    review = queue_of(request.user, panel).first()
    if review is None:
        messages.success(request, _("Nothing waits for you here any more. Thank you."))
        return redirect("reviews:panel_detail", uuid=uuid)
    return redirect("reviews:review_detail", uuid=review.uuid)


def _reviews() -> Any:
    return Review.objects.select_related("case__panel__rubric", "case__person").prefetch_related(
        "case__panel__rubric__items"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def review_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Judge a case: its sheet beside the rubric; "save and next" goes on in the queue."""
    user = request.user
    visible = rules.reviews_visible_to if request.method != "POST" else rules.reviews_writable_by
    review = access.get(_reviews(), visible(user), uuid=uuid)
    form = ReviewForm(request.POST or None, review=review)
    answer = _submit(request, review, form) if request.method == "POST" else None
    if answer is not None:
        return answer
    _note_case(request, review.case)
    context = {
        "review": review,
        "panel": review.case.panel,
        "sheet": sheet_in(review.case.sheet),
        "form": form,
        "writes": rules.can_write_review(user, review),
        "left": queue_of(user, review.case.panel).count(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/review_detail.html", context, status=status)


def _submit(request: SignedInRequest, review: Review, form: ReviewForm) -> HttpResponse | None:
    """Hand in and go on; what is refused stays in the form, unless the case is theirs no more."""
    if not form.is_valid():
        return None
    facts = {"scores": form.scores(), "comment": form.cleaned_data["comment"]}
    try:
        services.submit_review(review=review, **facts, by=request.user, at=clock.now())
    except Refused as refusal:
        if refusal.code != "not_allowed":
            form.add_error(None, str(refusal))
            return None
        messages.error(request, str(refusal))
        return redirect("reviews:panel_list")
    return redirect("reviews:panel_next", uuid=review.case.panel.uuid)


def _note_case(request: SignedInRequest, case: Case) -> None:
    people = [case.person.uuid] if case.person else []
    note(request, people, what="review", about=case.subject_uuid)


@require_POST
@access.signed_in
def review_skip(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Put a case to the end of the queue."""
    return _step(request, uuid, services.skip_review, {})


@require_POST
@access.signed_in
def review_abstain(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Declare a conflict; somebody else judges."""
    return _step(request, uuid, services.abstain_review, {"reason": request.POST.get("reason", "")})


def _step(
    request: SignedInRequest, uuid: UUID, service: Callable[..., Any], facts: Mapping[str, str]
) -> HttpResponse:
    review = access.get(_reviews(), rules.reviews_writable_by(request.user), uuid=uuid)
    try:
        service(review=review, **facts, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        if refusal.code == "not_allowed":
            return redirect("reviews:panel_list")
        return redirect("reviews:review_detail", uuid=uuid)
    return redirect("reviews:panel_next", uuid=review.case.panel.uuid)


@require_safe
@access.signed_in
def rubric_list(request: SignedInRequest) -> HttpResponse:
    """List the rubrics of one's organisations, every version."""
    access.require(rules.can_run_reviews(request.user))
    rows = rubrics_listed(rules.rubrics_visible_to(request.user))
    return render(
        request, "reviews/rubric_list.html", {"page": page_of(rows, request.GET.get("page"))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def rubric_create(request: SignedInRequest) -> HttpResponse:
    """Publish a rubric, or the next version of the one named by `from`."""
    access.require(rules.can_run_reviews(request.user))
    form = RubricForm(
        request.POST or None,
        owners=rules.rubric_owners_for(request.user),
        rubric=_earlier(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_rubric(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The rubric is published."))
            return redirect("reviews:rubric_list")
    status = 422 if request.method == "POST" else 200
    return render(request, "reviews/rubric_form.html", {"form": form}, status=status)


def _earlier(request: SignedInRequest) -> Rubric | None:
    try:
        named = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    rows = Rubric.objects.prefetch_related("items")
    return access.get(rows, rules.rubrics_visible_to(request.user), uuid=named)
