"""How the interface says no: one shape of error (RFC 9457), in the language of whoever calls."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict

MEDIA = "application/problem+json"

CODES: dict[str, tuple[int, Any]] = {
    "unreadable": (400, gettext_lazy("The request cannot be read.")),
    "token_missing": (401, gettext_lazy("This call needs a token.")),
    "token_unknown": (401, gettext_lazy("This token is unknown.")),
    "token_expired": (401, gettext_lazy("This token has expired.")),
    "token_revoked": (401, gettext_lazy("This token has been revoked.")),
    "scope_missing": (403, gettext_lazy("This token does not have the right that is needed.")),
    "absent": (404, gettext_lazy("Nothing is here, or you may not see it.")),
    "method_not_allowed": (405, gettext_lazy("This address does not take this method.")),
    "refused": (409, gettext_lazy("What was asked cannot be done now.")),
    "too_large": (413, gettext_lazy("The request is too large.")),
    "invalid": (422, gettext_lazy("Some values cannot be accepted.")),
    "key_reused": (422, gettext_lazy("This Idempotency-Key belongs to another call.")),
    "reason_needed": (422, gettext_lazy("This file needs a reason, because it names people.")),
    "too_many": (429, gettext_lazy("Too many calls. Wait a little.")),
    "fault": (500, gettext_lazy("Something went wrong here.")),
    "unavailable": (503, gettext_lazy("The database does not answer. Try again in a minute.")),
}
"""Every code with its status and title; the documentation lists them from here."""


class FieldError(BaseModel):
    """One value that cannot be accepted, and where it stands."""

    model_config = ConfigDict(extra="forbid")
    place: str
    message: str


class ProblemOut(BaseModel):
    """The one shape of every error."""

    model_config = ConfigDict(extra="forbid", title="Problem")
    type: str
    code: str
    title: str
    status: int
    detail: str
    number: str
    errors: list[FieldError]


class Problem(Exception):
    """An answer that is an error; raised anywhere below an operation."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def response_of(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Write a problem as an answer."""
    status, title = CODES[problem.code]
    body = {
        "type": f"/api/v1/#{problem.code}",
        "code": problem.code,
        "title": str(title),
        "status": status,
        "detail": problem.detail or str(title),
        "number": getattr(request, "number", ""),
        "errors": [error.model_dump() for error in problem.errors],
    }
    answer = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA)
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def from_pydantic(faults: Iterable[Mapping[str, Any]], *, source: str = "") -> list[FieldError]:
    """Say in the caller's language what the types refused, and where."""
    return [
        FieldError(
            place=".".join(map(str, (source, *fault["loc"]) if source else fault["loc"])),
            message=message_of(fault),
        )
        for fault in faults
    ]


_PLAIN: dict[str, Any] = {
    "missing": gettext_lazy("This value is needed."),
    "extra_forbidden": gettext_lazy("This name is unknown here."),
    "uuid_parsing": gettext_lazy("This is no UUID."),
    "uuid_type": gettext_lazy("This is no UUID."),
    "int_parsing": gettext_lazy("This is no whole number."),
    "int_type": gettext_lazy("This is no whole number."),
    "int_from_float": gettext_lazy("This is no whole number."),
    "decimal_parsing": gettext_lazy("This is no number."),
    "decimal_type": gettext_lazy("This is no number."),
    "float_parsing": gettext_lazy("This is no number."),
    "float_type": gettext_lazy("This is no number."),
    "bool_parsing": gettext_lazy("This is neither true nor false."),
    "bool_type": gettext_lazy("This is neither true nor false."),
    "string_type": gettext_lazy("This is no text."),
    "list_type": gettext_lazy("This is no list."),
}
_BOUNDED: dict[str, tuple[str, Any]] = {
    "string_too_long": ("max_length", gettext_lazy("At most %(limit)s characters are possible.")),
    "string_too_short": ("min_length", gettext_lazy("At least %(limit)s characters are needed.")),
    "too_long": ("max_length", gettext_lazy("At most %(limit)s entries are possible.")),
    "too_short": ("min_length", gettext_lazy("At least %(limit)s entries are needed.")),
    "less_than_equal": ("le", gettext_lazy("The value must be at most %(limit)s.")),
    "greater_than_equal": ("ge", gettext_lazy("The value must be at least %(limit)s.")),
    "literal_error": ("expected", gettext_lazy("Choose one of: %(limit)s.")),
    "enum": ("expected", gettext_lazy("Choose one of: %(limit)s.")),
}


def message_of(fault: Mapping[str, Any]) -> str:
    """One sentence about one fault of a type."""
    kind = str(fault.get("type", ""))
    if kind in _BOUNDED:
        key, text = _BOUNDED[kind]
        return str(text) % {"limit": fault.get("ctx", {}).get(key, "")}
    if kind in _PLAIN:
        return str(_PLAIN[kind])
    if kind.startswith(("date", "timezone")):
        return _("This is no date or moment in ISO 8601.")
    return _("This value cannot be accepted.")
