"""Forms of the room."""

from bitgoeul.apps.careers.forms.checks import AnswerForm, CheckFilter
from bitgoeul.apps.careers.forms.choices import RankForm, RatingForm
from bitgoeul.apps.careers.forms.exclusions import ExclusionFilter, ExclusionForm
from bitgoeul.apps.careers.forms.gap import GapFilter
from bitgoeul.apps.careers.forms.offers import OfferFilter
from bitgoeul.apps.careers.forms.placements import (
    EndForm,
    EvidenceForm,
    PlacementFilter,
    PlacementForm,
    StartForm,
)
from bitgoeul.apps.careers.forms.profiles import ProfileForm
from bitgoeul.apps.careers.forms.rounds import RoundForm
from bitgoeul.apps.careers.forms.vacancies import VacancyFilter, VacancyForm

__all__ = [
    "AnswerForm",
    "CheckFilter",
    "EndForm",
    "EvidenceForm",
    "ExclusionFilter",
    "ExclusionForm",
    "GapFilter",
    "OfferFilter",
    "PlacementFilter",
    "PlacementForm",
    "ProfileForm",
    "RankForm",
    "RatingForm",
    "RoundForm",
    "StartForm",
    "VacancyFilter",
    "VacancyForm",
]
