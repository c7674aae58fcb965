"""Rows of a list: plain values straight from the database, a page at a time by a signed cursor.

A row's type says for each value where it stands (`At("person__full_name")`); one statement reads
a page, whatever a row holds. The cursor remembers the last row, not a number of rows, so what is
inserted meanwhile neither repeats nor hides a row.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from .problems import FieldError, Problem

PAGE, PAGE_AT_MOST = 50, 200
_SALT = "bitgoeul.api.cursor"


@dataclass(frozen=True)
class At:
    """Where a value of a row stands, as the database is asked for it; "" if it is added later."""

    path: str


class Row(BaseModel):
    """A row of a list: its fields are columns, by name or by `At`."""

    model_config = ConfigDict(extra="forbid")
    PREFIX: ClassVar[str] = ""


class Made(Row):
    """The identifier of what was made or changed."""

    uuid: UUID


class JobMade(Row):
    """The job that does the work."""

    job: UUID


class Paging(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")
    cursor: Annotated[str, StringConstraints(max_length=400)] = Field(
        default="", description="The `next` of the page before."
    )
    limit: Annotated[int, Field(ge=1, le=PAGE_AT_MOST)] = Field(
        default=PAGE, description="How many rows a page has at most."
    )


@cache
def columns(row: type[BaseModel]) -> dict[str, str]:
    """Return the path of each column of a row."""
    found = {}
    for name, field in row.model_fields.items():
        place = next((mark.path for mark in field.metadata if isinstance(mark, At)), name)
        if place:
            found[name] = place
    return found


@cache
def page_type(row: type[BaseModel]) -> type[BaseModel]:
    """The type of a page of rows."""
    return create_model(
        f"{row.__name__}Page",
        __config__=ConfigDict(extra="forbid"),
        items=(list[row], ...),  # type: ignore[valid-type]  # a type made at run time
        next=(str | None, Field(description="Give it as `cursor`; null on the last page.")),
    )


def listed(
    request: HttpRequest, rows: QuerySet[Any], row: type[BaseModel], *, newest_first: bool = False
) -> dict[str, Any]:
    """Read one page of the rows that a query found."""
    asked = request.asked  # type: ignore[attr-defined]  # set by the room
    model: type[Model] = rows.model
    found: QuerySet[Any] = model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    last = _last_seen(request, asked)
    if last is not None:
        found = found.filter(Q(pk__lt=last) if newest_first else Q(pk__gt=last))
    limit: int = asked["limit"]
    paths = columns(row)
    order = "-pk" if newest_first else "pk"
    lines = list(found.order_by(order).values_list("pk", *paths.values())[: limit + 1])
    items = [dict(zip(paths, line[1:], strict=True)) for line in lines[:limit]]
    more = _cursor(request, lines[limit - 1][0]) if len(lines) > limit else None
    return {"items": items, "next": more}


def sliced(request: HttpRequest, rows: Sequence[Any]) -> dict[str, Any]:
    """Return one page of a list that is computed, not stored: the cursor counts its rows."""
    asked = request.asked  # type: ignore[attr-defined]  # set by the room
    start = _last_seen(request, asked) or 0
    end = start + asked["limit"]
    more = _cursor(request, end) if len(rows) > end else None
    return {"items": list(rows[start:end]), "next": more}


def whole(items: Sequence[Any]) -> dict[str, Any]:
    """A list that is short by nature, in one page."""
    return {"items": list(items), "next": None}


def one(rows: QuerySet[Any], visible: Q, row: type[BaseModel], **lookup: Any) -> dict[str, Any]:
    """Load one row and authorise it in one step; absent and hidden answer alike."""
    paths = columns(row)
    for line in (
        rows.order_by().filter(visible, **lookup).distinct().values_list(*paths.values())[:1]
    ):
        return dict(zip(paths, line, strict=True))
    raise Http404


def every(rows: QuerySet[Any], row: type[BaseModel]) -> list[dict[str, Any]]:
    """Read all rows of a short list that stands inside another answer."""
    paths = columns(row)
    return [dict(zip(paths, line, strict=True)) for line in rows.values_list(*paths.values())]


def _digest(request: HttpRequest) -> str:
    """A cursor belongs to one address with one filter."""
    asked = dict(request.asked)  # type: ignore[attr-defined]  # set by the room
    asked.pop("cursor", None)
    asked.pop("limit", None)
    text = f"{request.path}|{sorted((key, str(value)) for key, value in asked.items())}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _cursor(request: HttpRequest, last: int) -> str:
    return signing.dumps([last, _digest(request)], salt=_SALT)


def _last_seen(request: HttpRequest, asked: dict[str, Any]) -> int | None:
    if not asked["cursor"]:
        return None
    try:
        last, digest = signing.loads(asked["cursor"], salt=_SALT)
        if digest == _digest(request):
            return int(last)
    except (signing.BadSignature, TypeError, ValueError):
        pass
    message = _("This cursor belongs to another list. Begin without one.")
    raise Problem("invalid", errors=[FieldError(place="query.cursor", message=message)])
