"""Where a person's name may be entered by whoever looks for it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bitgoeul.core import hangul
from bitgoeul.core.db import lookups  # noqa: F401 -- registers `begins`
from bitgoeul.core.db.fields import CodePointField
from bitgoeul.core.db.inserting import insert_rows

_CHUNK = 2000


class NameKeyQuerySet(models.QuerySet["NameKey"]):
    """Filters over the keys."""

    def beginning(self, word: str) -> "NameKeyQuerySet":
        """Keep the keys that begin with a folded word; its consonants stand for syllables.

        They come in the order of the index that finds them, so the first few cost little.
        """
        word = word[: hangul.KEY_LENGTH]
        if not hangul.has_initials(word):
            return self.filter(text__begins=word).order_by("text", "person")
        reduced = hangul.initials(word)
        found = self.filter(initials__begins=reduced)
        found = found.order_by("initials", "text", "person")
        if reduced == word:
            return found
        # The consonants are right already; the syllables that were written out must be, too.
        return found.filter(text__regex="^" + hangul.pattern(word))


class NameKeyManager(models.Manager["NameKey"]):
    """Keeps the keys beside the names; whoever writes a name calls `keep` in its transaction."""

    def get_queryset(self) -> NameKeyQuerySet:
        """Return the filters above."""
        return NameKeyQuerySet(self.model, using=self._db)

    def keep(self, people: Iterable[Any]) -> None:
        """Make the keys of people anew."""
        known = [person for person in people if person.pk]
        for start in range(0, len(known), _CHUNK):
            some = known[start : start + _CHUNK]
            self.filter(person__in=[person.pk for person in some]).delete()
            self._insert(keys_for(some))

    def keep_first(self, people: Iterable[Any]) -> None:
        """Make the keys of people who have none yet."""
        self._insert(keys_for(people))

    def _insert(self, rows: list[tuple[int, str, str]]) -> None:
        insert_rows(self.model, ("person", "text", "initials"), rows)


class NameKey(models.Model):
    """A name from one of its syllables or words on, and the same in initial consonants.

    Derived from the person's names and made anew with them; it says nothing of its own.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="name_keys"
    )
    text = CodePointField(max_length=hangul.KEY_LENGTH)
    initials = CodePointField(max_length=hangul.KEY_LENGTH, blank=True)

    objects: ClassVar[NameKeyManager] = NameKeyManager()

    class Meta:
        ordering = ("text", "id")
        verbose_name = _("search key of a name")
        verbose_name_plural = _("search keys of names")
        indexes = (
            models.Index(fields=("text", "person"), name="alliance_namekey_text"),
            models.Index(fields=("initials", "text", "person"), name="alliance_namekey_initials"),
        )

    def __str__(self) -> str:
        return self.text


def keys_for(people: Iterable[Any]) -> list[tuple[int, str, str]]:
    """Return the rows that people's names give: person, text, initials."""
    return [
        (person.pk, key.text, key.initials)
        for person in people
        for key in hangul.keys_of(person.full_name, person.romanised_name)
    ]
