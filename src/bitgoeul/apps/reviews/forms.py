"""Forms of the room; they read what people typed, the services decide."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.reviews import services
from bitgoeul.apps.reviews.enums import ReviewState
from bitgoeul.apps.reviews.models import Review, Rubric

PREFIX = "s_"
"""What stands before an item's key in the name of its field."""
_PARTS = 5
_CLICKABLE = 10


class RubricForm(forms.Form):
    """A rubric, or the next version of one."""

    owner = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    key = forms.SlugField(
        label=_("Key"),
        max_length=40,
        help_text=_("The same key makes the next version of a rubric that exists."),
    )
    name_ko = forms.CharField(label=_("Name in Korean"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    items = forms.CharField(
        label=_("Items"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One per line: key | Korean | English | weight in percent | highest score. "
            "The weights add up to 100."
        ),
    )

    def __init__(self, *args: Any, owners: Q, rubric: Rubric | None = None, **kwargs: Any) -> None:
        if rubric is not None:
            kwargs.setdefault("initial", _first(rubric))
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.filter(owners)
        self.fields["owner"].queryset = mine  # type: ignore[attr-defined]  # a choice of rows

    def clean_items(self) -> list[services.ItemPlan]:
        """Read the items line by line; every line that cannot be read is named."""
        plans: list[services.ItemPlan] = []
        faults: list[str] = []
        for number, line in enumerate(self.cleaned_data["items"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                plans.append(_item(line, {plan.key for plan in plans}))
            except ValidationError as fault:
                text = gettext("Line %(number)s: %(fault)s")
                faults.append(text % {"number": number, "fault": " ".join(fault.messages)})
        if faults:
            raise ValidationError(faults)
        if sum(plan.weight for plan in plans) != services.WHOLE:
            raise ValidationError(_("The weights of the items must add up to 100."))
        return plans


class SeatForm(forms.Form):
    """Whom to seat on a panel."""

    people = forms.ModelMultipleChoiceField(
        label=_("Reviewers"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]  # a choice of rows


class CaseFilter(forms.Form):
    """Which cases to list."""

    state = forms.ChoiceField(
        label=_("Reviews"), required=False, choices=[("", _("All")), *ReviewState.choices]
    )


class ReviewForm(forms.Form):
    """An opinion: a score per item, and words."""

    comment = forms.CharField(
        label=_("Comment"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person judged may read it once the panel is closed."),
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(review.case.panel.rubric.items.all())
        comment = self.fields.pop("comment")
        for item in self.items:
            label = f"{item.label} ({item.weight} %)"
            first = review.scores.get(item.key)
            self.fields[PREFIX + item.key] = _score_field(label, item.top_score, first)
        self.fields["comment"] = comment
        comment.initial = review.comment

    def scores(self) -> dict[str, str]:
        """Return the scores by item."""
        return {item.key: str(self.cleaned_data[PREFIX + item.key]) for item in self.items}


def _score_field(label: str, most: int, first: str | None) -> forms.Field:
    if most <= _CLICKABLE:
        choices = [(str(number), str(number)) for number in range(most + 1)]
        return forms.ChoiceField(
            label=label, choices=choices, widget=forms.RadioSelect, initial=first
        )
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, decimal_places=1, initial=first
    )


def _item(line: str, taken: set[str]) -> services.ItemPlan:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != _PARTS:
        raise ValidationError(_("five parts are needed, with | between them."))
    key, korean, english, weight, top = parts
    validate_slug(key)
    if key in taken:
        raise ValidationError(_("the key “%(key)s” stands above already.") % {"key": key})
    if not korean:
        raise ValidationError(_("the Korean name is missing."))
    if not all(
        n.isascii() and n.isdigit() and 1 <= int(n) <= services.WHOLE for n in (weight, top)
    ):
        raise ValidationError(_("weight and highest score are whole numbers from 1 to 100."))
    return services.ItemPlan(
        key=key, label_ko=korean, label_en=english, weight=int(weight), top_score=int(top)
    )


def _first(rubric: Rubric) -> dict[str, Any]:
    lines = (
        f"{i.key} | {i.label_ko} | {i.label_en} | {i.weight} | {i.top_score}"
        for i in rubric.items.all()
    )
    said = {name: getattr(rubric, name) for name in ("key", "name_ko", "name_en")}
    return said | {"owner": rubric.owner_id, "items": "\n".join(lines)}
