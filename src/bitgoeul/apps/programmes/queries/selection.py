"""Reads over a selection round: does it verify, what may the public know, what may one person."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bitgoeul.apps.programmes.models import Selection, SelectionRound
from bitgoeul.apps.programmes.queries.market import band_of, digest_of, problem_of
from bitgoeul.core.disclosure import is_small, protect_parts, public_threshold
from bitgoeul.engines.evidence import canonical_json
from bitgoeul.engines.matching import verify
from bitgoeul.engines.matching.certificate import VERIFIER, json_bytes


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
    if torn := _torn_bands(frozen):
        return RoundVerdict(holds=False, reason=f"band_of_another_score {torn[0]}", answer={})
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


def _torn_bands(frozen: Mapping[str, Any]) -> list[str]:
    """Return who stands in a band in which the score does not lie; rounds of before had none."""
    width = Decimal(frozen.get("band_width", "0"))
    return [
        row["number"]
        for row in frozen["applicants"]
        if "band" in row and band_of(Decimal(row["total"]), width) != Decimal(row["band"])
    ]


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
    """A seat pool as its reader may see it; a small pool keeps its numbers to itself."""

    track: str
    pool: str
    seats: int
    filled: int | None
    state: str
    cutoff: str | None
    shown: bool


def pools_of(selection_round: SelectionRound, *, whole: bool) -> list[PoolRow]:
    """Return the seat pools; of small ones neither how many nor the cut-off, unless `whole`.

    The cut-off of a pool of few people would tell single scores.
    """
    names = {track.key: track.name for track in selection_round.cohort.tracks.all()}
    return [_row(pool, names, whole=whole) for pool in selection_round.certificate.get("pools", [])]


def _row(pool: Mapping[str, Any], names: Mapping[str, str], *, whole: bool) -> PoolRow:
    shown = whole or not has_few(pool["filled"])
    return PoolRow(
        track=names.get(pool["position"], pool["position"]),
        pool=pool["pool"],
        seats=pool["seats"],
        filled=pool["filled"] if shown else None,
        state=pool["state"],
        cutoff=pool["cutoff"]["score"] if shown and pool["cutoff"] else None,
        shown=shown,
    )


def has_few(filled: int) -> bool:
    """Tell whether the last one admitted to a pool would be recognised by the score."""
    return filled < public_threshold()


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


def summary_of(selection_round: SelectionRound, *, whole: bool) -> dict[str, int | None]:
    """Return a round's totals; unless `whole`, none that would tell of a few people."""
    pools = selection_round.certificate.get("pools", [])
    given = Selection.objects.filter(round=selection_round, track__isnull=False)
    first = [
        (why.get("outcome") or {}).get("choice") for why in given.values_list("why", flat=True)
    ]
    counts: dict[str, int | None] = {
        "applicants": len(selection_round.inputs.get("applicants", [])),
        "left_out": len(selection_round.inputs.get("left_out", [])),
        "seats": sum(pool["seats"] for pool in pools),
        "given": len(first),
        "local": given.filter(local=True).count(),
        "first_choice": first.count(1),
    }
    return counts if whole else _protected(counts, pools)


def _protected(
    counts: Mapping[str, int | None], pools: Sequence[Mapping[str, Any]]
) -> dict[str, int | None]:
    given = counts["given"] or 0
    filled = protect_parts([row["filled"] for row in pools], most=[row["seats"] for row in pools])
    hidden = {name for name in ("applicants", "left_out") if is_small(counts[name] or 0)}
    if filled.total is None or is_small(given):
        hidden |= {"given"}
    for name in ("local", "first_choice"):
        part = counts[name] or 0
        # The rest is known where the whole is: a part and what is left of it are told together.
        if "given" in hidden or is_small(part) or is_small(given - part):
            hidden |= {name}
    return {name: None if name in hidden else count for name, count in counts.items()}
