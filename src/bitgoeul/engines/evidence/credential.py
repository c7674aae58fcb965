"""Signed credentials that stay checkable without us: W3C Data Integrity, ``eddsa-jcs-2022``.

A document names its signer by a ``did:key``, which *is* the public key: whoever holds the
document can check it with nothing but the document. Whether that key belongs to whom the document
says is a second question, answered by comparing it with a key that one knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bitgoeul.engines.evidence.canonical import EvidenceError, canonical_json
from bitgoeul.engines.evidence.verdict import PASSED, Verdict, failed

CRYPTOSUITE = "eddsa-jcs-2022"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"
_DID = "did:key:"
_SEED = 32
_LONGEST = 200  # characters of a key or signature: longer ones are none, and cost squared time


def did_of_seed(seed: bytes) -> str:
    """The ``did:key`` of an Ed25519 private key given by its 32-byte seed.

    >>> did_of_seed(bytes(32))
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
    """
    if len(seed) != _SEED:
        raise EvidenceError("bad_seed", value=len(seed), expected=str(_SEED))
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return _DID + "z" + _to_base58(_ED25519 + public)


def sign_document(document: Mapping[str, Any], *, seed: bytes, created: str) -> dict[str, Any]:
    """The document with a proof by the key of a seed.

    Parameters
    ----------
    document : JSON object
        Not changed; a proof that it has is replaced.
    seed : bytes
        32 bytes, see `did_of_seed`.
    created : str
        Moment of signing, ISO 8601 with ``Z``.

    Raises
    ------
    EvidenceError
        ``not_canonical`` when the document is no JSON, ``bad_seed``.

    Notes
    -----
    Ed25519 is deterministic: the same document, seed and moment give the same proof.

    References
    ----------
    W3C, Data Integrity EdDSA Cryptosuites v1.0, section 3.3, 2025.

    Examples
    --------
    >>> signed = sign_document({"id": "urn:x"}, seed=bytes(32), created="2026-01-01T00:00:00Z")
    >>> verify_document(signed).ok, verify_document({**signed, "id": "urn:y"}).code
    (True, 'signature')
    """
    did = did_of_seed(seed)
    content = {key: value for key, value in document.items() if key != "proof"}
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": f"{did}#{did.removeprefix(_DID)}",
        "proofPurpose": "assertionMethod",
    }
    if "@context" in content:
        proof["@context"] = content["@context"]
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_to_be_signed(content, proof))
    return {**content, "proof": {**proof, "proofValue": "z" + _to_base58(signature)}}


def verify_document(document: object, *, known: Collection[str] | None = None) -> Verdict:
    """Check a document's proof, and with `known` whose key made it.

    Parameters
    ----------
    document : JSON object
        With one proof of the suite ``eddsa-jcs-2022`` by a ``did:key``.
    known : collection of str, optional
        The ``did:key`` names that one trusts; without them any key is taken.

    Returns
    -------
    Verdict
        Codes ``shape`` (no document with such a proof), ``suite``, ``key`` (the key cannot be
        read), ``issuer`` (the issuer is another than the signer), ``signature`` (changed after
        signing) or ``unknown_key``.
    """
    if not isinstance(document, dict) or not isinstance(document.get("proof"), dict):
        return failed("shape", "proof")
    proof = document["proof"]
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != CRYPTOSUITE:
        return failed("suite", "proof.cryptosuite", found=proof.get("cryptosuite"))
    if proof.get("proofPurpose") != "assertionMethod":
        return failed("suite", "proof.proofPurpose", found=proof.get("proofPurpose"))
    did = signer_of(document)
    key = _public_key(did)
    if key is None:
        return failed("key", "proof.verificationMethod")
    if (fault := _issuer_fault(document, did)) is not None:
        return fault
    if not _fits(document, proof, key):
        return failed("signature", "proof.proofValue")
    if known is not None and did not in known:
        return failed("unknown_key", "proof.verificationMethod", found=did)
    return PASSED


def hash_identity(identity: str, *, salt: str) -> str:
    """The salted digest by which whoever knows an e-mail address can recognise it.

    References
    ----------
    1EdTech, Open Badges 3.0, ``IdentityHash``: ``sha256$`` and the digest of identity and salt.

    Examples
    --------
    >>> hash_identity("nare@people.example", salt="00")[:13]
    'sha256$2deabd'
    """
    return "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()


def signer_of(document: Mapping[str, Any]) -> str:
    """The ``did:key`` that a document says signed it, or nothing."""
    proof = document.get("proof")
    method = proof.get("verificationMethod") if isinstance(proof, dict) else None
    return method.partition("#")[0] if isinstance(method, str) else ""


def _issuer_fault(document: Mapping[str, Any], did: str) -> Verdict | None:
    """An issuer that names a key must be the signer; others (a web address) are not judged."""
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    if isinstance(named, str) and named.startswith(_DID) and named != did:
        return failed("issuer", "issuer.id", expected=did, found=named)
    return None


def _fits(document: Mapping[str, Any], proof: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    signature = _of_multibase(proof.get("proofValue"))
    if signature is None:
        return False
    content = {name: value for name, value in document.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key.verify(signature, _to_be_signed(content, config))
    except (InvalidSignature, EvidenceError):
        return False
    return True


def _to_be_signed(content: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    parts = (canonical_json(dict(proof)), canonical_json(dict(content)))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def _public_key(did: str) -> Ed25519PublicKey | None:
    raw = _of_multibase(did.removeprefix(_DID)) if did.startswith(_DID) else None
    if raw is None or len(raw) != len(_ED25519) + _SEED or not raw.startswith(_ED25519):
        return None
    return Ed25519PublicKey.from_public_bytes(raw.removeprefix(_ED25519))


def _of_multibase(text: object) -> bytes | None:
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _LONGEST:
        return None
    number = 0
    for letter in text[1:]:
        digit = _ALPHABET.find(letter)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _to_base58(raw: bytes) -> str:
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _ALPHABET[digit] + letters
    return "1" * (len(raw) - len(raw.lstrip(b"\x00"))) + letters
