"""The same judgement for everything that a filter finds, at once or not at all."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import ApplicationState
from bitgoeul.apps.programmes.models import Application, Cohort
from bitgoeul.apps.programmes.services.notices import tell_all_judged
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

_CHUNK = 500
AT_ONCE = 2000
"""So many are judged by one button; a filter that finds more must be narrower."""


def judge_in_bulk(
    *,
    cohort: Cohort,
    found: QuerySet[Application],
    eligible: bool,
    reason: str,
    by: User | None,
    at: dt.datetime,
    expected: int,
) -> int:
    """Declare what a filter finds not eligible, or readmit it; returns how many changed.

    `expected` is the number that was shown when the button was pressed: when the filter finds
    another number by now, nothing is done. Applications in another state are left alone.
    """
    with transaction.atomic():
        require(by, rules.can_manage_cohort, cohort)
        if not reason.strip():
            raise Refused(_("Give a reason."), code="incomplete")
        now = found.count()
        if now != expected:
            text = _("The filter finds %(now)s applications by now, not %(then)s. Look again.")
            raise Refused(text % {"now": now, "then": expected}, code="stale")
        if now > AT_ONCE:
            text = _("At most %(most)s applications at once: narrow the filter.")
            raise Refused(text % {"most": AT_ONCE}, code="invalid")
        action = "readmit" if eligible else "declare_ineligible"
        before = ApplicationState.INELIGIBLE if eligible else ApplicationState.SUBMITTED
        after = workflow.go(workflow.APPLICATION, before, action)
        rows = list(
            Application.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(pk__in=found.order_by().values("pk"), state=before, cohort=cohort)
        )
        for row in rows:
            row.state = after
            row.state_reason = "" if eligible else reason.strip()[:300]
        Application.objects.bulk_update(rows, ["state", "state_reason"], batch_size=_CHUNK)
        journal.record_many(
            event="application.readmitted" if eligible else "application.declared_ineligible",
            by=by,
            at=at,
            changes=[
                Change(
                    on=row,
                    before={"state": str(before)},
                    after={"state": after, "reason": row.state_reason},
                    details={"state": after, "in_bulk": len(rows)},
                )
                for row in rows
            ],
        )
        tell_all_judged(rows, cohort, at=at)
    return len(rows)
