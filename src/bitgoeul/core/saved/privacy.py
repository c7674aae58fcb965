"""What a saved view keeps about people: whose it is, and what its owner looks for."""

from bitgoeul.core.privacy.declarations import Declaration, Erase, Kind, Part
from bitgoeul.core.saved.models import SavedView

DECLARED = {
    SavedView: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="view",
                fields=("path", "query", "name", "is_default", "created_at"),
                erase=Erase.DELETE,
            ),
        ),
    ),
}
