"""Model fields that keep what identifies a person encrypted, and can still be found exactly.

A stored value is `version$blind index$ciphertext`. An exact search compares the beginning, which
an ordinary index serves; nothing else about the value can be asked of the database.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models.lookups import BuiltinLookup

from bitgoeul.core.privacy import keyring


class _Sealed(models.Field):  # type: ignore[type-arg]  # of whatever type the field below has
    """What both fields share: the column is text, whatever the value is."""

    searchable = False

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        return "text"

    def get_internal_type(self) -> str:
        """Let the databases treat the column as text."""
        return "TextField"

    @property
    def _place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def _seal(self, text: str) -> str:
        return keyring.seal(text, field=self._place, searchable=self.searchable)

    def _unseal(self, value: str) -> str:
        # What was written before there were keys is read as it stands; `keys rotate` seals it.
        return keyring.unseal(value, field=self._place) if keyring.is_sealed(value) else value


class EncryptedCharField(_Sealed, models.CharField):  # type: ignore[type-arg]  # plain at run time
    """A short text that is found by its exact value only."""

    searchable = True

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt on the way in; empty stays empty."""
        text = self.get_prep_value(value)
        return self._seal(text) if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt on the way out."""
        return self._unseal(value) if value else value


class EncryptedDateField(_Sealed, models.DateField):  # type: ignore[type-arg]  # plain at run time
    """A date; not found by value, for dates of birth repeat and would be guessed."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt on the way in."""
        day = self.get_prep_value(value)
        return self._seal(day.isoformat()) if day else None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> dt.date | None:
        """Decrypt on the way out."""
        if value is None or isinstance(value, dt.date):
            return value
        return dt.date.fromisoformat(self._unseal(value))


@EncryptedCharField.register_lookup
class _Exact(BuiltinLookup[Any]):
    """Equal to a text: the stored value begins with its blind index."""

    lookup_name = "exact"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Compare the beginning under every key, with what an index serves on each database."""
        left, parameters = self.process_lhs(compiler, connection)
        column = self.lhs.output_field
        text = column.get_prep_value(self.rhs)
        if not text:
            return f"{left} = %s", (*parameters, text)
        operator, rest = ("GLOB", "*") if connection.vendor == "sqlite" else ("LIKE", "%")
        found = keyring.beginnings(text, field=column._place)
        asked = " OR ".join(f"{left} {operator} %s" for _each in found)
        values = [value for each in found for value in (*parameters, each + rest)]
        # Rows written before there were keys hold the text itself.
        return f"({asked} OR {left} = %s)", (*values, *parameters, text)


class _Refused(BuiltinLookup[Any]):
    """Anything but equality would silently find nothing: it is an error instead."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Refuse."""
        raise TypeError(f"an encrypted field cannot be asked for {self.lookup_name}")


for _name in ("contains", "icontains", "startswith", "endswith", "regex", "gt", "gte", "lt", "lte"):
    _kind = type(f"_{_name}", (_Refused,), {"lookup_name": _name, "prepare_rhs": False})
    EncryptedCharField.register_lookup(_kind)
    EncryptedDateField.register_lookup(_kind)
