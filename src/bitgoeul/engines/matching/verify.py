"""Check a published matching round: python3 verify.py [DIR APPLICANTS.csv POSITIONS.csv]

매칭 결과를 누구나 확인하는 프로그램입니다. 파이썬만 있으면 됩니다.

DIR holds matches.csv and certificate.json. Without arguments the files beside this program
are checked. The answer is JSON; the exit code is 0 when everything holds, else 1.

stable             nobody was passed over: every seat pool that somebody wanted more than what
                   they got is full of people who come before them
applicant_optimal  among all stable outcomes this one is the best for every applicant
                   (null where the rules have supernumerary targets: not decided here)
quotas             seats, reserved seats, targets and frozen placements are respected
tight              every published cutoff is the standing of the last one admitted
violation          the first thing found wrong, with file and line

It uses the standard library only and shares no code with the engine that made the matching.
Work is proportional to the total length of the lists, plus sorting them.
"""

from __future__ import annotations

# ruff: noqa: B905 -- this file must also run on Python 3.9, whose zip knows no `strict`
import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any, NamedTuple, Union

Source = Union[bytes, str, Path]  # noqa: UP007 - Python 3.9 has no | between types
Pool = tuple[str, str]  # position and name of the seat pool
Reserve = dict[str, Any]
Row = dict[str, Any]

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
ROUNDING = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}


class Wrong(Exception):
    """Something that makes the check impossible, with what is needed to find it."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.violation: Row = {"code": code, **facts}


class Choice(NamedTuple):
    """One line of the applicants file."""

    rank: int
    position: str
    priority: int
    score: Decimal
    groups: dict[str, str]
    line: int


class Standing(NamedTuple):
    """Somebody who holds or wants a seat: compares by the key alone, greater comes first."""

    key: tuple[Any, ...]
    who: str
    choice: Choice
    member: bool | None


Lists = dict[str, list[Choice]]


def read_table(source: Source, name: str, columns: Sequence[str]) -> list[tuple[int, Row]]:
    """Rows of a CSV file (path or bytes) as (line, {column: text})."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp949")
    rows: list[tuple[int, Row]] = []
    header: list[str] = []
    line = 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for given in reader:
        cells = [cell.strip() for cell in given]
        if any(cells) and not header:
            header = cells
        elif any(cells):
            if len(cells) != len(header):
                raise Wrong("bad_input", file=name, line=line)
            rows.append((line, dict(zip(header, cells))))
        line = reader.line_num + 1
    if len(set(header)) < len(header) or not set(columns) <= set(header):
        raise Wrong("bad_input", file=name, line=1, expected=",".join(columns))
    return rows


def number_text(number: Decimal) -> str:
    """One text per number."""
    return format(number.normalize(), "f") if number else "0"


def read_applications(source: Source, columns: Sequence[str]) -> tuple[Lists, str]:
    """{applicant: [choice, ...]} most wanted first, and the digest of the canonical text."""
    lists: Lists = {}
    canonical: list[list[str]] = []
    for line, row in read_table(source, "applicants", ("applicant", "position", "rank", "score")):
        if not NUMBER.fullmatch(row["score"]):
            raise Wrong("bad_input", file="applicants", line=line, column="score")
        score, rank = Decimal(row["score"]), int(row["rank"])
        priority = int(row.get("priority", 0))
        groups = [row[column] for column in columns]
        cells = [row["applicant"], row["position"], str(rank), str(priority), number_text(score)]
        canonical.append(cells + groups)
        kept = dict(zip(columns, groups))
        choice = Choice(rank, row["position"], priority, score, kept, line)
        lists.setdefault(row["applicant"], []).append(choice)
    for applicant, own in lists.items():
        own.sort(key=lambda choice: choice.rank)
        if len({c.rank for c in own}) < len(own) or len({c.position for c in own}) < len(own):
            raise Wrong("bad_input", file="applicants", applicant=applicant)
    text = "".join("\t".join(cells) + "\n" for cells in sorted(canonical))
    return lists, hashlib.sha256(text.encode()).hexdigest()


def read_positions(source: Source) -> tuple[dict[str, int], str]:
    """{position: capacity} and the digest of the canonical text."""
    capacity: dict[str, int] = {}
    for line, row in read_table(source, "positions", ("position", "capacity")):
        if row["position"] in capacity or int(row["capacity"]) < 0:
            raise Wrong("bad_input", file="positions", line=line)
        capacity[row["position"]] = int(row["capacity"])
    text = "".join(sorted(f"{name}\t{seats}\n" for name, seats in capacity.items()))
    return capacity, hashlib.sha256(text.encode()).hexdigest()


