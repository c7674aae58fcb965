"""The people of the demo that one signs in as."""

import json
import os
import secrets
from pathlib import Path

from bitgoeul.cli import _
from bitgoeul.web.config import default_data_dir

CITY = "광주광역시"
UNIVERSITY = "GIST(광주과학기술원)"
COMPANY = "CJ올리브네트웍스"

STAFF = (
    ("아름 나린", "areum@city.example", CITY, "담당자", _("officer of the city")),
    ("보라 한울", "bora@university.example", UNIVERSITY, "담당자", _("officer of the university")),
    ("차오 바로", "chao@company.example", COMPANY, "담당자", _("officer of the company")),
    ("다온 마루", "daon@university.example", UNIVERSITY, "강사", _("instructor")),
    ("라온 별", "raon@company.example", COMPANY, "채용담당자", _("recruiter, research centre")),
    ("미르 솔", "mir@university.example", UNIVERSITY, "관리자", _("administrator")),
    ("샘 다솔", "saem@university.example", UNIVERSITY, "심사위원", _("reviewer")),
    ("노을 가람", "noeul@company.example", COMPANY, "멘토", _("mentor")),
)
"""Name, e-mail, organisation, role as the file says it, and who that is for the sign-in list."""


def passwords_path() -> Path:
    """Where the demo's sign-ins are kept: in the data folder, for its owner alone."""
    # Not by the settings: a second start prints the list without starting Django.
    return default_data_dir() / "demo" / "sign-ins.json"


def keep_sign_ins(people: list[tuple[str, str, str]]) -> None:
    """Write who, e-mail and password."""
    path = passwords_path()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(people, file, ensure_ascii=False, indent=1)


def sign_ins() -> list[tuple[str, str, str]]:
    """Read them again."""
    return [tuple(entry) for entry in json.loads(passwords_path().read_text())]


def new_password() -> str:
    """Make the password that all people of this demo share, new for every data folder."""
    return "demo-" + secrets.token_urlsafe(8)
