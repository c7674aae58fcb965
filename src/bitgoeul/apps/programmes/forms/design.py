"""Forms of a cohort's design: calendar, days, classes, who teaches, modules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import DayKind, TeachingRole
from bitgoeul.apps.programmes.models import (
    ClassGroup,
    Cohort,
    CourseCalendar,
    Enrolment,
    Module,
    SpecialDay,
    Track,
)
from bitgoeul.core import clock

WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
    (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday")),
)  # fmt: skip
SKILLS_AT_MOST = 20


class PersonChoice(forms.ModelChoiceField):
    """A choice of people by name."""

    def label_from_instance(self, obj: User) -> str:
        """The name of a person."""
        return obj.full_name or obj.email


class CalendarForm(forms.ModelForm):
    """Weekdays, hours and times of a cohort."""

    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = CourseCalendar
        fields = (
            "weekdays", "hours_a_day", "starts_at", "hour_minutes", "lunch_after", "lunch_minutes",
            "holidays_off",
        )  # fmt: skip
        widgets = {"starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {"lunch_after": _("0: no pause.")}

    def clean_weekdays(self) -> list[int]:
        """Weekdays as numbers, Monday is 0."""
        return sorted(int(day) for day in self.cleaned_data["weekdays"])


class SpecialDayForm(forms.ModelForm):
    """A day that differs from the calendar."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices)

    class Meta:
        model = SpecialDay
        fields = ("day", "kind", "title")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class ClassForm(forms.ModelForm):
    """A class; its room is a name as long as rooms are not booked."""

    class Meta:
        model = ClassGroup
        fields = ("key", "name_ko", "name_en", "seats", "room")


class NewClassForm(ClassForm):
    """A class of one of the cohort's tracks."""

    track = forms.ModelChoiceField(label=_("Track"), queryset=Track.objects.none())
    field_order = ("track",)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["track"]
        choices.queryset = cohort.tracks.order_by("key")  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse a key that the track has."""
        data = super().clean() or {}
        track, key = data.get("track"), data.get("key")
        if track and key and ClassGroup.objects.filter(track=track, key=key).exists():
            self.add_error("key", _("The track has a class of this key already."))
        return data


class TeachingForm(forms.Form):
    """Who teaches a class."""

    person = PersonChoice(label=_("Person"), queryset=User.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=TeachingRole.choices)
    module = forms.ModelChoiceField(
        label=_("Module"),
        queryset=Module.objects.none(),
        required=False,
        empty_label=_("every module"),
    )

    def __init__(self, *args: Any, class_group: ClassGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohort = class_group.track.cohort
        modules = Module.objects.filter(cohort=cohort).filter(
            Q(track__isnull=True) | Q(track=class_group.track)
        )
        self.fields["person"].queryset = teachers_for(cohort)  # type: ignore[attr-defined]  # a choice field
        self.fields["module"].queryset = modules.order_by("order", "key")  # type: ignore[attr-defined]  # a choice field


class SeatForm(forms.Form):
    """The class in which a person sits."""

    class_group = forms.ModelChoiceField(label=_("Class"), queryset=ClassGroup.objects.none())

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = ClassGroup.objects.filter(track=enrolment.track_id).order_by("key")
        self.fields["class_group"].queryset = classes  # type: ignore[attr-defined]  # a choice field
        self.fields["class_group"].initial = enrolment.class_group_id


class ModuleForm(forms.ModelForm):
    """A module of the curriculum."""

    skills = forms.CharField(
        label=_("Skills"),
        max_length=600,
        required=False,
        help_text=_("Keys of skills, such as NCS codes, with commas between them."),
    )

    class Meta:
        model = Module
        fields = (
            "key", "order", "title_ko", "title_en", "track", "hours", "company_project", "company",
            "skills", "about",
        )  # fmt: skip
        labels = {"track": _("Track"), "company": _("Company")}
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        track, company = self.fields["track"], self.fields["company"]
        track.queryset = cohort.tracks.order_by("key")  # type: ignore[attr-defined]  # a choice field
        track.empty_label = _("every track")  # type: ignore[attr-defined]  # a choice field
        company.queryset = Organisation.objects.order_by("name_ko")  # type: ignore[attr-defined]  # a choice field
        if self.instance.pk:
            self.initial["skills"] = ", ".join(self.instance.skills)
            self.fields["key"].disabled = True

    def clean_key(self) -> str:
        """Refuse a key that the curriculum has."""
        key = str(self.cleaned_data["key"])
        rows = Module.objects.filter(cohort=self.cohort, key=key).exclude(pk=self.instance.pk)
        if rows.exists():
            raise ValidationError(_("The curriculum has a module of this key already."))
        return key

    def clean_skills(self) -> list[str]:
        """Read the keys, each once."""
        return skills_in(self.cleaned_data["skills"])

    def plan(self) -> services.ModulePlan:
        """Return the module as the service wants it."""
        names = [name for name in self.Meta.fields if name != "skills"]
        return services.ModulePlan(
            **{name: self.cleaned_data[name] for name in names},
            skills=tuple(self.cleaned_data["skills"]),
        )


def skills_in(text: str) -> list[str]:
    """Read keys of skills with commas between them, each once.

    Raises
    ------
    ValidationError
        When there are too many, or one is too long.
    """
    found = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(found) > SKILLS_AT_MOST or any(len(key) > 60 for key in found):
        raise ValidationError(_("At most 20 skills of at most 60 characters each."))
    return found


def teachers_for(cohort: Cohort) -> QuerySet[User]:
    """Return who may teach: instructors and officers of the organiser, mentors of anybody."""
    today = clock.today()
    here = Q(
        memberships__organisation=cohort.programme.organiser_id,
        memberships__role__in=(Role.INSTRUCTOR, Role.OFFICER),
    )
    held = Q(memberships__ended_on__isnull=True) | Q(memberships__ended_on__gte=today)
    found = User.objects.filter(
        here | Q(memberships__role=Role.MENTOR), held, memberships__started_on__lte=today,
        is_active=True,
    )  # fmt: skip
    return found.distinct().order_by("full_name", "pk")
