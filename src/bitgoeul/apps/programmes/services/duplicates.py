"""An officer says whether two applications are of one person; nothing is merged."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import DuplicateVerdict
from bitgoeul.apps.programmes.models import Application, DuplicateDecision
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def decide_duplicate(
    *,
    first: Application,
    second: Application,
    verdict: str,
    reasons: list[str],
    by: User | None,
    at: dt.datetime,
    note: str = "",
) -> DuplicateDecision:
    """Keep what an officer found; which application counts is judged on its own page."""
    first, second = sorted((first, second), key=lambda row: row.pk)
    require(by, rules.can_manage_application, first)
    require(by, rules.can_manage_application, second)
    if first.pk == second.pk or first.cohort_id != second.cohort_id:
        raise Refused(_("Two applications of one cohort are compared."), code="invalid")
    if verdict not in DuplicateVerdict.values:
        raise Refused(_("Say whether it is the same person."), code="invalid")
    with transaction.atomic():
        row = DuplicateDecision.objects.filter(first=first, second=second).first()
        row = row or DuplicateDecision(first=first, second=second)
        row.verdict, row.note, row.reasons = verdict, note.strip()[:300], reasons
        row.decided_at, row.decided_by = at, by
        check(row)
        row.save()
        journal.record(
            event="duplicate.decided",
            by=by,
            at=at,
            on=row,
            details={
                "applications": [str(first.uuid), str(second.uuid)],
                "reasons": reasons,
                "verdict": verdict,
            },
        )
    return row
