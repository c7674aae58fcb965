"""The name under which a view is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SaveForm(forms.Form):
    """Name, list and filter."""

    path = forms.CharField(max_length=200)
    query = forms.CharField(max_length=4000, required=False)
    name = forms.CharField(label=_("Name of the view"), max_length=60)
    default = forms.BooleanField(label=_("Open it whenever I open this list"), required=False)
