"""Skills in a cell: their keys or any of their names, with commas between."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.credentials.models import Skill
from bitgoeul.core.imports import CellError


class SkillNames:
    """Every key and name of the list of skills; read once, when a cell first names one."""

    def __init__(self) -> None:
        self._known: dict[str, str] | None = None

    def keys_in(self, cell: str | Sequence[str]) -> list[str]:
        """Return the keys of the skills that a cell names; keys stay what they are.

        Raises
        ------
        CellError
            When a name is none of the list's.
        """
        words = cell.split(",") if isinstance(cell, str) else cell
        names = [word.strip() for word in words if word.strip()]
        found = {name: self._key_of(name) for name in names}
        unknown = [name for name, key in found.items() if key is None]
        if unknown:
            raise CellError(
                "unknown_skill",
                _("No skill is called “%(found)s”."),
                column="skills",
                found=", ".join(unknown),
            )
        return sorted({key for key in found.values() if key})

    def _key_of(self, name: str) -> str | None:
        if self._known is None:
            self._known = {}
            for skill in Skill.objects.order_by("key"):
                for each in (skill.key, skill.name_ko, skill.name_en, *skill.aliases):
                    if each:
                        self._known.setdefault(each.casefold(), skill.key)
        return self._known.get(name.casefold())
