"""The room's tables."""

from bitgoeul.apps.alliance.models.agreement import Agreement, Article, Commitment, Party
from bitgoeul.apps.alliance.models.consent import Consent, ConsentText
from bitgoeul.apps.alliance.models.name_key import NameKey
from bitgoeul.apps.alliance.models.organisation import Membership, Organisation
from bitgoeul.apps.alliance.models.second_factor import SecondFactorReset
from bitgoeul.apps.alliance.models.user import SignedInRequest, User

__all__ = [
    "Agreement",
    "Article",
    "Commitment",
    "Consent",
    "ConsentText",
    "Membership",
    "NameKey",
    "Organisation",
    "Party",
    "SecondFactorReset",
    "SignedInRequest",
    "User",
]