def whole(share: str, seats: int, rounding: str) -> int:
    """A part of the seats as a whole number."""
    return int((Decimal(share) * seats).to_integral_value(rounding=ROUNDING[rounding]))


def label(reserve: Reserve) -> str:
    """The name of a reserve's seats."""
    return str(reserve["column"] + "=" + reserve["value"])


def reserve_seats(reserve: Reserve, capacity: int) -> int:
    """How many seats of a position a reserve speaks of."""
    if "seats" in reserve:
        return min(int(reserve["seats"]), capacity)
    return whole(reserve["share"], capacity, reserve["rounding"])


def call(reserves: list[Reserve], rows: list[tuple[str, Choice]]) -> Iterator[str]:
    """The calling order of one position: at each step the best of all types that are short."""
    shares = [Decimal(reserve["share"]) for reserve in reserves]
    queues: dict[tuple[bool, ...], list[tuple[int, str]]] = {}
    left, called = [0] * len(reserves), [0] * len(reserves)
    for number, (who, choice) in enumerate(rows):
        types = tuple(choice.groups[r["column"]] == r["value"] for r in reserves)
        queues.setdefault(types, []).append((number, who))
        left = [total + flag for total, flag in zip(left, types)]
    for queue in queues.values():
        queue.reverse()
    for step in range(1, len(rows) + 1):
        short = [t for t, s in enumerate(shares) if left[t] and called[t] < s * step]
        heads: list[tuple[tuple[int, str], tuple[bool, ...]]] = []
        while not heads:
            fit = (t for t in queues if queues[t] and all(t[k] for k in short))
            heads = [(queues[t][-1], t) for t in fit]
            short = short[:-1]
        (_, who), types = min(heads)
        queues[types].pop()
        left = [total - flag for total, flag in zip(left, types)]
        called = [total + flag for total, flag in zip(called, types)]
        yield who


