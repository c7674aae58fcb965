"""Every write of the room: checked, changed and journalled in one transaction."""

from bitgoeul.apps.credentials.services.achievements import (
    create_achievement,
    retire_achievement,
    update_achievement,
)
from bitgoeul.apps.credentials.services.issuing import (
    Award,
    issue_credential,
    issue_credentials,
    list_new_keys,
    revoke_credential,
)
from bitgoeul.apps.credentials.services.skills import (
    drop_skills,
    load_starter_skills,
    starter_rows,
    write_skills,
)

__all__ = [
    "Award",
    "create_achievement",
    "drop_skills",
    "issue_credential",
    "issue_credentials",
    "list_new_keys",
    "load_starter_skills",
    "retire_achievement",
    "revoke_credential",
    "starter_rows",
    "update_achievement",
    "write_skills",
]
