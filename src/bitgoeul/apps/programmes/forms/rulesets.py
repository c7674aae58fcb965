"""The form of a new version of a programme's rules: every threshold, as it stands now."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any, get_args

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.enums import WorkStatus
from bitgoeul.apps.programmes.models import RuleValues, RuleValuesError
from bitgoeul.apps.programmes.queries.rule_words import KEYS, SECTIONS
from bitgoeul.apps.programmes.queries.versions import CHOICES, LABELS, SHARES


class RuleSetForm(forms.Form):
    """Every threshold of a version, filled with the values in force; shares are in percent."""

    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Cohorts that are planned already keep the version they were planned with."),
    )
    reason = forms.CharField(
        label=_("Why it changes"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever approves the version reads this."),
    )

    def __init__(self, *args: Any, values: RuleValues, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today
        for one in dataclasses.fields(RuleValues):
            self._add(one, getattr(values, one.name))

    def _add(self, one: "dataclasses.Field[Any]", value: Any) -> None:
        if one.name in KEYS:
            for key, title in KEYS[one.name].items():
                field = _of_key(one, f"{LABELS[one.name]}: {title}")
                field.initial = _shown(one.name, value.get(key))
                self.fields[f"{one.name}__{key}"] = field
            return
        field = _field(one)
        field.initial = _shown(one.name, value)
        self.fields[one.name] = field

    def clean_retention_checkpoints_months(self) -> tuple[int, ...]:
        """Read "3, 6, 12"."""
        words = self.cleaned_data["retention_checkpoints_months"].replace(",", " ").split()
        if not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(gettext("Whole numbers of months, such as 3, 6, 12."))
        return tuple(int(word) for word in words)

    def clean(self) -> dict[str, Any]:
        """Let the rules judge themselves, and tell a fault at its field."""
        data = super().clean() or {}
        if not self.errors:
            try:
                self.values = RuleValues(
                    **{one.name: self._value(one.name) for one in dataclasses.fields(RuleValues)}
                )
            except RuleValuesError as fault:
                name = fault.field if fault.field in self.fields else None
                self.add_error(
                    name, gettext("This cannot be a rule: %(reason)s.") % {"reason": fault.reason}
                )
        return data

    def _value(self, name: str) -> Any:
        if name in KEYS:
            found = {key: _stored(name, self.cleaned_data[f"{name}__{key}"]) for key in KEYS[name]}
            return {key: limit for key, limit in found.items() if limit not in {None, ""}}
        return _stored(name, self.cleaned_data[name])

    def head(self) -> list[forms.BoundField]:
        """The fields about the version itself."""
        return [self["valid_from"], self["reason"]]

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The thresholds under their headings."""
        placed = {name for _title, names in SECTIONS for name in names}
        rest = tuple(one.name for one in dataclasses.fields(RuleValues) if one.name not in placed)
        return [
            (title, [self[field] for name in names for field in self._fields_of(name)])
            for title, names in (*SECTIONS, (gettext("Further rules"), rest))
            if names
        ]

    def _fields_of(self, name: str) -> list[str]:
        return [f"{name}__{key}" for key in KEYS[name]] if name in KEYS else [name]

    def facts(self) -> dict[str, Any]:
        """Return what the service wants."""
        data = self.cleaned_data
        return {
            "values": self.values, "valid_from": data["valid_from"], "reason": data["reason"],
        }  # fmt: skip


def _field(one: "dataclasses.Field[Any]") -> forms.Field:
    label = LABELS[one.name]
    if one.name in CHOICES:
        choices = list(CHOICES[one.name].items())
        return forms.ChoiceField(label=label, choices=choices, required=choices[0][0] != "")
    if one.name == "work_statuses":
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(
            label=label, choices=WorkStatus.choices, widget=boxes, required=False
        )
    if one.name == "retention_checkpoints_months":
        return forms.CharField(label=label, max_length=60)
    if one.type is bool:
        return forms.BooleanField(label=label, required=False)
    return _number(one, label, required=type(None) not in get_args(one.type))


def _of_key(one: "dataclasses.Field[Any]", label: Any) -> forms.Field:
    if one.name in CHOICES:
        choices = [("", gettext("no such rule")), *CHOICES[one.name].items()]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    return _number(one, label, required=False)


def _number(one: "dataclasses.Field[Any]", label: Any, *, required: bool) -> forms.Field:
    low, high = one.metadata.get("low"), one.metadata.get("high")
    note = "" if required else _("Empty: no such rule.")
    if one.name in SHARES:
        share: forms.Field = forms.DecimalField(
            label=_("%(label)s, in percent") % {"label": label},
            min_value=0, max_value=100, decimal_places=2, max_digits=5,
            required=required, help_text=note,
        )  # fmt: skip
        return share
    if one.name == "exam_pass_mark":
        return forms.DecimalField(
            label=label, min_value=low, max_value=high, decimal_places=2, max_digits=5,
            required=required, help_text=note,
        )  # fmt: skip
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=required, help_text=note
    )


def _shown(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in SHARES:
        return f"{(Decimal(value) * 100).normalize():f}"
    if name == "retention_checkpoints_months":
        return ", ".join(str(month) for month in value)
    return list(value) if isinstance(value, tuple) else value


def _stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in SHARES:
        return value / 100
    return tuple(value) if isinstance(value, list) else value
