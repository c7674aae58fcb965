"""One's own data as a file: for a machine and for reading, in one zip."""

import io
import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from bitgoeul.core import personal_data

_BEGINNING = (1980, 1, 1, 0, 0, 0)


def zip_of(person: Any, *, as_of: Any) -> bytes:
    """Return everything that is kept about a person: `data.json`, and `data.html` to read."""
    rooms = personal_data.collect(person)
    machine = json.dumps(
        {"format": "bitgoeul-personal-data/1", "as_of": as_of, "rooms": rooms},
        cls=DjangoJSONEncoder,
        ensure_ascii=False,
        indent=2,
    )
    readable = render_to_string(
        "privacy/data.html", {"rooms": _plain(rooms), "as_of": as_of, "person": person}
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("data.html", readable), ("data.json", machine)):
            archive.writestr(
                zipfile.ZipInfo(name, date_time=_BEGINNING), text, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _plain(rooms: Any) -> list[tuple[str, list[tuple[str, list[list[tuple[str, object]]]]]]]:
    """Return rooms, tables and rows as lists, empty tables left out."""
    return [
        (
            room,
            [
                (table, [[(key, value) for key, value in row.items()] for row in rows])
                for table, rows in tables.items()
                if rows
            ],
        )
        for room, tables in rooms.items()
        if any(tables.values())
    ]
