"""Forms of a cohort that is called for, selected, taught and completed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region, Sex
from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import ApplicationState, EnrolmentState, Major, WorkStatus
from bitgoeul.apps.programmes.forms.questions import PREFIX, field_of, given_of
from bitgoeul.apps.programmes.models import Application, Cohort, Question, Stage, Track
from bitgoeul.apps.programmes.queries.forms import answers_to

CHOICES = ("choice_1", "choice_2", "choice_3")
_IDENTITY = ("birth_on", "sex", "phone")
_ANSWERS = ("residence", "school_region", "major", "work_status", "motivation")
_NEEDED = ("birth_on", "sex", "residence", "school_region", "major", "work_status", "choice_1")


def _choices(source: Any) -> list[tuple[str, Any]]:
    return [("", _("Please choose")), *source.choices]


class ApplicationForm(forms.Form):
    """An application: identity that is still unknown, answers, ranked tracks, consents.

    A draft needs nothing; `submitting` makes the needed fields needed.
    """

    birth_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=_choices(Sex))
    phone = forms.CharField(
        label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    residence = forms.ChoiceField(label=_("Where you live"), choices=_choices(Region))
    school_region = forms.ChoiceField(
        label=_("Where your last school is"), choices=_choices(Region)
    )
    major = forms.ChoiceField(label=_("Major"), choices=_choices(Major))
    work_status = forms.ChoiceField(label=_("Work"), choices=_choices(WorkStatus))
    motivation = forms.CharField(
        label=_("Why you want to take part"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("At most 3,000 characters."),
    )
    choice_1 = forms.ChoiceField(label=_("First choice"))
    choice_2 = forms.ChoiceField(label=_("Second choice"))
    choice_3 = forms.ChoiceField(label=_("Third choice"))
    accommodation = forms.CharField(
        label=_("What you need to take part"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For instance more time, a barrier-free room, large print. Only the office reads it; "
            "it has no influence on the selection."
        ),
    )

    def __init__(
        self,
        *args: Any,
        cohort: Cohort,
        person: User,
        texts: Sequence[ConsentText],
        questions: Sequence[Question] = (),
        submitting: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        standing = person.consents.filter(withdrawn_at__isnull=True).values_list("text", flat=True)
        agreed = set(standing)
        # Asked once: what stands is not asked again, and is withdrawn on one's own page.
        self.agreed = [text for text in texts if text.pk in agreed]
        self.texts = {f"consent_{text.uuid}": text for text in texts if text.pk not in agreed}
        self.tracks = {track.key: track for track in cohort.tracks.all()}
        for name in _IDENTITY:
            if getattr(person, name):
                del self.fields[name]
        named = [("", _("Please choose")), *((key, t.name) for key, t in self.tracks.items())]
        for name in CHOICES:
            self.fields[name].choices = named  # type: ignore[attr-defined]  # a choice field
        for name, text in self.texts.items():
            self.fields[name] = forms.BooleanField(
                label=text.get_purpose_display(), help_text=text.text, required=text.required
            )
        needed = {PREFIX + question.key for question in questions if question.required}
        for question in questions:
            self.fields[PREFIX + question.key] = field_of(question)
        for name, field in self.fields.items():
            # A file that is there already need not be sent again.
            kept = isinstance(field, forms.FileField) and self.initial.get(name)
            if name in needed:
                field.required = submitting and not kept
                continue
            wanted = name in _NEEDED or (name in self.texts and self.texts[name].required)
            field.required = submitting and wanted

    def clean(self) -> dict[str, Any]:
        """Refuse one track chosen twice."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for name in CHOICES:
            key = cleaned.get(name)
            if key and key in seen:
                self.add_error(name, _("This track is chosen already."))
            seen.add(key or "")
        return cleaned

    def fields_of(self, *names: str) -> list[forms.BoundField]:
        """Return the fields of a part of the page that this form has."""
        return [self[name] for name in names if name in self.fields]

    def identity_fields(self) -> list[forms.BoundField]:
        """Who applies: only what is not known yet."""
        return self.fields_of(*_IDENTITY)

    def answer_fields(self) -> list[forms.BoundField]:
        """What the application says."""
        return self.fields_of(*_ANSWERS)

    def choice_fields(self) -> list[forms.BoundField]:
        """The ranked tracks."""
        return self.fields_of(*CHOICES)

    def question_fields(self) -> list[forms.BoundField]:
        """The cohort's own questions."""
        return self.fields_of(*(PREFIX + question.key for question in self.questions))

    def faulty(self) -> list[str]:
        """Return the names of the fields whose value is not possible."""
        return [str(self[name].label) for name in self.errors if name in self.fields]

    def keep_standing(self) -> None:
        """Put what stood before where a value is not possible: nothing is lost by one fault."""
        for name in self.fields:
            self.cleaned_data.setdefault(name, self.initial.get(name, ""))

    def consent_fields(self) -> list[forms.BoundField]:
        """Each consent on its own."""
        return self.fields_of(*self.texts)

    def facts(self) -> dict[str, Any]:
        """Return what the services want of the answers."""
        data = self.cleaned_data
        return {
            "answers": services.Answers(**{name: data[name] for name in _ANSWERS}),
            "choices": [self.tracks[data[name]] for name in CHOICES if data[name]],
            "identity": services.Identity(
                **{name: data[name] for name in _IDENTITY if data.get(name)}
            ),
            "given": given_of(data, self.questions, need=data["accommodation"]),
        }

    def consents(self) -> list[ConsentText]:
        """Return the texts that are agreed to, now or before."""
        return self.agreed + [text for name, text in self.texts.items() if self.cleaned_data[name]]


