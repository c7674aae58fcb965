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

import csv
import hashlib
import io
import json
import re
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
ROUNDING = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}


class Wrong(Exception):
    """Something that makes the check fail, with what is needed to find it."""

    def __init__(self, code, part="quotas", **facts):
        super().__init__(code)
        self.part = part
        self.violation = {"code": code, **facts}


def read_table(source, name, columns):
    """Rows of a CSV file (path or bytes) as (line, {column: text})."""
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp949")
    rows, header, line = [], None, 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if any(cells) and header is None:
            header = cells
        elif any(cells):
            if len(cells) != len(header):
                raise Wrong("bad_input", file=name, line=line)
            rows.append((line, dict(zip(header, cells))))
        line = reader.line_num + 1
    if header is None or not set(columns) <= set(header):
        raise Wrong("bad_input", file=name, line=1, expected=",".join(columns))
    return rows


def number_text(number):
    return format(number.normalize(), "f") if number else "0"


def read_applications(source, columns):
    """{applicant: [choice, ...]} most wanted first, and the digest of the canonical text."""
    lists, canonical = {}, []
    for line, row in read_table(source, "applicants", ("applicant", "position", "rank", "score")):
        if not NUMBER.fullmatch(row["score"]):
            raise Wrong("bad_input", file="applicants", line=line, column="score")
        score, rank = Decimal(row["score"]), int(row["rank"])
        priority = int(row.get("priority", 0))
        groups = [row[column] for column in columns]
        cells = [row["applicant"], row["position"], str(rank), str(priority), number_text(score)]
        canonical.append(cells + groups)
        choice = (rank, row["position"], priority, score, dict(zip(columns, groups)), line)
        lists.setdefault(row["applicant"], []).append(choice)
    for applicant, own in lists.items():
        own.sort(key=lambda choice: choice[0])
        if len({c[0] for c in own}) < len(own) or len({c[1] for c in own}) < len(own):
            raise Wrong("bad_input", file="applicants", applicant=applicant)
    text = "".join("\t".join(cells) + "\n" for cells in sorted(canonical))
    return lists, hashlib.sha256(text.encode()).hexdigest()


def read_positions(source):
    capacity = {}
    for line, row in read_table(source, "positions", ("position", "capacity")):
        if row["position"] in capacity or int(row["capacity"]) < 0:
            raise Wrong("bad_input", file="positions", line=line)
        capacity[row["position"]] = int(row["capacity"])
    text = "".join(sorted(f"{name}\t{seats}\n" for name, seats in capacity.items()))
    return capacity, hashlib.sha256(text.encode()).hexdigest()


def whole(share, seats, rounding):
    return int((Decimal(share) * seats).to_integral_value(rounding=ROUNDING[rounding]))


def label(reserve):
    return reserve["column"] + "=" + reserve["value"]


def reserve_seats(reserve, capacity):
    if "seats" in reserve:
        return min(reserve["seats"], capacity)
    return whole(reserve["share"], capacity, reserve["rounding"])


