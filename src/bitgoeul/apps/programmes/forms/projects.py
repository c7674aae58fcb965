"""Forms of projects: what is given, who works together, what is handed in, how it is judged."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import MarkRole
from bitgoeul.apps.programmes.forms.design import PersonChoice, teachers_for
from bitgoeul.apps.programmes.models import Cohort, Enrolment, Project, Team
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.uploads import PAPERS

MILESTONES_AT_MOST = 20
_SCALE = [(number, str(number)) for number in range(1, 6)]


class ProjectFilter(forms.Form):
    """The cohort whose projects are listed."""

    cohort = forms.UUIDField(label=_("Cohort"), required=False, widget=forms.HiddenInput)


class ProjectForm(forms.ModelForm):
    """A project as it stands."""

    class Meta:
        model = Project
        fields: tuple[str, ...] = (
            "kind", "title_ko", "title_en", "brief", "track", "module", "company", "required",
            "pass_mark", "weight_instructor", "weight_mentor", "weight_company", "peer_review",
        )  # fmt: skip
        labels = {"track": _("Track"), "module": _("Module"), "company": _("Company")}
        widgets = {"brief": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"weight_company": _("The three weights make 100 percent.")}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        track, module = self.fields["track"], self.fields["module"]
        track.queryset = cohort.tracks.order_by("key")  # type: ignore[attr-defined]  # a choice field
        track.empty_label = _("every track")  # type: ignore[attr-defined]  # a choice field
        module.queryset = cohort.modules.order_by("order")  # type: ignore[attr-defined]  # a choice field
        companies = Organisation.objects.order_by("name_ko")
        self.fields["company"].queryset = companies  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse weights that do not make a whole."""
        data = super().clean() or {}
        names = ("weight_instructor", "weight_mentor", "weight_company")
        if sum(data.get(name) or 0 for name in names) != 100:
            self.add_error("weight_company", _("The three weights make 100 percent."))
        if data.get("weight_company") and not data.get("company"):
            self.add_error("company", _("Say which company judges the work."))
        return data


class NewProjectForm(ProjectForm):
    """A project to give, with its due dates."""

    milestones = forms.CharField(
        label=_("Due dates"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line: 2025-06-20 18:00 | title"),
    )

    def clean_milestones(self) -> list[tuple[str, dt.datetime]]:
        """Read the due dates line by line; every line that cannot be read is named."""
        found, faults = [], []
        lines = self.cleaned_data["milestones"].splitlines()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(_milestone(line))
            except ValueError:
                text = gettext("Line %(number)s cannot be read.")
                faults.append(text % {"number": number})
        if len(found) > MILESTONES_AT_MOST:
            faults.append(gettext("At most 20 due dates."))
        if faults:
            raise ValidationError(faults)
        return found


class MilestoneForm(forms.Form):
    """A due date to add."""

    title = forms.CharField(label=_("Title"), max_length=120)
    due_at = forms.DateTimeField(
        label=_("Due at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class TraineeChoice(forms.ModelMultipleChoiceField):
    """A choice of trainees by name."""

    def label_from_instance(self, obj: Enrolment) -> str:
        """The name of a trainee."""
        return obj.person.full_name


class TeamForm(forms.Form):
    """Who works together, and who mentors them."""

    name = forms.CharField(label=_("Name of the team"), max_length=80)
    members = TraineeChoice(
        label=_("Members of the team"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    mentor = PersonChoice(
        label=_("Mentor"), queryset=User.objects.none(), required=False, empty_label=_("nobody")
    )

    def __init__(
        self, *args: Any, project: Project, team: Team | None = None, **kwargs: Any
    ) -> None:
        if team is not None:
            mine = list(team.memberships.values_list("enrolment", flat=True))
            start = {"name": team.name, "mentor": team.mentor_id, "members": mine}
            kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = _free(project, team)  # type: ignore[attr-defined]  # a choice field
        self.fields["mentor"].queryset = teachers_for(project.cohort)  # type: ignore[attr-defined]  # a choice field


class HandInForm(forms.Form):
    """A file, an answer, or a link."""

    text = forms.CharField(
        label=_("Answer or link"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": ",".join(f".{suffix}" for suffix in PAPERS.suffixes)}
        ),
        help_text=format_lazy(_("At most 20 MB: {kinds}."), kinds=PAPERS.allowed),
    )

    def work(self) -> services.Work | None:
        """Return the file, of one that is too long only as much as shows that it is."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            return None
        return services.Work(name=upload.name or "file", content=upload.read(PAPERS.most_bytes + 1))


class MarkForm(forms.Form):
    """A judgement of a team's work."""

    role = forms.ChoiceField(label=_("I judge as"))
    points = forms.IntegerField(label=_("Points of 100"), min_value=0, max_value=100)
    comment = forms.CharField(
        label=_("Comment"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The team reads it."),
    )

    def __init__(self, *args: Any, roles: list[str] | tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(role, MarkRole(role).label) for role in roles]
        self.fields["role"].choices = named  # type: ignore[attr-defined]  # a choice field


class PeerForm(forms.Form):
    """What one says of another member of the team."""

    contribution = forms.TypedChoiceField(
        label=_("Did their share"), choices=_SCALE, coerce=int, widget=forms.RadioSelect
    )
    cooperation = forms.TypedChoiceField(
        label=_("Worked well with others"), choices=_SCALE, coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, about: Enrolment, **kwargs: Any) -> None:
        self.about = about
        kwargs.setdefault("prefix", str(about.uuid))
        super().__init__(*args, **kwargs)

    def judgement(self) -> services.Judgement:
        """Return what is said as the service wants it."""
        return services.Judgement(about=self.about, **self.cleaned_data)


def _milestone(line: str) -> tuple[str, dt.datetime]:
    when, bar, title = line.partition("|")
    if not bar or not title.strip() or len(title.strip()) > 120:
        raise ValueError(line)
    due = dt.datetime.strptime(when.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)
    return title.strip(), due


def _free(project: Project, team: Team | None) -> QuerySet[Enrolment]:
    """Return who has to do the project and is in no other team of it."""
    able = [one.pk for one in services.people_for(project)]
    rows = Enrolment.objects.filter(pk__in=able).select_related("person")
    taken = project.teams.exclude(uuid=team.uuid) if team else project.teams.all()
    busy = taken.values("memberships__enrolment")
    return rows.exclude(pk__in=busy.exclude(memberships__isnull=True)).order_by(
        "person__full_name", "pk"
    )
