"""The room's tables."""

from bitgoeul.apps.programmes.models.application import Application, Choice, StageScore
from bitgoeul.apps.programmes.models.attendance_rule import Inputs
from bitgoeul.apps.programmes.models.completion_rule import Line, Verdict, evaluate
from bitgoeul.apps.programmes.models.design import (
    ClassGroup,
    CourseCalendar,
    Module,
    SpecialDay,
    Teaching,
)
from bitgoeul.apps.programmes.models.enrolment import (
    Assignment,
    Attendance,
    CompletionVerdict,
    Enrolment,
)
from bitgoeul.apps.programmes.models.form import (
    Accommodation,
    Answer,
    DuplicateDecision,
    FormVersion,
    Question,
)
from bitgoeul.apps.programmes.models.offer import SeatOffer
from bitgoeul.apps.programmes.models.presets import PRESET_FILES, PRESETS, Preset
from bitgoeul.apps.programmes.models.programme import (
    Cohort,
    Programme,
    RuleSet,
    Stage,
    Track,
)
from bitgoeul.apps.programmes.models.rule_fields import RuleValuesError
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.models.selection import Selection, SelectionRound
from bitgoeul.apps.programmes.models.stage_outcome import StageOutcome

__all__ = [
    "PRESETS",
    "PRESET_FILES",
    "Accommodation",
    "Answer",
    "Application",
    "Assignment",
    "Attendance",
    "Choice",
    "ClassGroup",
    "Cohort",
    "CompletionVerdict",
    "CourseCalendar",
    "DuplicateDecision",
    "Enrolment",
    "FormVersion",
    "Inputs",
    "Line",
    "Module",
    "Preset",
    "Programme",
    "Question",
    "RuleSet",
    "RuleValues",
    "RuleValuesError",
    "SeatOffer",
    "Selection",
    "SelectionRound",
    "SpecialDay",
    "Stage",
    "StageOutcome",
    "StageScore",
    "Teaching",
    "Track",
    "Verdict",
    "evaluate",
]
