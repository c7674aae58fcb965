"""Technical words, explained where they stand: `{% explain "quorum" %}` beside the word.

`entry` is the word's entry in docs/glossary.md, where it stands in both languages.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as pages write it, and one or two sentences that need no other such word."""

    term: "str | Promise"
    text: "str | Promise"
    entry: str


WORDS: dict[str, Word] = {
    "digest": Word(
        term=pgettext_lazy("word", "digest"),
        text=_(
            "A short fingerprint of the whole content. If a single letter changes, it changes: two "
            "equal ones mean the same content."
        ),
        entry="digest",
    ),
    "seal": Word(
        term=pgettext_lazy("word", "seal"),
        text=_(
            "Entries are closed in batches, each with the fingerprint of the one before. Whoever "
            "changed an old entry would have to change every later seal."
        ),
        entry="journal, seal",
    ),
    "seed": Word(
        term=pgettext_lazy("word", "seed"),
        text=_(
            "The text from which every lottery number is worked out. It is fixed before anybody "
            "knows the applications and shown afterwards, so anyone can draw again."
        ),
        entry="lottery, seed",
    ),
    "commitment": Word(
        term=pgettext_lazy("word", "commitment of a lottery"),
        text=_(
            "The fingerprint of the seed, shown before the lottery. It proves afterwards that the "
            "seed was not chosen to suit the result."
        ),
        entry="commitment of the lottery",
    ),
    "cutoff": Word(
        term=pgettext_lazy("word", "cutoff"),
        text=_("The lowest score with which somebody still got a seat of this kind."),
        entry="seat pool, cutoff",
    ),
    "stable": Word(
        term=pgettext_lazy("word", "stable"),
        text=_(
            "No graduate and company would both rather have each other than what they got. So "
            "nobody has a reason to go around the result."
        ),
        entry="stable",
    ),
    "withheld": Word(
        term=pgettext_lazy("word", "withheld"),
        text=_(
            "A count so small that one could tell who is meant is not shown, nor any other from "
            "which it could be worked out."
        ),
        entry="withheld (small cell)",
    ),
    "window": Word(
        term=pgettext_lazy("word", "window"),
        text=_("The stretch of time in which something must happen to be counted."),
        entry="window",
    ),
    "retention": Word(
        term=pgettext_lazy("word", "retention check"),
        text=_(
            "After 3, 6 and 12 months company and graduate say whether the person still works "
            "there."
        ),
        entry="retention check",
    ),
    "quorum": Word(
        term=pgettext_lazy("word", "quorum"),
        text=_(
            "So many members must be there, or represented, for the committee to decide at all."
        ),
        entry="meeting, agenda, quorum, proxy",
    ),
    "majority": Word(
        term=pgettext_lazy("word", "majority"),
        text=_("How many of the votes must be for a motion so that it is carried."),
        entry="majority",
    ),
}