class Round:
    """One round as published, and what follows from the files about each seat pool."""

    def __init__(self, rules: Row, lists: Lists, capacity: dict[str, int]) -> None:
        self.rules = rules
        self.lists, self.capacity = lists, capacity
        start = f"{rules['lottery']['seed']}|{rules['lottery']['round']}|"
        self.lottery = {
            who: int(hashlib.sha256((start + who).encode()).hexdigest(), 16) for who in lists
        }
        self.reserves: dict[str, list[Reserve]] = {}
        self.seats: dict[Pool, int] = {}
        for position, seats in capacity.items():
            self.reserves[position] = [r for r in rules["reserve"] if self.concerns(r, position)]
            if len({reserve["mode"] for reserve in self.reserves[position]}) > 1:
                raise Wrong("mixed_modes", position=position)
            left = seats
            for reserve in self.reserves[position] if self.mode(position) == "soft" else ():
                self.seats[position, label(reserve)] = min(left, reserve_seats(reserve, seats))
                left -= self.seats[position, label(reserve)]
            self.seats[position, "open"] = left
        self.frozen = {f["applicant"]: f["position"] for f in rules["frozen"]}
        self.held = dict.fromkeys(self.seats, 0)
        self.frozen_types: dict[Pool, int] = {}
        self.frozen_pool: dict[str, str] = {}
        self.places = self.calling_places()

    def concerns(self, reserve: Reserve, position: str) -> bool:
        """Whether a reserve holds for a position."""
        named = "positions" not in reserve or position in reserve["positions"]
        return named and self.capacity[position] >= int(reserve["min_seats"])

    def mode(self, position: str) -> str:
        """The kind of the position's reserves; they are all of one kind."""
        return str(self.reserves[position][0]["mode"]) if self.reserves[position] else ""

    def way(self, choice: Choice) -> list[tuple[Pool, bool | None]]:
        """The pools of a position that an application goes through, in order."""
        position, groups = choice.position, choice.groups
        if self.mode(position) != "soft":
            return [((position, "open"), None)]
        own: list[tuple[Pool, bool | None]] = []
        rest: list[tuple[Pool, bool | None]] = []
        for reserve in self.reserves[position]:
            member = groups[reserve["column"]] == reserve["value"]
            (own if member else rest).append(((position, label(reserve)), member))
        return [*own, ((position, "open"), None), *rest]

    def standing(self, who: str, choice: Choice, member: bool | None) -> Standing:
        """Where somebody stands in a pool, by the order the rules give."""
        place = self.places.get((who, choice.position))
        if place is not None:
            return Standing((-place,), who, choice, member)
        key = (bool(member), -choice.priority, choice.score, -self.lottery[who])
        return Standing(key, who, choice, member)

    def shown(self, standing: Standing) -> Row:
        """A cutoff as the certificate writes it."""
        who, choice = standing.who, standing.choice
        row: Row = {
            "priority": choice.priority,
            "score": number_text(choice.score),
            "lottery": f"{self.lottery[who]:064x}",
        }
        if standing.member is not None:
            row["member"] = standing.member
        if (who, choice.position) in self.places:
            row["place"] = self.places[who, choice.position]
        return row

    def calling_places(self) -> dict[tuple[str, str], int]:
        """The calling order of every position that has one, built step by step."""
        people: dict[str, list[tuple[str, Choice]]] = {
            position: [] for position in self.capacity if self.mode(position) == "calling"
        }
        for who, own in self.lists.items():
            for choice in own:
                if choice.position in people:
                    people[choice.position].append((who, choice))
        places = {}
        for position, rows in people.items():
            rows.sort(key=lambda r: (r[1].priority, -r[1].score, self.lottery[r[0]]))
            for place, who in enumerate(call(self.reserves[position], rows), start=1):
                places[who, position] = place
        return places

    def place_frozen(self) -> None:
        """Frozen people take, in the order of the rules, the first pool with a seat left."""
        for who, position in self.frozen.items():
            choice = next((c for c in self.lists.get(who, []) if c.position == position), None)
            if choice is None:
                raise Wrong("frozen_not_listed", applicant=who, position=position)
            for pool, _ in self.way(choice):
                if self.held[pool] < self.seats[pool] or self.mode(position) == "target":
                    self.note_frozen_types(choice)
                    self.held[pool] += 1
                    self.frozen_pool[who] = pool[1]
                    break
            else:
                raise Wrong("frozen_over_capacity", applicant=who, position=position)

    def note_frozen_types(self, choice: Choice) -> None:
        """Count a frozen person for the targets of their types."""
        for reserve in self.reserves[choice.position]:
            if choice.groups[reserve["column"]] == reserve["value"]:
                unit = (choice.position, label(reserve))
                self.frozen_types[unit] = self.frozen_types.get(unit, 0) + 1

    def free(self, pool: Pool) -> int:
        """Seats that the round can give away."""
        return max(0, self.seats[pool] - self.held[pool])


