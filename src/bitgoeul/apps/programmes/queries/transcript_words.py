"""A transcript in the reader's language: on a page, as PDF, and what its code says to anybody."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.queries.verification import masked_name, normal_code
from bitgoeul.apps.programmes.enums import EnrolmentState, ProjectKind
from bitgoeul.apps.programmes.models import Transcript
from bitgoeul.apps.programmes.queries.listings import newest_verdict_of
from bitgoeul.apps.programmes.queries.trace import phrased
from bitgoeul.core import formats

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "programmes" / "transcript.typ"
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pretendard-gov-print"


def said_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a transcript's content with every text in the reader's language."""
    verdict = content["verdict"]
    return {
        "name": _one(content["person"]),
        "programme": _one(content["programme"]),
        "organiser": _one(content["organiser"]),
        "cohort": content["cohort"],
        "track": _one(content["track"]),
        "starts_on": dt.date.fromisoformat(content["starts_on"]),
        "ends_on": dt.date.fromisoformat(content["ends_on"]),
        "planned_hours": content["planned_hours"],
        "state": str(EnrolmentState(content["state"]).label),
        "hours": content["hours"],
        "modules": [_module(row) for row in content["modules"]],
        "labs": [{**row, "title": _one(row)} for row in content["labs"]],
        "projects": [_project(row) for row in content["projects"]],
        "exam": content["exam"],
        "skills": [_one(row) for row in content["skills"]],
        "verdict": verdict,
        "lines": phrased(verdict["lines"]) if verdict else [],
    }


def _one(named: Mapping[str, Any]) -> str:
    return str(named["en"] if get_language() == "en" else named["ko"])


def _module(row: Mapping[str, Any]) -> dict[str, Any]:
    company = _one(row["company"]) if row["company"] else ""
    return {**row, "title": _one(row), "company": company}


def _project(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "title": _one(row), "kind": str(ProjectKind(row["kind"]).label)}


def address_of(transcript: Transcript) -> str:
    """Return where anybody checks a transcript."""
    public: str = settings.BITGOEUL.public_url
    return public + reverse("programmes:transcript_code", kwargs={"code": transcript.code})


def transcript_pdf(transcript: Transcript) -> bytes:
    """Set a transcript in the reader's language: the same one gives the same bytes."""
    address = address_of(transcript)
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=0)
    content = {
        **_paper(said_of(transcript.content)),
        "language": _language(),
        "day": formats.day(formats.local_date(transcript.issued_at), _language()),
        "code": transcript.code,
        "digest": transcript.digest,
        "address": address,
        "qr": drawing.getvalue().decode(),
    }
    made: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
    )
    return made


def _paper(said: Mapping[str, Any]) -> dict[str, Any]:
    hours, number = said["hours"], formats.number
    totals = [
        number(said["planned_hours"]), number(hours["held"]), number(hours["attended"]),
        number(hours["recognised"]),
    ]  # fmt: skip
    first, last = (
        formats.day(said["starts_on"], _language()),
        formats.day(said["ends_on"], _language()),
    )
    return {
        "title": _("Transcript of training"),
        "facts": [
            [_("Name"), said["name"]],
            [_("Programme"), _("%(programme)s, cohort %(number)s")
             % {"programme": said["programme"], "number": said["cohort"]}],
            [_("Track"), said["track"]],
            [_("Period"), f"{first} – {last}"],
            [_("State"), said["state"]],
        ],
        "issuer": said["organiser"],
        "tables": list(_tables(said, totals)),
        "skills": said["skills"],
        "lines": [[_met(line.met), line.text] for line in said["lines"]],
        "rules": _rules_said(said["verdict"]),
        "words": _words(),
    }  # fmt: skip


