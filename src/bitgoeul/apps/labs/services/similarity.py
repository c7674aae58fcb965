"""Submissions of a lab are compared with each other, in the background."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.labs import rules
from bitgoeul.apps.labs.enums import LabKind
from bitgoeul.apps.labs.models import Lab, LabFile, SimilarityReport, Submission
from bitgoeul.apps.labs.queries.kept import file_of, read
from bitgoeul.core import jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.models import Job
from bitgoeul.core.jobs.registry import resolve
from bitgoeul.engines.scoring import code_of, similar_pairs

# By its path: tasks stand above services, and only the queue looks the name up.
COMPARE_TASK = "bitgoeul.apps.labs.tasks.compare_submissions"
COMPARED = (LabKind.FUNCTION, LabKind.NOTEBOOK)
KEPT = 3
"""So many reports of a lab are kept."""


@dataclass(frozen=True, kw_only=True)
class Resemblance:
    """What a comparison found, before it is written."""

    lab: UUID
    compared: int
    pairs: list[dict[str, object]]


def ask_comparison(*, lab: Lab, by: User | None, at: dt.datetime) -> Job:
    """Have the newest submission of everybody compared with all others.

    Raises
    ------
    Refused
        When the person may not see them, or the lab asks for no program.
    """
    if by is not None and not rules.can_view_submissions(by, lab):
        raise Refused(_("You may not run this lab."))
    if lab.kind not in COMPARED:
        raise Refused(_("Only programs and notebooks are compared."), code="wrong_kind")
    with transaction.atomic():
        job = jobs.enqueue(
            resolve(COMPARE_TASK),
            by=by,
            at=at,
            dedupe=f"labs.compare:{lab.uuid}",
            lab=str(lab.uuid),
        )
        journal.record(event="lab.comparison_asked", by=by, at=at, on=lab)
    return job


def compare(*, lab: UUID) -> Resemblance:
    """Compare everybody's newest submission; slow, and changes nothing."""
    row = Lab.objects.get(uuid=lab)
    newest: dict[int, Submission] = {}
    for one in Submission.objects.filter(lab=row).exclude(file="").order_by("received_at", "id"):
        newest[one.person_id] = one
    texts: dict[str, str] = {}
    for one in newest.values():
        try:
            texts[str(one.uuid)] = code_of(read(one), one.name)
        except OSError:
            continue
    starter = file_of(row, LabFile.Kind.STARTER)
    known = [code_of(read(starter), starter.name)] if starter else []
    found = similar_pairs(texts, known=known)
    pairs: list[dict[str, object]] = [
        {
            "first": pair.first,
            "second": pair.second,
            "share": round(pair.share, 4),
            "common": pair.common,
        }
        for pair in found
    ]
    return Resemblance(lab=lab, compared=len(texts), pairs=pairs)


def record_similarity(*, found: Resemblance, at: dt.datetime) -> SimilarityReport:
    """Keep what a comparison found; the oldest reports of the lab go."""
    with transaction.atomic():
        lab = Lab.objects.get(uuid=found.lab)
        made = SimilarityReport.objects.create(
            lab=lab, made_at=at, compared=found.compared, pairs=found.pairs
        )
        old = list(lab.similarity_reports.values_list("pk", flat=True)[KEPT:])
        SimilarityReport.objects.filter(pk__in=old).delete()
        journal.record(
            event="lab.compared",
            by=None,
            at=at,
            on=lab,
            details={"compared": found.compared, "pairs": len(found.pairs)},
        )
    return made
