"""How Korean names are looked for: by any part, by initial consonants, by a mixture of the two.

"ㄱㄱㄴ", "솔빛" and "가ㄹㅅ" all find 가람솔빛. Everything here is pure; nothing knows a table.
"""

import re
import unicodedata
from dataclasses import dataclass

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
"""The nineteen initial consonants in the order of the syllable block."""

_FIRST, _LAST, _PER_INITIAL = ord("가"), ord("힣"), 588
# Some keyboards join two consonants typed in a row into one letter that begins no syllable.
_JOINED = {
    "ㄳ": "ㄱㅅ",
    "ㄵ": "ㄴㅈ",
    "ㄶ": "ㄴㅎ",
    "ㄺ": "ㄹㄱ",
    "ㄻ": "ㄹㅁ",
    "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ",
    "ㅀ": "ㄹㅎ",
    "ㅄ": "ㅂㅅ",
}
_JOINED_TABLE = str.maketrans(_JOINED)
_BROKEN = re.compile("[\x00\ud800-\udfff]")

KEY_LENGTH = 40
"""A key keeps so many characters; a longer word is looked for by its beginning."""
KEYS_AT_MOST = 40


@dataclass(frozen=True, order=True)
class Key:
    """One place at which a name may be entered: the rest of the name from there on.

    `initials` is the same with each syllable reduced to its initial consonant; empty when the
    rest holds no syllable.
    """

    text: str
    initials: str


def fold(text: str) -> str:
    """Bring a name or a question into the one form in which they are compared."""
    return unicodedata.normalize("NFC", _BROKEN.sub("", text)).casefold()


def initials(text: str) -> str:
    """Reduce each syllable to its initial consonant; whatever else there is stays."""
    return "".join(
        INITIALS[(ord(each) - _FIRST) // _PER_INITIAL] if "가" <= each <= "힣" else each
        for each in text
    )


def words(question: str) -> list[str]:
    """Split what somebody typed into the words that must all be found."""
    return fold(question).translate(_JOINED_TABLE).split()


def has_initials(word: str) -> bool:
    """Tell whether a word holds a consonant that stands for a syllable."""
    return any(each in INITIALS for each in word)


def keys_of(*names: str) -> list[Key]:
    """Return every place at which names can be entered: each syllable, each beginning of a word.

    Spaces are left out, so that 가람 솔빛 is found as 가람솔빛 too.
    """
    found: set[Key] = set()
    for name in names:
        folded = fold(name)
        whole = "".join(folded.split())
        for place in _entries(folded):
            rest = whole[place : place + KEY_LENGTH]
            reduced = initials(rest)
            found.add(Key(text=rest, initials=reduced if reduced != rest else ""))
    return sorted(found)[:KEYS_AT_MOST]


def _entries(folded: str) -> list[int]:
    """Places in the name without its spaces at which a syllable or a word begins."""
    places, place, fresh = [], 0, True
    for each in folded:
        if each.isspace():
            fresh = True
            continue
        if fresh or "가" <= each <= "힣" or not each.isalnum():
            places.append(place)
        fresh = not each.isalnum()
        place += 1
    return places


def pattern(word: str) -> str:
    """Write a word as a regular expression for both databases: a consonant is its syllables."""
    return "".join(_syllables(each) if each in INITIALS else re.escape(each) for each in word)


def _syllables(consonant: str) -> str:
    first = _FIRST + INITIALS.index(consonant) * _PER_INITIAL
    return f"[{consonant}{chr(first)}-{chr(first + _PER_INITIAL - 1)}]"


def after(prefix: str) -> str:
    """Return the first text that sorts behind every text that begins with `prefix`."""
    last = ord(prefix[-1]) + 1
    # The surrogates are no characters; nothing sorts behind the last code point of all.
    last = 0xE000 if 0xD800 <= last <= 0xDFFF else min(last, 0x10FFFF)
    return prefix[:-1] + chr(last)
