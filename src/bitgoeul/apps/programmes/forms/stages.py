"""Stages line by line, a panel for a stage, and the button for everything a filter finds."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models import Lab
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.enums import CutRule, ScoreSource, StageKind
from bitgoeul.apps.programmes.models import Stage
from bitgoeul.apps.reviews.enums import COMPUTED, ConflictReason
from bitgoeul.apps.reviews.models import Rubric

_PARTS = 9
_MOST = 1000


class StagesForm(forms.Form):
    """The stages of a cohort, one per line."""

    stages = forms.CharField(
        label=_("Stages"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One per line: key | Korean | English | weight in percent | highest score | kind | "
            "source | cut | value. Kinds: course, aptitude, coding, documents, interview, other. "
            "Sources: import, lab:KEY (a lab of the organiser), reviews. Cuts: none, top (how "
            "many go on), threshold (lowest score), ratio (how many of 100)."
        ),
    )

    def __init__(self, *args: Any, labs: QuerySet[Lab], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labs = {lab.key: lab for lab in labs}

    def clean_stages(self) -> list[services.StagePlan]:
        """Read the stages line by line; every line that cannot be read is named."""
        plans: list[services.StagePlan] = []
        faults: list[str] = []
        for number, line in enumerate(self.cleaned_data["stages"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                plans.append(self._plan(line, {plan.key for plan in plans}))
            except ValidationError as fault:
                text = gettext("Line %(number)s: %(fault)s")
                faults.append(text % {"number": number, "fault": " ".join(fault.messages)})
        if faults:
            raise ValidationError(faults)
        return plans

    def _plan(self, line: str, taken: set[str]) -> services.StagePlan:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != _PARTS:
            raise ValidationError(_("nine parts are needed, with | between them."))
        key, korean, english, weight, top, kind, source, cut, value = parts
        validate_slug(key)
        if key in taken:
            raise ValidationError(_("the key “%(key)s” stands above already.") % {"key": key})
        if not korean:
            raise ValidationError(_("the Korean name is missing."))
        origin, _colon, lab = source.partition(":")
        known = origin in ScoreSource.values and kind in StageKind.values and cut in CutRule.values
        if not known or (origin == ScoreSource.LAB and lab not in self.labs):
            raise ValidationError(_("kind, source, lab or cut is not known here."))
        return services.StagePlan(
            key=key,
            name_ko=korean,
            name_en=english,
            weight=_whole(weight),
            top_score=_whole(top),
            kind=kind,
            source=origin,
            lab=self.labs.get(lab),
            cut_rule=cut,
            cut_value=_value(value) if cut != CutRule.NONE else None,
        )


class PanelForm(forms.Form):
    """A panel for a stage."""

    rubric = forms.ModelChoiceField(label=_("Rubric"), queryset=Rubric.objects.none())
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    opens_at = forms.DateTimeField(
        label=_("Reviews from"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    closes_at = forms.DateTimeField(
        label=_("Reviews until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reviews_each = forms.IntegerField(
        label=_("Reviews per case"), min_value=1, max_value=5, initial=2
    )
    load_limit = forms.IntegerField(
        label=_("Most cases per reviewer"), min_value=1, max_value=5000, initial=100
    )
    gap_limit = forms.DecimalField(
        label=_("Third opinion when two differ by more than (points of 100)"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        initial=20,
        required=False,
    )
    look_for = forms.MultipleChoiceField(
        label=_("Conflicts to look for"),
        choices=[(each.value, each.label) for each in COMPUTED],
        widget=forms.CheckboxSelectMultiple,
        initial=[each.value for each in COMPUTED],
        required=False,
        help_text=_("One's own case is never judged, whatever is chosen here."),
    )
    open_domains = forms.CharField(
        label=_("Mail services open to everybody"),
        max_length=500,
        required=False,
        help_text=_("Besides the known ones, with commas between them."),
    )

    def __init__(self, *args: Any, rubrics: QuerySet[Rubric], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rubric"].queryset = rubrics  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        """Refuse a phase that ends before it begins."""
        data = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The phase ends before it begins."))
        return data

    def facts(self) -> dict[str, Any]:
        """Return what the service wants."""
        data = dict(self.cleaned_data)
        data["look_for"] = [ConflictReason(each) for each in data["look_for"]]
        data["open_domains"] = data["open_domains"].split(",")
        return data


class BulkForm(forms.Form):
    """What is done to everything that the filter finds."""

    eligible = forms.ChoiceField(
        label=_("What to do"),
        choices=[("no", _("Declare not eligible")), ("yes", _("Readmit"))],
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def lines_of(stages: Iterable[Stage]) -> str:
    """Return stages as the form's text."""
    return "\n".join(
        " | ".join(
            (
                stage.key,
                stage.name_ko,
                stage.name_en,
                str(stage.weight),
                str(stage.top_score),
                stage.kind,
                f"{stage.source}:{stage.lab.key}" if stage.lab else stage.source,
                stage.cut_rule,
                "" if stage.cut_value is None else f"{stage.cut_value:f}",
            )
        )
        for stage in stages
    )


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST):
        raise ValidationError(_("weight and highest score are whole numbers from 1."))
    return int(text)


def _value(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or not 0 < value <= 100_000:
        raise ValidationError(_("the cut needs a value above 0."))
    return value
