"""The steering committee: its rules, who sits in it, and where its meetings stand."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance import queries, rules, services
from bitgoeul.apps.alliance.forms import (
    CommitteeForm,
    CommitteeRulesForm,
    SeatEndForm,
    SeatForm,
)
from bitgoeul.apps.alliance.models import Agreement, Committee, Seat, SignedInRequest
from bitgoeul.apps.alliance.views.replies import done, form_page
from bitgoeul.core import access, clock, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.pages import page_of


def committee_for(request: SignedInRequest, uuid: UUID) -> Committee:
    """Load a committee that the person may see."""
    visible = rules.committees_visible_to(request.user)
    return access.get(queries.committees(), visible, uuid=uuid)


def address(committee: Committee) -> str:
    """The committee's page."""
    return reverse("alliance:committee_detail", kwargs={"uuid": committee.uuid})


def crumbs_of(committee: Committee) -> list[tuple[str, str]]:
    """The way to the committee's page."""
    return [
        (_("Committees"), reverse("alliance:committee_list")),
        (committee.name, address(committee)),
    ]


def note(request: SignedInRequest, of: list[UUID], *, what: str, about: UUID | None = None) -> None:
    """Record whose names a page shows."""
    journal.note_page(
        request, of, what=what, purpose=_("Work of the steering committee"), about=about
    )


@require_safe
@access.signed_in
def committee_list(request: SignedInRequest) -> HttpResponse:
    """List the committees that one sits in or whose agreement one's organisation signed."""
    visible = queries.committees().filter(rules.committees_visible_to(request.user)).distinct()
    user = request.user
    access.require(visible.exists())
    overseen = queries.with_parties().filter(rules.overseen_agreements(user)).distinct()
    context = {
        "page": page_of(visible, request.GET.get("page")),
        "without": overseen.filter(committee__isnull=True),
    }
    return render(request, "alliance/committee_list.html", context)


@require_safe
@access.signed_in
def committee_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show rules, members, meetings and what is open."""
    committee, today, user = committee_for(request, uuid), clock.today(), request.user
    ever = list(queries.seats_ever(committee))
    former = [seat for seat in ever if seat.ended_on is not None and seat.ended_on < today]
    seats = [seat for seat in ever if seat not in former and seat.started_on <= today]
    meetings = queries.meetings().filter(rules.meetings_visible_to(user), committee=committee)
    people = queries.people_of(ever, "person")
    note(request, people, what="alliance.committee", about=committee.uuid)
    may_manage = rules.can_manage_committee(user, committee)
    context = {
        "committee": committee,
        "seats": seats,
        "former": former,
        "page": page_of(meetings.distinct(), request.GET.get("page"), per_page=20),
        "counts": queries.committee_counts(committee),
        "may_manage": may_manage,
        "may_run": rules.can_run_meeting(user, committee),
        "may_share": rules.can_share_document(user, committee),
        "end_form": SeatEndForm(initial={"ended_on": today}),
    }
    return render(request, "alliance/committee_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def committee_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Found the committee of an agreement."""
    visible = rules.agreements_visible_to(request.user)
    agreement: Agreement = access.get(queries.with_parties(), visible, uuid=uuid)
    access.require(rules.can_found_committee(request.user, agreement))
    form = CommitteeForm(request.POST or None, initial={"founded_on": clock.today()})
    way = reverse("alliance:agreement_detail", kwargs={"uuid": uuid})

    def found() -> Committee:
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        return services.found_committee(agreement=agreement, **facts)

    return form_page(
        request,
        form,
        found,
        title=_("Found the steering committee"),
        said=_("The committee has been founded. Now give its seats."),
        to=address,
        crumbs=[(_("Agreements"), reverse("alliance:agreement_list")), (agreement.title, way)],
        cancel=way,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def committee_edit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change the standing rules."""
    committee = committee_for(request, uuid)
    access.require(rules.can_manage_committee(request.user, committee))
    form = CommitteeRulesForm(request.POST or None, instance=committee)

    def change() -> Committee:
        stored = queries.committees().get(pk=committee.pk)
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        return services.change_committee_rules(committee=stored, **facts)

    return form_page(
        request,
        form,
        change,
        title=_("Change the standing rules"),
        said=_("The rules have been changed."),
        to=address,
        crumbs=crumbs_of(committee),
        cancel=address(committee),
        lede=_("Decisions that were taken stand as they were taken."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def seat_add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give somebody a seat."""
    committee = committee_for(request, uuid)
    access.require(rules.can_manage_committee(request.user, committee))
    form = SeatForm(request.POST or None, committee=committee)
    people = list(form.fields["person"].queryset)  # type: ignore[attr-defined]  # a field of choices
    note(request, [person.uuid for person in people], what="alliance.seat_form", about=uuid)

    def give() -> Seat:
        facts = {**form.cleaned_data, "by": request.user, "at": clock.now()}
        return services.give_seat(committee=committee, **facts)

    return form_page(
        request,
        form,
        give,
        title=_("Give a seat"),
        said=_("The seat has been given."),
        to=lambda _seat: address(committee),
        crumbs=crumbs_of(committee),
        cancel=address(committee),
    )


@require_POST
@access.signed_in
def seat_end(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End a term."""
    visible = rules.committees_visible_to(request.user, prefix="committee__")
    seat: Seat = access.get(
        Seat.objects.select_related("person", "organisation"), visible, uuid=uuid
    )
    committee = queries.committees().get(pk=seat.committee_id)
    access.require(rules.can_manage_committee(request.user, committee))
    form = SeatEndForm(request.POST)

    def end() -> Seat:
        if not form.is_valid():
            raise Refused(_("Say which day is the last."))
        last = form.cleaned_data["ended_on"]
        return services.end_seat(seat=seat, ended_on=last, by=request.user, at=clock.now())

    return done(request, end, said=_("The term has been ended."), to=address(committee))