class Check:
    """Compare a matching with what the rules say about it."""

    def __init__(self, round_: Round, matches: dict[str, tuple[str, str, int]]) -> None:
        self.round, self.matches = round_, matches
        self.failed: set[str] = set()
        self.violation: Row | None = None
        self.inside: dict[Pool, list[Standing]] = {pool: [] for pool in round_.seats}
        self.waiting: dict[Pool, Standing] = {}  # the best of those who would rather be there
        self.own_pool: dict[str, Pool] = {}
        self.targets: dict[str, list[tuple[str, Choice, str | None]]] = {
            position: [] for position in round_.capacity if round_.mode(position) == "target"
        }

    def fail(self, part: str, code: str, **facts: object) -> None:
        """Remember what does not hold, and the first reason."""
        self.failed.add(part)
        if self.violation is None:
            self.violation = {"code": code, **facts}

    def walk(self) -> None:
        """Follow everyone down the list to where they ended; note who waits for what."""
        for who, own in self.round.lists.items():
            position, pool, line = self.matches[who]
            place = {"applicant": who, "file": "matches", "line": line}
            if pool and not position:
                self.fail("quotas", "pool_without_position", **place)
            if who in self.round.frozen:
                kept = (self.round.frozen[who], self.round.frozen_pool[who])
                if (position, pool) != kept:
                    self.fail("quotas", "frozen_moved", **place)
                continue
            if not self.walk_one(who, own, position, pool) and position:
                listed = any(choice.position == position for choice in own)
                self.fail("quotas", "unknown_pool" if listed else "not_listed", **place)

    def walk_one(self, who: str, own: list[Choice], position: str, pool: str) -> bool:
        """Go down one list; whether it leads to the published place."""
        for choice in own:
            if choice.position in self.targets:
                mine = pool if choice.position == position else None
                self.targets[choice.position].append((who, choice, mine))
                if mine is not None:
                    return True
                continue
            for unit, member in self.round.way(choice):
                standing = self.round.standing(who, choice, member)
                if unit == (position, pool):
                    self.inside[unit].append(standing)
                    self.own_pool[who] = unit
                    return True
                best = self.waiting.get(unit)
                if best is None or standing.key > best.key:
                    self.waiting[unit] = standing
        return False

    def plain_row(self, unit: Pool) -> Row:
        """What the certificate must say about a pool; also its seats and its stability."""
        people, free = self.inside[unit], self.round.free(unit)
        facts = {"position": unit[0], "pool": unit[1]}
        if len(people) > free:
            self.fail("quotas", "over_capacity", **facts)
        last = min(people, default=None, key=lambda one: one.key)
        waiting = self.waiting.get(unit)
        if waiting and (len(people) < free or (last and waiting.key > last.key)):
            line = waiting.choice.line
            found = {**facts, "applicant": waiting.who, "file": "applicants", "line": line}
            self.fail("stable", "blocking_pair", **found)
        full = last if len(people) == free else None
        return self.row(unit, len(people), full, waiting.who if waiting else None)

    def row(
        self,
        unit: Pool,
        filled: int,
        last: Standing | None,
        following: str | None = None,
        floor: Row | None = None,
        seats: int | None = None,
    ) -> Row:
        """A pool as the certificate writes it."""
        seats = self.round.seats[unit] if seats is None else seats
        held = self.round.held.get(unit, 0)
        state = "free" if filled + held < seats else "full" if filled else "closed"
        return {
            "position": unit[0],
            "pool": unit[1],
            "seats": seats,
            "frozen": held,
            "filled": filled,
            "state": state,
            "cutoff": self.round.shown(last) if last else None,
            "floor": floor,
            "next": following,
        }

    def target_rows(self, position: str) -> Iterator[Row]:
        """Apply the target to everyone who wants the position at least as much as their own."""
        free = self.round.free((position, "open"))
        wanted = self.targets[position]
        people = [self.round.standing(who, choice, None) for who, choice, _ in wanted]
        people.sort(key=lambda one: one.key, reverse=True)
        base, rest = people[:free], people[free:]
        passed = {one.who: "open" for one in base}
        full = base[-1] if base and len(base) == free else None
        yield self.row((position, "open"), len(base), full)
        for reserve in self.round.reserves[position]:
            unit = (position, label(reserve))
            extras, need, floor = self.extras(reserve, unit, base, rest)
            for one in extras:
                passed.setdefault(one.who, unit[1])
            last = extras[-1] if extras and len(extras) == need else None
            yield self.row(unit, len(extras), last, None, floor if full else None, need)
        for who, choice, mine in wanted:
            if passed.get(who) != mine:
                facts = {"applicant": who, "position": position, "pool": passed.get(who)}
                part = "stable" if mine is None else "quotas"
                self.fail(part, "choice_rule", **facts, file="applicants", line=choice.line)

    def extras(
        self, reserve: Reserve, unit: Pool, base: list[Standing], rest: list[Standing]
    ) -> tuple[list[Standing], int, Row | None]:
        """Who passes above the capacity, how many could have, and the floor."""

        def member(one: Standing) -> bool:
            return bool(one.choice.groups[reserve["column"]] == reserve["value"])

        capacity = self.round.capacity[unit[0]]
        most = seats = reserve_seats(reserve, capacity)
        if "extra_cap" in reserve:
            most = whole(reserve["extra_cap"], capacity, "down")
        missing = seats - self.round.frozen_types.get(unit, 0) - sum(map(member, base))
        need = max(0, min(missing, most)) if base and rest else 0
        fit = [one for one in rest if member(one)]
        if "floor" not in reserve or not base:
            return fit[:need], need, None
        last = base[-1].choice
        bar = (-last.priority, last.score - Decimal(reserve["floor"]))
        fit = [one for one in fit if (-one.choice.priority, one.choice.score) >= bar]
        return fit[:need], need, {"priority": last.priority, "score": number_text(bar[1])}

    def compare(self, published: list[Row]) -> None:
        """The published pools against what follows from the files."""
        rows = {}
        for unit in self.round.seats:
            target = unit[0] in self.targets
            for row in self.target_rows(unit[0]) if target else [self.plain_row(unit)]:
                rows[row["position"], row["pool"]] = row
        shown = {(row["position"], row["pool"]): row for row in published}
        if set(shown) != set(rows) or len(shown) != len(published):
            self.fail("tight", "pools", file="certificate")
        for unit in rows.keys() & shown.keys():
            for field, value in rows[unit].items():
                if shown[unit].get(field) != value:
                    part = "quotas" if field in ("seats", "frozen") else "tight"
                    facts = {"position": unit[0], "pool": unit[1], "field": field}
                    self.fail(part, "published_pool", **facts, file="certificate")

    def applicant_optimal(self) -> bool | None:
        """No ring of pools in which everyone would rather have the next one's seat.

        Each pool points to the pool held by the best person waiting for it; a ring is a
        rotation, and a stable matching without rotations is the applicants' best.
        """
        if self.targets:
            return None
        after = {unit: self.own_pool.get(best.who) for unit, best in self.waiting.items()}
        seen: dict[Pool, Pool] = {}
        for start in after:
            unit: Pool | None = start
            while unit is not None and unit not in seen:
                seen[unit] = start
                unit = after.get(unit)
            if unit is not None and seen[unit] == start:
                self.fail("applicant_optimal", "ring", position=unit[0], pool=unit[1])
                return False
        return True


