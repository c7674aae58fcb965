"""Teams: registered, joined, led by a captain; listed for those who run the contest."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bitgoeul.apps.alliance.models import SignedInRequest, User
from bitgoeul.apps.contests import rules, services
from bitgoeul.apps.contests.forms import (
    InviteForm,
    MergeForm,
    PersonForm,
    ReasonForm,
    TeamFilter,
    TeamForm,
)
from bitgoeul.apps.contests.models import Contest, Invitation, Merge, Team
from bitgoeul.apps.contests.queries.eligibility import (
    members_of,
    missing_terms,
    reasons_against,
    team_of,
)
from bitgoeul.apps.contests.queries.teams import people_by_team, team_page, teams_listed
from bitgoeul.apps.contests.views.replies import attempt, contest_for, form_page, managed
from bitgoeul.core import access, clock, exports, journal
from bitgoeul.core.pages import page_of

JUDGED = {"exclude": services.exclude_team, "readmit": services.readmit_team}
PURPOSE = gettext_lazy("Running a contest")
ANSWERS = ("agree", "decline", "take_back")


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_create(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Register a team: who may not is told why, who may agrees to the texts and names it."""
    contest = contest_for(request, uuid)
    own = team_of(contest, request.user)
    if own is not None:
        return redirect("contests:team_detail", uuid=own.uuid)
    terms = missing_terms(contest, request.user)
    form = TeamForm(request.POST or None, asks=bool(terms))
    return form_page(
        request,
        form,
        register,
        template="contests/team_form.html",
        done=_("Your team takes part."),
        then=lambda team: reverse("contests:team_detail", args=[team.uuid]),
        facts=lambda: {"contest": contest, **form.cleaned_data},
        contest=contest,
        against=reasons_against(contest, request.user),
        terms=terms,
    )


def register(*, contest: Contest, name: str, agreed: bool, by: User, at: Any) -> Team:
    """Write down that somebody agrees, then register their team; for both doors."""
    if agreed:
        services.accept_terms(contest=contest, person=by, by=by, at=at)
    return services.create_team(contest=contest, name=name, person=by, by=by, at=at)


