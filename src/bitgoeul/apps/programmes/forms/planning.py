"""Forms of setting up: a programme with its first rules, a cohort with its tracks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.enums import Region
from bitgoeul.apps.alliance.models import Agreement, Organisation, Party
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import Field
from bitgoeul.apps.programmes.models import PRESET_FILES, PRESETS, Programme

_PARTS_OF_A_TRACK = 5
_SEATS_AT_MOST = 1000


def preset_titles() -> list[tuple[str, str]]:
    """The ready-made rules, named in the reader's language."""
    return [(key, preset.title) for key, preset in PRESET_FILES.items()]


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class ProgrammeForm(forms.ModelForm[Programme]):
    """A programme of one of the officer's organisations, and where its first rules come from."""

    preset = forms.ChoiceField(
        label=_("First rules"),
        choices=preset_titles,
        help_text=_("They count once another officer approves them on the page of the rules."),
    )

    class Meta:
        model = Programme
        fields = ("key", "name_ko", "name_en", "about_ko", "about_en", "organiser", "agreement")
        labels = {
            "key": _("Key"),
            "name_ko": _("Name in Korean"),
            "name_en": _("Name in English"),
            "about_ko": _("Description in Korean"),
            "about_en": _("Description in English"),
            "organiser": _("Organiser"),
            "agreement": _("Agreement"),
        }
        help_texts = {
            "key": _("Small letters, digits and hyphens, for file names: ai-academy."),
            "agreement": _("Its cities and universities oversee the programme together."),
        }
        widgets = {
            "about_ko": forms.Textarea(attrs={"rows": 4}),
            "about_en": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, organisers: Q, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(organisers)
        signed = Party.objects.filter(organisation__in=mine).values("agreement")
        self.fields["organiser"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows
        self.fields["agreement"].queryset = Agreement.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            pk__in=signed
        )
        self.fields["agreement"].required = True
        if len(mine) == 1:
            self.fields["organiser"].initial = mine[0]

    def facts(self) -> dict[str, Any]:
        """Return what the service wants."""
        data = dict(self.cleaned_data)
        values = PRESETS[data.pop("preset")]
        return {**data, "values": values}


class CohortForm(forms.Form):
    """A cohort to be: when, how long, for whom, with which tracks."""

    number = forms.IntegerField(label=_("Cohort number"), min_value=1, max_value=9999)
    applications_open_at = _moment(_("Applications from"))
    applications_close_at = _moment(_("Applications until"))
    starts_on = _day(_("First day of the course"))
    ends_on = _day(_("Last day of the course"))
    hours = forms.IntegerField(label=_("Planned hours"), min_value=1, max_value=10000)
    preset = forms.ChoiceField(
        label=_("Selection starts from"),
        choices=[(key, preset.title) for key, preset in services.PRESETS.items()],
        initial="cohort-1",
        required=False,
        help_text=_("Stages can be changed on their page until applications are open."),
    )
    band_width = forms.DecimalField(
        label=_("Width of a band of scores, in points"),
        min_value=0,
        max_value=50,
        decimal_places=2,
        required=False,
        help_text=_(
            "Scores in one band count as equal and the lottery decides; 0: exact scores. Empty: "
            "as the selection above has it."
        ),
    )
    answer_days = forms.IntegerField(
        label=_("Days to accept a seat"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Empty: no answer is asked, and nobody is called from the waiting list."),
    )
    call_until = forms.DateField(
        label=_("Last day to call the next in line"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
        help_text=_("Empty: only until the cohort starts."),
    )
    local_share = forms.DecimalField(
        label=_("Seats reserved for local talents, in percent"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        initial=0,
    )
    local_regions = forms.MultipleChoiceField(
        label=_("Regions that count as local"),
        choices=Region.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    tracks = forms.CharField(
        label=_("Tracks"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One per line: key | Korean name | English name | field | seats. The field is "
            "modelling, services or platform; the English name may be empty. "
            "For instance: a | (Korean name) | Modelling | modelling | 30"
        ),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        self.taken = set(programme.cohorts.values_list("number", flat=True))
        kwargs.setdefault("initial", {"number": max(self.taken, default=0) + 1})
        super().__init__(*args, **kwargs)

    def clean_number(self) -> int:
        """Refuse a number that the programme has used."""
        number = int(self.cleaned_data["number"])
        if number in self.taken:
            raise ValidationError(_("This programme has a cohort of this number already."))
        return number

    def clean_tracks(self) -> list[services.TrackPlan]:
        """Read the tracks line by line; every line that cannot be read is named."""
        plans: list[services.TrackPlan] = []
        faults: list[str] = []
        for number, line in enumerate(self.cleaned_data["tracks"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                plans.append(_track(line, {plan.key for plan in plans}))
            except ValidationError as fault:
                text = gettext("Line %(number)s: %(fault)s")
                faults.append(text % {"number": number, "fault": " ".join(fault.messages)})
        if faults:
            raise ValidationError(faults)
        return plans

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order and a local share of nowhere."""
        data = super().clean() or {}
        opens, closes = data.get("applications_open_at"), data.get("applications_close_at")
        if opens and closes and closes <= opens:
            self.add_error("applications_close_at", _("Applications must close after they open."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        if data.get("local_share") and not data.get("local_regions"):
            self.add_error("local_regions", _("Say which regions count as local."))
        return data

    def facts(self) -> dict[str, Any]:
        """Return what the service wants: the share as a fraction of one."""
        data = dict(self.cleaned_data)
        preset = services.PRESETS[data.pop("preset") or "cohort-1"]
        width = data.pop("band_width")
        return {
            **data,
            "local_share": data["local_share"] / 100,
            "stages": preset.stages,
            "band_width": preset.band_width if width is None else width,
        }


def _track(line: str, taken: set[str]) -> services.TrackPlan:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != _PARTS_OF_A_TRACK:
        raise ValidationError(_("five parts are needed, with | between them."))
    key, name_ko, name_en, field, seats = parts
    validate_slug(key)
    if key in taken:
        raise ValidationError(_("the key “%(key)s” stands above already.") % {"key": key})
    if not name_ko:
        raise ValidationError(_("the Korean name is missing."))
    if field not in Field.values:
        raise ValidationError(_("the field must be modelling, services or platform."))
    if not (seats.isascii() and seats.isdigit() and 1 <= int(seats) <= _SEATS_AT_MOST):
        raise ValidationError(
            _("seats must be a whole number from 1 to %(most)s.") % {"most": _SEATS_AT_MOST}
        )
    return services.TrackPlan(
        key=key, name_ko=name_ko, name_en=name_en, field=field, seats=int(seats)
    )
