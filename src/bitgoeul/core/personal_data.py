"""Everything the installation keeps about one person, asked of each room in turn.

A room that keeps personal data defines `queries.personal_data_of(person)`, which returns named
lists of rows in plain values. Rooms below cannot import rooms above, so they are asked from here.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Model


def collect(person: Model) -> dict[str, Mapping[str, Sequence[Mapping[str, object]]]]:
    """Return what each installed room keeps about a person, by the room's label."""
    found: dict[str, Mapping[str, Sequence[Mapping[str, object]]]] = {}
    for config in reversed(list(apps.get_app_configs())):
        name = f"{config.name}.queries"
        if not config.name.startswith("bitgoeul.") or find_spec(name) is None:
            continue
        ask: Any = getattr(import_module(name), "personal_data_of", None)
        if ask is not None:
            found[config.label] = ask(person)
    return found
