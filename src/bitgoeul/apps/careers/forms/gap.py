"""Which cohorts the vacancies are held against."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models import Cohort, Programme


class GapFilter(forms.Form):
    """With the cohorts of which programme vacancies are compared."""

    programme = forms.UUIDField(label=_("Programme"), required=False, widget=forms.Select)

    def __init__(self, *args: Any, visible: Q | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if visible is not None:
            cohorts = Cohort.objects.filter(visible).values("programme")
            found = Programme.objects.filter(pk__in=cohorts).order_by("name_ko")
            choices = [(str(row.uuid), row.name) for row in found]
            self.fields["programme"].widget.choices = [("", gettext("All programmes")), *choices]
