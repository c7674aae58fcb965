"""Forms of the room; they read what people typed, the services decide."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Agreement, Organisation, User
from bitgoeul.apps.alliance.rules import officer_organisations
from bitgoeul.apps.contests.enums import (
    BoardMode,
    ContestKind,
    ContestState,
    EntryState,
    ExternalData,
    Shown,
    TeamState,
)
from bitgoeul.apps.contests.models import (
    Announcement,
    Contest,
    Entry,
    Phase,
    ScorePolicy,
    Task,
    Team,
    Terms,
)
from bitgoeul.apps.contests.rules import contest_owners_for
from bitgoeul.apps.labs.enums import PREDICTION_METRICS, LabKind, LabState
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.labs.services import LAB_DOOR, SUBMISSION_DOORS, Content
from bitgoeul.core.uploads import Door

WIDGET = "%Y-%m-%dT%H:%M"


def content_of(upload: UploadedFile, door: Door) -> Content:
    """Read an uploaded file: of one that is too long, only as much as shows that it is."""
    return Content(name=upload.name or "file", data=upload.read(door.most_bytes + 1))


def _moments(*names: str) -> dict[str, forms.Widget]:
    return {
        name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET) for name in names
    }


class ContestChangesForm(forms.ModelForm):
    """What of a contest is changed while it stands."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        choices=Region.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever lives there may take part; without a choice everybody may."),
    )

    class Meta:
        model = Contest
        fields: tuple[str, ...] = (
            "title_ko",
            "title_en",
            "summary_ko",
            "summary_en",
            "text_ko",
            "text_en",
            "prizes_ko",
            "prizes_en",
            "prize_places",
            "agreement",
            "registration_opens_at",
            "registration_closes_at",
            "team_least",
            "team_most",
            "age_from",
            "age_to",
            "regions",
            "external_data",
        )
        widgets = _moments("registration_opens_at", "registration_closes_at")

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = officer_organisations(person)
        agreements = Agreement.objects.filter(signatories__organisation__in=mine).distinct()
        if self.instance.agreement_id:
            standing = Agreement.objects.filter(pk=self.instance.agreement_id)
            agreements = agreements | standing.distinct()
        self.fields["agreement"].queryset = agreements  # type: ignore[attr-defined]  # a choice of rows
        self.fields["agreement"].help_text = _(
            "Officers of its city and university parties run the contest, too."
        )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)


class ContestForm(ContestChangesForm):
    """A new contest."""

    class Meta(ContestChangesForm.Meta):
        fields = ("kind", "key", "owner", *ContestChangesForm.Meta.fields)
        help_texts = {"key": _("Short, in Latin letters, for addresses and files.")}
        labels = {"owner": _("Organiser")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        mine = Organisation.objects.filter(contest_owners_for(person))
        self.fields["owner"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows


class PhaseForm(forms.ModelForm):
    """A phase."""

    board = forms.ChoiceField(
        label=_("Public board"),
        choices=BoardMode.choices,
        required=False,
        initial=BoardMode.LADDER,
        help_text=_(
            "The Ladder shows a new score only if it is better than the team's best by more than "
            "chance; it rules for accuracy, log loss, RMSE and MAE, which are means over rows."
        ),
    )

    def clean_board(self) -> str:
        """Leave the board as it is where nothing was chosen."""
        return self.cleaned_data["board"] or self.instance.board

    class Meta:
        model = Phase
        fields = (
            "title_ko",
            "title_en",
            "opens_at",
            "closes_at",
            "daily_limit",
            "total_limit",
            "finals",
            "advances",
            "board",
        )
        widgets = _moments("opens_at", "closes_at")
        help_texts = {
            "daily_limit": _("Of a team, not of a person; the day is the Korean date."),
            "finals": _("The team chooses them; where it chooses none, its best count."),
            "advances": _("0: every team goes on to the next phase."),
        }


class NewPhaseForm(PhaseForm):
    """A new phase; whether it is blind is asked once, later each audience has its own row."""

    blind = forms.BooleanField(
        label=_("Blind: nobody sees a score or a rank before the contest is closed"), required=False
    )


class PolicyForm(forms.ModelForm):
    """Who sees what from when on, for one audience."""

    public_score = forms.ChoiceField(label=_("Score on the public part"), choices=Shown.choices)
    private_score = forms.ChoiceField(label=_("Score on the private part"), choices=Shown.choices)
    rank = forms.ChoiceField(label=_("Rank"), choices=Shown.choices)

    class Meta:
        model = ScorePolicy
        fields = ("public_score", "private_score", "rank")


class TermsForm(forms.ModelForm):
    """The next version of a text to agree to."""

    class Meta:
        model = Terms
        fields = ("kind", "text_ko", "text_en")


class ContestFilter(forms.Form):
    """Which contests to list."""

    q = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *ContestKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *ContestState.choices]
    )


_CSV = {"accept": ".csv,text/csv"}


