"""Version 2: `competition.yaml` with lists of tasks, phases, leaderboards and solutions."""

from __future__ import annotations

from itertools import pairwise

from .boards import ordered
from .documents import Entry
from .model import (
    DEFAULT_SECONDS,
    Bundle,
    BundlePhase,
    BundleTask,
    Column,
    Computation,
    Leaderboard,
    Page,
    Solution,
)
from .parts import Parts
from .problems import BundleError

RULES = {
    "Add", "Add_And_Delete", "Add_And_Delete_Multiple", "Force_Last", "Force_Latest_Multiple",
    "Force_Best",
}  # fmt: skip
HIDES = ("output", "prediction_output", "score_output")


def read(document: Entry, parts: Parts) -> Bundle:
    """The bundle of a version 2 document."""
    tasks = _tasks(document, parts)
    known = {task.index for task in tasks}
    picture = document.get("image")
    if picture is not None and parts.name(picture) not in parts.archive:
        parts.warn("image_missing", at=picture)
    return Bundle(
        format="codabench-2",
        title=document.need("title").text(),
        description=document.words("description"),
        phases=_phases(document, known),
        tasks=tasks,
        leaderboards=_leaderboards(document),
        pages=_pages(document, parts),
        solutions=_solutions(document, parts, known),
        image=parts.name(picture) if picture is not None else "",
        docker_image=document.words("docker_image"),
    )


def _pages(document: Entry, parts: Parts) -> tuple[Page, ...]:
    pages = []
    listed = document.get("pages")
    for entry in listed.items() if listed is not None else []:
        pages.append(parts.page(entry.words("title"), entry.need("file")))
    terms = document.get("terms")
    if terms is not None:
        pages.append(parts.page("terms", terms))
    return tuple(pages)


def _tasks(document: Entry, parts: Parts) -> tuple[BundleTask, ...]:
    listed = document.need("tasks")
    found: dict[int, BundleTask] = {}
    for number, entry in enumerate(listed.items()):
        given = entry.get("index")
        index = given.whole() if given is not None else number
        if index in found:
            raise (given or entry).wrong("index_twice", index)
        if (key := entry.get("key")) is not None:
            raise key.wrong("task_elsewhere")
        found[index] = _task(index, entry, parts)
    if not found:
        raise listed.wrong("empty_list")
    return tuple(found[index] for index in sorted(found))


def _task(index: int, entry: Entry, parts: Parts) -> BundleTask:
    reference, data = entry.get("reference_data"), entry.get("input_data")
    ingestion = entry.get("ingestion_program")
    return BundleTask(
        index=index,
        name=entry.words("name") or f"Task {index}",
        description=entry.words("description"),
        scoring=parts.program(entry.need("scoring_program")),
        ingestion=parts.program(ingestion) if ingestion is not None else None,
        reference=parts.files(reference) if reference is not None else {},
        data=parts.files(data) if data is not None else {},
        ingestion_during_scoring=entry.yes("ingestion_only_during_scoring"),
    )


def _phases(document: Entry, known: set[int]) -> tuple[BundlePhase, ...]:
    listed = document.need("phases")
    entries = listed.items()
    if not entries:
        raise listed.wrong("empty_list")
    found = [(_phase(number, entry, known), entry) for number, entry in enumerate(entries)]
    found.sort(key=lambda pair: pair[0].index)
    for (earlier, place), (later, following) in pairwise(found):
        if earlier.end is None:
            raise BundleError("end_missing", member=place.member, key=f"{place.key}.end")
        if later.start and later.start < earlier.end:
            raise following.need("start").wrong("phases_overlap", earlier.name)
    return tuple(phase for phase, _ in found)


def _phase(number: int, entry: Entry, known: set[int]) -> BundlePhase:
    tasks = []
    for task in entry.need("tasks").items():
        if task.whole() not in known:
            raise task.wrong("task_unknown")
        tasks.append(task.whole())
    index = entry.get("index")
    begins, ends = entry.date("start"), entry.date("end")
    if begins and ends and ends < begins:
        raise entry.need("end").wrong("ends_before_it_starts")
    return BundlePhase(
        index=index.whole() if index is not None else number,
        name=entry.words("name") or f"Phase {number}",
        description=entry.words("description"),
        start=begins,
        end=ends,
        tasks=tuple(tasks),
        most=entry.number("max_submissions", least=1),
        most_per_day=entry.number("max_submissions_per_day", least=1),
        moves_on=entry.yes("auto_migrate_to_this_phase"),
        seconds=seconds(entry),
        results_only=entry.yes("accepts_only_result_submissions"),
        hidden=tuple(name for name in HIDES if entry.yes(f"hide_{name}")),
    )


