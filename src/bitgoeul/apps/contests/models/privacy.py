"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests.models.contest import Acceptance, Contest, Terms
from bitgoeul.apps.contests.models.entry import Entry, Flag, Score
from bitgoeul.apps.contests.models.phase import Phase, ScorePolicy, Scorer, Task
from bitgoeul.apps.contests.models.rung import Rung
from bitgoeul.apps.contests.models.talk import Announcement, Question
from bitgoeul.apps.contests.models.team import Invitation, Merge, Team, TeamMember
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part

_TITLES = ("title_ko", "title_en")

DECLARED = {
    Contest: NOTHING,
    Phase: NOTHING,
    ScorePolicy: NOTHING,
    Task: NOTHING,
    Scorer: NOTHING,
    Terms: NOTHING,
    Acceptance: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="agreed", title=_("what one agreed to"), erase=Erase.LINK),),
        plain=("accepted_at",),
    ),
    Team: Declaration(
        kind=Kind.PERSONAL,
        person="captain",
        parts=(Part(key="led", title=_("teams one leads"), erase=Erase.LINK),),
        plain=("name", "state", "reason", "made_at"),
    ),
    TeamMember: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="membership", title=_("teams one is in"), erase=Erase.LINK),),
        plain=("joined_at", "left_at"),
    ),
    Invitation: Declaration(
        kind=Kind.PERSONAL,
        person="made_by",
        parts=(Part(key="address", title=_("whom one invited"), fields=("email",)),),
        plain=("key_sha256", "made_at", "expires_at", "revoked_at", "used_at"),
    ),
    Merge: NOTHING,
    Entry: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="said",
                title=_("what one said of an entry"),
                fields=("note", "external_data", "reason"),
            ),
        ),
        plain=("received_at", "state", "verdict", "settled_at", "final"),
    ),
    Score: Declaration(
        kind=Kind.PERSONAL,
        person="entry__person",
        parts=(Part(key="score", title=_("scores of entries"), erase=Erase.LINK),),
        plain=("version", "public", "private", "rows", "note", "inputs_digest", "scored_at"),
        export=False,
        why=_("What of a score one may see depends on the contest; the entry's page shows it."),
    ),
    Rung: Declaration(
        kind=Kind.PERSONAL,
        person="score__entry__person",
        parts=(Part(key="rung", title=_("what the board shows of scores"), erase=Erase.LINK),),
        plain=("shown", "improved", "made_at"),
        export=False,
        why=_("What of a score one may see depends on the contest; the entry's page shows it."),
    ),
    Flag: Declaration(
        kind=Kind.PSEUDONYMOUS,
        actors=("judged_by",),
        plain=("kind", "strength", "found_at", "state", "note", "judged_at"),
        export=False,
        why=_("It names entries of two teams; each team is told when the organiser acts on it."),
    ),
    Announcement: Declaration(
        kind=Kind.NONE,
        actors=("published_by",),
        plain=(*_TITLES, "text_ko", "text_en", "published_at"),
        export=False,
    ),
    Question: Declaration(
        kind=Kind.PERSONAL,
        person="asked_by",
        parts=(Part(key="words", title=_("questions one asked"), fields=("text",)),),
        actors=("answered_by",),
        plain=("asked_at", "answer", "answered_at", "hidden"),
    ),
}