class _TaskForm(forms.Form):
    """What every task says of itself."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)


class PredictionTaskForm(_TaskForm):
    """A task whose answer is a table of predictions."""

    FILES = ("train", "test", "sample", "truth")
    task_ko = forms.CharField(
        label=_("Task in Korean"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    task_en = forms.CharField(
        label=_("Task in English"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = forms.CharField(
        label=_("Source and licence of the data"), max_length=300, required=False
    )
    metric = forms.ChoiceField(label=_("Metric"), choices=PREDICTION_METRICS)
    id_column = forms.CharField(label=_("Id column"), max_length=60, initial="id")
    target_column = forms.CharField(label=_("Target column"), max_length=60, initial="target")
    usage_column = forms.CharField(
        label=_("Column that splits the truth"),
        max_length=60,
        required=False,
        initial="Usage",
        help_text=_(
            "It says Public or Private for each row, as in Kaggle's solution.csv. "
            "Empty: every row counts for both."
        ),
    )
    train = forms.FileField(label=_("Training data"), widget=forms.FileInput(attrs=_CSV))
    test = forms.FileField(label=_("Test data"), widget=forms.FileInput(attrs=_CSV))
    sample = forms.FileField(
        label=_("Sample submission"),
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("A file as it may be handed in; it must score against the truth."),
    )
    truth = forms.FileField(
        label=_("Truth"),
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("Never leaves the server, for nobody."),
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        facts = dict(self.cleaned_data)
        return facts | {name: content_of(facts[name], LAB_DOOR) for name in self.FILES}


class LabTaskForm(_TaskForm):
    """A task from a lab that was made for it: a function or a notebook."""

    lab = forms.ModelChoiceField(
        label=_("Lab"),
        queryset=Lab.objects.none(),
        help_text=_(
            "A draft of the organiser; it is reached through the contest only from now on."
        ),
    )

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = Lab.objects.filter(
            owner=contest.owner_id, state=LabState.DRAFT, held_by_kind="",
            kind__in=(LabKind.FUNCTION, LabKind.NOTEBOOK, LabKind.PREDICTION),
        )  # fmt: skip
        self.fields["lab"].queryset = drafts  # type: ignore[attr-defined]  # a choice of rows


class BundleUploadForm(forms.Form):
    """A bundle of another platform."""

    bundle = forms.FileField(
        label=_("Bundle"),
        help_text=_("The zip that the other platform takes, at most 64 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )


class BundleFactsForm(forms.Form):
    """What a bundle does not say: who holds the contest, what it is called here, and when."""

    token = forms.CharField(widget=forms.HiddenInput)
    key = forms.SlugField(
        label=_("Key"), max_length=60,
        help_text=_("Short, in Latin letters, for addresses and files."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(label=_("Organiser"), queryset=Organisation.objects.none())
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False)
    opens_at = forms.DateTimeField(
        label=_("First phase opens"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET),
    )
    closes_at = forms.DateTimeField(
        label=_("Last phase closes"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WIDGET),
        help_text=_("Phases keep the distances that they have in the bundle."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(contest_owners_for(person))
        self.fields["owner"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows

    def facts(self, content: bytes) -> dict[str, Any]:
        """Return what the service takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        return {"bundle": Content(name="bundle.zip", data=content), **said}


class RejudgeForm(forms.Form):
    """Why everything is scored anew, and a corrected truth."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Everybody who takes part is told.")
    )
    truth = forms.FileField(
        label=_("Corrected truth"),
        required=False,
        widget=forms.FileInput(attrs=_CSV),
        help_text=_("Without one, the present truth is used with the present engine."),
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        upload = self.cleaned_data["truth"]
        truth = content_of(upload, LAB_DOOR) if upload else None
        return {"reason": self.cleaned_data["reason"], "truth": truth}


class TeamForm(forms.Form):
    """A new team."""

    name = forms.CharField(label=_("Team name"), max_length=60)
    agreed = forms.BooleanField(
        label=_("I have read the texts above and agree to them"), required=False
    )

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            self.fields["agreed"].widget = forms.HiddenInput()


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("A letter with a link that works once. Empty: a link for you to pass on."),
    )
    days = forms.IntegerField(label=_("Works for days"), min_value=1, max_value=30, initial=7)


class PersonForm(forms.Form):
    """One of a team's people."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["person"].queryset = some  # type: ignore[attr-defined]  # a choice of rows


class MergeForm(forms.Form):
    """Which team is asked to join."""

    joining = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Team.objects.filter(contest=team.contest_id, state=TeamState.ACTIVE)
        self.fields["joining"].queryset = others.exclude(pk=team.pk)  # type: ignore[attr-defined]  # the same


class ReasonForm(forms.Form):
    """Why the organiser acts on a team."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class EntryForm(forms.Form):
    """A file to hand in for the team."""

    file = forms.FileField(label=_("File to hand in"), allow_empty_file=True)
    note = forms.CharField(
        label=_("Note for the team"), max_length=200, required=False,
        help_text=_("For instance which model it is; only your team and the organiser read it."),
    )  # fmt: skip
    external_data = forms.CharField(
        label=_("Data from elsewhere that was used"), max_length=1000, required=False
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = task.lab.kind if task.lab else LabKind.PREDICTION
        suffixes = ",".join(f".{one}" for one in SUBMISSION_DOORS[kind].suffixes)
        self.fields["file"].widget.attrs["accept"] = suffixes
        if task.phase.contest.external_data == ExternalData.NONE:
            del self.fields["external_data"]


class FinalsForm(forms.Form):
    """Which entries count in the end."""

    entries = forms.ModelMultipleChoiceField(
        label=_("Entries"), queryset=Entry.objects.none(), required=False
    )

    def __init__(self, *args: Any, team: Team, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Entry.objects.filter(team=team, task=task)
        self.fields["entries"].queryset = own  # type: ignore[attr-defined]  # a choice of rows


class AnnouncementForm(forms.ModelForm):
    """What is announced."""

    class Meta:
        model = Announcement
        fields = ("title_ko", "title_en", "text_ko", "text_en")


class QuestionForm(forms.Form):
    """What is asked."""

    text = forms.CharField(
        label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The answer is read by everybody; your name is not."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What is answered."""

    answer = forms.CharField(
        label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    hidden = forms.BooleanField(label=_("For whoever asked only"), required=False)


class TeamFilter(forms.Form):
    """Which teams to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *TeamState.choices]
    )


class EntryFilter(forms.Form):
    """Which entries to list."""

    q = forms.CharField(label=_("Part of the team's name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *EntryState.choices]
    )