def answers_of(application: Application | None) -> dict[str, Any]:
    """Return an application as the form's first values."""
    if application is None:
        return {}
    ranked = [choice.track.key for choice in application.choices.select_related("track")]
    asked = getattr(application, "accommodation", None)
    own = {PREFIX + key: value for key, value in answers_to(application).items()}
    return {
        **{name: getattr(application, name) for name in _ANSWERS},
        **dict(zip(CHOICES, ranked, strict=False)),
        "accommodation": asked.need if asked else "",
        **own,
    }


class ApplicationFilter(forms.Form):
    """Which applications to list."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All"))]
        + [choice for choice in ApplicationState.choices if choice[0] != "draft"],
    )
    region = forms.ChoiceField(
        label=_("Residence"), required=False, choices=[("", _("All")), *Region.choices]
    )
    outcome = forms.RegexField(
        r"^(passed|cut):[-a-zA-Z0-9_]{1,60}$",
        label=_("Result of a stage"),
        required=False,
        widget=forms.Select,
    )

    def __init__(self, *args: Any, stages: Iterable[Stage] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = {"passed": _("%(stage)s: goes on"), "cut": _("%(stage)s: does not go on")}
        self.fields["outcome"].widget.choices = [
            ("", _("All")),
            *(
                (f"{side}:{stage.key}", words % {"stage": stage.name})
                for stage in stages
                for side, words in sides.items()
            ),
        ]

    def asked(self) -> list[tuple[str, str]]:
        """Return what was asked for, in words."""
        found = []
        for bound in self:
            value = bound.data or ""
            words = dict(getattr(bound.field.widget, "choices", ())).get(value, value)
            if value:
                found.append((str(bound.label), str(words)))
        return found


class EnrolmentFilter(forms.Form):
    """Which enrolments to list."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *EnrolmentState.choices]
    )
    track = forms.ChoiceField(label=_("Track"), required=False)

    def __init__(self, *args: Any, tracks: Sequence[Track], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("All")),
            *((track.key, track.name) for track in tracks),
        ]


class SelectionFilter(forms.Form):
    """Which results to list."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    seat = forms.ChoiceField(label=_("Seat"), required=False)

    def __init__(self, *args: Any, tracks: Sequence[Track], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("All")),
            ("yes", _("With a seat")),
            ("no", _("Without a seat")),
            *((track.key, track.name) for track in tracks),
        ]


class JudgeForm(forms.Form):
    """Declare not eligible, or readmit."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The applicant reads this."),
    )


class EndForm(forms.Form):
    """How an enrolment ended before its time."""

    state = forms.ChoiceField(
        label=_("How it ended"),
        choices=[choice for choice in EnrolmentState.choices if choice[0] in services.ENDED_EARLY],
    )
    on = forms.DateField(
        label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ExamForm(forms.Form):
    """The final test."""

    score = forms.DecimalField(
        label=_("Final test, out of 100"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        required=False,
    )


class AssignmentForm(forms.Form):
    """A lab for the cohort."""

    lab = forms.ModelChoiceField(label=_("Lab"), queryset=Lab.objects.none())
    due_at = forms.DateTimeField(
        label=_("Due"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    required = forms.BooleanField(label=_("Needed for completion"), required=False, initial=True)

    def __init__(self, *args: Any, labs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lab"].queryset = labs  # type: ignore[attr-defined]  # a choice of rows
