"""A report as PDF, set by Typst: the same document gives the same bytes."""

import io
import json
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.reports.queries.reading import Reading

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "reports" / "report.typ"
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pretendard-gov-print"


def pdf_of(reading: Reading, *, address: str) -> bytes:
    """Set a report; `address` is where the published page stands (printed and as QR code)."""
    content = {
        "language": "en" if get_language() == "en" else "ko",
        "title": reading.title,
        "agreement": reading.agreement,
        "parties": reading.parties,
        "cohort": reading.cohort,
        "as_of": reading.as_of,
        "numbers": [vars(number) for number in reading.numbers],
        "tables": [vars(table) for table in reading.tables],
        "pledges": [vars(pledge) for pledge in reading.pledges],
        "digest": reading.digest,
        "journal_head": reading.journal_head,
        "address": address,
        "qr": _qr(address),
        "words": _words(reading),
    }
    made: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
    )
    return made


def _qr(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=0)
    return drawing.getvalue().decode()


def _words(reading: Reading) -> dict[str, str]:
    return {
        "as_of": _("As of"),
        "parties": _("Parties"),
        "cohort": _("Cohort"),
        "numbers": _("Numbers"),
        "number": _("Number"),
        "value": _("Value"),
        "counted": _("Counted"),
        "against": _("Counted against"),
        "excluded": _("Left out"),
        "definitions": _("How each number is defined"),
        "window": _("Window"),
        "exclusions": _("Who is left out"),
        "tables": _("By group"),
        "total": _("Total"),
        "commitments": _("What was promised"),
        "promise": _("Promise"),
        "responsible": _("Responsible"),
        "target": _("Target"),
        "reached": _("Reached"),
        "check": _("How to check this report"),
        "check_text": _(
            "Download the JSON file from the address below and run “bitgoeul verify report FILE”. "
            "It needs neither an account nor our server."
        ),
        "digest": _("Digest"),
        "journal_head": _("Head of the journal"),
        "withheld": _(
            "Counts below %(threshold)s are withheld, and in the tables by group every cell from "
            "which they could be worked out, also from another table."
        )
        % {"threshold": reading.threshold},
    }
