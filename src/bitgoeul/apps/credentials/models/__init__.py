"""The room's tables."""

from bitgoeul.apps.credentials.models.achievement import Achievement
from bitgoeul.apps.credentials.models.credential import Credential, IssuerKey, StatusList
from bitgoeul.apps.credentials.models.skill import Skill

__all__ = ["Achievement", "Credential", "IssuerKey", "Skill", "StatusList"]