class Round:
    """One round as published, and what follows from the files about each seat pool."""

    def __init__(self, certificate, lists, capacity):
        self.rules = certificate["rules"]
        self.lists, self.capacity = lists, capacity
        lottery = self.rules["lottery"]
        self.lottery = {
            who: int(
                hashlib.sha256(f"{lottery['seed']}|{lottery['round']}|{who}".encode()).hexdigest(),
                16,
            )
            for who in lists
        }
        self.reserves, self.seats = {}, {}
        for position, seats in capacity.items():
            own = [r for r in self.rules["reserve"] if self.concerns(r, position)]
            if len({r["mode"] for r in own}) > 1:
                raise Wrong("mixed_modes", position=position)
            self.reserves[position] = own
            left = seats
            if self.mode(position) == "soft":
                for reserve in own:
                    self.seats[position, label(reserve)] = min(left, reserve_seats(reserve, seats))
                    left -= self.seats[position, label(reserve)]
            self.seats[position, "open"] = left
        self.frozen = {f["applicant"]: f["position"] for f in self.rules["frozen"]}
        self.held = dict.fromkeys(self.seats, 0)
        self.frozen_types = {}
        self.frozen_pool = {}
        self.places = self.calling_places()

    def concerns(self, reserve, position):
        named = "positions" not in reserve or position in reserve["positions"]
        return named and self.capacity[position] >= reserve["min_seats"]

    def mode(self, position):
        return self.reserves[position][0]["mode"] if self.reserves[position] else ""

    def way(self, choice):
        """The pools of a position that an application goes through, in order."""
        position, groups = choice[1], choice[4]
        if self.mode(position) != "soft":
            return [((position, "open"), None)]
        own, rest = [], []
        for reserve in self.reserves[position]:
            member = groups[reserve["column"]] == reserve["value"]
            (own if member else rest).append(((position, label(reserve)), member))
        return [*own, ((position, "open"), None), *rest]

    def key(self, who, choice, member):
        """Standing in a pool; compares like the rules say, greater comes first."""
        place = self.places.get((who, choice[1]))
        if place is not None:
            return (-place,)
        return (bool(member), -choice[2], choice[3], -self.lottery[who])

    def key_shown(self, who, choice, member):
        shown = {
            "priority": choice[2],
            "score": number_text(choice[3]),
            "lottery": f"{self.lottery[who]:064x}",
        }
        if member is not None:
            shown["member"] = member
        if (who, choice[1]) in self.places:
            shown["place"] = self.places[who, choice[1]]
        return shown

    def calling_places(self):
        """The calling order of every position that has one, built step by step."""
        wanted = {p for p in self.capacity if self.mode(p) == "calling"}
        people = {position: [] for position in wanted}
        for who, own in self.lists.items():
            for choice in own:
                if choice[1] in wanted:
                    people[choice[1]].append((who, choice))
        places = {}
        for position, rows in people.items():
            rows.sort(key=lambda r: (r[1][2], -r[1][3], self.lottery[r[0]]))
            for place, who in enumerate(self.call(self.reserves[position], rows), start=1):
                places[who, position] = place
        return places

    @staticmethod
    def call(reserves, rows):
        shares = [Decimal(r["share"]) for r in reserves]
        queues, left, called = {}, [0] * len(reserves), [0] * len(reserves)
        for number, (who, choice) in enumerate(rows):
            types = tuple(choice[4][r["column"]] == r["value"] for r in reserves)
            queues.setdefault(types, []).append((number, who))
            left = [total + flag for total, flag in zip(left, types)]
        for queue in queues.values():
            queue.reverse()
        for step in range(1, len(rows) + 1):
            short = [t for t, s in enumerate(shares) if left[t] and called[t] < s * step]
            heads = []
            while not heads:
                fit = (t for t in queues if queues[t] and all(t[k] for k in short))
                heads = [(queues[t][-1], t) for t in fit]
                short = short[:-1]
            (_, who), types = min(heads)
            queues[types].pop()
            left = [total - flag for total, flag in zip(left, types)]
            called = [total + flag for total, flag in zip(called, types)]
            yield who

    def place_frozen(self):
        """Frozen people take, in the order of the rules, the first pool with a seat left."""
        for who, position in self.frozen.items():
            choice = next((c for c in self.lists.get(who, []) if c[1] == position), None)
            if choice is None:
                raise Wrong("frozen_not_listed", applicant=who, position=position)
            for pool, _ in self.way(choice):
                if self.held[pool] < self.seats[pool] or self.mode(position) == "target":
                    self.note_frozen_types(choice, self.held[pool] >= self.seats[pool])
                    self.held[pool] += 1
                    self.frozen_pool[who] = pool[1]
                    break
            else:
                raise Wrong("frozen_over_capacity", applicant=who, position=position)

    def note_frozen_types(self, choice, beyond):
        for reserve in self.reserves[choice[1]]:
            if choice[4][reserve["column"]] == reserve["value"]:
                inside, extra = self.frozen_types.get((choice[1], label(reserve)), (0, 0))
                self.frozen_types[choice[1], label(reserve)] = (inside + 1, extra + beyond)

    def free(self, pool):
        return max(0, self.seats[pool] - self.held[pool])


