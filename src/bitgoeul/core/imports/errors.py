"""What can be wrong with a cell, a row or a whole file, and how it is said.

An error is kept as code, English message and parameters, and is put into words only when
somebody reads it: the same staged row speaks Korean to one reader and English to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

Message = str | Promise


class StoredError(TypedDict):
    """An error as it is kept with a staged row or an import."""

    column: str
    code: str
    message: str
    params: dict[str, str | int]
    value: str


CELL_MESSAGES: dict[str, Message] = {
    "missing": _("Nothing is written here, but this column must be filled in."),
    "too_long": _("The text has %(length)s characters; at most %(max)s are allowed."),
    "too_short": _("The text has %(length)s characters; at least %(min)s are needed."),
    "wrong_form": _("“%(found)s” does not have the expected form: %(expected)s."),
    "not_whole_number": _("“%(found)s” is not a whole number. Write digits only, like 12."),
    "not_a_number": _("“%(found)s” is not a number. Write it like 87.5."),
    "too_small": _("“%(found)s” is too small: the smallest value allowed is %(min)s."),
    "too_large": _("“%(found)s” is too large: the largest value allowed is %(max)s."),
    "too_many_places": _("“%(found)s” has more than %(places)s decimal places."),
    "not_money": _("“%(found)s” is not an amount in won. Write it like 1,234,000."),
    "not_a_date": _("“%(found)s” is not a date. Write it like 2026-04-15."),
    "no_such_day": _("“%(found)s” is not a day of the calendar."),
    "too_early": _("“%(found)s” is too early: the earliest date allowed is %(min)s."),
    "too_late": _("“%(found)s” is too late: the latest date allowed is %(max)s."),
    "not_a_moment": _("“%(found)s” is not a date with a time. Write it like 2026-04-15 14:30."),
    "not_a_time": _("“%(found)s” is not a time of day. Write it like 14:30."),
    "not_a_phone": _("“%(found)s” is not a telephone number. Write it like 010-1234-5678."),
    "not_an_email": _("“%(found)s” is not an e-mail address. Write it like name@example.kr."),
    "not_a_choice": _("“%(found)s” is not known here. Write one of: %(expected)s."),
    "not_yes_or_no": _("“%(found)s” is neither yes nor no. Write ○ or ×."),
    "not_business_number": _(
        "“%(found)s” is not a business registration number of ten digits, like 123-45-67891."
    ),
    "business_number_check": _(
        "The check digit of “%(found)s” is wrong: a digit of the business registration number "
        "is mistyped."
    ),
    "not_a_share": _("“%(found)s” is not a share. Write it like 0.3 or with a percent sign."),
    "not_an_identifier": _("“%(found)s” is not an identifier of this system."),
    "spreadsheet_error": _("The spreadsheet itself shows an error here (%(found)s)."),
    "control_character": _("The cell holds an invisible control character. Type it again."),
    "resident_number": _(
        "This looks like a resident registration number. Such numbers may not be stored here: "
        "delete it from the file. It was not kept."
    ),
    "duplicate_row": _("The same entry already stands in row %(line)s of this file."),
}

FILE_MESSAGES: dict[str, Message] = {
    "empty": _("The file is empty."),
    "too_big": _("The file has %(size)s MB; at most %(max)s MB are allowed. Divide it."),
    "unknown_type": _("This is neither a spreadsheet (XLSX, XLS) nor a CSV file."),
    "wrong_suffix": _(
        "Files whose names end in “.%(suffix)s” are not taken here. Taken are: %(allowed)s."
    ),
    "wrong_name": _(
        "The name ends in “.%(suffix)s”, but the content is of another kind (%(found)s). Save the "
        "file again in the kind that its name says."
    ),
    "wrong_kind": _("Taken here are: %(allowed)s. This file is something else (%(found)s)."),
    "not_json": _("This is no JSON file."),
    "active_content": _(
        "The file carries macros, scripts or other files inside. Save it without them."
    ),
    "bad_paper": _(
        "The inside of the file is not built as it should be. Save it again in the program that "
        "made it."
    ),
    "web_page": _(
        "This is a web page with the name of a spreadsheet. Open it in the spreadsheet program "
        "and save it as XLSX."
    ),
    "damaged": _("The spreadsheet is damaged and cannot be read. Save it again as XLSX."),
    "password": _("The spreadsheet is protected by a password. Save it without one."),
    "macros": _("The spreadsheet contains macros. Save it as XLSX without macros."),
    "bomb": _(
        "Unpacked, the spreadsheet would be far larger than a table of this size needs. It was "
        "not opened. Copy the table into a new file."
    ),
    "unsafe_archive": _("The inside of the spreadsheet is not built as it should be."),
    "too_demanding": _(
        "Reading the file takes more memory or time than is allowed. Divide it or copy the "
        "table into a new file."
    ),
    "encoding": _(
        "Line %(line)s is written neither in UTF-8 nor in CP949. Save the file as UTF-8."
    ),
    "mixed_encoding": _(
        "The file mixes UTF-8 and CP949: line %(line)s differs from the lines before it. "
        "Save the whole file as UTF-8."
    ),
    "control_character": _(
        "Line %(line)s holds an invisible control character, so this is not a proper text file."
    ),
    "unclosed_quote": _(
        "In row %(line)s quotation marks are opened and not closed, or stand in a wrong place."
    ),
    "too_many_rows": _("The table has more than %(max)s rows. Divide it."),
    "too_many_columns": _("Row %(line)s has more than %(max)s columns."),
    "too_many_sheets": _("The spreadsheet has more than %(max)s sheets."),
    "cell_too_long": _("A cell in row %(line)s has more than %(max)s characters."),
    "no_header": _("No row with the column headings was found. Expected headings: %(expected)s."),
    "missing_columns": _(
        "These columns are missing: %(missing)s. Headings were found in row %(line)s."
    ),
    "repeated_column": _(
        "The columns “%(first)s” and “%(second)s” mean the same thing. Leave one of them."
    ),
    "no_rows": _("There is no row under the headings in row %(line)s."),
    "resident_column": _(
        "The column “%(heading)s” is for resident registration numbers. Such numbers may not be "
        "stored here: remove the column. The file was not kept."
    ),
    "resident_elsewhere": _(
        "Something that looks like a resident registration number stands outside the table "
        "(%(place)s). Such numbers may not be stored here: delete it. The file was not kept."
    ),
}

SERVICE_MESSAGES: dict[str, Message] = {
    "unknown_kind": _("There is no import called “%(kind)s”. There are: %(expected)s."),
    "unknown_target": _("Nothing was found under “%(target)s” to import into."),
    "needs_target": _("Say what to import into."),
    "rows_refused": _(
        "%(errors)s rows have errors. Correct the file, or say that these rows are to be left out."
    ),
    "not_ready": _("This import is not waiting for confirmation."),
    "stale": _(
        "Since this preview the data have changed: %(rows)s rows would now be treated "
        "differently. Check the file again."
    ),
    "cannot_undo": _("An import of this kind cannot be undone."),
    "not_confirmed": _("Only a finished import can be undone."),
    "undo_blocked": _(
        "The import cannot be undone because other entries already build on it: %(what)s."
    ),
    "undo_missing": _("Rows written by this import have been changed or removed since."),
    "file_gone": _("The file is no longer kept. Upload it again."),
}


def msgid(message: Message) -> str:
    """The untranslated text of a message, which is what is stored."""
    if isinstance(message, str):
        return message
    with translation.override(None):
        return str(message)


def phrase(error: Mapping[str, Any]) -> str:
    """Put a stored error into words, in the language that is active now."""
    params = error.get("params") or {}
    return translated(error["message"]) % params


class ImportProblem(Exception):
    """Anything a person can put right, with a code, and words in any language."""

    messages: dict[str, Message] = {}

    def __init__(self, code: str, message: Message | None = None, /, **params: str | int) -> None:
        if message is None:
            message = self.messages[code]
        self.code = code
        self.message = msgid(message)
        self.params = params
        super().__init__(code)

    def stored(self) -> StoredError:
        """The error as it is kept: to be put into words by `phrase`."""
        return {
            "column": "",
            "code": self.code,
            "message": self.message,
            "params": self.params,
            "value": "",
        }

    def __str__(self) -> str:
        return phrase({"message": self.message, "params": self.params})


class CellError(ImportProblem):
    """A cell (or, from a room's `match` or `check`, a row) cannot be accepted.

    `column` names the column's key when the error is raised outside that column's converter.
    """

    messages = CELL_MESSAGES

    def __init__(
        self,
        code: str,
        message: Message | None = None,
        /,
        *,
        column: str = "",
        **params: str | int,
    ) -> None:
        super().__init__(code, message, **params)
        self.column = column


class FileRefused(ImportProblem):
    """The file as a whole cannot be read as a table of this kind."""

    messages = FILE_MESSAGES


class ImportRefused(ImportProblem):
    """A step of the import was refused: wrong state, no permission, rows with errors."""

    messages = SERVICE_MESSAGES


class UndoRefused(ImportRefused):
    """Raised by a room's `undo` when something depends on the imported rows."""
