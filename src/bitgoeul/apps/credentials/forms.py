"""Forms of the room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.credentials.enums import AchievementKind, CredentialState, RevocationReason
from bitgoeul.apps.credentials.models import Achievement, Skill
from bitgoeul.apps.credentials.queries.verification import typed_code
from bitgoeul.apps.credentials.rules import writing_organisations
from bitgoeul.core import uploads
from bitgoeul.core.imports import FileRefused

DOOR = uploads.Door(suffixes=("json",), most_bytes=200_000)
"""A credential is a few kilobytes; one with an embedded picture is not ours."""


class CodeForm(forms.Form):
    """A verification code as it stands on paper."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=60,
        help_text=_("Four groups of five, such as ABCDE-FGHJK-23456-7MNPQ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code as it is kept; what has signs that no code has is refused."""
        try:
            return typed_code(self.cleaned_data["code"])
        except ValueError as error:
            raise forms.ValidationError(str(error), code="characters") from error


class CredentialFileForm(forms.Form):
    """The file of a credential; it is checked and not kept."""

    file = forms.FileField(
        label=_("File of the certificate (JSON)"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> bytes:
        """Let the file in by the gate, and return its bytes."""
        upload = self.cleaned_data["file"]
        content = bytes(upload.read(DOOR.most_bytes + 1))
        try:
            uploads.admit(content, name=upload.name or "file", door=DOOR)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return content


class RevocationForm(forms.Form):
    """Why a credential is revoked."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", _("Choose")), *RevocationReason.choices]
    )
    note = forms.CharField(
        label=_("Note for the owner"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the owner and your organisation read it."),
    )


class CredentialFilter(forms.Form):
    """Which issued credentials to list."""

    q = forms.CharField(label=_("Part of the name"), required=False, max_length=80)
    achievement = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *AchievementKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *CredentialState.choices]
    )


class AchievementFilter(forms.Form):
    """Which achievements to list."""

    q = forms.CharField(label=_("Part of the title"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *AchievementKind.choices]
    )


class SkillFilter(forms.Form):
    """Which skills to list."""

    q = forms.CharField(label=_("Part of a name"), required=False, max_length=80)


_WORDS = (
    "title_ko",
    "title_en",
    "description_ko",
    "description_en",
    "criteria_ko",
    "criteria_en",
    "skills",
)


class AchievementForm(forms.ModelForm):
    """What can be achieved."""

    skills = forms.ModelMultipleChoiceField(
        label=_("Skills proved"), queryset=Skill.objects.order_by("name_ko"), required=False
    )

    class Meta:
        model = Achievement
        fields = ("key", "kind", "issuer", *_WORDS)
        labels = {"issuer": _("Issued by")}
        help_texts = {"key": _("Short, in Latin letters, for addresses and files.")}
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("description_ko", "description_en", "criteria_ko", "criteria_en")
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            pk__in=writing_organisations(person)
        )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data) | {"skills": list(self.cleaned_data["skills"])}


class AchievementWordsForm(forms.ModelForm):
    """New words for an achievement; key, kind and issuer stay."""

    skills = forms.ModelMultipleChoiceField(
        label=_("Skills proved"), queryset=Skill.objects.order_by("name_ko"), required=False
    )

    class Meta:
        model = Achievement
        fields = _WORDS
        widgets = AchievementForm.Meta.widgets

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data) | {"skills": list(self.cleaned_data["skills"])}
