"""The demo's contest files in its folder: trained once, read by every unit that hands some in."""

import csv
import io
import json
from pathlib import Path

from bitgoeul.cli.demo.contest_models import DataContest, Entry

_FILES = ("train", "test", "sample", "truth")
_LIST = "models.json"
FILE_NAME = "predictions.csv"


def keep(folder: Path, contest: DataContest) -> None:
    """Write a contest's files and every team's predictions; the list of models comes last."""
    home = folder / "contests" / contest.key
    (home / "entries").mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        (home / f"{name}.csv").write_bytes(getattr(contest, name))
    for entry in contest.entries:
        _entry(home, entry.team, entry.number).write_bytes(entry.content)
    rows = [[entry.team, entry.number, entry.model] for entry in contest.entries]
    said = {"metric": contest.metric, "target": contest.target, "entries": rows}
    (home / _LIST).write_text(json.dumps(said), "utf-8")


def read(folder: Path, key: str) -> DataContest:
    """Read a contest as `keep` wrote it.

    Raises
    ------
    FileNotFoundError
        When it was not written to its end.
    """
    home = folder / "contests" / key
    said = json.loads((home / _LIST).read_text("utf-8"))
    return DataContest(
        key=key,
        metric=said["metric"],
        target=said["target"],
        entries=tuple(
            Entry(team, number, model, _entry(home, team, number).read_bytes())
            for team, number, model in said["entries"]
        ),
        **{name: (home / f"{name}.csv").read_bytes() for name in _FILES},
    )


def private_ids(contest: DataContest) -> frozenset[str]:
    """Return the rows that the board of the first phase never counts."""
    rows = csv.DictReader(io.StringIO(contest.truth.decode()))
    return frozenset(row["id"] for row in rows if row["Usage"] == "Private")


def only(content: bytes, ids: frozenset[str], *, without: str = "") -> bytes:
    """Return a table with some of its rows, and without a column."""
    rows = csv.DictReader(io.StringIO(content.decode()))
    columns = [name for name in rows.fieldnames or () if name != without]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if row["id"] in ids)
    return out.getvalue().encode()


def _entry(home: Path, team: int, number: int) -> Path:
    return home / "entries" / f"team-{team + 1:02d}-{number}.csv"
