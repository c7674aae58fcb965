"""A contest of another platform is taken over: its phases, its tasks and its own programs.

Programs and reference data stay in the bundle; entries run through it in the runner's sandboxes.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.contests import rules
from bitgoeul.apps.contests.enums import ContestKind, TermsKind
from bitgoeul.apps.contests.models import Contest, Phase
from bitgoeul.apps.contests.services.contests import create_contest, publish_terms
from bitgoeul.apps.contests.services.permission import require
from bitgoeul.apps.contests.services.phases import plan_phase
from bitgoeul.apps.contests.services.scorers import add_lab_task
from bitgoeul.apps.labs import services as labs
from bitgoeul.core import journal, uploads
from bitgoeul.core.errors import Refused
from bitgoeul.runner import bundles
from bitgoeul.runner.bundles import Bundle, BundlePhase

BUNDLE_FILE_DOOR = uploads.Door(suffixes=("zip",), most_bytes=64 * 1024 * 1024)
MOST_KEPT = 512 * 1024 * 1024
"""Bytes of one import altogether: the lab of every task keeps the whole bundle."""
DEFAULT_DAILY, MOST_DAILY = 5, 1000
LONGEST_SECONDS = 600
MEMORY_MB = 2048
TERMS = "terms"
TEXT, TERMS_TEXT, TITLE, PHASE_TITLE = 20_000, 8_000, 120, 80


@dataclass(frozen=True)
class PlannedPhase:
    """One phase as it will be here: phases that run side by side become one with more tasks."""

    title: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    daily_limit: int
    total_limit: int | None
    blind: bool
    tasks: tuple[int, ...]
    """Places of its tasks among the bundle's."""


def read_bundle_file(content: bytes) -> Bundle:
    """Read a bundle for a person.

    Raises
    ------
    Refused
        In words, with the member of the zip, the key and the line; or when it is too large to be
        kept once for every task.
    """
    try:
        found = bundles.read_bundle(content)
    except bundles.BundleError as error:
        raise Refused(labs.bundle_words(error), code=error.code) from error
    copies = sum(len(phase.tasks) for phase in found.phases)
    if copies * len(content) > MOST_KEPT:
        told = _(
            "The bundle is kept once for each of its %(tasks)s tasks: at most %(most)s MB each."
        )
        most = MOST_KEPT // copies // (1024 * 1024)
        raise Refused(told % {"tasks": copies, "most": most}, code="too_large")
    return found


def planned(bundle: Bundle, *, opens_at: dt.datetime, closes_at: dt.datetime) -> list[PlannedPhase]:
    """The phases in the given time: with the bundle's own distances where they are known.

    Raises
    ------
    Refused
        When the end lies before the last phase begins.
    """
    groups = _side_by_side(bundle)
    starts = _starts(groups, opens_at, closes_at)
    if any(
        later <= earlier for earlier, later in zip(starts, [*starts[1:], closes_at], strict=True)
    ):
        told = _("The contest must close after its last phase begins: %(when)s.")
        raise Refused(told % {"when": f"{starts[-1]:%Y-%m-%d %H:%M}"}, code="invalid")
    place = {task.index: number for number, task in enumerate(bundle.tasks)}
    return [
        _phase(group, begins, ends, place)
        for group, begins, ends in zip(groups, starts, [*starts[1:], closes_at], strict=True)
    ]


def import_bundle(
    *,
    bundle: labs.Content,
    key: str,
    owner: Organisation,
    title_ko: str,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
    title_en: str = "",
) -> Contest:
    """Make a contest, as a draft, of a Codabench or EvalAI bundle.

    Raises
    ------
    Refused
        When the bundle cannot be used, in words; or `by` may not make contests for the owner.
    """
    require(by, rules.can_create_contest_for, owner)
    uploads.check_size(len(bundle.data), BUNDLE_FILE_DOOR)
    found = read_bundle_file(bundle.data)
    phases = planned(found, opens_at=opens_at, closes_at=closes_at)
    with transaction.atomic():
        contest = create_contest(
            key=key, kind=ContestKind.DATA, owner=owner, by=by, at=at,
            title_ko=title_ko, title_en=title_en, text_ko=_text(found), text_en="",
            registration_opens_at=min(at, opens_at), registration_closes_at=closes_at,
            summary_ko=found.description.replace("\n", " ")[:300],
        )  # fmt: skip
        _publish_terms(contest, found, by=by, at=at)
        for one in phases:
            _add_phase(contest, one, found, bundle, by=by, at=at)
        journal.record(
            event="contest.bundle_imported",
            by=by,
            at=at,
            on=contest,
            after={"sha256": bundle.sha256},
            details={"format": found.format, "phases": len(phases), "tasks": len(found.tasks)},
        )
    return contest


