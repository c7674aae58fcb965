"""Forms of the steering committee."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bitgoeul.apps.alliance.enums import (
    ActionState,
    DocumentAccess,
    MeetingState,
    Office,
    PresenceState,
    Voting,
)
from bitgoeul.apps.alliance.models import (
    Action,
    AgendaItem,
    Commitment,
    Committee,
    Decision,
    Meeting,
    Organisation,
    Presence,
    Seat,
    SharedDocument,
    User,
)
from bitgoeul.apps.alliance.services import Attended, Paper, Votes
from bitgoeul.core import clock
from bitgoeul.core.uploads import PAPERS

_ACCEPT = {"accept": ",".join(f".{suffix}" for suffix in PAPERS.suffixes)}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class PersonChoice(forms.ModelChoiceField):
    """A choice of people by name."""

    def label_from_instance(self, obj: User) -> str:
        """The name of a person."""
        return obj.full_name or obj.email


def parties_of(committee: Committee) -> QuerySet[Organisation]:
    """Return the parties among whom a form offers a choice."""
    return Organisation.objects.filter(signatures__agreement=committee.agreement_id)


def staff_of_parties(committee: Committee) -> QuerySet[User]:
    """Return who acts for a party today."""
    today = clock.today()
    held = Q(memberships__ended_on__isnull=True) | Q(memberships__ended_on__gte=today)
    found = User.objects.filter(
        held,
        memberships__started_on__lte=today,
        memberships__organisation__in=parties_of(committee).values("pk"),
        is_active=True,
    )
    return found.distinct().order_by("full_name", "pk")


def members_of(committee: Committee) -> QuerySet[User]:
    """Return who sits in a committee today."""
    seats = Seat.objects.on(clock.today()).filter(committee=committee)
    return User.objects.filter(pk__in=seats.values("person")).order_by("full_name", "pk")


class CommitteeRulesForm(forms.ModelForm):
    """The standing rules of a committee."""

    class Meta:
        model = Committee
        fields: tuple[str, ...] = (
            "name_ko",
            "name_en",
            "voting",
            "majority",
            "quorum_percent",
            "quorum_parties",
            "notice_days",
        )
        help_texts = {
            "quorum_percent": _("Who is represented by a proxy counts as there."),
            "notice_days": _("A shorter notice is possible, with its reason."),
        }


class CommitteeForm(CommitteeRulesForm):
    """A committee to found."""

    class Meta(CommitteeRulesForm.Meta):
        fields = (*CommitteeRulesForm.Meta.fields, "founded_on")
        widgets = {"founded_on": _day()}


class SeatForm(forms.Form):
    """A seat to give."""

    person = PersonChoice(label=_("Person"), queryset=User.objects.none())
    organisation = forms.ModelChoiceField(label=_("Party"), queryset=Organisation.objects.none())
    office = forms.ChoiceField(label=_("Office"), choices=Office.choices, initial=Office.MEMBER)
    started_on = forms.DateField(label=_("First day of the term"), widget=_day())

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "person", staff_of_parties(committee))
        _choose(self, "organisation", parties_of(committee))
        self.fields["started_on"].initial = clock.today()


class SeatEndForm(forms.Form):
    """The last day of a term."""

    ended_on = forms.DateField(label=_("Last day"), widget=_day())


class MeetingForm(forms.ModelForm):
    """Time and place of a meeting."""

    class Meta:
        model = Meeting
        fields = ("starts_at", "ends_at", "place", "online_link")
        widgets = {"starts_at": _moment(), "ends_at": _moment()}
        help_texts = {
            "online_link": _("Begins with https://. A place, a link, or both."),
        }


class AgendaForm(forms.ModelForm):
    """An item of the agenda."""

    presenter = PersonChoice(label=_("Who brings it"), queryset=User.objects.none(), required=False)

    class Meta:
        model = AgendaItem
        fields = ("title", "text", "presenter", "length_min")
        widgets = {"text": _rows(3)}

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "presenter", members_of(committee))


class CallForm(forms.Form):
    """Calling a meeting; the reason is asked for only when the notice is short."""

    short_notice = forms.CharField(
        label=_("Why the notice is short"),
        max_length=300,
        required=False,
        help_text=_("Only when there are fewer days than the rules ask."),
    )


class CommitteeReasonForm(forms.Form):
    """Why something ends or goes back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class AnswerForm(forms.Form):
    """Whether a member comes."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[
            (PresenceState.COMING, PresenceState.COMING.label),
            (PresenceState.NOT_COMING, PresenceState.NOT_COMING.label),
        ],
        widget=forms.RadioSelect,
    )
    proxy = forms.ModelChoiceField(
        label=_("Who speaks for me"),
        queryset=Seat.objects.none(),
        required=False,
        help_text=_("Only if you cannot come; every member speaks for one other at most."),
    )

    def __init__(self, *args: Any, meeting: Meeting, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Seat.objects.filter(presences__meeting=meeting).exclude(person=person)
        _choose(self, "proxy", others.select_related("person", "organisation"))


class AttendanceForm(forms.Form):
    """Who was there: for each member a state, and who spoke for whoever was not."""

    STATES = (PresenceState.PRESENT, PresenceState.ONLINE, PresenceState.ABSENT)

    def __init__(self, *args: Any, presences: Sequence[Presence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.presences = presences
        seats = [("", "–"), *((str(row.seat.uuid), str(row.seat)) for row in presences)]
        for row in presences:
            key = row.seat.uuid.hex
            self.fields[f"state_{key}"] = forms.ChoiceField(
                label=str(row.seat),
                choices=[(state, state.label) for state in self.STATES],
                initial=_expected(row),
            )
            self.fields[f"proxy_{key}"] = forms.ChoiceField(
                label=_("Who spoke for %(name)s") % {"name": row.seat.person},
                choices=[each for each in seats if each[0] != str(row.seat.uuid)],
                initial=str(row.proxy.uuid) if row.proxy else "",
                required=False,
            )

    def attended(self) -> list[Attended]:
        """Return what was written down, as the service takes it."""
        seats = {str(row.seat.uuid): row.seat for row in self.presences}
        given = self.cleaned_data
        return [
            Attended(
                presence=row,
                state=given[f"state_{row.seat.uuid.hex}"],
                proxy=seats.get(given[f"proxy_{row.seat.uuid.hex}"]),
            )
            for row in self.presences
        ]


def _expected(row: Presence) -> str:
    """Return what the answer makes likely."""
    if row.state in AttendanceForm.STATES:
        return row.state
    coming = row.state == PresenceState.COMING
    return PresenceState.PRESENT if coming else PresenceState.ABSENT


class MinutesForm(forms.Form):
    """The minutes as a whole, and what was said to each item."""

    minutes = forms.CharField(
        label=_("Minutes as a whole"), max_length=20_000, required=False, widget=_rows(8)
    )

    def __init__(self, *args: Any, items: Sequence[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"item_{item.number}"] = forms.CharField(
                label=str(item),
                max_length=20_000,
                required=False,
                initial=item.minutes,
                widget=_rows(4),
            )

    def by_item(self) -> dict[AgendaItem, str]:
        """Return what was written to each item."""
        return {item: self.cleaned_data[f"item_{item.number}"] for item in self.items}


class DecisionForm(forms.ModelForm):
    """A decision with the votes of each party."""

    CHOICES = (
        ("", _("no vote")),
        ("in_favour", pgettext_lazy("vote", "for")),
        ("against", pgettext_lazy("vote", "against")),
        ("abstained", pgettext_lazy("vote", "abstained")),
    )
    commitments = forms.ModelMultipleChoiceField(
        label=_("Commitments of the agreement that it concerns"),
        queryset=Commitment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    change = forms.CharField(label=_("What it changes about them"), max_length=300, required=False)

    class Meta:
        model = Decision
        fields = ("title", "text", "item", "effective_on", "supersedes")
        labels = {"item": _("Agenda item"), "supersedes": _("Takes the place of")}
        widgets = {"text": _rows(5), "effective_on": _day()}

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        committee = meeting.committee
        self.per_party = committee.voting == Voting.PARTY
        _choose(self, "item", AgendaItem.objects.filter(meeting=meeting))
        standing = Decision.objects.filter(
            committee=committee, carried=True, superseded_by__isnull=True
        )
        _choose(self, "supersedes", standing)
        _choose(self, "commitments", Commitment.objects.filter(agreement=committee.agreement_id))
        self.fields["effective_on"].required = False
        self.parties = list(parties_of(committee).order_by("signatures__order"))
        for party in self.parties:
            self.fields |= self._votes_of(party)

    def _votes_of(self, party: Organisation) -> dict[str, forms.Field]:
        key = party.uuid.hex
        if self.per_party:
            label = _("Vote of %(party)s") % {"party": party.name}
            choice = forms.ChoiceField(label=label, choices=self.CHOICES, required=False)
            return {f"vote_{key}": choice}
        return {
            f"{kind}_{key}": forms.IntegerField(
                label=f"{party.name}: {label}", min_value=0, max_value=99, initial=0, required=False
            )
            for kind, label in self.CHOICES
            if kind
        }

    def votes(self) -> list[Votes]:
        """Return how the votes fell, party by party."""
        return [
            Votes(organisation=party, **self._counted(party.uuid.hex)) for party in self.parties
        ]

    def _counted(self, key: str) -> dict[str, int]:
        given = self.cleaned_data
        if self.per_party:
            return {given[f"vote_{key}"]: 1} if given.get(f"vote_{key}") else {}
        kinds = ("in_favour", "against", "abstained")
        return {kind: given.get(f"{kind}_{key}") or 0 for kind in kinds}

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        names = ("title", "text", "item", "effective_on", "supersedes")
        return {name: given[name] for name in names} | {
            "votes": self.votes(),
            "commitments": dict.fromkeys(given["commitments"], given["change"]),
        }


class ActionForm(forms.ModelForm):
    """Something that somebody has to do."""

    owner = PersonChoice(label=_("Who does it"), queryset=User.objects.none())

    class Meta:
        model = Action
        fields = ("text", "owner", "organisation", "due_on", "decision", "meeting")
        labels = {
            "organisation": _("For which party"),
            "decision": _("From which decision"),
            "meeting": _("From which meeting"),
        }
        widgets = {"due_on": _day()}

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "owner", staff_of_parties(committee))
        _choose(self, "organisation", parties_of(committee))
        _choose(self, "decision", Decision.objects.filter(committee=committee))
        _choose(
            self,
            "meeting",
            Meeting.objects.filter(committee=committee).exclude(state=MeetingState.PLANNED),
        )


class EvidenceForm(forms.Form):
    """What shows that something is done."""

    evidence = forms.CharField(
        label=_("What shows that it is done"), max_length=2000, widget=_rows(3)
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs=_ACCEPT),
    )

    def paper(self) -> Paper | None:
        """Return the file, if there is one."""
        return paper_of(self.cleaned_data.get("file"))


class DocumentForm(forms.ModelForm):
    """A document to share."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs=_ACCEPT),
        help_text=_("At most 20 MB: PDF, HWPX, HWP, DOCX, XLSX, PPTX, TXT, CSV, PNG or JPG."),
    )

    class Meta:
        model = SharedDocument
        fields = ("title", "access", "party", "personal", "expires_on", "item")
        labels = {"party": _("Party, if it is for one only"), "item": _("Paper for agenda item")}
        widgets = {"expires_on": _day()}
        help_texts = {
            "personal": _("Every download is then recorded and asks for its reason."),
            "expires_on": _("After this day nobody reads it any more. Empty: no end."),
        }

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "party", parties_of(committee))
        open_items = AgendaItem.objects.filter(
            meeting__committee=committee,
            meeting__state__in=(MeetingState.PLANNED, MeetingState.CALLED, MeetingState.HELD),
        )
        _choose(self, "item", open_items)

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        names = ("title", "access", "party", "personal", "expires_on", "item")
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {"paper": paper_of(self.cleaned_data["file"])}


