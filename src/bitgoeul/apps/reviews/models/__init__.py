"""The room's tables."""

from bitgoeul.apps.reviews.models.panel import Case, Conflict, Panel, Panelist
from bitgoeul.apps.reviews.models.review import Review
from bitgoeul.apps.reviews.models.rubric import Rubric, RubricItem

__all__ = ["Case", "Conflict", "Panel", "Panelist", "Review", "Rubric", "RubricItem"]