def _add_phase(
    contest: Contest, given: PlannedPhase, found: Bundle, bundle: labs.Content, *,
    by: User | None, at: dt.datetime,
) -> Phase:  # fmt: skip
    phase = plan_phase(
        contest=contest, by=by, at=at, blind=given.blind, title_ko=given.title, title_en="",
        opens_at=given.opens_at, closes_at=given.closes_at, daily_limit=given.daily_limit,
        total_limit=given.total_limit,
    )  # fmt: skip
    for number in given.tasks:
        task = found.tasks[number]
        board = next(iter(found.boards_of(task.index)), None)
        lab = labs.create_bundle_lab(
            bundle=bundle,
            bundle_task=number,
            key=f"{contest.key[:30]}-{contest.uuid.hex[:8]}-{phase.number}-b{number}",
            title_ko=task.name[:TITLE],
            task_ko=strip_tags(task.description or found.description)[:8000] or task.name,
            owner=contest.owner,
            pass_score=0.0,
            higher_is_better=board.columns[0].descending if board else True,
            seconds=min(found.seconds_of(task.index), LONGEST_SECONDS),
            memory_mb=MEMORY_MB,
            opens_at=given.opens_at,
            closes_at=given.closes_at,
            by=by,
            at=at,
        )
        add_lab_task(phase=phase, lab=lab, title_ko=task.name[:TITLE], by=by, at=at)
    return phase


def _publish_terms(contest: Contest, found: Bundle, *, by: User | None, at: dt.datetime) -> None:
    text = next((strip_tags(page.text) for page in found.pages if page.title == TERMS), "").strip()
    if text:
        publish_terms(
            contest=contest, kind=TermsKind.CONDUCT, text_ko=text[:TERMS_TEXT], by=by, at=at
        )


def _text(found: Bundle) -> str:
    pages = [page for page in found.pages if page.title != TERMS]
    parts = [found.description, *(f"{page.title}\n\n{strip_tags(page.text)}" for page in pages)]
    told = "\n\n".join(part.strip() for part in parts if part.strip())
    return told[:TEXT] or found.title


def _side_by_side(bundle: Bundle) -> list[list[BundlePhase]]:
    groups: list[list[BundlePhase]] = []
    for phase in bundle.phases:
        if groups and phase.start is not None and groups[-1][0].start == phase.start:
            groups[-1].append(phase)
        else:
            groups.append([phase])
    return groups


def _starts(
    groups: list[list[BundlePhase]], opens_at: dt.datetime, closes_at: dt.datetime
) -> list[dt.datetime]:
    """When each begins: moved as a whole; in equal parts where the bundle says nothing."""
    known = [group[0].start for group in groups]
    first = known[0]
    if first is not None and all(start is not None for start in known):
        return [opens_at + (start - first) for start in known if start is not None]
    part = (closes_at - opens_at) / len(groups)
    return [opens_at + part * number for number in range(len(groups))]


def _phase(
    group: list[BundlePhase], begins: dt.datetime, ends: dt.datetime, place: dict[int, int]
) -> PlannedPhase:
    daily = [phase.most_per_day for phase in group if phase.most_per_day]
    total = [phase.most for phase in group if phase.most]
    tasks = dict.fromkeys(place[task] for phase in group for task in phase.tasks)
    return PlannedPhase(
        title=" / ".join(phase.name for phase in group)[:PHASE_TITLE],
        opens_at=begins,
        closes_at=ends,
        daily_limit=min(max(daily, default=DEFAULT_DAILY), MOST_DAILY),
        total_limit=min(max(total), 32767) if total else None,
        blind=any("score_output" in phase.hidden for phase in group),
        tasks=tuple(tasks),
    )
