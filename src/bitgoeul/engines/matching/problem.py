"""A market: who applies where, in which order, with which score."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bitgoeul.engines.csvfile import parse_decimal
from bitgoeul.engines.evidence import digest
from bitgoeul.engines.matching.rules import MatchingError, Rules, number_text

Integers = npt.NDArray[np.int64]

# A tab or a line break inside an id would make two different markets share one digest.
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
APPLICANT_COLUMNS = ("applicant", "position", "rank", "score")
POSITION_COLUMNS = ("position", "capacity")


class Choice(NamedTuple):
    """One application: a line of APPLICANTS.csv.

    ``rank`` 1 is the most wanted; a higher ``score`` comes first at the position; ``priority``
    is a class that precedes the score, lower first; ``groups`` holds the columns that reserves
    read. ``line`` is for messages only.
    """

    applicant: str
    position: str
    rank: int
    score: Decimal | int | float | str
    priority: int = 0
    groups: Mapping[str, str] = {}
    line: int = 0


class Position(NamedTuple):
    """A place with seats: a line of POSITIONS.csv."""

    position: str
    capacity: int
    company: str = ""
    region: str = ""
    line: int = 0


@dataclass(frozen=True, eq=False)
class Problem:
    """A validated market in compressed rows: ids are text outside, numbers inside.

    Build one with `Problem.build`. Choices of applicant ``i`` are the entries
    ``first[i]:first[i + 1]``, most wanted first.

    Parameters
    ----------
    applicants : tuple of str, length n
    positions : tuple of Position, length m
    first : int64 array, length n + 1
    choice : int64 array, length E
        Index of the position of each entry.
    rank : int64 array, length E
        The rank as it was given; gaps are allowed, only the order counts.
    priority : int64 array, length E
    level : int64 array, length E
        Index into ``levels``: the score's place among all distinct scores, lowest first. It
        keeps the order of decimal numbers exactly, which binary floats would not.
    levels : tuple of Decimal
    groups : mapping of column to tuple of str, length E
    rules : Rules
    """

    applicants: tuple[str, ...]
    positions: tuple[Position, ...]
    first: Integers
    choice: Integers
    rank: Integers
    priority: Integers
    level: Integers
    levels: tuple[Decimal, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        entries = len(self.choice)
        arrays = (self.choice, self.rank, self.priority, self.level)
        lengths = {len(array) for array in arrays} | {len(g) for g in self.groups.values()}
        if lengths - {entries} or len(self.first) != len(self.applicants) + 1:
            raise MatchingError("bad_shape")
        if self.first[0] != 0 or self.first[-1] != entries or (np.diff(self.first) < 0).any():
            raise MatchingError("bad_shape", column="first")
        if entries and not 0 <= self.choice.min() <= self.choice.max() < len(self.positions):
            raise MatchingError("bad_shape", column="choice")
        for array in (self.first, *arrays):
            array.setflags(write=False)

    @classmethod
    def build(
        cls,
        *,
        choices: Iterable[Choice],
        positions: Iterable[Position],
        rules: Rules | None = None,
        files: tuple[str, str] = ("applicants", "positions"),
    ) -> Problem:
        """Check rows, from a file or from memory, and pack them.

        Parameters
        ----------
        choices, positions : iterable of Choice, of Position
            Order of rows does not matter to the result.
        rules : Rules, optional
        files : (str, str)
            Names used in refusals.

        Raises
        ------
        MatchingError
            ``missing_value``, ``control_character``, ``negative_capacity``,
            ``duplicate_position``, ``unknown_position``, ``bad_rank``, ``duplicate_rank``,
            ``duplicate_choice``, ``not_a_number``, ``not_finite``, ``score_range``,
            ``missing_column``, ``mixed_modes``, ``duplicate_reserve``, ``frozen_not_listed``,
            ``frozen_over_capacity``.

        Examples
        --------
        >>> market = Problem.build(choices=[Choice("kim", "lab", 1, "87.5")],
        ...                        positions=[Position("lab", 1)])
        >>> market.applicants, market.levels
        (('kim',), (Decimal('87.5'),))
        """
        rules = rules or Rules()
        seats = _checked_positions(positions, file=files[1])
        index = {row.position: number for number, row in enumerate(seats)}
        lists = _checked_choices(choices, index, columns=rules.columns(), file=files[0])
        rows = [row for own in lists.values() for row in own]
        scores = [_score(row, file=files[0]) for row in rows]
        levels = tuple(sorted(set(scores)))
        place = {score: number for number, score in enumerate(levels)}
        problem = cls(
            applicants=tuple(lists),
            positions=seats,
            first=_integers([0, *np.cumsum([len(own) for own in lists.values()], dtype=np.int64)]),
            choice=_integers([index[row.position] for row in rows]),
            rank=_integers([row.rank for row in rows]),
            priority=_integers([row.priority for row in rows]),
            level=_integers([place[score] for score in scores]),
            levels=levels,
            groups={c: tuple(row.groups[c] for row in rows) for c in rules.columns()},
            rules=rules,
        )
        _check_rules(problem)
        return problem

    def choices(self) -> Iterable[Choice]:
        """The rows again, grouped by applicant, most wanted first."""
        columns = tuple(self.groups)
        score = [number_text(level) for level in self.levels]
        for number, applicant in enumerate(self.applicants):
            for entry in range(int(self.first[number]), int(self.first[number + 1])):
                yield Choice(
                    applicant,
                    self.positions[self.choice[entry]].position,
                    int(self.rank[entry]),
                    score[self.level[entry]],
                    int(self.priority[entry]),
                    {column: self.groups[column][entry] for column in columns},
                )

    def digests(self) -> dict[str, str]:
        """SHA-256 of the applications, the positions and the rules.

        They are taken of a canonical text (rows sorted, numbers without exponent and trailing
        zeros), so saving a file again or sorting it differently changes nothing.
        """
        applications = hashlib.sha256()
        own: list[list[str]] = []
        for row in self.choices():
            cells = [row.applicant, row.position, str(row.rank), str(row.priority), str(row.score)]
            own.append(cells + [row.groups[column] for column in sorted(row.groups)])
        for cells in sorted(own):
            applications.update(("\t".join(cells) + "\n").encode())
        seats = sorted(f"{row.position}\t{row.capacity}\n" for row in self.positions)
        return {
            "applicants": applications.hexdigest(),
            "positions": hashlib.sha256("".join(seats).encode()).hexdigest(),
            "rules": digest(self.rules.as_dict()),
        }

    def input_files(self) -> dict[str, bytes]:
        """The market as the files of the `bitgoeul match` command."""
        columns = tuple(self.groups)
        lines: list[Sequence[Any]] = [(*APPLICANT_COLUMNS, "priority", *columns)]
        lines += [
            (row.applicant, row.position, row.rank, row.score, row.priority, *row.groups.values())
            for row in self.choices()
        ]
        seats: list[Sequence[Any]] = [(*POSITION_COLUMNS, "company", "region")]
        seats += [row[:4] for row in self.positions]
        return {
            "applicants.csv": csv_bytes(lines),
            "positions.csv": csv_bytes(seats),
            "rules.toml": self.rules.to_toml().encode(),
        }

    def to_files(self, folder: str | Path) -> None:
        """Write `input_files` into a folder."""
        for name, content in self.input_files().items():
            Path(folder, name).write_bytes(content)


def csv_bytes(lines: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 CSV with plain line ends, the same bytes on every machine."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue().encode()


def _integers(values: Sequence[Any]) -> Integers:
    return np.array(values, dtype=np.int64)


def _checked_id(text: str, *, file: str, line: int, column: str) -> str:
    if not text:
        raise MatchingError("missing_value", file=file, line=line, column=column)
    if CONTROL.search(text):
        raise MatchingError(
            "control_character", file=file, line=line, column=column, value=repr(text)
        )
    return text


def _checked_positions(positions: Iterable[Position], *, file: str) -> tuple[Position, ...]:
    seen: set[str] = set()
    rows = []
    for number, row in enumerate(positions, start=1):
        line = row.line or number
        name = _checked_id(row.position, file=file, line=line, column="position")
        if name in seen:
            raise MatchingError(
                "duplicate_position", file=file, line=line, column="position", value=name
            )
        if row.capacity < 0:
            raise MatchingError(
                "negative_capacity", file=file, line=line, column="capacity", value=row.capacity
            )
        seen.add(name)
        rows.append(row)
    return tuple(rows)


def _checked_choices(
    choices: Iterable[Choice], index: Mapping[str, int], *, columns: tuple[str, ...], file: str
) -> dict[str, list[Choice]]:
    lists: dict[str, list[Choice]] = {}
    for number, row in enumerate(choices, start=1):
        placed = row if row.line else row._replace(line=number)
        _check_choice(placed, index, columns=columns, file=file)
        lists.setdefault(row.applicant, []).append(placed)
    for own in lists.values():
        own.sort(key=lambda row: row.rank)
        _check_list(own, file=file)
    return lists


def _check_choice(
    row: Choice, index: Mapping[str, int], *, columns: tuple[str, ...], file: str
) -> None:
    _checked_id(row.applicant, file=file, line=row.line, column="applicant")
    if row.position not in index:
        _checked_id(row.position, file=file, line=row.line, column="position")
        raise MatchingError(
            "unknown_position", file=file, line=row.line, column="position", value=row.position
        )
    if row.rank < 1:
        raise MatchingError("bad_rank", file=file, line=row.line, column="rank", value=row.rank)
    for column in columns:
        if column not in row.groups:
            raise MatchingError("missing_column", file=file, line=row.line, column=column)
        if CONTROL.search(row.groups[column]):
            raise MatchingError("control_character", file=file, line=row.line, column=column)


def _check_list(own: list[Choice], *, file: str) -> None:
    listed: dict[str, int] = {}
    before = None
    for row in own:
        if before is not None and before.rank == row.rank:
            later = max(before, row, key=lambda one: one.line)
            raise MatchingError(
                "duplicate_rank", file=file, line=later.line, column="rank", value=row.rank
            )
        if row.position in listed:
            line = max(listed[row.position], row.line)
            raise MatchingError(
                "duplicate_choice", file=file, line=line, column="position", value=row.position
            )
        listed[row.position] = row.line
        before = row


def _score(row: Choice, *, file: str) -> Decimal:
    text = str(row.score)
    score = parse_decimal(text)
    code = score if isinstance(score, str) else ""
    if not isinstance(score, str):
        # Beyond this no score means anything, and its digits would fill the memory.
        wide = abs(score.adjusted()) > 30 or len(score.as_tuple().digits) > 40
        code = "score_range" if score and wide else ""
    if code or isinstance(score, str):
        raise MatchingError(code, file=file, line=row.line, column="score", value=text)
    return score


def _check_rules(problem: Problem) -> None:
    names = {row.position for row in problem.positions}
    for reserve in problem.rules.reserves:
        for position in reserve.positions or ():
            if position not in names:
                raise MatchingError("unknown_position", column="reserve.positions", value=position)
    for row in problem.positions:
        held = [r for r in problem.rules.reserves if r.concerns(row.position, row.capacity)]
        if len({reserve.mode for reserve in held}) > 1:
            raise MatchingError("mixed_modes", column="reserve.mode", value=row.position)
        if len({reserve.label for reserve in held}) < len(held):
            raise MatchingError("duplicate_reserve", column="reserve", value=row.position)
    frozen = dict(problem.rules.frozen)
    if frozen:
        listed = {(row.applicant, row.position) for row in problem.choices()}
        for pair in problem.rules.frozen:
            if pair not in listed:
                raise MatchingError("frozen_not_listed", column="frozen", value=" ".join(pair))
