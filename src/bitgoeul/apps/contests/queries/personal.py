"""What this room keeps about a person, for the file they may take with them."""

from collections.abc import Mapping, Sequence

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.models import Acceptance, Entry, Invitation, Question, TeamMember


def personal_data_of(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return teams, entries, agreements and questions of a person."""
    members = TeamMember.objects.filter(person=person).select_related("team", "contest")
    entries = Entry.objects.filter(person=person).select_related("task", "team")
    accepted = Acceptance.objects.filter(person=person).select_related("terms__contest")
    return {
        "teams": [
            {
                "contest": row.contest.title_ko,
                "team": row.team.name,
                "joined_at": row.joined_at,
                "left_at": row.left_at,
            }
            for row in members
        ],
        "entries": [
            {
                "task": row.task.title_ko,
                "team": row.team.name,
                "received_at": row.received_at,
                "state": row.state,
                "verdict": row.verdict,
                "reason": row.reason,
                "note": row.note,
                "external_data": row.external_data,
            }
            for row in entries
        ],
        "invited": _invited(person),
        "agreed": [
            {
                "contest": row.terms.contest.title_ko,
                "text": str(row.terms),
                "accepted_at": row.accepted_at,
            }
            for row in accepted
        ],
        "questions": [
            {"text": row.text, "asked_at": row.asked_at, "answer": row.answer}
            for row in Question.objects.filter(asked_by=person)
        ],
    }


def _invited(person: User) -> list[Mapping[str, object]]:
    rows = Invitation.objects.filter(made_by=person).select_related("team")
    return [{"team": row.team.name, "email": row.email, "made_at": row.made_at} for row in rows]
