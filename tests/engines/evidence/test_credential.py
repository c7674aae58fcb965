"""Signed documents against the W3C's own vectors for eddsa-jcs-2022."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bitgoeul.engines.errors import EngineError
from bitgoeul.engines.evidence import (
    did_of_seed,
    sign_document,
    signer_of,
    verify_document,
)

# Test Vectors 1 of W3C Data Integrity EdDSA Cryptosuites v1.0, section B.3 (W3C Software and
# Document License), restated: document, private seed and proof.
SEED = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CREATED = "2023-02-24T23:36:38Z"
PROOF = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
DOCUMENT = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
    ],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
VECTORS = Path(__file__).resolve().parents[3].parent / "shared/data/credentials"


def signed(**changes: Any) -> dict[str, Any]:
    return sign_document({**DOCUMENT, **changes}, seed=SEED, created=CREATED)


def test_the_vector_is_signed_as_the_w3c_signs_it() -> None:
    assert did_of_seed(SEED) == DID
    made = signed()
    assert made["proof"]["proofValue"] == PROOF
    assert made["proof"]["verificationMethod"] == f"{DID}#{DID.removeprefix('did:key:')}"
    assert verify_document(made).ok
    assert signer_of(made) == DID


def test_the_stored_vectors_verify_and_a_tampered_one_fails() -> None:
    folder = VECTORS / "w3c-eddsa-vectors/TestVectors/eddsa-jcs-2022"
    if not folder.is_dir():
        pytest.skip("the W3C vectors are not beside this checkout (../shared/data/credentials)")
    document = json.loads((folder / "signedJCS.json").read_text("utf-8"))
    assert verify_document(document).ok
    document["credentialSubject"]["alumniOf"] = "The School of Nothing"
    assert verify_document(document).code == "signature"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("name",), "Another", "signature"),
        (("validFrom",), "2024-01-01T00:00:00Z", "signature"),
        (("proof", "created"), "2024-01-01T00:00:00Z", "signature"),
        (("proof", "proofValue"), "z" + "1" * 80, "signature"),
        (("proof", "proofValue"), "z" + "0" * 80, "signature"),
        (("proof", "proofValue"), 7, "signature"),
        (("proof", "proofPurpose"), "authentication", "suite"),
        (("proof", "cryptosuite"), "eddsa-rdfc-2022", "suite"),
        (("proof", "verificationMethod"), "https://vc.example/key", "key"),
        (("proof", "verificationMethod"), "did:key:zzz#zzz", "key"),
        (("proof", "verificationMethod"), ["x"], "key"),
        (("issuer",), {"id": "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"}, "issuer"),
        (("proof",), None, "shape"),
        (("name",), float("nan"), "signature"),
    ],
)
def test_whatever_was_changed_is_named(path: tuple[str, ...], value: Any, code: str) -> None:
    made = copy.deepcopy(signed())
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert verify_document(made).code == code


@pytest.mark.parametrize("thing", [None, 5, "text", [], {}, {"proof": []}, {"proof": {}}])
def test_what_is_no_credential_is_said_to_be_none(thing: Any) -> None:
    assert verify_document(thing).code in {"shape", "suite"}


def test_a_key_that_one_does_not_know_is_not_taken() -> None:
    made = signed()
    assert verify_document(made, known=[DID]).ok
    assert verify_document(made, known=[did_of_seed(bytes(32))]).code == "unknown_key"


def test_a_proof_that_was_there_is_replaced_and_the_document_left_alone() -> None:
    made = signed()
    before = copy.deepcopy(made)
    again = sign_document(made, seed=bytes(32), created=CREATED)
    assert made == before
    assert signer_of(again) == did_of_seed(bytes(32))
    assert verify_document(again).ok


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(EngineError) as refused:
        did_of_seed(b"short")
    assert refused.value.code == "bad_seed"
