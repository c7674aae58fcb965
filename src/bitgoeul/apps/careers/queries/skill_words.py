"""Which skills a text speaks of, by every name that the list of skills knows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bitgoeul.apps.credentials.models import Skill

_HANGUL = re.compile("[가-힣]")
_SPACES = re.compile(r"\s+")
_SHORTEST = 2
_SHORT = 3


@dataclass(frozen=True)
class Lexicon:
    """Names of skills, the longest first, so that 자바스크립트 is not read as 자바."""

    names: tuple[tuple[re.Pattern[str], str], ...] = field(repr=False)

    def find(self, text: str) -> list[str]:
        """Return the keys of the skills that a text names, in the order of the alphabet.

        A name in Latin letters stands as a word of its own, and a short one ("Go", "ML") as it is
        written in the list; a Korean one may carry a particle or have other spaces in it. What
        was read as a longer name is not read again.
        """
        rest, found = text, set()
        for pattern, key in self.names:
            rest, number = pattern.subn(" \u0000 ", rest)
            if number:
                found.add(key)
        return sorted(found)


def lexicon(skills: Iterable[Skill]) -> Lexicon:
    """Return the names of skills as they are looked for in texts."""
    names: dict[str, str] = {}
    for skill in skills:
        for name in (skill.name_ko, skill.name_en, *skill.aliases):
            plain = _SPACES.sub(" ", name).strip()
            if len(plain) >= _SHORTEST:
                names.setdefault(plain, skill.key)
    ordered = sorted(names.items(), key=lambda pair: (-len(pair[0]), pair[0]))
    return Lexicon(tuple((_pattern(name), key) for name, key in ordered))


def _pattern(name: str) -> re.Pattern[str]:
    words: Sequence[str] = [re.escape(word) for word in name.split(" ")]
    if _HANGUL.search(name):
        return re.compile(r"(?<![가-힣])" + r"\s*".join(words), re.IGNORECASE)
    flags = re.NOFLAG if len(name) <= _SHORT else re.IGNORECASE
    letters = r"[A-Za-z0-9+#]"
    return re.compile(rf"(?<!{letters})" + r"[\s-]+".join(words) + rf"(?!{letters})", flags)