def _tables(said: Mapping[str, Any], totals: list[str]) -> Iterable[dict[str, Any]]:
    number = formats.number
    rows = [
        [
            row["title"] + (f" ({row['company']})" if row["company"] else ""),
            number(row["hours"]),
            *(number(row[name]) if row["held"] else "–" for name in ("held", "attended")),
            number(row["recognised"]) if row["held"] else "–",
        ]
        for row in said["modules"]
    ]
    yield {
        "title": _("Hours by module"),
        "header": [_("Module"), _("Planned hours"), _("Held"), _("Attended"),
                   _("Recognised absence")],
        "rows": rows,
        "foot": [_("Together"), *totals],
    }  # fmt: skip
    if said["labs"]:
        yield {
            "title": _("Labs"),
            "header": [_("Lab"), _("Best score"), _("Pass line"), _("Result")],
            "rows": [
                [row["title"], _lab_score(row), row["pass_line"], _passed(row["passed"])]
                for row in said["labs"]
            ],
        }
    if said["projects"] or said["exam"] is not None:
        marks = [
            [f"{row['title']} ({row['kind']})", row["score"] or "–", str(row["pass_mark"]),
             _passed(row["passed"])]
            for row in said["projects"]
        ]  # fmt: skip
        if said["exam"] is not None:
            marks.append([_("Final test"), said["exam"], "", ""])
        yield {
            "title": _("Projects and tests"),
            "header": [_("Project or test"), _("Points of 100"), _("Pass line"), _("Result")],
            "rows": marks,
        }


def _lab_score(row: Mapping[str, Any]) -> str:
    counted = str(row["score"] or "–")
    if not row.get("late"):
        return counted
    return f"{counted} (" + _("%(score)s after the due date") % {"score": row["late"]} + ")"


def _passed(passed: bool | None) -> str:
    if passed is None:
        return _("Not judged yet")
    return _("Passed") if passed else _("Not passed")


def _met(met: bool | None) -> str:
    if met is None:
        return _("counted")
    return _("met") if met else _("not met")


def _rules_said(verdict: Mapping[str, Any] | None) -> str:
    if verdict is None:
        return _("Nothing is decided yet")
    decided = dt.datetime.fromisoformat(verdict["decided_at"])
    day = formats.day(formats.local_date(decided), _language())
    facts = {"day": day, "version": verdict["rules"]}
    if verdict["completed"]:
        return _("Completed: decided on %(day)s by version %(version)s of the rules.") % facts
    return _("Not completed: decided on %(day)s by version %(version)s of the rules.") % facts


def _words() -> dict[str, str]:
    return {
        "skills": _("Skills taught"),
        "verdict": _("Verdict on completion"),
        "issuer": _("Issued by"),
        "day": _("Date of issue"),
        "code": _("Verification code"),
        "check": _("Scan the code, or enter it at the address below, to check this transcript."),
        "digest": _("Digest of the content"),
        "without": " ".join(
            [
                _("Hours of a module are known where its sessions are in the timetable."),
                _(
                    "The verdict may count fewer hours than were attended: by the rules, days "
                    "under the line and repeated lateness count as missed."
                ),
            ]
        ),
    }


def _language() -> str:
    return "en" if get_language() == "en" else "ko"


@dataclass(frozen=True, kw_only=True)
class TranscriptCheck:
    """What anybody learns of a transcript by its code; the name is shortened.

    `result` is `valid`, `superseded` (decided otherwise since), `erased` or `unknown`.
    """

    result: str
    name: str = ""
    programme: str = ""
    cohort: int | None = None
    issued_at: dt.datetime | None = None
    digest: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether one may rely on it."""
        return self.result == "valid"


def check_transcript(code: str) -> TranscriptCheck:
    """Check a transcript by the code on its paper."""
    rows = Transcript.objects.select_related("enrolment")
    row = rows.filter(code=normal_code(code)).first()
    if row is None:
        return TranscriptCheck(result="unknown")
    if not row.content:
        return TranscriptCheck(result="erased", issued_at=row.issued_at, digest=row.digest)
    newest = newest_verdict_of(row.enrolment)
    stated = (row.verdict or {}).get("uuid")
    same = stated == (str(newest.uuid) if newest else None)
    return TranscriptCheck(
        result="valid" if same else "superseded",
        name=masked_name(_one(row.content["person"])),
        programme=_one(row.content["programme"]),
        cohort=row.content["cohort"],
        issued_at=row.issued_at,
        digest=row.digest,
    )
