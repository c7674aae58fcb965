"""What this room keeps about people, and until when."""

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models.agreement import Agreement, Article, Commitment, Party
from bitgoeul.apps.alliance.models.committee import Committee, Seat
from bitgoeul.apps.alliance.models.consent import Consent, ConsentText
from bitgoeul.apps.alliance.models.decision import (
    Action,
    DecidedCommitment,
    Decision,
    VoteCount,
)
from bitgoeul.apps.alliance.models.meeting import AgendaItem, Meeting, Presence
from bitgoeul.apps.alliance.models.name_key import NameKey
from bitgoeul.apps.alliance.models.organisation import Membership, Organisation
from bitgoeul.apps.alliance.models.role_invitation import RoleInvitation
from bitgoeul.apps.alliance.models.second_factor import SecondFactorReset
from bitgoeul.apps.alliance.models.shared_document import DocumentVersion, SharedDocument
from bitgoeul.apps.alliance.models.user import User
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part

ERASED = "(erased · 파기됨)"
"""What stands where a name was: the same in both languages, for a row has only one."""


def erased_address(person: User) -> str:
    """Return the address of an account that has none any more; `.invalid` reaches nobody."""
    return f"erased-{person.uuid.hex}@erased.invalid"


def _invitations_of(person: Model) -> QuerySet[RoleInvitation]:
    """Those that a person accepted, and those that wait for their address."""
    return RoleInvitation.objects.filter(
        Q(accepted_by=person.pk) | Q(email=getattr(person, "email", ""))
    )


DECLARED = {
    User: Declaration(
        kind=Kind.PERSONAL,
        person="self",
        parts=(
            Part(
                key="contact",
                title=_("telephone, residence and signing in"),
                fields=("phone", "romanised_name", "residence", "password", "last_login"),
                cleared={"password": "!erased", "is_active": False},
            ),
            Part(
                key="identity",
                title=_("name, e-mail and date of birth"),
                fields=("email", "full_name", "birth_on", "sex"),
                cleared={"email": erased_address, "full_name": ERASED},
                with_records=True,
            ),
        ),
        plain=("language", "is_active", "is_staff", "is_superuser", "created_at"),
    ),
    NameKey: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(key="index", fields=("text", "initials"), erase=Erase.DELETE, with_records=True),
        ),
        export=False,
        why=_("It repeats the name so that it can be found."),
    ),
    Membership: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="role", erase=Erase.LINK),),
        plain=("role", "started_on", "ended_on"),
    ),
    Consent: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="proof", erase=Erase.LINK),),
        plain=("given_at", "withdrawn_at", "source"),
    ),
    SecondFactorReset: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="recognition", fields=("reason",)),),
        actors=("asked_by", "decided_by"),
        plain=("asked_at", "decided_at", "granted"),
    ),
    RoleInvitation: Declaration(
        kind=Kind.PERSONAL,
        find=_invitations_of,
        parts=(
            Part(
                key="invitation",
                fields=("email", "token_sha256"),
                erase=Erase.DELETE,
            ),
        ),
        actors=("invited_by", "accepted_by"),
        plain=(
            "role",
            "language",
            "invited_at",
            "expires_at",
            "letters",
            "accepted_at",
            "revoked_at",
        ),
    ),
    ConsentText: NOTHING,
    Organisation: Declaration(kind=Kind.NONE, plain=("name_ko", "name_en"), export=False),
    Agreement: NOTHING,
    Party: NOTHING,
    Article: NOTHING,
    Commitment: NOTHING,
    Committee: Declaration(kind=Kind.NONE, plain=("name_ko", "name_en"), export=False),
    Seat: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="seat", erase=Erase.LINK),),
        plain=("office", "started_on", "ended_on"),
    ),
    # Minutes are the record of a body, not of a person: they stay, and name by account only.
    Meeting: Declaration(kind=Kind.NONE, actors=("minutes_by", "approved_by"), export=False),
    AgendaItem: Declaration(kind=Kind.NONE, actors=("presenter",), export=False),
    Presence: Declaration(
        kind=Kind.PERSONAL,
        person="seat__person",
        parts=(Part(key="attendance", erase=Erase.LINK),),
        plain=("state", "answered_at"),
    ),
    Decision: NOTHING,
    VoteCount: NOTHING,
    DecidedCommitment: NOTHING,
    Action: Declaration(
        kind=Kind.PERSONAL,
        person="owner",
        parts=(Part(key="task", erase=Erase.LINK),),
        actors=("settled_by",),
        plain=(
            "text",
            "due_on",
            "state",
            "outcome",
            "file",
            "file_name",
            "file_sha256",
            "created_at",
            "settled_at",
        ),
    ),
    SharedDocument: Declaration(kind=Kind.NONE, actors=("withdrawn_by",), export=False),
    DocumentVersion: Declaration(
        kind=Kind.NONE, actors=("uploaded_by",), plain=("name", "file"), export=False
    ),
}
