"""Upload a file; confirm what it would do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .kinds import Kind
from .limits import LIMITS, MEBIBYTE


class UploadForm(forms.Form):
    """A file, and what it goes into when that is not decided yet."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,  # refused by the reader, with its own words
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls"}),
    )

    def __init__(self, *args: Any, kind: Kind, user: Any, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = LIMITS.file_bytes // MEBIBYTE
        self.fields["file"].help_text = _("XLSX, XLS or CSV, at most %(max)s MB.") % {"max": most}
        if target is None and kind.targets is not None:
            self.fields["target"] = forms.ModelChoiceField(
                queryset=kind.targets(user), to_field_name="uuid", label=_("Import into")
            )
            self.order_fields(["target", "file"])


class ConfirmForm(forms.Form):
    """Whether rows with errors are to be left out; asked only when there are some."""

    leave_out = forms.BooleanField(
        error_messages={
            "required": _("Correct the file and upload it again, or tick that they are left out.")
        }
    )

    def __init__(self, *args: Any, bad: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bad:
            label = _("Leave out the %(count)s rows with errors") % {"count": f"{bad:,}"}
            self.fields["leave_out"].label = label
        else:
            del self.fields["leave_out"]