class VersionForm(forms.Form):
    """A new version of a document."""

    file = forms.FileField(
        label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs=_ACCEPT)
    )
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)


class ActionFilter(forms.Form):
    """Which actions to list."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *ActionState.choices, ("overdue", _("Overdue"))],
    )
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("All")), ("mine", pgettext_lazy("actions", "Mine"))],
    )


class DecisionFilter(forms.Form):
    """Which decisions to list."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2199)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("standing", pgettext_lazy("decision", "Stands")),
            ("superseded", pgettext_lazy("decision", "Superseded")),
            ("rejected", pgettext_lazy("decision", "Rejected")),
        ],
    )


class DocumentFilter(forms.Form):
    """Which documents to list."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    access = forms.ChoiceField(
        label=_("Who may read it"),
        required=False,
        choices=[("", _("All")), *DocumentAccess.choices],
    )


def paper_of(upload: Any) -> Paper | None:
    """Read an uploaded file: of one that is too long, only as much as shows that it is."""
    if upload is None:
        return None
    return Paper(name=upload.name or "file", content=upload.read(PAPERS.most_bytes + 1))


def _choose(form: forms.BaseForm, name: str, rows: Iterable[Any]) -> None:
    field = form.fields[name]
    field.queryset = rows  # type: ignore[attr-defined]  # a field of choices
