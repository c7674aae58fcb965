"""Taking decisions: votes party by party, judged by the standing rules."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import queries, rules
from bitgoeul.apps.alliance.enums import MeetingState, Voting
from bitgoeul.apps.alliance.models import (
    AgendaItem,
    Commitment,
    Committee,
    DecidedCommitment,
    Decision,
    Meeting,
    Organisation,
    User,
    VoteCount,
)
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import formats, journal
from bitgoeul.core.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Votes:
    """How the votes of one party fell."""

    organisation: Organisation
    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        """How many votes that are."""
        return self.in_favour + self.against + self.abstained


def record_decision(
    *,
    meeting: Meeting,
    title: str,
    text: str,
    votes: Sequence[Votes],
    by: User | None,
    at: dt.datetime,
    item: AgendaItem | None = None,
    effective_on: dt.date | None = None,
    supersedes: Decision | None = None,
    commitments: Mapping[Commitment, str] | None = None,
) -> Decision:
    """Write down a decision with its votes; whether it is carried follows from the rules.

    `commitments` says of each commitment concerned what changes (or nothing).

    Raises
    ------
    Refused
        Without a quorum, with more votes than are represented, or when what it supersedes is
        of another committee, not carried, or superseded already.
    """
    _check_place(meeting, item, by=by)
    _check_votes(meeting, votes)
    _check_superseded(meeting.committee, supersedes)
    year = formats.local_date(meeting.starts_at).year
    with transaction.atomic():
        Committee.objects.select_for_update().get(pk=meeting.committee_id)
        last = Decision.objects.filter(committee=meeting.committee, year=year)
        decision = Decision(
            committee=meeting.committee,
            meeting=meeting,
            item=item,
            year=year,
            number=(last.aggregate(n=Max("number"))["n"] or 0) + 1,
            title=title,
            text=text,
            effective_on=effective_on or formats.local_date(meeting.starts_at),
            carried=_is_carried(meeting.committee, votes),
            supersedes=supersedes,
        )
        if supersedes is not None and not decision.carried:
            decision.supersedes = None
        check(decision)
        decision.save(force_insert=True)
        _write_parts(decision, votes, commitments or {})
        journal.record(
            event="decision.taken",
            by=by,
            at=at,
            on=decision,
            after=_state(decision, votes),
            details={
                "meeting": str(meeting.uuid),
                "decision": decision.key,
                "carried": decision.carried,
                "supersedes": decision.supersedes.key if decision.supersedes else None,
            },
        )
    return decision


def take_back_decision(*, decision: Decision, by: User, at: dt.datetime) -> None:
    """Take a decision out that was written down by mistake: the last one, without actions."""
    meeting = decision.meeting
    if not rules.can_change_meeting(by, meeting) or meeting.state != MeetingState.HELD:
        raise Refused(_("Nothing of this meeting can be changed any more."), code="wrong_state")
    later = Decision.objects.filter(committee=decision.committee, year=decision.year)
    if later.filter(number__gt=decision.number).exists() or decision.actions.exists():
        raise Refused(_("Other entries build on this decision."))
    with transaction.atomic():
        journal.record(
            event="decision.taken_back",
            by=by,
            at=at,
            on=decision,
            details={"meeting": str(meeting.uuid), "decision": decision.key},
        )
        decision.delete()


def _check_place(meeting: Meeting, item: AgendaItem | None, *, by: User | None) -> None:
    if by is not None and not rules.can_run_meeting(by, meeting.committee):
        raise Refused(_("Decisions are written down by chair, deputy and secretary."))
    if meeting.state != MeetingState.HELD:
        raise Refused(
            _("Decisions are written down after the attendance, until the minutes are circulated."),
            code="wrong_state",
        )
    if item is not None and item.meeting_id != meeting.pk:
        raise Refused(_("The item belongs to another meeting."))


def _check_votes(meeting: Meeting, votes: Sequence[Votes]) -> None:
    presences = queries.presences_of(meeting)
    if not queries.quorum_of(meeting, presences).reached:
        raise Refused(_("There was no quorum: the meeting could not decide."), code="no_quorum")
    there = [row.seat.organisation_id for row in queries.represented(meeting, presences)]
    per_party = meeting.committee.voting == Voting.PARTY
    for vote in votes:
        seats = there.count(vote.organisation.pk)
        most = min(seats, 1) if per_party else seats
        if vote.cast > most:
            raise Refused(
                _("%(organisation)s has %(most)s votes here, and %(cast)s were entered.")
                % {"organisation": vote.organisation.name, "most": most, "cast": vote.cast}
            )
    if not any(vote.cast for vote in votes):
        raise Refused(_("No vote was entered."))


def _check_superseded(committee: Committee, earlier: Decision | None) -> None:
    if earlier is None:
        return
    if earlier.committee_id != committee.pk or not earlier.carried:
        raise Refused(_("Only a decision of this committee that was carried can be superseded."))
    if Decision.objects.filter(supersedes=earlier).exists():
        raise Refused(_("That decision has been superseded already."))


def _is_carried(committee: Committee, votes: Sequence[Votes]) -> bool:
    return queries.is_carried(
        committee.majority,
        in_favour=sum(vote.in_favour for vote in votes),
        against=sum(vote.against for vote in votes),
        abstained=sum(vote.abstained for vote in votes),
    )


def _write_parts(
    decision: Decision, votes: Sequence[Votes], commitments: Mapping[Commitment, str]
) -> None:
    for vote in votes:
        row = VoteCount(
            decision=decision,
            organisation=vote.organisation,
            in_favour=vote.in_favour,
            against=vote.against,
            abstained=vote.abstained,
        )
        check(row)
        row.save(force_insert=True)
    for commitment, change in commitments.items():
        if commitment.agreement_id != decision.committee.agreement_id:
            raise Refused(_("The commitment belongs to another agreement."))
        concerned = DecidedCommitment(decision=decision, commitment=commitment, change=change)
        check(concerned)
        concerned.save(force_insert=True)


def _state(decision: Decision, votes: Sequence[Votes]) -> dict[str, object]:
    return {
        "title": decision.title,
        "text": decision.text,
        "effective_on": decision.effective_on,
        "carried": decision.carried,
        "votes": [
            [vote.organisation.uuid, vote.in_favour, vote.against, vote.abstained] for vote in votes
        ],
    }
