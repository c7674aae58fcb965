"""What the room holds about one person, for their own download."""

from collections.abc import Mapping, Sequence

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.reviews.enums import PanelState, ReviewState
from bitgoeul.apps.reviews.models import Case, Review


def personal_data_of(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return one's cases as reviewers saw them, and the opinions of panels that are closed."""
    return {
        "cases": list(Case.objects.filter(person=person).values("number", "sheet", "brought_at")),
        "opinions": list(
            Review.objects.filter(
                case__person=person,
                state=ReviewState.SUBMITTED,
                case__panel__state=PanelState.CLOSED,
            ).values("case__number", "scores", "total", "comment", "submitted_at")
        ),
    }
