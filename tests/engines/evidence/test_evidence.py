"""Canonical JSON, Merkle trees, chains and reports, against published vectors and tampering."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitgoeul.engines.evidence import (
    EvidenceError,
    InclusionProof,
    Seal,
    Verdict,
    canonical_json,
    digest,
    inclusion_proof,
    make_seal,
    merkle_root,
    row_digest,
    salted_digest,
    seal_report,
    verify_inclusion,
    verify_report,
    verify_seals,
)
from bitgoeul.engines.evidence.synthetic import make_chain, make_report

# Test vectors of Certificate Transparency (RFC 6962 reference implementation): eight leaves and
# the root over the first n of them.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_canonical_json_of_the_standard():
    """RFC 8785, section 3.2.3 (sorting) and 3.2.2 (numbers and texts)."""
    unsorted = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = list(json.loads(canonical_json(unsorted)))
    assert order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    numbers = [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001, -0.0]
    expected = b"[333333333.3333333,1e+30,4.5,0.002,1e-27,0]"
    assert canonical_json(numbers) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, {1: 2}, {1, 2}, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(EvidenceError) as caught:
        canonical_json(value)
    assert caught.value.code == "not_canonical"


def test_a_digest_is_sha_256_of_the_canonical_text():
    assert (
        digest({"나": 1, "가": [None]})
        == hashlib.sha256('{"가":[null],"나":1}'.encode()).hexdigest()
    )


def test_a_salted_digest_needs_its_salt():
    """RFC 4231, test case 1 has the key and the construction; the message here is JSON."""
    import hmac

    key = b"\x0b" * 20
    assert salted_digest(key, "x") == hmac.new(key, b'"x"', "sha256").hexdigest()
    assert salted_digest(b"0" * 16, "x") != salted_digest(b"1" * 16, "x") != digest("x")
    with pytest.raises(EvidenceError):
        salted_digest(b"short", "x")
    assert row_digest(key, "a", "b", {}) != row_digest(key, "b", "a", {})


@pytest.mark.parametrize("size", CT_ROOTS)
def test_merkle_roots_of_certificate_transparency(size):
    leaves = [bytes.fromhex(leaf) for leaf in CT_LEAVES[:size]]
    assert merkle_root(leaves).hex() == CT_ROOTS[size]


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_inclusion_is_proved_for_the_leaf_and_its_place_only(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof = merkle_root(leaves), inclusion_proof(leaves, index)
    assert verify_inclusion(root, leaves[index], proof)
    assert not verify_inclusion(root, leaves[index] + b"x", proof)
    assert not verify_inclusion(root[::-1], leaves[index], proof)
    longer = replace(proof, path=(*proof.path, b"\0" * 32))
    assert not verify_inclusion(root, leaves[index], longer)
    if proof.path:
        assert not verify_inclusion(root, leaves[index], replace(proof, path=proof.path[:-1]))
    other = data.draw(st.integers(0, len(leaves) - 1))
    moved = verify_inclusion(root, leaves[index], replace(proof, index=other))
    # Proofs of different places have different shapes or sides, except equal subtrees.
    if len(set(leaves)) == len(leaves):
        assert moved == (other == index)


def test_no_proof_for_a_leaf_that_is_not_there():
    with pytest.raises(EvidenceError):
        inclusion_proof([b"a"], 1)
    with pytest.raises(EvidenceError):
        InclusionProof(index=0, size=0, path=())


def test_a_chain_stands_and_each_tampering_is_named():
    chain = make_chain(sizes=[3, 0, 2, 5])
    head = chain[-1][0].digest
    assert verify_seals(chain, head=head).ok
    assert verify_seals([(seal, None) for seal, _ in chain], head=head).ok

    def fault(number, seal=None, leaves=None):
        changed = list(chain)
        old_seal, old_leaves = changed[number]
        changed[number] = (seal or old_seal, old_leaves if leaves is None else leaves)
        verdict = verify_seals(changed, head=head)
        return verdict.code, verdict.where

    assert fault(2, leaves=[b"x", b"y"]) == ("row_content", "seal 3")
    assert fault(2, leaves=chain[2][1][::-1]) == ("row_content", "seal 3")
    assert fault(3, leaves=chain[3][1][:-1]) == ("row_count", "seal 4")
    for field, value in (("root", "0" * 64), ("count", 4), ("at", "2020"), ("digest", "0" * 64)):
        assert fault(0, replace(chain[0][0], **{field: value})) == ("seal_digest", "seal 1")
    forged = make_seal(previous=chain[0][0], leaves=[b"forged"], at="2026-01-02")
    assert fault(1, forged, [b"forged"]) == ("seal_link", "seal 3")
    assert verify_seals(chain[:-1], head=head).code == "head"
    assert verify_seals(chain[1:], head=head).code == "seal_number"
    assert verify_seals([], head=None).ok


def test_a_verdict_cannot_contradict_itself():
    with pytest.raises(ValueError, match="ok=True"):
        Verdict(ok=True, code="digest")
    with pytest.raises(ValueError, match="ok=False"):
        Verdict(ok=False)
    assert isinstance(make_chain(sizes=[1])[0][0], Seal)


def test_a_report_stands_and_survives_json():
    report = make_report(people=12, kept=9)
    assert verify_report(report).ok
    assert verify_report(json.loads(json.dumps(report, indent=3, ensure_ascii=False))).ok


def test_any_change_without_a_new_digest_is_seen():
    """Every leaf of the document, replaced one at a time."""
    report = make_report(people=12, kept=9)
    changed = 0
    for path in _leaves(report):
        other = copy.deepcopy(report)
        holder = other
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = "changed"
        assert not verify_report(other).ok, path
        changed += 1
    assert changed > 40


def _leaves(value, path=()):
    inner = None
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    if inner is None:
        yield path
    else:
        for key, item in inner:
            yield from _leaves(item, (*path, key))


def _with(change, **options):
    """A report that was changed before it was sealed: only its own contradictions can show."""
    report = make_report(people=12, kept=9)
    change(report["indicators"][0], report["tables"][0])
    return verify_report(seal_report(report))


def _set(**values):
    return lambda indicator, table: indicator.update(values)


def _set_table(**values):
    return lambda indicator, table: table.update(values)


def _evidence(name, change):
    def apply(indicator, table):
        indicator["evidence"][name] = change(indicator["evidence"][name])

    return apply


def _excluded(indicator, table):
    indicator["evidence"]["excluded"] = indicator["evidence"]["denominator"][:1]


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (_set(value=0.76), "value", "indicators[0] kept_share.value"),
        (_set(value=None), "value", "indicators[0] kept_share.value"),
        (_set(kind="guess"), "unknown_kind", "indicators[0] kept_share.kind"),
        (_set(numerator=8), "evidence_count", "indicators[0] kept_share.evidence.numerator"),
        (_set(denominator=13), "evidence_count", "indicators[0] kept_share.evidence.denominator"),
        (
            _evidence("numerator", lambda rows: [*rows[:-1], "f" * 64]),
            "evidence_subset",
            "indicators[0] kept_share.evidence.numerator",
        ),
        (
            _evidence("denominator", lambda rows: rows[::-1]),
            "evidence_order",
            "indicators[0] kept_share.evidence.denominator",
        ),
        (_excluded, "evidence_overlap", "indicators[0] kept_share.evidence.excluded"),
        (_set(suppressed=True), "suppressed_value", "indicators[0] kept_share.value"),
        (_set(evidence=None), "shape", ""),
        (
            _set_table(cells=[[9, 0], [1, 3]]),
            "table_margin",
            "tables[0] kept_by_site.row_totals[1]",
        ),
        (_set_table(total=11), "table_margin", "tables[0] kept_by_site.total of rows"),
        (_set_table(cells=[[9, 0]]), "table_shape", "tables[0] kept_by_site.cells"),
        (
            _set_table(cells=[[9, 0], [0, None]]),
            "table_recoverable",
            "tables[0] kept_by_site.row_totals[1]",
        ),
        (_set_table(cells=[["9", 0], [0, 3]]), "shape", ""),
    ],
)
def test_contradictions_inside_a_sealed_report_are_named(change, code, where):
    verdict = _with(change)
    assert (verdict.code, verdict.where) == (code, where)


@pytest.mark.parametrize(
    "change",
    [
        _set(value=0.8, decimals=1),
        _set(rows_withheld=True, evidence=None),
        _set(suppressed=True, value=None, numerator=None, evidence=None),
        _set(kind="mean", numerator=9.0),
        _set(kind="total", value=9, denominator=12),
        _set(kind="statistic", value=123, numerator=None, denominator=12),
        _set(countable=False, value=None),
        _set_table(columns=None, cells=[[5], [7]], row_totals=None, column_totals=None, total=12),
        _set_table(
            cells=[[None, None], [None, None]], row_totals=[9, 3], column_totals=[9, 3], total=12
        ),
    ],
)
def test_honest_variants_are_accepted(change):
    verdict = _with(change)
    assert verdict.ok, verdict


def test_an_undefined_share_has_no_value():
    empty = make_report(people=0, kept=0)
    assert empty["indicators"][0]["value"] is None
    assert verify_report(empty).ok


@pytest.mark.parametrize("document", [None, [], "x", {}, {"format": "bitgoeul-report/1"}])
def test_other_documents_are_not_reports(document):
    assert verify_report(document).code in ("shape", "format")
