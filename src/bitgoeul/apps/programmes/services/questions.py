"""The application form of a cohort: written as a draft, frozen by publishing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import CohortState
from bitgoeul.apps.programmes.models import Cohort, FormVersion, Question
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused

QUESTIONS_AT_MOST = 60
UP, DOWN = "up", "down"


@dataclass(frozen=True, kw_only=True)
class QuestionPlan:
    """A question to be asked; `options` are mappings with `key`, `ko` and `en`."""

    key: str
    kind: str
    label_ko: str
    label_en: str = ""
    help_ko: str = ""
    help_en: str = ""
    options: Sequence[Mapping[str, str]] = ()
    required: bool = False
    blind: bool = False


def write_question(
    *,
    cohort: Cohort,
    plan: QuestionPlan,
    by: User | None,
    at: dt.datetime,
    replaces: str = "",
) -> Question:
    """Add a question to the draft, or replace the one of a key; its place stays.

    Without a draft one is begun from the version that counts now.
    """
    with transaction.atomic():
        draft = _draft(cohort, by=by, at=at)
        row = draft.questions.filter(key=replaces).first() if replaces else None
        if replaces and row is None:
            raise Refused(_("This question is not in the draft any more."), code="stale")
        row = row or Question(version=draft, order=draft.questions.count() + 1)
        if draft.questions.count() >= QUESTIONS_AT_MOST and not replaces:
            raise Refused(
                _("A form has at most %(most)s questions.") % {"most": QUESTIONS_AT_MOST},
                code="invalid",
            )
        for name, value in asdict(plan).items():
            setattr(row, name, [dict(each) for each in value] if name == "options" else value)
        check(row)
        row.save()
        _record("form.question_written", draft, row.key, by=by, at=at)
    return row


def remove_question(*, cohort: Cohort, key: str, by: User | None, at: dt.datetime) -> None:
    """Take a question out of the draft; published versions keep it."""
    with transaction.atomic():
        draft = _draft(cohort, by=by, at=at)
        _found(draft, key).delete()
        _number(list(draft.questions.order_by("order", "id")))
        _record("form.question_removed", draft, key, by=by, at=at)


def move_question(*, cohort: Cohort, key: str, way: str, by: User | None, at: dt.datetime) -> None:
    """Move a question of the draft one place up or down."""
    with transaction.atomic():
        draft = _draft(cohort, by=by, at=at)
        row = _found(draft, key)
        rows = list(draft.questions.order_by("order", "id"))
        here = rows.index(row)
        there = here - 1 if way == UP else here + 1
        if not 0 <= there < len(rows):
            raise Refused(_("It stands at the end already."), code="invalid")
        rows[here], rows[there] = rows[there], rows[here]
        _number(rows)
        _record("form.question_moved", draft, key, by=by, at=at)


def publish_form(*, cohort: Cohort, by: User | None, at: dt.datetime) -> FormVersion:
    """Freeze the draft: from now on applicants answer these questions."""
    with transaction.atomic():
        cohort = _locked(cohort, by)
        draft = cohort.form_versions.filter(published_at__isnull=True).first()
        if draft is None:
            raise Refused(_("There is no draft to publish."), code="wrong_state")
        draft.published_at, draft.published_by = at, by
        draft.save(update_fields=["published_at", "published_by"])
        keys = list(draft.questions.order_by("order").values_list("key", flat=True))
        journal.record(
            event="form.published",
            by=by,
            at=at,
            on=draft,
            details={"cohort": str(cohort.uuid), "version": draft.number, "questions": keys},
        )
    return draft


def _locked(cohort: Cohort, by: User | None) -> Cohort:
    cohort = (
        Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    )
    require(by, rules.can_manage_cohort, cohort)
    if cohort.state not in {CohortState.PLANNED, CohortState.APPLYING}:
        raise Refused(_("The form stands once applications are closed."), code="wrong_state")
    return cohort


def _draft(cohort: Cohort, *, by: User | None, at: dt.datetime) -> FormVersion:
    cohort = _locked(cohort, by)
    newest = cohort.form_versions.order_by("-number").first()
    if newest is not None and newest.published_at is None:
        return newest
    number = newest.number + 1 if newest else 1
    draft = FormVersion.objects.create(cohort=cohort, number=number)
    for row in newest.questions.all() if newest else ():
        copied: dict[str, Any] = {
            each.attname: getattr(row, each.attname)
            for each in Question._meta.concrete_fields
            if each.name not in {"id", "uuid", "version"}
        }
        Question.objects.create(version=draft, **copied)
    journal.record(
        event="form.begun",
        by=by,
        at=at,
        on=draft,
        details={"cohort": str(cohort.uuid), "version": number},
    )
    return draft


def _found(draft: FormVersion, key: str) -> Question:
    row = draft.questions.filter(key=key).first()
    if row is None:
        raise Refused(_("This question is not in the draft any more."), code="stale")
    return row


def _number(rows: Sequence[Question]) -> None:
    for order, row in enumerate(rows, start=1):
        row.order = order
    Question.objects.bulk_update(rows, ["order"])


def _record(event: str, draft: FormVersion, key: str, *, by: User | None, at: dt.datetime) -> None:
    journal.record(
        event=event, by=by, at=at, on=draft, details={"version": draft.number, "question": key}
    )
