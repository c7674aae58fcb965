"""What an evaluator needs of a selection, frozen when it is published.

Chance decides only inside a band, so the selection can be evaluated as an experiment: who was in
a band in which the lottery decided, with which number, and who got in. The store holds scores,
bands, cut-offs, lottery numbers and the seed; people stand in it by application number. What a
researcher gets holds only who consented to research, under a code that leads nowhere but back
into this house.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.queries import people_having_consented
from bitgoeul.apps.programmes.models import Application, SelectionRound
from bitgoeul.apps.programmes.queries.market import standing_score
from bitgoeul.engines.evidence import canonical_json, digest
from bitgoeul.engines.matching import lottery_number

FORMAT = "bitgoeul-selection-store/1"
COLUMNS = (
    "case", "total", "band", "lottery", "local", "choices", "track", "pool", "choice",
    "lottery_decided",
)  # fmt: skip


def store_of(selection_round: SelectionRound) -> dict[str, Any]:
    """Build the store of a round from what is frozen in it."""
    frozen = selection_round.inputs
    given = {
        row.application.number: row
        for row in selection_round.selections.select_related("application", "track")
    }
    return {
        "format": FORMAT,
        "inputs": selection_round.inputs_digest,
        "engine": selection_round.engine_version,
        "round": frozen["round"],
        "seed": frozen["seed"],
        "band_width": frozen.get("band_width", "0"),
        "stages": frozen["stages"],
        "tracks": frozen["tracks"],
        "local": frozen["local"],
        "pools": [_pool(pool) for pool in selection_round.certificate.get("pools", [])],
        "rows": [
            _row(row, given[row["number"]], frozen)
            for row in frozen["applicants"]
            if row["number"] in given
        ],
    }


def digest_of_store(store: Mapping[str, Any]) -> str:
    """Return the digest under which a store is known."""
    return digest(store)


def research_file(selection_round: SelectionRound) -> bytes:
    """Return a zip for research: rows of who consented, pools, and what the columns mean."""
    store = selection_round.store
    codes = _codes(selection_round)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    stages = [stage["key"] for stage in store["stages"]]
    writer.writerow((*COLUMNS, *stages))
    lines = [
        [
            codes[row["number"]],
            *(_cell(row[name]) for name in COLUMNS[1:]),
            *(row["scores"].get(key, "") for key in stages),
        ]
        for row in store["rows"]
        if row["number"] in codes
    ]
    writer.writerows(sorted(lines))
    head = {name: store[name] for name in store if name not in {"rows", "seed"}}
    head |= {"store": selection_round.store_digest, "people": len(lines), "of": len(store["rows"])}
    files = {"rows.csv": out.getvalue().encode(), "store.json": canonical_json(head)}
    return _zipped(files)


def people_in_research(selection_round: SelectionRound) -> list[Any]:
    """Return the uuids of those whose rows a researcher gets."""
    rows = _consenting(selection_round)
    return list(rows.values_list("person__uuid", flat=True))


def _consenting(selection_round: SelectionRound) -> Any:
    return Application.objects.filter(
        selections__round=selection_round,
        person__in=people_having_consented(Purpose.RESEARCH).values("pk"),
    )


def _codes(selection_round: SelectionRound) -> dict[str, str]:
    rows = _consenting(selection_round).values_list("number", "uuid")
    # Keyed by the house's secret: the number is known to its owner, the code to nobody.
    return {
        number: salted_hmac("selection-store", str(uuid), algorithm="sha256").hexdigest()[:16]
        for number, uuid in rows
    }


def _row(row: Mapping[str, Any], selection: Any, frozen: Mapping[str, Any]) -> dict[str, Any]:
    outcome = selection.why.get("outcome") or {}
    pools = [pool for choice in selection.why.get("choices", []) for pool in choice["pools"]]
    return {
        "number": row["number"],
        "scores": row["scores"],
        "total": row["total"],
        "band": standing_score(row),
        "lottery": f"{lottery_number(frozen['seed'], frozen['round'], row['number']):064x}",
        "local": row["local"],
        "choices": row["choices"],
        "track": selection.track.key if selection.track else "",
        "pool": selection.pool,
        "choice": outcome.get("choice"),
        "lottery_decided": any(pool["lottery_decided"] for pool in pools),
    }


def _pool(pool: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pool.get(name) for name in ("position", "pool", "seats", "filled", "cutoff")}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return " ".join(value) if isinstance(value, list) else "" if value is None else value


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, content in _in_order(files):
            # A fixed date: the same store gives the same bytes.
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _in_order(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from sorted(files.items())
