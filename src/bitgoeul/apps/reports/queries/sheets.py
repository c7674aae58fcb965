"""A report as XLSX: numbers, tables and commitments on sheets of their own."""

import io
from typing import Any

from django.utils.translation import gettext as _

from bitgoeul.apps.reports.queries.reading import Reading


def xlsx_of(reading: Reading) -> bytes:
    """Write a report; texts that look like formulas stay texts."""
    drawer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    # Half a second that whoever writes no sheet need not wait for.
    import xlsxwriter

    with xlsxwriter.Workbook(drawer, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#ecf2fe", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _about(book.add_worksheet(_("Report")), reading, bold)
        _numbers(book.add_worksheet(_("Numbers")), reading, bold, wrap)
        _pledges(book.add_worksheet(_("Commitments")), reading, bold, wrap)
        _tables(book.add_worksheet(_("By group")), reading, bold)
    return drawer.getvalue()


def _about(sheet: Any, reading: Reading, bold: Any) -> None:
    rows = (
        (_("Title"), reading.title),
        (_("Agreement"), reading.agreement),
        (_("Parties"), " · ".join(reading.parties)),
        (_("Cohort"), reading.cohort),
        (_("As of"), reading.as_of),
        (_("Small-cell threshold"), str(reading.threshold)),
        (_("Digest"), reading.digest),
        (_("Head of the journal"), reading.journal_head),
    )
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)


def _numbers(sheet: Any, reading: Reading, bold: Any, wrap: Any) -> None:
    heads = (
        _("Key"),
        _("Number"),
        _("Value"),
        _("Counted"),
        _("Counted against"),
        _("Left out"),
        _("Window"),
        _("Definition"),
        _("Who is left out"),
    )
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, each in enumerate(reading.numbers, start=1):
        cells = (
            each.key,
            each.title,
            each.shown,
            each.numerator,
            each.denominator,
            each.excluded,
            each.window,
            each.definition,
            each.exclusions,
        )
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, wrap)
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, 6, 16)
    sheet.set_column(7, 8, 70)
    sheet.freeze_panes(1, 0)


def _pledges(sheet: Any, reading: Reading, bold: Any, wrap: Any) -> None:
    heads = (_("Article"), _("Promise"), _("Responsible"), _("Target"), _("Value"), _("Reached"))
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for row, each in enumerate(reading.pledges, start=1):
        article = str(each.article or "")
        cells = (article, each.title, each.responsible, each.target, each.shown, each.reached)
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, wrap)
    sheet.set_column(1, 2, 44)
    sheet.freeze_panes(1, 0)


def _tables(sheet: Any, reading: Reading, bold: Any) -> None:
    row = 0
    for table in reading.tables:
        sheet.write_string(row, 0, f"{table.title} – {table.group}", bold)
        for column, head in enumerate(table.columns, start=1):
            sheet.write_string(row, column, head, bold)
        for label, cells in table.rows:
            row += 1
            sheet.write_string(row, 0, label)
            for column, cell in enumerate(cells, start=1):
                sheet.write_string(row, column, cell)
        row += 1
        sheet.write_string(row, 0, _("Total"), bold)
        for column, cell in enumerate(table.totals, start=1):
            sheet.write_string(row, column, cell, bold)
        row += 2
    sheet.set_column(0, 0, 48)
