"""After the kills: compare what was acknowledged with what is stored, and count what is wrong."""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Q

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.careers.models import MatchingRound, Offer
from bitgoeul.apps.careers.services.matches import holds
from bitgoeul.apps.contests.models import Entry as ContestEntry
from bitgoeul.apps.labs.models import Submission
from bitgoeul.apps.reports.models import Report, Snapshot
from bitgoeul.core import journal
from bitgoeul.core.imports.models import Import
from bitgoeul.core.jobs.enums import FINAL, WITH_REASON, State
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.journal.models import Entry
from bitgoeul.engines.evidence import verify_report
from tests.faults.alliance import REFUSED
from tests.faults.contests import audit_entries
from tests.faults.writers import ROWS, Memory

UNFINISHED_IMPORTS = ("staging", "confirming")


def audit(memory: Memory) -> dict[str, Any]:
    """Count everything that may not be, by kind; all of them are zero when nothing is wrong."""
    checks = (_organisations, _imports, _submissions, _rounds, _reports, _entries)
    wrong: Counter[str] = Counter()
    for check in checks:
        wrong.update(check(memory))
    # Housekeeping is due every few seconds: one that waits for the next start is no lost job.
    waiting = Q(state=State.READY, dedupe__startswith="schedule:")
    wrong["jobs without an end"] += Job.objects.exclude(state__in=FINAL).exclude(waiting).count()
    wrong["jobs without a reason"] += Job.objects.filter(state__in=WITH_REASON, reason="").count()
    verdict = journal.verify(heads=Snapshot.objects.values_list("journal_head", flat=True))
    wrong["journal broken"] += not verdict.ok
    wrong["database damaged"] += not _is_whole()
    return {"wrong": {key: count for key, count in sorted(wrong.items()) if count}}


def done(memory: Memory) -> dict[str, Any]:
    """What went on during the run."""
    states = Counter(Job.objects.values_list("state", flat=True))
    return {
        "posts": memory.posts,
        "in doubt": memory.doubts,
        "organisations": len(memory.organisations),
        "imports written": Import.objects.filter(state__in=["confirmed", "undone"]).count(),
        "imports undone": len(memory.undone),
        "entries scored": ContestEntry.objects.filter(state="scored").count(),
        "submissions scored": Submission.objects.filter(state="scored").count(),
        "submissions": _by_kind(),
        "rounds published": len(memory.rounds),
        "reports published": len(memory.reports),
        "jobs": dict(sorted(states.items())),
        "jobs interrupted": Job.objects.filter(interruptions__gt=0).count(),
        "5xx": dict(Counter(fault[:3] for fault in memory.faults)),
        "refused posts": len(memory.refused),
        "seals": journal.verify().seals,
    }


def _by_kind() -> dict[str, int]:
    """How submissions ended, by what was handed in; of those that failed also why."""
    own = Submission.objects.filter(lab__held_by_kind="")
    rows = own.values_list("lab__kind", "state", "reason_code", "reason")
    told = (
        f"{kind} {state}" + (f" ({code or reason[:60]})" if state == "failed" else "")
        for kind, state, code, reason in rows
    )
    return dict(sorted(Counter(told).items()))


def _events(event: str) -> Counter[str]:
    rows = Entry.objects.filter(event=event).values_list("object_uuid", flat=True)
    return Counter(map(str, rows))


def _organisations(memory: Memory) -> Counter[str]:
    stored = Counter(Organisation.objects.values_list("name_ko", flat=True))
    made = _events("organisation.created")
    acknowledged = Organisation.objects.filter(name_ko__startswith="기관 ")
    return Counter(
        {
            "organisations lost": sum(name not in stored for name in memory.organisations),
            "organisations doubled": sum(count > 1 for count in stored.values()),
            "organisations not journalled once": sum(
                made[str(uuid)] != 1 for uuid in acknowledged.values_list("uuid", flat=True)
            ),
        }
    )


def _imports(memory: Memory) -> Counter[str]:
    wrong: Counter[str] = Counter()
    confirmed = _events("import.confirmed")
    for imported in Import.objects.all():
        lines = Counter(imported.written_rows.values_list("line", flat=True))
        written = imported.state in {"confirmed", "undone"}
        # A file whose rows are all the same writes nothing, and all of it.
        wrong["imports half written"] += len(lines) != (imported.to_write if written else 0)
        wrong["imports written twice"] += any(count > 1 for count in lines.values())
        wrong["imports not journalled once"] += confirmed[str(imported.uuid)] != int(written)
        wrong["imports without an end"] += imported.state in UNFINISHED_IMPORTS
    kept = set(map(str, Import.objects.values_list("uuid", flat=True)))
    for block, done in memory.blocks.items():
        wrong["imports lost"] += sum(uuid not in kept for uuid, _mark in done)
        wrong.update(_block(block, done, set(memory.undone)))
    return wrong