@require_POST
@access.signed_in
def terms_accept(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Agree to the newest texts of a contest."""
    contest = contest_for(request, uuid)
    done = _("You have agreed to the texts.")
    attempt(request, services.accept_terms, done, contest=contest, person=request.user)
    return redirect("contests:team_create", uuid=uuid)


@require_safe
@access.signed_in
def team_detail(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Show a team to its people and to those who run the contest."""
    team = team_for(request, uuid)
    people = members_of(team)
    note(request, people, what="team", about=team.uuid)
    context = team_page(team, request.user, people, at=clock.now())
    if context["leads"]:
        others = [person for person in people if person.pk != team.captain_id]
        context |= {
            "invite": InviteForm(),
            "hand_over": PersonForm(people=others) if others else None,
            "merge": MergeForm(team=team) if context["merges_open"] else None,
            "links": [(one, services.link_of(one)) for one in context["invitations"]],
        }
    return render(request, "contests/team_detail.html", context)


@require_POST
@access.signed_in
def team_invite(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Invite somebody into one's team."""
    team = led(request, uuid)
    form = InviteForm(request.POST)
    if form.is_valid():
        sent = _("The letter is on its way.") if form.cleaned_data["email"] else ""
        done = sent or _("The link stands below; pass it on.")
        attempt(request, services.invite_member, done, team=team, **form.cleaned_data)
    else:
        _say_faults(request, form)
    return redirect("contests:team_detail", uuid=uuid)


@require_POST
@access.signed_in
def invitation_revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Take an invitation back."""
    rows = Invitation.objects.filter(team__in=Team.objects.filter(rules.teams_led_by(request.user)))
    invitation = access.get(rows.select_related("team"), access.EVERYBODY, uuid=uuid)
    done = _("The link does not work any more.")
    attempt(request, services.revoke_invitation, done, invitation=invitation)
    return redirect("contests:team_detail", uuid=invitation.team.uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def invitation(request: SignedInRequest, key: str) -> HttpResponse:
    """Show what a link leads into, and join."""
    found = services.invitation_of(key, at=clock.now())
    access.require(found is not None)
    assert found is not None
    contest = found.team.contest
    note(request, [found.team.captain], what="team", about=found.team.uuid)
    form = TeamForm({"name": found.team.name, "agreed": request.POST.get("agreed")})
    if request.method == "POST" and form.is_valid():
        who, at = request.user, clock.now()
        if form.cleaned_data["agreed"]:
            services.accept_terms(contest=contest, person=who, by=who, at=at)
        done = _("You are in the team.")
        if attempt(request, services.join_team, done, key=key, person=who):
            return redirect("contests:team_detail", uuid=found.team.uuid)
    context = {
        "invitation": found,
        "contest": contest,
        "against": reasons_against(contest, request.user),
        "terms": missing_terms(contest, request.user),
    }
    return render(request, "contests/invitation.html", context)


@require_POST
@access.signed_in
def member_leave(request: SignedInRequest, uuid: UUID, person: UUID) -> HttpResponse:
    """Leave a team, or take somebody out of the team one leads."""
    team = team_for(request, uuid)
    who = access.get(User.objects.filter(team_memberships__team=team), Q(uuid=person))
    access.require(who.pk == request.user.pk or rules.can_lead_team(request.user, team))
    attempt(request, services.leave_team, _("Done."), team=team, person=who)
    if who.pk == request.user.pk and not rules.is_in_team(request.user, team):
        return redirect("contests:contest_detail", uuid=team.contest.uuid)
    return redirect("contests:team_detail", uuid=uuid)


@require_POST
@access.signed_in
def team_hand_over(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Make another member the captain."""
    team = led(request, uuid)
    form = PersonForm(request.POST, people=members_of(team))
    if form.is_valid():
        to, done = form.cleaned_data["person"], _("The team has a new captain.")
        attempt(request, services.hand_over_team, done, team=team, to=to)
    else:
        _say_faults(request, form)
    return redirect("contests:team_detail", uuid=uuid)


@require_POST
@access.signed_in
def team_withdraw(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End one's team's part in the contest."""
    team = led(request, uuid)
    attempt(request, services.withdraw_team, _("Your team has withdrawn."), team=team)
    return redirect("contests:team_detail", uuid=uuid)


@require_POST
@access.signed_in
def merge_ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask another team to join one's own."""
    team = led(request, uuid)
    form = MergeForm(request.POST, team=team)
    if form.is_valid():
        done = _("The other captain has been asked.")
        attempt(request, services.ask_merge, done, team=team, **form.cleaned_data)
    else:
        _say_faults(request, form)
    return redirect("contests:team_detail", uuid=uuid)


@require_POST
@access.signed_in
def merge_answer(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Agree, decline, or take back what one asked."""
    merge = merge_for(request, uuid)
    answer_to(request, merge, action)
    own = team_of(merge.team.contest, request.user)
    return redirect("contests:team_detail", uuid=own.uuid if own else merge.team.uuid)


def answer_to(request: SignedInRequest, merge: Merge, action: str) -> None:
    """Answer a merge on a page."""
    if action == "take_back":
        attempt(request, services.take_back_merge, _("Taken back."), merge=merge)
    elif action in ANSWERS:
        done = _("The two teams are one.") if action == "agree" else _("Declined.")
        attempt(request, services.answer_merge, done, merge=merge, agree=action == "agree")
    else:
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_list(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """List the teams of a contest with their people; the reading is recorded."""
    contest = managed(request, uuid)
    filters = TeamFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = teams_listed(contest, name=asked.get("q", ""), state=asked.get("state", ""))
    if (form := request.GET.get("form")) in {"csv", "xlsx"}:
        rows = list(found)
        people = people_by_team(rows)
        everybody = [person.uuid for some in people.values() for person in some]
        journal.note_download(
            request, everybody, what="contests.teams", purpose=str(PURPOSE), about=uuid
        )
        header = [_("Team"), _("State"), _("Captain"), _("People"), pgettext("contest", "Entries")]
        lines = (_team_line(team, people.get(team.pk, [])) for team in rows)
        return exports.table_response(form, "teams", header, lines)
    page = page_of(found, request.GET.get("page"))
    people = people_by_team(list(page))
    note(request, [one for some in people.values() for one in some], what="teams", about=uuid)
    listed = [(team, people.get(team.pk, [])) for team in page]
    context = {
        "contest": contest, "page": page, "rows": listed, "filters": filters, "runs": True,
        "phases": contest.phases.all(),
    }  # fmt: skip
    return render(request, "contests/team_list.html", context)


def _team_line(team: Any, people: list[User]) -> tuple[object, ...]:
    names = ", ".join(str(person) for person in people)
    return team.name, team.get_state_display(), str(team.captain), names, team.entry_count


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def team_judge(request: SignedInRequest, uuid: UUID, action: str) -> HttpResponse:
    """Disqualify a team, or take that back, with the reason that it is told."""
    rows = Team.objects.select_related("contest")
    visible = rules.contests_managed_by(request.user, prefix="contest__")
    team = access.get(rows, visible, uuid=uuid)
    if action not in JUDGED:
        raise Http404
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        JUDGED[action],
        template="contests/team_judge.html",
        done=_("The team has been told."),
        then=lambda made: reverse("contests:team_list", args=[team.contest.uuid]),
        facts=lambda: {"team": team, **form.cleaned_data},
        contest=team.contest,
        team=team,
        action=action,
    )


def team_for(request: HttpRequest, uuid: UUID) -> Team:
    """Return a team that one may see."""
    rows = Team.objects.select_related("contest__owner", "contest__agreement", "captain")
    return access.get(rows, rules.teams_visible_to(request.user), uuid=uuid)


def led(request: HttpRequest, uuid: UUID) -> Team:
    """Return a team that one leads."""
    rows = Team.objects.select_related("contest", "captain")
    return access.get(rows, rules.teams_led_by(request.user), uuid=uuid)


def merge_for(request: HttpRequest, uuid: UUID) -> Merge:
    """Return a merge that one asked for or was asked for, as a captain."""
    mine = Team.objects.filter(rules.teams_led_by(request.user))
    rows = Merge.objects.select_related("team__contest", "joining")
    return access.get(rows, Q(team__in=mine) | Q(joining__in=mine), uuid=uuid)


def note(request: HttpRequest, people: list[User], *, what: str, about: UUID) -> None:
    """Record whose data a page shows."""
    uuids = [person.uuid for person in people]
    journal.note_page(request, uuids, what=f"contests.{what}", purpose=str(PURPOSE), about=about)


def _say_faults(request: SignedInRequest, form: Any) -> None:
    for faults in form.errors.values():
        messages.error(request, " ".join(faults))
