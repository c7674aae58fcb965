"""A submitted notebook lined up with its source: what runs in which order, and what is wrong.

Identifiers alone are never trusted: people copy, split, delete and convert cells, and other
programs drop what nbgrader wrote beside them.  Tests are always the source's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from . import nbgrader
from .otter import CHECK_CALL
from .parts import Part, Role, Source
from .reading import OUTPUT_LARGE, Cell, Notebook, same_text, tidy


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a submitted notebook: a code, the cell, and what belongs to it."""

    code: str
    cell: str = ""
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """As it stands in JSON."""
        return {"code": self.code, "cell": self.cell, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: run a cell of the submission, or make a check of the source."""

    check: str = ""
    source: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Aligned:
    """What to run in which order, the answers that a person reads, and the faults."""

    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    answers: dict[str, str | None]
    """Per manual check what was handed in; None when nothing was."""


def align(source: Source, submitted: Notebook) -> Aligned:
    """Line a submission up with its source.

    Raises
    ------
    NotebookError
        ``too_new_schema`` when the submission was made by a program newer than we know.
    """
    sizes = [
        Fault("huge_output", f"#{number + 1}", str(cell.output_size))
        for number, cell in enumerate(submitted.cells)
        if cell.output_size > OUTPUT_LARGE
    ]
    aligned = _by_calls(source, submitted) if source.style == "otter" else _Aligner(
        source, submitted
    ).aligned()  # fmt: skip
    return Aligned(aligned.steps, (*sizes, *aligned.faults), aligned.answers)


class _Aligner:
    """nbgrader's way: by identifier, then by text, then by place."""

    def __init__(self, source: Source, submitted: Notebook) -> None:
        self.source = source
        self.cells = submitted.cells
        self.faults: list[Fault] = []
        self.parts = {part.id: part for part in source.parts if part.id}

    def aligned(self) -> Aligned:
        """The alignment."""
        claims = self._claims()
        chosen = self._without_copies(claims)
        self._find_lost(chosen)
        order = self._with_deleted(chosen)
        self._tell_order(chosen)
        steps = [step for number, part in order if (step := self._step(number, part))]
        return Aligned(tuple(steps), tuple(self.faults), self._answers(chosen))

    def _claims(self) -> dict[int, str]:
        """Which cell says that it is which part."""
        claims = {}
        for number, cell in enumerate(self.cells):
            nbgrader.normalised({**cell.marks, "grade_id": "x", "points": 0}, f"#{number + 1}")
            name = cell.marks.get("grade_id")
            if isinstance(name, str) and name:
                if name in self.parts:
                    claims[number] = name
                else:
                    self.faults.append(Fault("unknown_cell", name))
        return claims

    def _without_copies(self, claims: dict[int, str]) -> dict[str, int]:
        """Per part the last cell that claims it; the others are the person's own cells."""
        chosen: dict[str, int] = {}
        for number, name in claims.items():
            if name in chosen:
                earlier = self.cells[chosen[name]]
                copied = same_text(earlier.source, self.cells[number].source)
                self.faults.append(Fault("copied" if copied else "split", name))
            chosen[name] = number
        return chosen

    def _find_lost(self, chosen: dict[str, int]) -> None:
        """Parts whose identifier was lost but whose text is still there."""
        taken = set(chosen.values())
        texts: dict[str, list[int]] = {}
        for number, cell in enumerate(self.cells):
            if number not in taken:
                texts.setdefault(tidy(cell.source), []).append(number)
        for name, part in self.parts.items():
            if name in chosen:
                continue
            found = texts.get(tidy(part.released)) if tidy(part.released) else None
            if found and len(found) == 1:
                chosen[name] = found[0]
                self.faults.append(Fault("metadata_lost", name))
            elif part.role is Role.TEST:
                self.faults.append(Fault("deleted", name))
            else:
                self.faults.append(Fault("missing", name))

    def _with_deleted(self, chosen: dict[str, int]) -> list[tuple[int, Part | None]]:
        """All cells in the person's order, each missing part after the one before it."""
        by_number = {number: self.parts[name] for name, number in chosen.items()}
        order: list[tuple[int, Part | None]] = [
            (number, by_number.get(number)) for number in range(len(self.cells))
        ]
        before: str | None = None
        for part in self.source.parts:
            if part.id and part.id not in chosen and part.role in (Role.TEST, Role.LOCKED):
                at = next((i + 1 for i, (_n, p) in enumerate(order) if p and p.id == before), None)
                order.insert(len(order) if at is None and before else at or 0, (-1, part))
                before = part.id
            elif part.id in chosen:
                before = part.id
        return order

    def _tell_order(self, chosen: dict[str, int]) -> None:
        places = [chosen[name] for name in self.parts if name in chosen]
        if places != sorted(places):
            moved = next(
                name for name, place, rank in zip(
                    (n for n in self.parts if n in chosen), places, sorted(places), strict=True
                ) if place != rank
            )  # fmt: skip
            self.faults.append(Fault("reordered", moved))

    def _step(self, number: int, part: Part | None) -> Step | None:
        cell = self.cells[number] if number >= 0 else None
        if part is None:
            return _own(cell, number) if cell else None
        if cell is not None:
            self._compare(part, cell)
        if part.role is Role.TEST:
            return Step(check=part.id)
        if part.kind != "code":
            return None
        if part.role is Role.LOCKED or cell is None:
            return Step(source=part.released, cell=part.id)
        return Step(source=cell.source, cell=part.id)

    def _compare(self, part: Part, cell: Cell) -> None:
        if cell.kind != part.kind:
            self.faults.append(Fault("type_changed", part.id, cell.kind))
        changed = not same_text(cell.source, part.released)
        if changed and part.role in (Role.TEST, Role.LOCKED):
            whole = same_text(cell.source, part.source)
            if not whole:
                code = "tests_changed" if part.role is Role.TEST else "locked_changed"
                self.faults.append(Fault(code, part.id))

    def _answers(self, chosen: dict[str, int]) -> dict[str, str | None]:
        answers: dict[str, str | None] = {}
        for name, part in self.parts.items():
            if part.role is Role.MANUAL:
                text = self.cells[chosen[name]].source if name in chosen else ""
                given = bool(text.strip()) and not same_text(text, part.released)
                task = part.released == part.source
                # A task is answered in cells of one's own around it: a person has to look.
                answers[name] = text if given else ("" if task else None)
        return answers


def _own(cell: Cell, number: int) -> Step | None:
    if cell.kind != "code" or not cell.source.strip():
        return None
    return Step(source=cell.source, cell=f"#{number + 1}")


def _by_calls(source: Source, submitted: Notebook) -> Aligned:
    """Otter's way: a check stands where it is called; one that is called nowhere comes last."""
    steps: list[Step] = []
    faults: list[Fault] = []
    known = {check.id for check in source.checks}
    called: Counter[str] = Counter()
    for number, cell in enumerate(submitted.cells):
        if own := _own(cell, number):
            steps.append(own)
            for found in CHECK_CALL.finditer(cell.source):
                name = found["name"]
                called[name] += 1
                if name not in known:
                    faults.append(Fault("unknown_cell", name))
    for name, count in called.items():
        if count > 1:
            faults.append(Fault("copied", name))
    steps = _with_checks(steps, called, known)
    automatic = [check.id for check in source.checks if not check.manual]
    for name in automatic:
        if not called[name]:
            faults.append(Fault("deleted", name))
            steps.append(Step(check=name))
    manual: dict[str, str | None] = {check.id: "" for check in source.checks if check.manual}
    return Aligned(tuple(steps), tuple(faults), manual)


def _with_checks(steps: list[Step], called: Counter[str], known: set[str]) -> list[Step]:
    """Each check after the last cell that calls it."""
    left = Counter(called)
    made: list[Step] = []
    for step in steps:
        made.append(step)
        for found in CHECK_CALL.finditer(step.source):
            name = found["name"]
            left[name] -= 1
            if left[name] == 0 and name in known:
                made.append(Step(check=name))
    return made