def read_matches(source: Source, lists: Lists) -> dict[str, tuple[str, str, int]]:
    """{applicant: (position, pool, line)}, everyone exactly once."""
    matches: dict[str, tuple[str, str, int]] = {}
    for line, row in read_table(source, "matches", ("applicant", "position", "pool")):
        if row["applicant"] not in lists or row["applicant"] in matches:
            raise Wrong("unknown_or_doubled", applicant=row["applicant"], file="matches", line=line)
        matches[row["applicant"]] = (row["position"], row["pool"], line)
    for who in lists:
        if who not in matches:
            raise Wrong("missing_applicant", applicant=who, file="matches")
    return matches


def rules_digest(rules: Row) -> str:
    """SHA-256 of the rules as canonical JSON."""
    text = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_content(certificate: Row, matches: Source, applicants: Source, positions: Source) -> Row:
    """Check a round given as a parsed certificate and three CSV files (paths or bytes)."""
    answer: Row = {"stable": False, "applicant_optimal": None, "quotas": False, "tight": False}
    try:
        with localcontext() as context:
            context.prec = 100
            return {**answer, **_verify(certificate, matches, applicants, positions)}
    except Wrong as wrong:
        return {**answer, "violation": wrong.violation}
    except (KeyError, TypeError, ValueError, ArithmeticError, OSError, csv.Error) as error:
        return {**answer, "violation": {"code": "bad_input", "detail": repr(error)}}


def _verify(certificate: Row, matches: Source, applicants: Source, positions: Source) -> Row:
    rules = certificate["rules"]
    columns = sorted({reserve["column"] for reserve in rules["reserve"]})
    lists, applications = read_applications(applicants, columns)
    capacity, seats = read_positions(positions)
    digests = {"applicants": applications, "positions": seats, "rules": rules_digest(rules)}
    round_ = Round(rules, lists, capacity)
    round_.place_frozen()
    check = Check(round_, read_matches(matches, lists))
    for name, value in digests.items():
        if certificate["inputs"]["sha256"].get(name) != value:
            check.fail("inputs", "inputs_changed", file=name)
    check.walk()
    check.compare(certificate["pools"])
    optimal = None
    if not check.failed & {"stable", "quotas"}:
        optimal = check.applicant_optimal()
    return {
        "stable": not check.failed & {"stable", "quotas"},
        "applicant_optimal": optimal,
        "quotas": "quotas" not in check.failed,
        "tight": "tight" not in check.failed,
        "violation": check.violation,
    }


def verify(folder: str | Path, applicants: Source, positions: Source) -> Row:
    """Check the round in a folder against the two input files."""
    folder = Path(folder)
    try:
        certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        certificate = {"error": str(error)}
    return verify_content(certificate, folder / "matches.csv", applicants, positions)


def holds(answer: Row) -> bool:
    """Whether an answer of `verify` is entirely good."""
    return bool(answer["violation"] is None)


def main(arguments: Sequence[str | Path]) -> int:
    """The program."""
    here = Path(__file__).resolve().parent
    if not arguments:
        arguments = [here, here / "applicants.csv", here / "positions.csv"]
    if len(arguments) != 3:
        print(str(__doc__).splitlines()[0], file=sys.stderr)
        return 2
    answer = verify(*arguments)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if holds(answer) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
