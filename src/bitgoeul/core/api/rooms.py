"""How a room declares its operations: each reads or writes, with types, rights and documents."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any

import orjson
from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from ninja import Query, Router
from pydantic import BaseModel, create_model

from bitgoeul.core import access

from . import registry
from .bearer import Bearer
from .bodies import Nothing, body_of
from .models import Token
from .once import once
from .problems import FieldError, Problem, ProblemOut
from .rows import Paging, page_type

Handler = Callable[..., Any]
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
ZIP = "application/zip"
JSON = "application/json"

ALWAYS = (400, 401, 403, 404, 422, 429, 500, 503)


class Request(HttpRequest):
    """What an operation gets: the person, the filter that was asked for, the token."""

    user: Any
    asked: dict[str, Any]
    token: Token | None
    operation: "Operation"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation, as tests and documents see it."""

    room: str
    name: str
    method: str
    path: str
    summary: str
    public: bool = False
    status: int = 200
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    files: tuple[str, ...] = ()
    most_bytes: int = 0
    media: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether the operation changes something."""
        return self.method not in {"GET", "HEAD"}

    @property
    def shown(self) -> str:
        """The path as documents write it."""
        return re.sub(r"{[^}:]+:", "{", self.path)

    @property
    def scope(self) -> str:
        """The right that a token needs."""
        return f"{self.room}:{'write' if self.writes else 'read'}"


class Room:
    """The operations of one room; the web mounts it under its key."""

    def __init__(self, key: str, *, title: Any) -> None:
        self.key = key
        self.title = title
        self.router = Router(tags=[key])
        self.operations: list[Operation] = []
        registry.register(self)

    def lists(
        self,
        path: str,
        row: type[BaseModel],
        *,
        filters: type[forms.BaseForm] | None = None,
        public: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a list; `filters` is the form of the page's filter."""
        query = _query_of(filters, paged=True)
        return self._declare(path, "GET", answer=page_type(row), public=public, query=query)

    def reads(
        self, path: str, answer: type[BaseModel] | None, *, public: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare the reading of one object."""
        return self._declare(path, "GET", answer=answer, public=public)

    def hands_out(
        self,
        path: str,
        view: Callable[..., HttpResponseBase],
        *media: str,
        name: str,
        filters: type[forms.BaseForm] | None = None,
        public: bool = False,
    ) -> None:
        """Declare a file that a page's view hands out; the reason for it comes in a header."""

        def hand_out(request: Request, **where: Any) -> HttpResponseBase:
            access.require(where.get("form", "csv") in {"csv", "xlsx"})
            _give_reason(request)
            return view(request, **where)

        hand_out.__name__ = name
        hand_out.__doc__ = inspect.getdoc(view)
        hand_out.__signature__ = _path_signature(path)  # type: ignore[attr-defined]  # read by ninja
        query = _query_of(filters, paged=False)
        self._declare(path, "GET", media=media, public=public, query=query)(hand_out)

    def writes(
        self,
        path: str,
        answer: type[BaseModel] | None,
        *,
        method: str = "POST",
        status: int = 200,
        body: type[BaseModel] | type[forms.BaseForm] | None = None,
        files: Sequence[str] = (),
        most_bytes: int = 0,
        public: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a change; a form as `body` stands for the type that follows from it.

        Files are of `most_bytes` together: the door of the page's upload.
        """
        kind: Any = body or Nothing
        if issubclass(kind, forms.BaseForm):
            partial = method == "PATCH"
            kind = body_of(kind, partial=partial, suffix="Changes" if partial else "Body")
        return self._declare(
            path,
            method,
            answer=answer,
            status=status,
            body=kind,
            files=tuple(files),
            most_bytes=most_bytes,
            public=public,
        )

    def _declare(
        self, path: str, method: str, *, query: Any = None, **facts: Any
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            operation = Operation(
                room=self.key,
                name=f"{self.key}.{handler.__name__}",
                method=method,
                path=path,
                summary=(inspect.getdoc(handler) or "").partition("\n")[0],
                **facts,
            )
            self.operations.append(operation)
            self.router.api_operation(
                [method],
                path,
                auth=Bearer(scope=operation.scope, public=operation.public),
                response=_responses(operation),
                operation_id=operation.name,
                url_name=operation.name,
                summary=operation.summary,
                description=" ",
            )(_view(operation, handler, query))
            return handler

        return declare


def _responses(operation: Operation) -> dict[int, Any]:
    errors = [*ALWAYS, *((409, 413) if operation.writes else (409,))]
    return {operation.status: operation.answer, **dict.fromkeys(sorted(errors), ProblemOut)}


def _view(operation: Operation, handler: Handler, query: Any) -> Handler:
    """Wrap a handler for ninja: the filter is checked, the answer written, a key respected."""

    @wraps(handler)
    def view(request: Request, **where: Any) -> HttpResponseBase:
        asked = where.pop("asked", None)
        request.operation = operation
        request.asked = asked.model_dump() if asked is not None else {}
        if not operation.writes:
            return _answer(operation, handler(request, **where))
        _require_files(request, operation)

        def work() -> HttpResponse:
            return _answer(operation, handler(request, **where))  # type: ignore[return-value]  # a write answers JSON

        return once(request, request.token, work) if request.token else work()

    signature = inspect.signature(handler)
    parameters = [
        parameter.replace(annotation=_resolved(handler, parameter))
        for parameter in signature.parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
    ]
    if query is not None:
        kind = inspect.Parameter.KEYWORD_ONLY
        default: Any = Query(...)  # type: ignore[type-arg]  # a call, not a type
        parameters.append(inspect.Parameter("asked", kind, default=default, annotation=query))
    view.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by ninja
    return view


def _resolved(handler: Handler, parameter: inspect.Parameter) -> Any:
    note = parameter.annotation
    return eval(note, handler.__globals__) if isinstance(note, str) else note  # noqa: S307 -- ours


def _path_signature(path: str) -> inspect.Signature:
    from uuid import UUID

    from .values import Short, Whole

    kinds: dict[str, Any] = {"uuid": UUID, "int": Whole}
    parameters = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for part in path.split("{")[1:]:
        kind, _colon, name = part.partition("}")[0].rpartition(":")
        note = kinds.get(kind, Short)
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=note))
    return inspect.Signature(parameters)


def _query_of(filters: type[forms.BaseForm] | None, *, paged: bool) -> Any:
    if filters is None:
        return Paging if paged else None
    asked = body_of(filters, suffix="Query")
    return create_model(f"{asked.__name__}Page", __base__=(asked, Paging)) if paged else asked


def _require_files(request: Request, operation: Operation) -> None:
    from django.utils.translation import gettext as _

    missing = [name for name in operation.files if name not in request.FILES]
    if missing:
        errors = [
            FieldError(place=f"body.{name}", message=_("This value is needed.")) for name in missing
        ]
        request.missing_files = errors  # type: ignore[attr-defined]  # told after who may is known


def require_files(request: HttpRequest) -> None:
    """Refuse a call whose files are missing; handlers ask once they know that the person may."""
    if errors := getattr(request, "missing_files", None):
        raise Problem("invalid", errors=errors)


def _give_reason(request: Request) -> None:
    from urllib.parse import unquote

    if reason := request.headers.get("X-Reason", ""):
        request.download_reason = unquote(reason)  # type: ignore[attr-defined]  # read by the journal


def _answer(operation: Operation, value: Any) -> HttpResponseBase:
    if isinstance(value, HttpResponseBase):
        return value
    body = b"{}" if value is None else orjson.dumps(value, default=_plain)
    return HttpResponse(body, status=operation.status, content_type="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")
