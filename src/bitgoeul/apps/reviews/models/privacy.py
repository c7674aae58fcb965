"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reviews.models.panel import Case, Conflict, Panel, Panelist
from bitgoeul.apps.reviews.models.review import Review
from bitgoeul.apps.reviews.models.rubric import Rubric, RubricItem
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part

_NAMED = ("name_ko", "name_en")

DECLARED = {
    Rubric: Declaration(kind=Kind.NONE, actors=("published_by",), plain=_NAMED, export=False),
    RubricItem: NOTHING,
    Panel: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    Panelist: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="seat", erase=Erase.LINK),),
        plain=("seated_at",),
    ),
    Case: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="sheet",
                title=_("what reviewers saw"),
                fields=("sheet",),
                cleared={"sheet": []},
            ),
        ),
        plain=("kind", "number", "brought_at"),
    ),
    Conflict: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(Part(key="note", title=_("why one did not judge"), fields=("note",)),),
        plain=("reason", "found_at"),
    ),
    Review: Declaration(
        kind=Kind.PERSONAL,
        person="case__person",
        parts=(Part(key="words", title=_("what reviewers wrote"), fields=("comment",)),),
        actors=("reviewer",),
        plain=("state", "third", "scores", "total", "assigned_at", "submitted_at", "skipped_at"),
    ),
}
