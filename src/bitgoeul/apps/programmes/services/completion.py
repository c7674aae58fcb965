"""Deciding who completed: by the approved rules, with a stored and replayable verdict."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import AppealState, CohortState, EnrolmentState
from bitgoeul.apps.programmes.models import (
    Cohort,
    CompletionVerdict,
    Enrolment,
    evaluate,
)
from bitgoeul.apps.programmes.queries.completion import inputs_of
from bitgoeul.apps.programmes.queries.listings import newest_verdicts
from bitgoeul.apps.programmes.services.certificates import settle_certificates
from bitgoeul.apps.programmes.services.permission import require
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs import Progress, Silent
from bitgoeul.core.journal.services import Change
from bitgoeul.engines.evidence import digest

DECIDABLE = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


def decide_completions(
    *,
    cohort: Cohort,
    by: User | None,
    at: dt.datetime,
    enrolments: Sequence[Enrolment] | None = None,
    progress: Progress | None = None,
) -> list[CompletionVerdict]:
    """Decide completion of everyone still enrolled (or of those given); returns new verdicts.

    May be repeated after a correction: the newest verdict counts, earlier ones stay. Where rules
    and inputs are those of the verdict that stands, nothing is written. Who left early keeps that
    state.
    """
    told = progress or Silent()
    with transaction.atomic():
        cohort = (
            Cohort.objects.select_for_update(of=("self",))
            .select_related("programme", "rule_set")
            .get(pk=cohort.pk)
        )
        require(by, rules.can_manage_cohort, cohort)
        if cohort.state != CohortState.RUNNING:
            raise Refused(
                _("Completion is decided while a cohort runs, before it is closed."),
                code="wrong_state",
            )
        rows = Enrolment.objects.select_for_update(of=("self",)).filter(
            cohort=cohort, state__in=DECIDABLE
        )
        if enrolments is not None:
            rows = rows.filter(pk__in=[enrolment.pk for enrolment in enrolments])
        verdicts = _verdicts(cohort, list(rows.order_by("id")), told, at=at)
        CompletionVerdict.objects.bulk_create(verdicts, batch_size=100)
        _move(verdicts, by=by, at=at)
    return verdicts


def decide_completion_again(
    *, enrolment: Enrolment, by: User | None, at: dt.datetime
) -> CompletionVerdict | None:
    """Decide one person's completion again after a correction; None when nothing is different.

    Possible while the cohort runs, and after its end for whoever's objection was accepted. The
    certificate follows the verdict at once: issued, revoked or replaced.
    """
    with transaction.atomic():
        # The cohort first, as deciding everybody and recording attendance do: no deadlock.
        Cohort.objects.select_for_update(of=("self",)).get(pk=enrolment.cohort_id)
        rows = Enrolment.objects.select_for_update(of=("self",))
        near = rows.select_related("cohort__programme", "cohort__rule_set", "person", "track")
        enrolment = near.get(pk=enrolment.pk)
        cohort = enrolment.cohort
        require(by, rules.can_manage_enrolment, enrolment)
        accepted = enrolment.appeals.filter(state=AppealState.ACCEPTED).exists()
        after_the_end = cohort.state == CohortState.ENDED and accepted
        if cohort.state != CohortState.RUNNING and not after_the_end:
            raise Refused(
                _("After its end a cohort is decided again only on an accepted objection."),
                code="wrong_state",
            )
        if enrolment.state not in DECIDABLE:
            raise Refused(_("This enrolment has ended."), code="wrong_state")
        verdicts = _verdicts(cohort, [enrolment], Silent(), at=at)
        CompletionVerdict.objects.bulk_create(verdicts)
        _move(verdicts, by=by, at=at)
        settle_certificates(
            cohort=cohort, enrolments=[enrolment], by=by, at=at,
            why=_("The verdict on completion was decided again."),
        )  # fmt: skip
    return verdicts[0] if verdicts else None


def _verdicts(
    cohort: Cohort, enrolments: Sequence[Enrolment], told: Progress, *, at: dt.datetime
) -> list[CompletionVerdict]:
    values = cohort.rule_set.thresholds
    inputs = inputs_of(cohort, enrolments)
    standing = newest_verdicts(enrolments)
    verdicts = []
    for number, enrolment in enumerate(enrolments, start=1):
        enrolment.cohort = cohort
        told.step(number, len(enrolments))
        stored = inputs[enrolment.pk].as_json()
        known = standing.get(enrolment.pk)
        if known and (known.rule_set_id, known.inputs_digest) == (
            cohort.rule_set_id,
            digest(stored),
        ):
            continue
        found = evaluate(inputs[enrolment.pk], values)
        verdicts.append(
            CompletionVerdict(
                enrolment=enrolment,
                rule_set=cohort.rule_set,
                completed=found.completed,
                inputs=stored,
                trace=[line.as_json() for line in found.lines],
                inputs_digest=digest(stored),
                decided_at=at,
            )
        )
    return verdicts


def _move(verdicts: Sequence[CompletionVerdict], *, by: User | None, at: dt.datetime) -> None:
    changes = []
    for verdict in verdicts:
        enrolment = verdict.enrolment
        before = enrolment.state
        action = "complete" if verdict.completed else "fail"
        enrolment.state = workflow.go(workflow.ENROLMENT, before, action)
        enrolment.ended_on = enrolment.cohort.ends_on
        changes.append(
            Change(
                on=enrolment,
                before={"state": before},
                after={"state": enrolment.state},
                details={"verdict": str(verdict.uuid), "inputs": verdict.inputs_digest},
            )
        )
    Enrolment.objects.bulk_update(
        [verdict.enrolment for verdict in verdicts], ["state", "ended_on"], batch_size=200
    )
    journal.record_many(event="enrolment.completion_decided", by=by, at=at, changes=changes)
