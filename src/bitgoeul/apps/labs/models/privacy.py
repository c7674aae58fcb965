"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.labs.models.lab import Lab, LabFile, Participant
from bitgoeul.apps.labs.models.practice import Practice
from bitgoeul.apps.labs.models.similarity import SimilarityReport
from bitgoeul.apps.labs.models.submission import Evaluation, Submission
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part

DECLARED = {
    Lab: NOTHING,
    LabFile: Declaration(kind=Kind.NONE, plain=("name", "file"), export=False),
    Participant: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="place", erase=Erase.LINK),),
        plain=("admitted_at", "admitted_by_kind"),
    ),
    Practice: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="try",
                fields=("file", "name", "reason", "reason_code", "faults", "checks", "output"),
                erase=Erase.DELETE,
            ),
        ),
        plain=("tried_at", "state"),
    ),
    SimilarityReport: Declaration(
        kind=Kind.PSEUDONYMOUS,
        plain=("made_at", "compared", "pairs"),
        export=False,
        why=_("Submissions stand in it by their uuid only; three reports of a lab are kept."),
    ),
    Submission: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="file", fields=("file", "name", "reason", "reason_code", "faults")),),
        plain=("sha256", "received_at", "state"),
    ),
    Evaluation: Declaration(
        kind=Kind.PERSONAL,
        person="submission__person",
        parts=(
            Part(key="score", erase=Erase.LINK),
            Part(key="said", fields=("checks", "output"), cleared={"checks": [], "output": ""}),
        ),
        actors=("marked_by",),
        plain=("scorer_version", "metric", "score", "rows", "inputs_digest", "evaluated_at"),
    ),
}
