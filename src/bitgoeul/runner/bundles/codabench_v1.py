"""Version 1.5 of Codalab, and the 1.8 with a parent phase over parallel ones.

Each phase is a task of its own. In 1.8 the parent phase only adds up what its children scored;
it is left out, as Codabench leaves it out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from .boards import ordered
from .codabench_v2 import HIDES, seconds, sorting
from .documents import Entry
from .model import Bundle, BundlePhase, BundleTask, Column, Leaderboard, Page
from .parts import Parts
from .problems import BundleError

DEFAULT_MOST, DEFAULT_PER_DAY = 100, 5


def read(document: Entry, parts: Parts) -> Bundle:
    """The bundle of a version 1.5 document."""
    entries = _phase_entries(document, parts)
    phases = [_phase(number, entry) for number, entry in enumerate(entries)]
    ends = [*(phase.start for phase in phases[1:]), document.date("end_date")]
    picture = document.get("image")
    return Bundle(
        format="codabench-1.5",
        title=document.need("title").text(),
        description=document.words("description"),
        phases=tuple(
            replace(phase, end=_end(phase, end)) for phase, end in zip(phases, ends, strict=True)
        ),
        tasks=tuple(_task(number, entry, parts) for number, entry in enumerate(entries)),
        leaderboards=_leaderboards(document),
        pages=_pages(document, parts),
        image=parts.name(picture) if picture is not None else "",
        docker_image=document.words("competition_docker_image"),
    )


def _end(phase: BundlePhase, following: dt.datetime | None) -> dt.datetime | None:
    """A phase ends where the next one starts; phases of one start run side by side."""
    return following if following and phase.start and following > phase.start else None


def _phase_entries(document: Entry, parts: Parts) -> list[Entry]:
    listed = document.need("phases")
    entries = list(listed.mapping().values()) if isinstance(listed.value, dict) else listed.items()
    if not entries:
        raise listed.wrong("empty_list")
    entries.sort(key=lambda entry: entry.need("phasenumber").whole())
    parents = [entry for entry in entries if entry.yes("is_parallel_parent")]
    children = any(entry.get("parent_phasenumber") for entry in entries)
    for parent in parents if children else []:
        parts.warn("parent_phase", at=parent, value=parent.words("label"))
        entries.remove(parent)
    return entries


def _phase(number: int, entry: Entry) -> BundlePhase:
    return BundlePhase(
        index=number,
        name=entry.need("label").text(),
        description=entry.words("description"),
        start=entry.date("start_date"),
        end=None,
        tasks=(number,),
        most=entry.number("max_submissions", least=1) or DEFAULT_MOST,
        most_per_day=entry.number("max_submissions_per_day", least=1) or DEFAULT_PER_DAY,
        moves_on=entry.yes("auto_migration"),
        seconds=seconds(entry),
        # `is_scoring_only` says the same of phases that have no ingestion program.
        results_only=entry.yes("is_scoring_only") and entry.get("ingestion_program") is None,
        hidden=tuple(name for name in HIDES if entry.yes(f"hide_{name}")),
    )


def _task(number: int, entry: Entry, parts: Parts) -> BundleTask:
    reference, data = entry.get("reference_data"), entry.get("input_data")
    ingestion = entry.get("ingestion_program")
    return BundleTask(
        index=number,
        name=f"{entry.need('label').text()} Task",
        description=entry.words("description"),
        scoring=parts.program(entry.need("scoring_program")),
        ingestion=parts.program(ingestion) if ingestion is not None else None,
        reference=parts.files(reference) if reference is not None else {},
        data=parts.files(data) if data is not None else {},
        ingestion_during_scoring=entry.yes("ingestion_program_only_during_scoring"),
    )


def _pages(document: Entry, parts: Parts) -> tuple[Page, ...]:
    listed = document.get("html")
    named = listed.mapping() if listed is not None else {}
    return tuple(parts.page(title, entry) for title, entry in named.items() if entry.value)


def _leaderboards(document: Entry) -> tuple[Leaderboard, ...]:
    given = document.need("leaderboard")
    boards = given.need("leaderboards").mapping()
    labels = {board.words("label").lower(): key for key, board in boards.items()}
    columns: dict[str, list[Column]] = {key: [] for key in boards}
    entries = sorted(
        given.need("columns").mapping().items(), key=lambda item: item[1].number("rank") or 1
    )
    for index, (key, entry) in enumerate(entries):
        board = entry.need("leaderboard")
        name = board.text() if isinstance(board.value, str) else board.words("label")
        belongs = labels.get(name.lower()) or (name if name in boards else None)
        if belongs is None:
            raise board.wrong("board_unknown", name)
        columns[belongs].append(_column(index, key, entry))
    return tuple(
        Leaderboard(entry.words("label") or key, key, ordered(columns[key]))
        for key, entry in boards.items()
    )


def _column(index: int, key: str, entry: Entry) -> Column:
    digits = entry.get("numeric_format")
    if (computed := entry.get("computed")) is not None:
        raise BundleError("computed_column", member=computed.member, key=computed.key)
    return Column(
        title=entry.words("label") or key,
        key=key,
        index=index,
        descending=sorting(entry, "sort"),
        precision=min(digits.whole(), 10) if digits is not None else 2,
        hidden=entry.yes("hidden"),
    )
