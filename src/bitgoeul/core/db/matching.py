"""Finding words in the columns of a small table; a large one has keys of its own."""

from django.db.models import Q

from bitgoeul.core import hangul


def matches(question: str, *columns: str) -> Q:
    """Build the filter: each word of the question stands in one of the columns.

    A consonant stands for the syllables that it begins: ㅎㅂ finds 한빛. Every row is looked at,
    so this is for tables of thousands, not of millions.
    """
    found = Q()
    for word in hangul.words(question):
        by_sound = hangul.has_initials(word)
        lookup, value = ("iregex", hangul.pattern(word)) if by_sound else ("icontains", word)
        somewhere = Q()
        for column in columns:
            somewhere |= Q(**{f"{column}__{lookup}": value})
        found &= somewhere
    return found
