"""The signs on the classroom screen: a QR that is valid half a minute, and a code to type.

Both are worked out from the session, the moment and the installation's secret: nothing is stored,
and a sign of one session says nothing about any other.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from bitgoeul.core.errors import Refused

QR_SECONDS = 15
"""A sign is shown so long, and accepted for the next stretch, too: half a minute at most."""
CODE_SECONDS = 30
"""A code has to be typed: it is accepted for a minute at most."""
CODE_DIGITS = 6
CLAIM_SECONDS = 300
"""Whoever scanned in time may take so long to sign in with their account."""
_NONCE, _CLAIM, _DEVICE = "programmes.nonce", "programmes.claim", "programmes.device"


def nonce_of(session: UUID, *, at: dt.datetime) -> str:
    """Return the sign that stands in the QR at a moment."""
    return (
        signing.Signer(salt=_NONCE).sign(f"{session.hex}-{_slot(at, QR_SECONDS)}").replace(":", "~")
    )


def session_of_nonce(nonce: str, *, at: dt.datetime) -> UUID:
    """Return the session of a sign that is valid now.

    Raises
    ------
    Refused
        When it was not made here, or is older than half a minute.
    """
    try:
        text = signing.Signer(salt=_NONCE).unsign(nonce.replace("~", ":"))
        name, _dash, slot = text.partition("-")
        session, made = UUID(name), int(slot)
    except (signing.BadSignature, ValueError) as fault:
        raise Refused(_("This is no sign of a classroom screen."), code="bad_sign") from fault
    if not 0 <= _slot(at, QR_SECONDS) - made <= 1:
        raise Refused(
            _("This sign is too old. Scan the one that stands on the screen now."), code="old_sign"
        )
    return session


def code_of(session: UUID, *, at: dt.datetime) -> str:
    """Return the code that stands beside the QR at a moment."""
    return _code(session, _slot(at, CODE_SECONDS))


def is_code_of(session: UUID, code: str, *, at: dt.datetime) -> bool:
    """Tell whether a typed code is valid for a session now."""
    typed = "".join(sign for sign in code if sign.isdigit())
    now = _slot(at, CODE_SECONDS)
    return (
        any(hmac.compare_digest(_code(session, slot), typed) for slot in (now, now - 1))
        and len(typed) == CODE_DIGITS
    )


def claim_of(session: UUID, *, at: dt.datetime, source: str) -> str:
    """Return what a browser keeps of a scan in time, while its owner signs in."""
    return signing.Signer(salt=_CLAIM).sign(f"{session.hex}-{int(at.timestamp())}-{source}")


def read_claim(claim: str, *, at: dt.datetime) -> tuple[UUID, dt.datetime, str]:
    """Return session, moment and kind of a scan.

    Raises
    ------
    Refused
        When there is none, or it is too long ago.
    """
    try:
        text = signing.Signer(salt=_CLAIM).unsign(claim)
        name, moment, source = text.split("-")
        session, scanned = UUID(name), dt.datetime.fromtimestamp(int(moment), dt.UTC)
    except (signing.BadSignature, ValueError) as fault:
        raise Refused(_("Scan the sign on the classroom screen first."), code="no_scan") from fault
    if not dt.timedelta() <= at - scanned <= dt.timedelta(seconds=CLAIM_SECONDS):
        raise Refused(
            _("Your scan was too long ago. Scan the sign on the screen again."), code="old_scan"
        )
    return session, scanned, source


def new_device() -> str:
    """Return the mark of a browser that has none."""
    return signing.Signer(salt=_DEVICE).sign(secrets.token_hex(16))


def device_checksum(mark: str) -> str:
    """Return what is kept of a browser's mark; empty when it was not given here."""
    try:
        value = signing.Signer(salt=_DEVICE).unsign(mark)
    except signing.BadSignature:
        return ""
    return hashlib.sha256(value.encode()).hexdigest()


def _slot(at: dt.datetime, seconds: int) -> int:
    return int(at.timestamp()) // seconds


def _code(session: UUID, slot: int) -> str:
    key = f"programmes.code|{settings.SECRET_KEY}".encode()
    sign = hmac.new(key, f"{session.hex}|{slot}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(sign[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