class Check:
    """Compare a matching with what the rules say about it."""

    def __init__(self, round_, matches):
        self.round, self.matches = round_, matches
        self.failed, self.violation = set(), None
        self.inside = {pool: [] for pool in round_.seats}
        self.waiting = {}  # pool: (key, applicant, line), the best who prefers it
        self.own_pool = {}
        self.targets = {p: [] for p in round_.capacity if round_.mode(p) == "target"}

    def fail(self, part, code, **facts):
        self.failed.add(part)
        if self.violation is None:
            self.violation = {"code": code, **facts}

    def walk(self):
        """Follow everyone down the list to where they ended; note who waits for what."""
        for who, own in self.round.lists.items():
            position, pool, line = self.matches[who]
            if pool and not position:
                self.fail("quotas", "pool_without_position", applicant=who, line=line)
            if who in self.round.frozen:
                kept = (self.round.frozen[who], self.round.frozen_pool[who])
                if (position, pool) != kept:
                    self.fail("quotas", "frozen_moved", applicant=who, file="matches", line=line)
                continue
            if not self.walk_one(who, own, position, pool) and position:
                code = "unknown_pool" if any(c[1] == position for c in own) else "not_listed"
                self.fail("quotas", code, applicant=who, file="matches", line=line)

    def walk_one(self, who, own, position, pool):
        for choice in own:
            if choice[1] in self.targets:
                mine = pool if choice[1] == position else None
                self.targets[choice[1]].append((who, choice, mine))
                if mine is not None:
                    return True
                continue
            for unit, member in self.round.way(choice):
                key = self.round.key(who, choice, member)
                if unit == (position, pool):
                    self.inside[unit].append((key, who, choice, member))
                    self.own_pool[who] = unit
                    return True
                best = self.waiting.get(unit)
                if best is None or key > best[0]:
                    self.waiting[unit] = (key, who, choice[5])
        return False

    def plain_row(self, unit):
        """What the certificate must say about a pool; also its seats and its stability."""
        people, free = self.inside[unit], self.round.free(unit)
        facts = {"position": unit[0], "pool": unit[1]}
        if len(people) > free:
            self.fail("quotas", "over_capacity", **facts)
        last = min(people) if people else None
        waiting = self.waiting.get(unit)
        if waiting and (len(people) < free or (last and waiting[0] > last[0])):
            who = {"applicant": waiting[1], "file": "applicants", "line": waiting[2]}
            self.fail("stable", "blocking_pair", **facts, **who)
        full = last if last and len(people) == free else None
        return self.row(unit, len(people), full, waiting[1] if waiting else None)

    def row(self, unit, filled, last, following, floor=None, seats=None):
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
            "cutoff": self.round.key_shown(last[1], last[2], last[3]) if last else None,
            "floor": floor,
            "next": following,
        }

    def target_rows(self, position):
        """Apply the target to everyone who wants the position at least as much as their own."""
        free = self.round.free((position, "open"))
        people = [(self.round.key(w, c, None), w, c, None) for w, c, _ in self.targets[position]]
        people.sort(key=lambda row: row[0], reverse=True)
        base, rest = people[:free], people[free:]
        passed = {row[1]: "open" for row in base}
        full = base[-1] if base and len(base) == free else None
        rows = [self.row((position, "open"), len(base), full, None)]
        for reserve in self.round.reserves[position]:
            extras, need, floor = self.extras(reserve, position, base, rest, full)
            for row in extras:
                passed.setdefault(row[1], label(reserve))
            last = extras[-1] if extras and len(extras) == need else None
            unit = (position, label(reserve))
            rows.append(self.row(unit, len(extras), last, None, floor, need))
        for who, choice, mine in self.targets[position]:
            if passed.get(who) != mine:
                part = "stable" if mine is None else "quotas"
                facts = {"applicant": who, "position": position, "pool": passed.get(who)}
                self.fail(part, "choice_rule", **facts, file="applicants", line=choice[5])
        return rows

    def extras(self, reserve, position, base, rest, full):
        def member(row):
            return row[2][4][reserve["column"]] == reserve["value"]

        capacity = self.round.capacity[position]
        frozen, beyond = self.round.frozen_types.get((position, label(reserve)), (0, 0))
        wanted = max(0, reserve_seats(reserve, capacity) - frozen)
        most = reserve_seats(reserve, capacity)
        if "extra_cap" in reserve:
            most = whole(reserve["extra_cap"], capacity, "down")
        most = max(0, most - beyond)
        need = max(0, min(wanted - sum(map(member, base)), most)) if base and rest else 0
        fit, floor = [row for row in rest if member(row)], None
        if "floor" in reserve and full:
            bar = (-full[2][2], full[2][3] - Decimal(reserve["floor"]))
            fit = [row for row in fit if (-row[2][2], row[2][3]) >= bar]
            floor = {"priority": full[2][2], "score": number_text(bar[1])}
        return fit[:need], need, floor

    def compare(self, published):
        """The published pools against what follows from the files."""
        rows = {}
        for unit in self.round.seats:
            own = self.target_rows(unit[0]) if unit[0] in self.targets else [self.plain_row(unit)]
            rows.update({(row["position"], row["pool"]): row for row in own})
        shown = {(row["position"], row["pool"]): row for row in published}
        if set(shown) != set(rows) or len(shown) != len(published):
            self.fail("tight", "pools", file="certificate")
        for unit, row in rows.items():
            for field, value in row.items():
                if unit in shown and shown[unit].get(field) != value:
                    part = "quotas" if field in ("seats", "frozen") else "tight"
                    facts = {"position": unit[0], "pool": unit[1], "field": field}
                    self.fail(part, "published_pool", **facts, file="certificate")

    def applicant_optimal(self):
        """No ring of pools in which everyone would rather have the next one's seat.

        Each pool points to the pool held by the best person waiting for it; a ring is a
        rotation, and a stable matching without rotations is the applicants' best.
        """
        if self.targets:
            return None
        after = {unit: self.own_pool.get(best[1]) for unit, best in self.waiting.items()}
        seen = {}
        for start in after:
            unit = start
            while unit is not None and unit not in seen:
                seen[unit] = start
                unit = after.get(unit)
            if unit is not None and seen[unit] == start:
                self.fail("applicant_optimal", "ring", position=unit[0], pool=unit[1])
                return False
        return True


