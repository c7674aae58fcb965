"""Bodies: their types come from the pages' forms, so both doors accept and refuse the same.

`body_of` derives a type from a form; `bind` checks a call's body by that type and then by the
form itself, whose words name each value that is wrong.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import orjson
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model

from .problems import FieldError, Problem, from_pydantic
from .values import LARGEST, SMALLEST, Clean, Day, Moment

F = TypeVar("F", bound=forms.BaseForm)
TEXT_AT_MOST = 100_000
ENTRIES_AT_MOST = 1000


class Body(BaseModel):
    """A body takes the names it declares and no others."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """A call whose body is empty."""


def body_of(
    form: type[forms.BaseForm],
    *,
    partial: bool = False,
    optional: tuple[str, ...] = (),
    leave_out: tuple[str, ...] = (),
    replace: Mapping[str, Any] | None = None,
    suffix: str = "",
) -> type[BaseModel]:
    """Derive the type of a body (or of a query) from a form's fields.

    `replace` gives fields a type of their own; `partial` makes every field optional.
    """
    fields: dict[str, Any] = {}
    declared: Mapping[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]  # its class has them
    for name, field in declared.items():
        if name in leave_out or isinstance(field, forms.FileField):
            continue
        kind = (replace or {}).get(name) or _kind_of(field)
        if partial or not field.required or name in optional:
            fields[name] = (kind | None, Field(default=None, description=str(field.label or "")))
        else:
            fields[name] = (kind, Field(description=str(field.label or "")))
    return create_model(_title(form.__name__) + suffix, __base__=Body, **fields)


def given(request: HttpRequest) -> Any:
    """Read the body as the operation's type."""
    model: type[BaseModel] = request.operation.body  # type: ignore[attr-defined]  # set by the room
    try:
        return model.model_validate(_read(request))
    except ValidationError as fault:
        errors = from_pydantic(fault.errors(include_url=False), source="body")
        raise Problem("invalid", errors=errors) from fault


def bind(
    request: HttpRequest,
    form_class: type[F],
    *,
    instance: Any = None,
    data: Mapping[str, Any] | None = None,
    **kwargs: Any,
) -> F:
    """Check a body by a form; `data` are the form's values where the body has another shape.

    With an `instance` the form starts from what stands, so a body may name only what changes.
    """
    values = given(request).model_dump(exclude_unset=True) if data is None else dict(data)
    form = form_class(**kwargs if instance is None else {"instance": instance, **kwargs})
    start: dict[str, Any] = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            field.to_field_name = "uuid"
        if instance is not None:
            start[name] = _standing(form, instance, name, field)
    form.data = {**start, **values}
    form.files = request.FILES
    form.is_bound = True
    if not form.is_valid():
        raise Problem("invalid", errors=errors_of(form))
    return form


def errors_of(form: forms.BaseForm, *, place: str = "body") -> list[FieldError]:
    """Say where each of a form's faults stands."""
    return [
        FieldError(place=place if name == "__all__" else f"{place}.{name}", message=str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]


def _standing(form: forms.BaseForm, instance: Any, name: str, field: forms.Field) -> Any:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [str(row.uuid) for row in getattr(instance, name).all()]
    if isinstance(field, forms.ModelChoiceField):
        row = getattr(instance, name, None)
        return str(row.uuid) if row is not None else ""
    value = form.get_initial_for_field(field, name)
    return "" if value is None else value


def _read(request: HttpRequest) -> Any:
    if request.content_type == "multipart/form-data":
        return {name: value for name, value in request.POST.items() if name not in request.FILES}
    if not request.body.strip():
        return {}
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError as fault:
        detail = _("The body is not JSON in UTF-8: %(fault)s") % {"fault": str(fault)}
        raise Problem("unreadable", detail) from fault


def _title(name: str) -> str:
    return name.removesuffix("Form").removesuffix("Filter") or name


def _kind_of(field: forms.Field) -> Any:
    for form_type, make in _KINDS:
        if isinstance(field, form_type):
            return make(field)
    return Annotated[str, StringConstraints(max_length=TEXT_AT_MOST), Clean]


def _text(field: Any) -> Any:
    most = min(field.max_length or TEXT_AT_MOST, TEXT_AT_MOST)
    return Annotated[str, StringConstraints(max_length=most), Clean]


def _choice(field: Any) -> Any:
    # A form that fills its choices later says itself which are possible.
    keys = [str(key) for key, _label in field.choices if not isinstance(_label, list | tuple)]
    if any(keys):
        return Literal[tuple(keys)]
    return Annotated[str, StringConstraints(max_length=200), Clean]


def _many(field: Any) -> Any:
    return Annotated[list[_choice(field)], Field(max_length=ENTRIES_AT_MOST)]  # type: ignore[misc]  # made here


def _row(field: Any) -> Any:
    from uuid import UUID

    if isinstance(field, forms.ModelMultipleChoiceField):
        return Annotated[list[UUID], Field(max_length=ENTRIES_AT_MOST)]
    return UUID


def _bounded(field: Any, kind: Any) -> Any:
    low = SMALLEST if field.min_value is None else field.min_value
    high = LARGEST if field.max_value is None else field.max_value
    return Annotated[kind, Field(ge=low, le=high)]


_KINDS: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.ModelChoiceField, _row),
    (forms.MultipleChoiceField, _many),
    (forms.ChoiceField, _choice),
    (forms.BooleanField, lambda field: bool),
    # A subclass of whole numbers in Django, so it stands before them.
    (forms.FloatField, lambda field: _bounded(field, float)),
    (forms.DecimalField, lambda field: _bounded(field, float)),
    (forms.IntegerField, lambda field: _bounded(field, int)),
    (forms.DateTimeField, lambda field: Moment),
    (forms.DateField, lambda field: Day),
    (forms.CharField, _text),
)
