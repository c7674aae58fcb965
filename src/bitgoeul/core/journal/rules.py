"""Who may read the journal. The core knows no roles: the settings name the rooms' rules."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def can_read_journal(user: Any) -> bool:
    """Tell whether a person may see that the journal stands, and have it verified."""
    return _asked("BITGOEUL_JOURNAL_RULE", user)


def can_read_history(user: Any) -> bool:
    """Tell whether a person may see what happened to an object, without its personal data."""
    return _asked("BITGOEUL_HISTORY_RULE", user)


def can_read_readings(user: Any) -> bool:
    """Tell whether a person may see who read whose data."""
    return _asked("BITGOEUL_READINGS_RULE", user)


def _asked(setting: str, user: Any) -> bool:
    if not user.is_authenticated:
        return False
    rule = getattr(settings, setting, "")
    return bool(import_string(rule)(user) if rule else user.is_superuser)