def read_matches(source, lists):
    matches = {}
    for line, row in read_table(source, "matches", ("applicant", "position", "pool")):
        if row["applicant"] not in lists or row["applicant"] in matches:
            raise Wrong("unknown_or_doubled", applicant=row["applicant"], file="matches", line=line)
        matches[row["applicant"]] = (row["position"], row["pool"], line)
    for who in lists:
        if who not in matches:
            raise Wrong("missing_applicant", applicant=who, file="matches")
    return matches


def rules_digest(rules):
    text = json.dumps(rules, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_content(certificate, matches, applicants, positions):
    """Check a round given as a parsed certificate and three CSV files (paths or bytes)."""
    answer = {"stable": False, "applicant_optimal": None, "quotas": False, "tight": False}
    try:
        with localcontext() as context:
            context.prec = 100
            return {**answer, **_verify(certificate, matches, applicants, positions)}
    except Wrong as wrong:
        return {**answer, "violation": wrong.violation}
    except (KeyError, TypeError, ValueError, ArithmeticError, OSError, csv.Error) as error:
        return {**answer, "violation": {"code": "bad_input", "detail": repr(error)}}


def _verify(certificate, matches, applicants, positions):
    columns = sorted({reserve["column"] for reserve in certificate["rules"]["reserve"]})
    lists, applications = read_applications(applicants, columns)
    capacity, seats = read_positions(positions)
    digests = {
        "applicants": applications,
        "positions": seats,
        "rules": rules_digest(certificate["rules"]),
    }
    round_ = Round(certificate, lists, capacity)
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


def verify(folder, applicants, positions):
    """Check the round in a folder against the two input files."""
    folder = Path(folder)
    try:
        certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        certificate = {"error": str(error)}
    return verify_content(certificate, folder / "matches.csv", applicants, positions)


def holds(answer):
    """Whether an answer of `verify` is entirely good."""
    return answer["violation"] is None


def main(arguments):
    here = Path(__file__).resolve().parent
    if not arguments:
        arguments = [here, here / "applicants.csv", here / "positions.csv"]
    if len(arguments) != 3:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    answer = verify(*arguments)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if holds(answer) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
