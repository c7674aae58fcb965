"""Forms of the pages on which one asks to be forgotten, and decides of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.core.privacy.models import ErasureItem, ErasureRequest

Decision = ErasureItem.Decision
State = ErasureRequest.State


class RequestFilter(forms.Form):
    """Only requests that wait for a decision, or all."""

    state = forms.ChoiceField(
        required=False, choices=[(State.OPEN.value, State.OPEN.label)], label=_("State")
    )


class WishForm(forms.Form):
    """What a person wishes to have erased, in their own words."""

    wish = forms.CharField(
        label=_("What you wish"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not give a reason."),
    )


class DecisionForm(forms.Form):
    """What is decided of one part."""

    decision = forms.ChoiceField(label=_("Decision"), choices=())
    reason = forms.CharField(label=_("Reason for keeping it"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, item: ErasureItem, held: bool) -> None:
        super().__init__(data, prefix=f"p{item.pk}")
        self.item = item
        first = Decision.LATER if held else Decision.ERASE
        offered = [first, Decision.KEEP]
        choice = self.fields["decision"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(each.value, each.label) for each in offered]
        self.initial.setdefault("decision", first.value)

    def decided(self) -> tuple[UUID, tuple[str, str]]:
        """Return the part's number with decision and reason."""
        asked = self.cleaned_data
        return self.item.uuid, (asked["decision"], asked["reason"])
