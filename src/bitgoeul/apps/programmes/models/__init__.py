"""The room's tables."""

from bitgoeul.apps.programmes.models.absence import AbsenceRequest
from bitgoeul.apps.programmes.models.allowance import (
    AllowanceLine,
    AllowanceRun,
    AllowanceTerms,
)
from bitgoeul.apps.programmes.models.application import Application, Choice, StageScore
from bitgoeul.apps.programmes.models.attendance_rule import Inputs
from bitgoeul.apps.programmes.models.care import Appeal, CounselNote
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
from bitgoeul.apps.programmes.models.lesson import (
    Announcement,
    ClassAnswer,
    ClassQuestion,
    Lesson,
    LessonFile,
)
from bitgoeul.apps.programmes.models.offer import SeatOffer
from bitgoeul.apps.programmes.models.presence import (
    Correction,
    Presence,
)
from bitgoeul.apps.programmes.models.presets import PRESET_FILES, PRESETS, Preset
from bitgoeul.apps.programmes.models.programme import (
    Cohort,
    Programme,
    RuleSet,
    Stage,
    Track,
)
from bitgoeul.apps.programmes.models.project import (
    HandIn,
    Milestone,
    PeerReview,
    Project,
    ProjectMark,
    Team,
    TeamMember,
)
from bitgoeul.apps.programmes.models.remote import RemoteProgress
from bitgoeul.apps.programmes.models.rule_fields import RuleValuesError
from bitgoeul.apps.programmes.models.rule_values import RuleValues
from bitgoeul.apps.programmes.models.selection import Selection, SelectionRound
from bitgoeul.apps.programmes.models.stage_outcome import StageOutcome
from bitgoeul.apps.programmes.models.survey import (
    SURVEY_PRESETS,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyTally,
    SurveyText,
)
from bitgoeul.apps.programmes.models.timetable import (
    CalendarFeed,
    Session,
)
from bitgoeul.apps.programmes.models.transcript import Transcript
from bitgoeul.apps.programmes.models.warning import WarningModel

__all__ = [
    "PRESETS",
    "PRESET_FILES",
    "SURVEY_PRESETS",
    "AbsenceRequest",
    "Accommodation",
    "AllowanceLine",
    "AllowanceRun",
    "AllowanceTerms",
    "Announcement",
    "Answer",
    "Appeal",
    "Application",
    "Assignment",
    "Attendance",
    "CalendarFeed",
    "Choice",
    "ClassAnswer",
    "ClassGroup",
    "ClassQuestion",
    "Cohort",
    "CompletionVerdict",
    "Correction",
    "CounselNote",
    "CourseCalendar",
    "DuplicateDecision",
    "Enrolment",
    "FormVersion",
    "HandIn",
    "Inputs",
    "Lesson",
    "LessonFile",
    "Line",
    "Milestone",
    "Module",
    "PeerReview",
    "Presence",
    "Preset",
    "Programme",
    "Project",
    "ProjectMark",
    "Question",
    "RemoteProgress",
    "RuleSet",
    "RuleValues",
    "RuleValuesError",
    "SeatOffer",
    "Selection",
    "SelectionRound",
    "Session",
    "SpecialDay",
    "Stage",
    "StageOutcome",
    "StageScore",
    "Survey",
    "SurveyInvitation",
    "SurveyQuestion",
    "SurveyTally",
    "SurveyText",
    "Teaching",
    "Team",
    "TeamMember",
    "Track",
    "Transcript",
    "Verdict",
    "WarningModel",
    "evaluate",
]