def _block(block: int, done: list[tuple[str, str]], undone: set[str]) -> Counter[str]:
    names = Organisation.objects.filter(name_ko__startswith=f"묶음{block} ")
    marks = set(names.values_list("name_en", flat=True))
    # The last that stands: confirmed, whether its answer came or not, and not taken back.
    files = dict(done)
    stands = Import.objects.filter(uuid__in=files, state="confirmed").order_by("confirmed_at")
    last = files[str(stands.last().uuid)] if stands else None
    later = {mark for uuid, mark in done[-1:] if uuid in undone}
    return Counter(
        {
            "blocks torn": len(marks) != 1 or names.count() != ROWS,
            "blocks not as written": bool(last and last not in marks and not _newer(block, marks)),
            "blocks still as undone": bool(marks & later),
        }
    )


def _newer(block: int, marks: set[str]) -> bool:
    """Whether the mark is of an import that was written after the last one remembered."""
    rows = Import.objects.filter(kind="organisations", state="confirmed").order_by("-confirmed_at")
    for imported in rows[:10]:
        found = imported.staged_rows.values_list("cleaned__name_ko", "cleaned__name_en").first()
        if found and str(found[0]).startswith(f"묶음{block} "):
            return found[1] in marks
    return False


def _submissions(memory: Memory) -> Counter[str]:
    rows = {
        str(row.uuid): row
        for row in Submission.objects.filter(lab__held_by_kind="").prefetch_related("evaluations")
    }
    scored = _events("submission.scored")
    wrong: Counter[str] = Counter()
    # A post whose answer never came may have been kept: more than those nobody can have sent.
    wrong["submissions from nowhere"] += len(rows) - len(memory.submissions) > memory.doubts
    texts = Counter(row.sha256 for row in rows.values() if row.name.endswith((".py", ".ipynb")))
    wrong["submissions doubled"] += sum(count > 1 for count in texts.values())
    wrong["submissions lost"] += sum(uuid not in rows for uuid in memory.submissions)
    for uuid, row in rows.items():
        results = list(row.evaluations.all())
        refused = memory.submissions.get(uuid, REFUSED) == REFUSED
        ends = {"scored", "failed"} | ({"refused"} if refused else set())
        wrong["submissions without an end"] += row.state not in ends
        wrong["submissions without a reason"] += row.state != "scored" and not row.reason
        wrong["submissions not scored once"] += len(results) != int(row.state == "scored")
        wrong["submissions not journalled once"] += scored[uuid] != len(results)
        if results and uuid in memory.submissions:
            wrong["wrong scores"] += abs(results[0].score - memory.submissions[uuid]) > 1e-9
        wrong["submission files lost"] += not row.file.storage.exists(row.file.name)
    return wrong


def _rounds(memory: Memory) -> Counter[str]:
    wrong: Counter[str] = Counter()
    rounds = {
        str(row.uuid): row for row in MatchingRound.objects.filter(name_ko__startswith="매칭 ")
    }
    matched, published = _events("round.matched"), _events("round.published")
    wrong["rounds lost"] += sum(uuid not in rounds for uuid in memory.rounds)
    names = Counter(row.name_ko for row in rounds.values())
    wrong["rounds doubled"] += sum(count > 1 for count in names.values())
    for uuid, row in rounds.items():
        has_result = row.state in {"matched", "published"}
        wrong["rounds not matched once"] += matched[uuid] != int(has_result)
        wrong["rounds not published once"] += published[uuid] != int(row.state == "published")
        if has_result:
            wrong["rounds with a bad certificate"] += not holds(row.verification)
        offers = Offer.objects.filter(round=row).count()
        seats = sum(pool["filled"] for pool in row.certificate.get("pools", []))
        wrong["rounds with wrong offers"] += offers != (seats if row.state == "published" else 0)
        wrong["published rounds taken back"] += uuid in memory.rounds and row.state != "published"
    return wrong


def _reports(memory: Memory) -> Counter[str]:
    wrong: Counter[str] = Counter()
    reports = {str(row.uuid): row for row in Report.objects.select_related("snapshot")}
    published = _events("report.published")
    wrong["reports lost"] += sum(uuid not in reports for uuid in memory.reports)
    titles = Counter(row.title_ko for row in reports.values())
    wrong["reports doubled"] += sum(count > 1 for count in titles.values())
    for uuid, row in reports.items():
        stands = row.state == "published"
        wrong["reports not published once"] += published[uuid] != int(stands)
        wrong["reports without snapshot"] += stands != hasattr(row, "snapshot")
        if stands:
            wrong["reports that do not verify"] += not verify_report(row.snapshot.document).ok
            wrong["reports without rows"] += not row.snapshot.rows.exists()
        wrong["published reports taken back"] += uuid in memory.reports and not stands
    return wrong


def _entries(memory: Memory) -> Counter[str]:
    return audit_entries(memory.entries)


def _is_whole() -> bool:
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        intact = cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return bool(intact and not cursor.execute("PRAGMA foreign_key_check").fetchall())
