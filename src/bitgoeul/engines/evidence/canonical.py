"""One byte sequence per JSON value, and digests over it."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from uuid import UUID

import rfc8785

from bitgoeul.engines.errors import EngineError


class EvidenceError(EngineError):
    """A value that has no canonical form, or a proof that cannot be built."""


def canonical_json(value: Any) -> bytes:
    """Serialise a JSON value in exactly one way (RFC 8785).

    Parameters
    ----------
    value : JSON value
        dict with text keys, list, tuple, str, int within +-(2**53 - 1), finite float, bool
        or None. Money and other exact decimals go in as text.

    Returns
    -------
    bytes
        UTF-8, keys sorted by UTF-16 code units, numbers as ECMAScript writes them.

    Raises
    ------
    EvidenceError
        ``not_canonical`` when the value has no such form.

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme (JCS), 2020.

    Examples
    --------
    >>> canonical_json({"b": 1.0, "a": [True, None, "é"]}).decode()
    '{"a":[true,null,"é"],"b":1}'
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, AttributeError) as error:
        raise EvidenceError("not_canonical", value=error) from error


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 lower-case hexadecimal digits.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1.0})
    True
    """
    return hashlib.sha256(canonical_json(value)).hexdigest()


def salted_digest(salt: bytes, value: Any) -> str:
    """Keyed digest for values that must not be guessed from their digest.

    HMAC-SHA-256 rather than a plain prefix: a name, a date of birth or a score has so few
    possible values that an unsalted digest would reveal it by trying them all.

    Parameters
    ----------
    salt : bytes
        At least 16 random bytes, kept beside the row and erased with it: after that the
        digest commits to a value nobody can test any more.
    value : JSON value
        See `canonical_json`.

    References
    ----------
    RFC 2104, HMAC: Keyed-Hashing for Message Authentication, 1997.

    Examples
    --------
    >>> salted_digest(b"0" * 16, {"a": 1}) == salted_digest(b"1" * 16, {"a": 1})
    False
    """
    if len(salt) < 16:
        raise EvidenceError("short_salt", value=len(salt), expected="16")
    return hmac.new(salt, canonical_json(value), hashlib.sha256).hexdigest()


def row_digest(salt: bytes, kind: str, uuid: UUID | str, state: Any) -> str:
    """Salted digest of one evidence row: what it is, which one, and what it said.

    >>> first = row_digest(b"0" * 16, "placement", "7f0c", {"started_on": "2026-03-02"})
    >>> first == row_digest(b"0" * 16, "placement", "7f0c", {"started_on": "2026-03-03"})
    False
    """
    return salted_digest(salt, {"kind": kind, "uuid": str(uuid), "state": state})
