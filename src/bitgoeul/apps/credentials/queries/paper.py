"""A credential as PDF, set by Typst: the same credential gives the same bytes."""

import io
import json
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bitgoeul.apps.credentials.enums import CredentialState
from bitgoeul.apps.credentials.models import Credential
from bitgoeul.core import formats

_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "credentials" / "certificate.typ"
_FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "pretendard-gov-print"


def pdf_of(credential: Credential, *, address: str) -> bytes:
    """Set a certificate in the reader's language; `address` leads to its verification."""
    language = "en" if get_language() == "en" else "ko"
    facts = credential.facts
    other = "ko" if language == "en" else "en"
    content = {
        "language": language,
        "kind": str(credential.achievement.get_kind_display()),
        "title": credential.said("title"),
        "other_title": facts.get(f"title_{other}", ""),
        "name": credential.said("name"),
        "other_name": facts.get(f"name_{other}", ""),
        "description": credential.said("description"),
        "criteria": credential.said("criteria"),
        "narrative": credential.said("narrative"),
        "issuer": credential.said("issuer"),
        "skills": credential.skill_names(),
        "day": formats.day(formats.local_date(credential.issued_at), language),
        "code": credential.code,
        "digest": credential.digest,
        "did": credential.key.did,
        "revoked": credential.state == CredentialState.REVOKED,
        "address": address,
        "qr": _qr(address),
        "words": _words(),
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


def _words() -> dict[str, str]:
    return {
        "given": _("This certificate is given to"),
        "skills": _("Skills proved"),
        "criteria": _("Criteria"),
        "evidence": _("Evidence"),
        "issuer": _("Issued by"),
        "day": _("Date of issue"),
        "code": _("Verification code"),
        "check": _("Scan the code, or enter it at the address below, to check this certificate."),
        "digest": _("Digest of the signed file"),
        "key": _("Key of the issuer"),
        "revoked": _("Revoked: this certificate counts no more."),
    }
