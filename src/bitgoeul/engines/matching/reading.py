"""Markets from the files of `bitgoeul match`."""

from __future__ import annotations

from collections.abc import Iterator

from bitgoeul.engines.csvfile import CsvFile, Source, parse_integer, read_csv, source_name
from bitgoeul.engines.matching.problem import (
    APPLICANT_COLUMNS,
    POSITION_COLUMNS,
    Choice,
    Position,
    Problem,
)
from bitgoeul.engines.matching.rules import MatchingError, Rules


def read_problem(
    *,
    applicants: Source,
    positions: Source,
    rules: Rules | None = None,
) -> Problem:
    """Read and check a market from APPLICANTS.csv and POSITIONS.csv.

    Raises
    ------
    MatchingError
        The first thing that is wrong, with file, line, column and value.

    Examples
    --------
    >>> problem = read_problem(applicants=b"applicant,position,rank,score\\nkim,lab,1,90\\n",
    ...                        positions=b"position,capacity\\nlab,1\\n")
    >>> problem.applicants
    ('kim',)
    """
    rules = rules or Rules()
    names = (source_name(applicants, "applicants"), source_name(positions, "positions"))
    seats = read_csv(positions, name=names[1], required=POSITION_COLUMNS, refuse=MatchingError)
    required = (*APPLICANT_COLUMNS, *rules.columns())
    table = read_csv(applicants, name=names[0], required=required, refuse=MatchingError)
    return Problem.build(
        choices=_choices(table, rules.columns()),
        positions=_positions(seats),
        rules=rules,
        files=names,
    )


def _choices(table: CsvFile, columns: tuple[str, ...]) -> Iterator[Choice]:
    place = {name: number for number, name in enumerate(table.header)}
    applicant, position, rank, score = (place[name] for name in APPLICANT_COLUMNS)
    priority = place.get("priority")
    groups = [(name, place[name]) for name in columns]
    for line, cells in table.rows:
        if not cells[score]:
            raise MatchingError("missing_value", file=table.name, line=line, column="score")
        yield Choice(
            cells[applicant],
            cells[position],
            _whole(cells[rank], table.name, line, "rank"),
            cells[score],
            0 if priority is None else _whole(cells[priority], table.name, line, "priority"),
            {name: cells[number] for name, number in groups},
            line,
        )


def _positions(table: CsvFile) -> Iterator[Position]:
    place = {name: number for number, name in enumerate(table.header)}
    for line, cells in table.rows:
        yield Position(
            cells[place["position"]],
            _whole(cells[place["capacity"]], table.name, line, "capacity"),
            cells[place["company"]] if "company" in place else "",
            cells[place["region"]] if "region" in place else "",
            line,
        )


def _whole(text: str, file: str, line: int, column: str) -> int:
    if not text:
        raise MatchingError("missing_value", file=file, line=line, column=column)
    number = parse_integer(text)
    if number is None:
        raise MatchingError("not_an_integer", file=file, line=line, column=column, value=text)
    return number
