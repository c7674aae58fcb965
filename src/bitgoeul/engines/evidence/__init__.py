"""Evidence that a stranger can check: canonical JSON, digests, chains, reports, credentials."""

from bitgoeul.engines.evidence.canonical import (
    EvidenceError,
    canonical_json,
    digest,
    row_digest,
    salted_digest,
)
from bitgoeul.engines.evidence.chain import Seal, make_seal, seal_digest, verify_seals
from bitgoeul.engines.evidence.credential import (
    did_of_seed,
    hash_identity,
    sign_document,
    signer_of,
    verify_document,
)
from bitgoeul.engines.evidence.merkle import (
    InclusionProof,
    inclusion_proof,
    merkle_root,
    verify_inclusion,
)
from bitgoeul.engines.evidence.report import REPORT_FORMAT, seal_report, verify_report
from bitgoeul.engines.evidence.verdict import Verdict

__all__ = [
    "REPORT_FORMAT",
    "EvidenceError",
    "InclusionProof",
    "Seal",
    "Verdict",
    "canonical_json",
    "did_of_seed",
    "digest",
    "hash_identity",
    "inclusion_proof",
    "make_seal",
    "merkle_root",
    "row_digest",
    "salted_digest",
    "seal_digest",
    "seal_report",
    "sign_document",
    "signer_of",
    "verify_document",
    "verify_inclusion",
    "verify_report",
    "verify_seals",
]
