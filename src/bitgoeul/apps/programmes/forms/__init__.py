"""Forms of the room; they read what people typed, the services decide."""

from bitgoeul.apps.programmes.forms.attendance import DayForm, ReasonForm
from bitgoeul.apps.programmes.forms.planning import CohortForm, ProgrammeForm
from bitgoeul.apps.programmes.forms.questions import (
    AccommodationForm,
    DuplicateForm,
    QuestionForm,
)
from bitgoeul.apps.programmes.forms.rulesets import RuleSetForm
from bitgoeul.apps.programmes.forms.running import (
    ApplicationFilter,
    ApplicationForm,
    AssignmentForm,
    EndForm,
    EnrolmentFilter,
    ExamForm,
    JudgeForm,
    SelectionFilter,
    answers_of,
)

__all__ = [
    "AccommodationForm",
    "ApplicationFilter",
    "ApplicationForm",
    "AssignmentForm",
    "CohortForm",
    "DayForm",
    "DuplicateForm",
    "EndForm",
    "EnrolmentFilter",
    "ExamForm",
    "JudgeForm",
    "ProgrammeForm",
    "QuestionForm",
    "ReasonForm",
    "RuleSetForm",
    "SelectionFilter",
    "answers_of",
]