def seconds(entry: Entry) -> int:
    """The time of a run; the key with ``_ms`` is an old one and held seconds too."""
    return entry.number("execution_time_limit", least=1) or (
        entry.number("execution_time_limit_ms", least=1) or DEFAULT_SECONDS
    )


def _solutions(document: Entry, parts: Parts, known: set[int]) -> tuple[Solution, ...]:
    listed = document.get("solutions")
    found = []
    for number, entry in enumerate(listed.items() if listed is not None else []):
        if (key := entry.get("key")) is not None:
            parts.warn("solution_elsewhere", at=key)
            continue
        tasks = tuple(task.whole() for task in entry.need("tasks").items())
        for task, place in zip(tasks, entry.need("tasks").items(), strict=True):
            if task not in known:
                raise place.wrong("task_unknown")
        name = entry.words("name") or f"Solution {number}"
        found.append(Solution(name, tasks, parts.files(entry.need("path", "file"))))
    return tuple(found)


def _leaderboards(document: Entry) -> tuple[Leaderboard, ...]:
    listed = document.need("leaderboards", "leaderboard")
    entries = listed.items()
    if not entries:
        raise listed.wrong("empty_list")
    return tuple(_leaderboard(number, entry) for number, entry in enumerate(entries))


def _leaderboard(number: int, entry: Entry) -> Leaderboard:
    rule = entry.get("submission_rule")
    if rule is not None and rule.text() not in RULES:
        raise rule.wrong("unknown_word", ", ".join(sorted(RULES)))
    listed = entry.need("columns")
    columns = [_column(place, one) for place, one in enumerate(listed.items())]
    if not columns:
        raise listed.wrong("empty_list")
    _check_columns(columns, listed)
    return Leaderboard(
        title=entry.words("title", "label") or f"Leaderboard {number}",
        key=entry.words("key") or f"board{number}",
        columns=ordered(columns),
        submission_rule=rule.text() if rule is not None else "Add",
        hidden=entry.yes("hidden"),
    )


def _check_columns(columns: list[Column], listed: Entry) -> None:
    indexes = {column.index for column in columns}
    keys: set[str] = set()
    seen: set[int] = set()
    for column, entry in zip(columns, listed.items(), strict=True):
        if column.key in keys:
            raise entry.need("key").wrong("key_twice")
        if column.index in seen:
            raise (entry.get("index") or entry).wrong("index_twice", column.index)
        keys.add(column.key)
        seen.add(column.index)
        for index in column.computed_from:
            if index not in indexes or index == column.index:
                raise entry.need("computation_indexes").wrong("column_unknown", index)


def _column(place: int, entry: Entry) -> Column:
    index = entry.get("index")
    how, from_ = entry.get("computation"), entry.get("computation_indexes")
    if how is not None and how.text() not in set(Computation):
        raise how.wrong("unknown_word", ", ".join(Computation))
    return Column(
        title=entry.words("title", "label") or entry.need("key").text(),
        key=entry.need("key").text(),
        index=index.whole() if index is not None else place,
        descending=sorting(entry, "sorting"),
        computation=Computation(how.text()) if how is not None else None,
        computed_from=indexes(from_) if from_ is not None else (),
        precision=_precision(entry),
        hidden=entry.yes("hidden"),
    )


def _precision(entry: Entry) -> int:
    found = entry.get("precision")
    return min(found.whole(), 10) if found is not None else 2


def indexes(entry: Entry) -> tuple[int, ...]:
    """A list of numbers, or one text with commas between them."""
    if isinstance(entry.value, list):
        return tuple(one.whole() for one in entry.items())
    words = entry.text().split(",")
    if not all(word.strip().isdecimal() for word in words):
        raise entry.wrong("not_a_number")
    return tuple(int(word) for word in words)


def sorting(entry: Entry, name: str) -> bool:
    """Whether more is better."""
    found = entry.get(name)
    if found is None or found.text().lower() in {"desc", "descending"}:
        return True
    if found.text().lower() in {"asc", "ascending"}:
        return False
    raise found.wrong("unknown_word", "asc, desc")
