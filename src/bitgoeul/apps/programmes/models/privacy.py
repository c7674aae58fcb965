"""What this room keeps about people, and until when."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.programmes.models.allowance import (
    AllowanceLine,
    AllowanceRun,
    AllowanceTerms,
)
from bitgoeul.apps.programmes.models.application import Application, Choice, StageScore
from bitgoeul.apps.programmes.models.care import Appeal, CounselNote
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
from bitgoeul.apps.programmes.models.programme import Cohort, Programme, RuleSet, Stage, Track
from bitgoeul.apps.programmes.models.remote import RemoteProgress
from bitgoeul.apps.programmes.models.selection import Selection, SelectionRound
from bitgoeul.apps.programmes.models.stage_outcome import StageOutcome
from bitgoeul.apps.programmes.models.teaching_privacy import TEACHING
from bitgoeul.apps.programmes.models.transcript import Transcript
from bitgoeul.apps.programmes.models.warning import WarningModel
from bitgoeul.core.privacy.declarations import (
    NOTHING,
    Declaration,
    Erase,
    Kind,
    Part,
    Retention,
    years,
)

TRAINING = Retention(
    key="training",
    title=_("Records of publicly funded training: five years after the cohort ended"),
    days=years(5),
    source=_("K-Digital Training operating rules §58 (second-hand: check at the source)"),
)
COUNSEL = Retention(
    key="counselling",
    title=_("Counselling notes: a year after the cohort ended"),
    days=years(1),
    source=_("the alliance's own rule: as long as recovery is looked at"),
)
_NAMED = ("name_ko", "name_en")
_COHORT_ENDED = ("enrolment__cohort__ends_on",)

DECLARED = TEACHING | {
    Programme: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    RuleSet: Declaration(kind=Kind.NONE, actors=("approved_by", "proposed_by"), export=False),
    Cohort: NOTHING,
    Track: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    Stage: Declaration(kind=Kind.NONE, plain=_NAMED, export=False),
    Assignment: NOTHING,
    Application: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(key="words", title=_("what was written"), fields=("motivation", "state_reason")),
            Part(
                key="facts",
                title=_("what was true on that day"),
                fields=("residence", "school_region", "major", "work_status"),
                keep=TRAINING,
                after=("cohort__ends_on",),
            ),
        ),
        plain=("number", "state", "submitted_at"),
    ),
    FormVersion: Declaration(kind=Kind.NONE, actors=("published_by",), export=False),
    Question: NOTHING,
    Answer: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(
            Part(
                key="answer",
                title=_("answers to the programme's own questions"),
                fields=("value", "file", "name", "sha256"),
                cleared={"value": ""},
            ),
        ),
        plain=("size",),
    ),
    Accommodation: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(
            Part(key="need", title=_("what one needs to take part"), fields=("need", "answer")),
        ),
        actors=("decided_by",),
        plain=("state", "asked_at", "decided_at"),
    ),
    DuplicateDecision: Declaration(
        kind=Kind.PERSONAL,
        person="first__person",
        parts=(Part(key="note", fields=("note", "reasons"), cleared={"reasons": []}),),
        actors=("decided_by",),
        plain=("verdict", "decided_at"),
    ),
    SeatOffer: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(Part(key="seat", erase=Erase.LINK),),
        plain=("pool", "turn", "cause", "state", "made_at", "answer_by", "answered_at"),
    ),
    StageOutcome: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(
            Part(
                key="outcome",
                fields=("score",),
                keep=TRAINING,
                after=("application__cohort__ends_on",),
            ),
        ),
        plain=("passed", "line", "decided_at"),
    ),
    Choice: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(Part(key="wish", erase=Erase.LINK),),
        plain=("rank",),
    ),
    StageScore: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(
            Part(
                key="score",
                fields=("score", "entered_at"),
                erase=Erase.DELETE,
                keep=TRAINING,
                after=("application__cohort__ends_on",),
            ),
        ),
    ),
    SelectionRound: Declaration(
        kind=Kind.PSEUDONYMOUS,
        export=False,
        why=_("A certified round stays verifiable; people stand in it by application number only."),
    ),
    Selection: Declaration(
        kind=Kind.PERSONAL,
        person="application__person",
        parts=(
            Part(
                key="grounds",
                fields=("why",),
                cleared={"why": {}},
                keep=TRAINING,
                after=("application__cohort__ends_on",),
            ),
        ),
        plain=("pool", "total_score", "local"),
    ),
    Enrolment: Declaration(
        kind=Kind.PERSONAL,
        person="person",
        parts=(
            Part(
                key="training",
                fields=("end_reason", "exam_score"),
                keep=TRAINING,
                after=("cohort__ends_on",),
            ),
        ),
        plain=("state", "enrolled_on", "ended_on"),
    ),
    Attendance: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="day",
                fields=("held_on", "hours", "late", "left_early", "went_out", "excuse"),
                erase=Erase.DELETE,
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
    ),
    RemoteProgress: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="remote",
                title=_("progress in the remote part of a course"),
                fields=("percent", "source", "as_of", "recorded_at"),
                erase=Erase.DELETE,
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
    ),
    AllowanceTerms: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="rate",
                title=_("the rate of allowances"),
                fields=("kind", "reason"),
                erase=Erase.DELETE,
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
    ),
    AllowanceRun: Declaration(kind=Kind.NONE, actors=("made_by", "approved_by"), export=False),
    AllowanceLine: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="trace",
                title=_("how an allowance was worked out"),
                fields=("inputs", "trace"),
                cleared={"inputs": {}, "trace": []},
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
        plain=("training_won", "special_won", "correction_won", "corrections", "inputs_digest"),
    ),
    Appeal: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="words",
                title=_("an objection and its answer"),
                fields=("words", "answer", "state", "made_at", "answered_at"),
                erase=Erase.DELETE,
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
        actors=("answered_by",),
    ),
    CounselNote: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="note",
                title=_("counselling notes; they go with the course, no law keeps them"),
                fields=("action", "reasons", "words", "outcome", "written_at", "outcome_at"),
                erase=Erase.DELETE,
                keep=COUNSEL,
                after=_COHORT_ENDED,
            ),
        ),
        actors=("written_by",),
    ),
    CompletionVerdict: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="trace",
                fields=("inputs", "trace"),
                cleared={"inputs": {}, "trace": []},
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
        plain=("completed", "inputs_digest", "decided_at"),
    ),
    Transcript: Declaration(
        kind=Kind.PERSONAL,
        person="enrolment__person",
        parts=(
            Part(
                key="content",
                title=_("the transcript and what stands on it"),
                fields=("content",),
                cleared={"content": {}},
                keep=TRAINING,
                after=_COHORT_ENDED,
            ),
        ),
        actors=("issued_by",),
        plain=("code", "digest", "issued_at"),
    ),
    WarningModel: Declaration(kind=Kind.NONE, actors=("trained_by",), export=False),
}
