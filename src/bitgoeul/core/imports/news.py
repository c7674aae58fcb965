"""What people are told about files that were read or written in the background."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.core import notices

from .models import Import

IMPORTS = notices.declare(
    notices.Topic(
        key="imports",
        title=_("Imports"),
        about=_("When a long file has been read or written in the background."),
        messages=(
            notices.Message(
                key="imports.read",
                subject=_("Your file has been read"),
                text=_("%(file)s has been read. See what each row would do, and confirm."),
            ),
            notices.Message(
                key="imports.written",
                subject=_("Your import is finished"),
                text=_("The rows of %(file)s have been written."),
            ),
            notices.Message(
                key="imports.not_written",
                subject=_("Your import could not be written"),
                text=_("Nothing of %(file)s was written. The preview says why."),
            ),
        ),
    )
)


def tell(message: str, imported: Import, *, person: Any, at: dt.datetime) -> None:
    """Tell whoever asked for it; nobody, when a program did."""
    if person is not None:
        notices.tell(
            message,
            person=person,
            path=reverse("imports:detail", kwargs={"uuid": imported.uuid}),
            at=at,
            # A job that runs again after an interruption tells nothing twice.
            once=str(imported.job_uuid or imported.uuid),
            file=imported.file_name,
        )
