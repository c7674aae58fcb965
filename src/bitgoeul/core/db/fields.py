"""A text column that sorts and compares by code points, on both databases alike."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CodePointField(models.CharField[str, str]):
    """Text in the order of its code points, so that an index answers "begins with".

    PostgreSQL sorts by the database's language unless told otherwise; SQLite always sorts so.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """Name the collation where there is one to name."""
        found: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found
