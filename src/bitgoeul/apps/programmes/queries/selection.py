"""Reads over a selection round: does it verify, what may the public know, what may one person."""

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bitgoeul.apps.programmes.models import Selection, SelectionRound
from bitgoeul.apps.programmes.queries.market import digest_of, problem_of
from bitgoeul.engines.evidence import canonical_json
from bitgoeul.engines.matching import verify
from bitgoeul.engines.matching.certificate import VERIFIER, json_bytes

POOL_AT_LEAST = 5
"""Cut-offs of smaller pools are not shown to the public: they would tell single scores."""


@dataclass(frozen=True, kw_only=True)
class RoundVerdict:
    """What the independent verifier says of the *stored* inputs, certificate and selections."""

    holds: bool
    reason: str
    answer: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the verdict in JSON types, as it is kept with the round."""
        return {"holds": self.holds, "reason": self.reason, "answer": dict(self.answer)}


def verdict_on(selection_round: SelectionRound) -> RoundVerdict:
    """Verify what stands in the database, by the program that anyone may run."""
    frozen = selection_round.inputs
    if digest_of(frozen) != selection_round.inputs_digest:
        return RoundVerdict(holds=False, reason="inputs_changed", answer={})
    if strays := _left_out_with_seat(selection_round):
        return RoundVerdict(holds=False, reason=f"seat_without_score {strays[0]}", answer={})
    files = problem_of(frozen).input_files()
    answer = verify.verify_content(
        selection_round.certificate,
        matches_csv(selection_round),
        files["applicants.csv"],
        files["positions.csv"],
    )
    violation = answer.get("violation") or {}
    holds = verify.holds(answer)
    return RoundVerdict(holds=holds, reason=str(violation.get("code", "")), answer=answer)


def matches_csv(selection_round: SelectionRound) -> bytes:
    """Return the stored selections in the shape of `matches.csv`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("applicant", "position", "pool"))
    rows = _in_market(selection_round).values_list("application__number", "track__key", "pool")
    writer.writerows((number, track or "", pool) for number, track, pool in rows)
    return out.getvalue().encode()


def bundle_of(selection_round: SelectionRound) -> bytes:
    """Return a zip of what is *stored*, with the verifier: `python3 verify.py` checks it.

    `inputs.json` is the frozen document in canonical form: its SHA-256 is the published digest.
    """
    files = {
        **problem_of(selection_round.inputs).input_files(),
        "matches.csv": matches_csv(selection_round),
        "certificate.json": json_bytes(selection_round.certificate),
        "inputs.json": canonical_json(selection_round.inputs),
        "verify.py": VERIFIER.read_bytes(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # A fixed date: the same round gives the same bytes.
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, files[name], compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass(frozen=True, kw_only=True)
class PoolRow:
    """A seat pool as the public may see it; a small pool keeps its cut-off to itself."""

    track: str
    pool: str
    seats: int
    filled: int
    state: str
    cutoff: str | None
    shown: bool


def public_pools(selection_round: SelectionRound) -> list[PoolRow]:
    """Return the seat pools with the cut-offs of those of at least five people."""
    names = {track.key: track.name for track in selection_round.cohort.tracks.all()}
    return [
        PoolRow(
            track=names.get(pool["position"], pool["position"]),
            pool=pool["pool"],
            seats=pool["seats"],
            filled=pool["filled"],
            state=pool["state"],
            cutoff=pool["cutoff"]["score"] if _shown(pool) and pool["cutoff"] else None,
            shown=_shown(pool),
        )
        for pool in selection_round.certificate.get("pools", [])
    ]


def _shown(pool: Mapping[str, Any]) -> bool:
    return bool(pool["filled"] >= POOL_AT_LEAST)


def _in_market(selection_round: SelectionRound) -> Any:
    rows = Selection.objects.filter(round=selection_round).order_by("application__number")
    return rows.exclude(application__number__in=_left_out_numbers(selection_round))


def _left_out_numbers(selection_round: SelectionRound) -> list[str]:
    return [row["number"] for row in selection_round.inputs["left_out"]]


def _left_out_with_seat(selection_round: SelectionRound) -> list[str]:
    """Return who holds a stored seat though the frozen inputs left them out."""
    rows = Selection.objects.filter(
        round=selection_round,
        track__isnull=False,
        application__number__in=_left_out_numbers(selection_round),
    )
    return list(rows.values_list("application__number", flat=True))


def summary_of(selection_round: SelectionRound) -> dict[str, Any]:
    """Return a round's totals, which tell nothing about a single person."""
    seats = sum(pool["seats"] for pool in selection_round.certificate.get("pools", []))
    given = Selection.objects.filter(round=selection_round, track__isnull=False)
    return {
        "applicants": len(selection_round.inputs.get("applicants", [])),
        "left_out": len(selection_round.inputs.get("left_out", [])),
        "seats": seats,
        "given": given.count(),
        "local": given.filter(local=True).count(),
        "first_choice": sum(
            1
            for why in given.values_list("why", flat=True)
            if (why.get("outcome") or {}).get("choice") == 1
        ),
    }
