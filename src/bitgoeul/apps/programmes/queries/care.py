"""Objections and counselling of a cohort, and how many recovered."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.programmes.enums import CounselOutcome
from bitgoeul.apps.programmes.models import Appeal, Cohort, CounselNote, Enrolment

REASON_NAMES = ("consecutive", "course", "unit", "pass_line", "nothing_handed_in")


def reason_name(reason: str) -> str:
    """Return the name of a warning, without the figures of a day."""
    return {
        "consecutive": _("days missed in a row"),
        "course": _("limit of the course"),
        "unit": _("limit of the unit period"),
        "pass_line": _("pass line"),
        "nothing_handed_in": _("work due, nothing handed in"),
    }.get(reason, reason)


def appeals_listed(cohort: Cohort) -> QuerySet[Appeal]:
    """Return the objections of a cohort, those that wait first."""
    rows = Appeal.objects.filter(enrolment__cohort=cohort)
    near = ("enrolment__person", "enrolment__track", "verdict__rule_set", "answered_by")
    return rows.select_related(*near).order_by("answered_at", "made_at", "pk")


def appeal_of(enrolment: Enrolment) -> Appeal | None:
    """Return somebody's newest objection."""
    return enrolment.appeals.select_related("answered_by").first()


def notes_of(enrolment: Enrolment, visible: Q) -> list[CounselNote]:
    """Return the counselling notes about somebody that a person may read."""
    rows = CounselNote.objects.filter(visible, enrolment=enrolment).distinct()
    return list(rows.select_related("written_by").order_by("-written_at", "-pk"))


def recovery_of(cohort: Cohort) -> Mapping[str, Any]:
    """Count people who were counselled, and what came of it by their newest note."""
    rows = CounselNote.objects.filter(enrolment__cohort=cohort).order_by("written_at", "pk")
    newest = dict(rows.values_list("enrolment", "outcome"))
    counts = Counter(newest.values())
    known = sum(counts[each] for each in CounselOutcome.values if each != CounselOutcome.OPEN)
    return {
        "people": len(newest),
        "recovered": counts[CounselOutcome.RECOVERED],
        "known": known,
    }
