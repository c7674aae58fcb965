"""The room's tables."""

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
from bitgoeul.apps.alliance.models.user import SignedInRequest, User

__all__ = [
    "Action",
    "AgendaItem",
    "Agreement",
    "Article",
    "Commitment",
    "Committee",
    "Consent",
    "ConsentText",
    "DecidedCommitment",
    "Decision",
    "DocumentVersion",
    "Meeting",
    "Membership",
    "NameKey",
    "Organisation",
    "Party",
    "Presence",
    "RoleInvitation",
    "Seat",
    "SecondFactorReset",
    "SharedDocument",
    "SignedInRequest",
    "User",
    "VoteCount",
]
