"""Objections to a verdict, and counselling after a warning."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import rules
from bitgoeul.apps.programmes.enums import AppealState, CounselOutcome
from bitgoeul.apps.programmes.models import Appeal, CompletionVerdict, CounselNote, Enrolment
from bitgoeul.apps.programmes.queries.listings import newest_verdict_of
from bitgoeul.apps.programmes.services.completion import decide_completion_again
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused


def appeal_until(verdict: CompletionVerdict) -> dt.date:
    """Return the last day on which one may object to a verdict."""
    days = verdict.rule_set.thresholds.completion_appeal_days
    return verdict.decided_at.astimezone(clock.SEOUL).date() + dt.timedelta(days=days)


def make_appeal(*, enrolment: Enrolment, words: str, by: User, at: dt.datetime) -> Appeal:
    """Object to the verdict that stands, within the days that the rules give.

    Raises
    ------
    Refused
        When it is somebody else's, nothing is decided, the days are over, or one waits already.
    """
    require(by, rules.can_appeal, enrolment)
    if not words.strip():
        raise Refused(_("Say what you object to."), code="incomplete")
    with transaction.atomic():
        Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
        verdict = newest_verdict_of(enrolment)
        if verdict is None:
            raise Refused(_("Nothing is decided yet."), code="wrong_state")
        if at.astimezone(clock.SEOUL).date() > appeal_until(verdict):
            raise Refused(_("The days in which one may object are over."), code="too_late")
        if Appeal.objects.filter(verdict=verdict).exists():
            raise Refused(_("You have objected to this verdict already."), code="wrong_state")
        made = Appeal(verdict=verdict, enrolment=enrolment, words=words.strip(), made_at=at)
        check(made)
        made.save(force_insert=True)
        journal.record(event="appeal.made", by=by, at=at, on=made, after={"words": made.words})
    return made


def answer_appeal(
    *, appeal: Appeal, accept: bool, answer: str, by: User | None, at: dt.datetime
) -> Appeal:
    """Answer an objection; what is accepted is decided again at once, and its certificate follows.

    A correction of attendance or of a mark may come before or after: see `decide_completion_again`.
    """
    require(by, rules.can_answer_appeal, appeal)
    if not answer.strip():
        raise Refused(_("Say why."), code="incomplete")
    with transaction.atomic():
        appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
        if appeal.state != AppealState.OPEN:
            raise Refused(_("This objection is answered already."), code="wrong_state")
        before = {"state": appeal.state}
        appeal.state = AppealState.ACCEPTED if accept else AppealState.REJECTED
        appeal.answer, appeal.answered_by, appeal.answered_at = answer.strip(), by, at
        check(appeal)
        appeal.save()
        journal.record(
            event="appeal.answered",
            by=by,
            at=at,
            on=appeal,
            before=before,
            after={"state": appeal.state, "answer": appeal.answer},
        )
        if accept:
            decide_completion_again(enrolment=appeal.enrolment, by=by, at=at)
    return appeal


def write_counsel_note(
    *,
    enrolment: Enrolment,
    action: str,
    words: str,
    by: User,
    at: dt.datetime,
    reasons: Sequence[str] = (),
) -> CounselNote:
    """Keep what was done after a warning, with the warnings of that day."""
    require(by, rules.can_counsel_enrolment, enrolment)
    with transaction.atomic():
        note = CounselNote(
            enrolment=enrolment,
            action=action,
            words=words.strip(),
            reasons=list(reasons),
            written_by=by,
            written_at=at,
        )
        check(note)
        note.save(force_insert=True)
        journal.record(
            event="counsel_note.written",
            by=by,
            at=at,
            on=note,
            after={"words": note.words},
            details={"action": action, "reasons": list(reasons)},
        )
    return note


def settle_counsel_note(
    *, note: CounselNote, outcome: str, by: User | None, at: dt.datetime
) -> CounselNote:
    """Say whether the person recovered."""
    require(by, rules.can_see_counsel_note, note)
    if outcome not in CounselOutcome.values:
        raise Refused(_("Say what came of it."), code="invalid")
    with transaction.atomic():
        note = CounselNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
        before = {"outcome": note.outcome}
        note.outcome, note.outcome_at = outcome, at
        note.save(update_fields=["outcome", "outcome_at"])
        journal.record(
            event="counsel_note.settled",
            by=by,
            at=at,
            on=note,
            before=before,
            after={"outcome": outcome},
            details={"outcome": outcome},
        )
    return note
