"""A kind of import for tests: organisations with telephone, founding day and budget."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.core import imports
from bitgoeul.core.imports import Column, Kind, Row, clean

AT = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)
HEADER = ["기관명", "전화번호", "설립일", "예산", "지역", "협약"]
GOOD = ["빛고을전자", "062-123-4567", "2021-04-15", "1,234,000원", "광주", "○"]


def prepare(*, target: Any, rows: Sequence[Row], by: Any) -> dict[str, Organisation]:
    names = [row["name"] for row in rows]
    return {o.name_ko: o for o in Organisation.objects.filter(name_ko__in=names[:900])}


def apply(
    *, target: Any, rows: Sequence[Row], by: Any, at: dt.datetime, context: Any
) -> list[UUID]:
    uuids = []
    for row in rows:
        organisation = row.existing or Organisation(name_ko=row["name"], kind="company")
        organisation.region = row["region"] or ""
        organisation.save()
        uuids.append(organisation.uuid)
    return uuids


def undo(*, target: Any, created: Any, changed: Any, by: Any, at: dt.datetime) -> None:
    for uuid, before in changed:
        Organisation.objects.filter(uuid=uuid).update(**before)
    imports.delete_unreferenced(Organisation, created)


def make_kind(**more: Any) -> Kind:
    """The kind; tests replace hooks by name."""
    hooks: dict[str, Any] = {
        "key": "sample-organisations",
        "title": "Sample organisations",
        "columns": [
            Column("name", ("기관명", "회사명", "name"), clean.text(max=40), example="빛고을전자"),
            Column("phone", ("전화번호", "연락처", "phone"), clean.phone(), example="062-123-4567"),
            Column("founded", ("설립일", "founded"), clean.date(), example="2021-04-15"),
            Column("budget", ("예산", "budget"), clean.won(), required=False),
            Column(
                "region",
                ("지역", "region"),
                clean.choice({"광주": "24", "전남": "36", "Gwangju": "24", "Jeonnam": "36"}),
                required=False,
            ),
            Column("signed", ("협약", "signed"), clean.boolean(), required=False, default=False),
        ],
        "can": lambda user, target: user is None or user.is_active,
        "prepare": prepare,
        "match": lambda row, context: context.get(row["name"]),
        "compare": lambda existing, row: existing.region != (row["region"] or ""),
        "snapshot": lambda existing: {"region": existing.region},
        "apply": apply,
        "undo": undo,
        "identity": lambda row: row["name"],
    }
    return Kind(**{**hooks, **more})


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", **dialect: Any) -> bytes:
    """Rows as CSV in an encoding."""
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(sheets: dict[str, Sequence[Sequence[Any]]] | Sequence[Sequence[Any]]) -> bytes:
    """Rows (of one sheet, or by sheet name) as XLSX; datetimes get a date format."""
    if not isinstance(sheets, dict):
        sheets = {"Sheet1": sheets}
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "in_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            worksheet = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, (dt.date, dt.datetime)):
                        worksheet.write_datetime(line, place, cell, day)
                    elif cell not in ("", None):
                        worksheet.write(line, place, cell)
    return file.getvalue()


def put(folder: Path, content: bytes, name: str = "rows.csv") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path
