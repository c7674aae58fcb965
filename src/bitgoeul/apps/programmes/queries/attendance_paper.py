"""The list of a session on paper, for the day on which no screen works: Typst sets it."""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.models import Enrolment, Session
from bitgoeul.core import formats

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "programmes" / "attendance_list.typ"
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pretendard-gov-print"


def attendance_paper(session: Session, people: list[Enrolment]) -> bytes:
    """Set the list of a session with a line per person and room for their signatures."""
    content = _content(session, people)
    made: bytes = typst.compile(
        _TEMPLATE,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        format="pdf",
    )
    return made


def _content(session: Session, people: list[Enrolment]) -> dict[str, Any]:
    language = "en" if get_language() == "en" else "ko"
    begins = formats.clock_time(session.starts_at, language)
    ends = formats.clock_time(session.ends_at, language)
    return {
        "language": language,
        "title": _("Attendance list"),
        "what": f"{session.subject} – {session.class_group.name}",
        "when": f"{formats.day(session.held_on, language)} {begins} – {ends}",
        "where": " · ".join(
            filter(None, [session.room, session.instructor.full_name if session.instructor else ""])
        ),
        "rows": [[str(place), one.person.full_name] for place, one in enumerate(people, start=1)],
        "words": {
            "name": _("Name"),
            "came": _("Came at, signature"),
            "left": _("Left at, signature"),
            "remark": _("Remark"),
            "signed": _("Signature of the instructor"),
        },
    }
