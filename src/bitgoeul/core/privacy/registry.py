"""Every table's declaration, and what is wrong with them."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind

_TELLING = ("name", "email", "phone", "birth", "address", "ip", "user_agent")
_STRUCTURAL = (models.AutoField, models.UUIDField, models.ForeignKey)


@cache
def declared() -> Mapping[type[models.Model], Declaration]:
    """Return what every table says of itself."""
    found: dict[type[models.Model], Declaration] = {}
    for module in _modules():
        found.update(module.DECLARED)
    return found


def personal() -> list[tuple[type[models.Model], Declaration]]:
    """Return the tables with data about people who can be named, in a fixed order."""
    mine = [(model, said) for model, said in declared().items() if said.kind == Kind.PERSONAL]
    return sorted(mine, key=lambda each: each[0]._meta.label)


def faults() -> list[str]:
    """Return what is undeclared or wrongly declared; empty when everything is in order."""
    known = declared()
    there = [model for model in apps.get_models() if not model._meta.auto_created]
    found = [f"{model._meta.label} is not declared" for model in there if model not in known]
    for model in there:
        if model in known:
            found += [f"{model._meta.label}: {fault}" for fault in _faults_of(model, known[model])]
    return sorted(found)


def _modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        for name in _places(config):
            if find_spec(name) is not None:
                yield import_module(name)
    if libraries := getattr(settings, "BITGOEUL_LIBRARY_PRIVACY", ""):
        yield import_module(libraries)


def _places(config: AppConfig) -> Iterator[str]:
    if config.name.startswith("bitgoeul.apps."):
        yield f"{config.name}.models.privacy"
    elif config.name.startswith("bitgoeul.core.") and config.label != "privacy":
        yield f"{config.name}.privacy"
    elif config.label == "privacy":
        yield f"{config.name}.own"


def _faults_of(model: type[models.Model], said: Declaration) -> Iterator[str]:
    in_parts = {name for part in said.parts for name in part.fields}
    told = in_parts | set(said.plain)
    for each in model._meta.concrete_fields:
        if isinstance(each, models.ForeignKey):
            to_person = each.related_model is get_user_model()
            if to_person and each.name not in {said.person, *said.actors}:
                yield f"{each.name} leads to an account and is neither person nor actor"
        elif isinstance(each, _STRUCTURAL) or each.name in told:
            continue
        elif said.kind == Kind.PERSONAL:
            yield f"{each.name} is in no part and not said to be plain"
        elif _is_telling(each):
            yield f"{each.name} reads like data about a person and is not said to be plain"
    names = {each.name for each in model._meta.get_fields()}
    missing = (told | set(said.actors)) - names
    if missing:
        yield f"there is no field {', '.join(sorted(missing))}"
    yield from _faults_of_paths(model, said)


def _faults_of_paths(model: type[models.Model], said: Declaration) -> Iterator[str]:
    batch = all(part.erase == Erase.BATCH for part in said.parts)
    if said.kind == Kind.PERSONAL and not said.parts:
        yield "it is personal and has no part"
    if said.kind == Kind.PERSONAL and not (said.person or said.find or batch):
        yield "nothing leads to the person concerned"
    if not said.export and said.kind == Kind.PERSONAL and not said.why:
        yield "it is left out of a person's download without a reason"
    if said.person and end_of(model, said.person) is not get_user_model():
        yield f"{said.person} does not lead to an account"
    for part in said.parts:
        if part.erase == Erase.BATCH and not part.by:
            yield f"part {part.key}: which job forgets it?"
        if part.keep and part.erase != Erase.BATCH and not part.after:
            yield f"part {part.key}: from which day does {part.keep.key} count?"
        for path in part.after:
            if not isinstance(end_of(model, path), models.DateField):
                yield f"part {part.key}: {path} is no date"


def end_of(model: type[models.Model], path: str) -> object:
    """Return the field or the model at the end of a path; the model itself for `self`."""
    if path == "self":
        return model
    here: object = model
    for name in path.split("__"):
        if not (isinstance(here, type) and issubclass(here, models.Model)):
            return None
        try:
            step = here._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        here = step.related_model if step.is_relation else step
    return here


def _is_telling(each: models.Field) -> bool:  # type: ignore[type-arg]  # of whatever type
    kinds = (models.EmailField, models.GenericIPAddressField, models.FileField)
    words = each.name.split("_")
    return isinstance(each, kinds) or any(word in _TELLING for word in words)
