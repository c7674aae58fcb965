"""Forms of profiles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.careers.models import Profile


class ProfileForm(forms.ModelForm):
    """What a graduate shows to employers."""

    link = forms.URLField(
        label=_("Portfolio"), required=False, max_length=300, assume_scheme="https"
    )

    class Meta:
        model = Profile
        fields = ("headline", "about", "link", "visible")
        widgets = {"about": forms.Textarea(attrs={"rows": 8})}
