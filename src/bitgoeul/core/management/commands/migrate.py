"""`migrate`, which makes the tables of an empty database at once."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from bitgoeul.core.db import fresh

PARTIAL = (
    "app_label",
    "migration_name",
    "plan",
    "check_unapplied",
    "fake",
    "fake_initial",
    "prune",
)
"""What asks for something else than everything."""


class Command(migrate.Command):
    """Django's own command; see `bitgoeul.core.db.fresh` for what it does to an empty database."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tables where there are none, then go on as ever."""
        connection = connections[options["database"]]
        if not any(options.get(name) for name in PARTIAL) and fresh.is_empty(connection):
            fresh.create(connection)
        super().handle(*args, **options)
