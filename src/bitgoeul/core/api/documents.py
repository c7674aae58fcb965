"""The interface as a whole: rooms mounted, errors answered, described as OpenAPI 3.1."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.errors import ValidationError as QueryInvalid
from pydantic import BaseModel

from bitgoeul.core import uploads
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.downloads import ReasonNeeded

from .once import HEADER, LENGTH
from .problems import MEDIA, FieldError, Problem, from_pydantic, response_of
from .rooms import JSON, Operation, Room

VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"


class Interface(NinjaAPI):
    """One version of the interface."""

    def __init__(self, rooms: Sequence[Room], *, title: str, description: str) -> None:
        super().__init__(
            title=title,
            version=VERSION,
            description=description,
            urls_namespace="v1",
            docs_url=None,
            openapi_url=None,
        )
        self.rooms = list(rooms)
        for room in rooms:
            self.add_router(f"/{room.key}", room.router)
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    @property
    def operations(self) -> list[Operation]:
        """Every operation of every room."""
        return [operation for room in self.rooms for operation in room.operations]

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        """Let in as many bytes as the page's upload does, where an operation takes files."""
        found = super()._get_urls()
        most = {each.name: each.most_bytes for each in self.operations if each.most_bytes}
        for each in found:
            if isinstance(each, URLPattern) and each.name in most:
                uploads.body_up_to(most[each.name])(each.callback)
        return found

    def document(self, prefix: str) -> dict[str, Any]:
        """Describe everything as OpenAPI 3.1."""
        found: dict[str, Any] = deepcopy(dict(self.get_openapi_schema(path_prefix=prefix)))
        found["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        found["servers"] = [{"url": "/"}]
        found["tags"] = [{"name": room.key, "description": str(room.title)} for room in self.rooms]
        schemes = {"Bearer": {"type": "http", "scheme": "bearer"}}
        found["components"]["securitySchemes"] = schemes
        by_name = {operation.name: operation for operation in self.operations}
        for methods in found["paths"].values():
            for described in methods.values():
                _complete(described, by_name[described["operationId"]], found["components"])
        return found


def _complete(described: dict[str, Any], operation: Operation, components: dict[str, Any]) -> None:
    described.pop("description", None)
    described["x-scope"] = operation.scope
    described["security"] = [{"Bearer": []}, *([{}] if operation.public else [])]
    for status, answer in described["responses"].items():
        if int(status) >= 400 and "content" in answer:
            answer["content"] = {MEDIA: answer["content"].pop("application/json")}
    if operation.media:
        text = {"type": "string"}
        kinds = {kind: {"schema": {} if kind == JSON else text} for kind in operation.media}
        described["responses"][operation.status] = {"description": "The file", "content": kinds}
        described["parameters"].append(_reason())
    elif operation.answer is None:
        nothing = {"schema": {"type": "object"}}
        described["responses"][operation.status]["content"] = {"application/json": nothing}
    if operation.writes:
        described["parameters"].append(_key())
        described["requestBody"] = _body(operation, components)


def _key() -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": LENGTH, "pattern": "^[!-~]+$"}
    text = "The same key with the same call has one effect; the answer is repeated for a day."
    return {
        "in": "header",
        "name": HEADER,
        "required": False,
        "schema": schema,
        "description": text,
    }


def _reason() -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 900, "pattern": "^[!-~]*$"}
    text = "Why the file is needed (percent-encoded UTF-8); asked when it names other people."
    return {"in": "header", "name": "X-Reason", "required": False, "schema": schema,
            "description": text}  # fmt: skip


def _body(operation: Operation, components: dict[str, Any]) -> dict[str, Any]:
    assert operation.body is not None, "every change has a body, be it an empty one"
    schema = _schema_of(operation.body, components)
    if not operation.files:
        required = bool(schema.get("required"))
        return {"content": {"application/json": {"schema": schema}}, "required": required}
    schema = {**schema, "properties": {**schema.get("properties", {})}}
    for name in operation.files:
        schema["properties"][name] = {"type": "string", "format": "binary"}
    schema["required"] = [*schema.get("required", []), *operation.files]
    return {"content": {"multipart/form-data": {"schema": schema}}, "required": True}


def _schema_of(model: type[BaseModel], components: dict[str, Any]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=_REF)
    components["schemas"].update(schema.pop("$defs", {}))
    return schema


def _absent(request: HttpRequest, fault: Exception) -> HttpResponse:
    return response_of(request, Problem("absent"))


def _refused(request: HttpRequest, fault: Any) -> HttpResponse:
    text = str(fault)
    if getattr(fault, "code", "") == "invalid":
        errors = [FieldError(place="body", message=text)]
        return response_of(request, Problem("invalid", text, errors=errors))
    return response_of(request, Problem("refused", text))


def _invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    errors = [FieldError(place="body", message=str(text)) for text in fault.messages]
    return response_of(request, Problem("invalid", errors=errors))


def _query_invalid(request: HttpRequest, fault: Any) -> HttpResponse:
    errors = from_pydantic(fault.errors)
    for error in errors:
        error.place = error.place.replace("query.asked.", "query.")
    return response_of(request, Problem("invalid", errors=errors))


def _reason_needed(request: HttpRequest, fault: Any) -> HttpResponse:
    texts = [str(text) for text in fault.form.errors.get("reason", ())]
    errors = [FieldError(place="header.X-Reason", message=text) for text in texts]
    return response_of(request, Problem("reason_needed", errors=errors))


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Problem: response_of,
    Http404: _absent,
    PermissionDenied: _absent,
    Refused: _refused,
    DjangoValidationError: _invalid,
    QueryInvalid: _query_invalid,
    ReasonNeeded: _reason_needed,
    RequestDataTooBig: lambda request, fault: response_of(request, Problem("too_large")),
}


def answer_refusals(kind: type[Exception], code: str) -> None:
    """Have a package's own kind of refusal answered as a problem of a code."""
    _HANDLERS[kind] = lambda request, fault: response_of(request, Problem(code, str(fault)))
