"""What the room keeps about one person, for the file they may take with them."""

from collections.abc import Mapping, Sequence

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes.enums import AllowanceState, SelectionState
from bitgoeul.apps.programmes.models import (
    AllowanceLine,
    AllowanceTerms,
    Appeal,
    Application,
    Attendance,
    CompletionVerdict,
    CounselNote,
    Enrolment,
    RemoteProgress,
    Selection,
    Transcript,
)
from bitgoeul.apps.programmes.queries.personal_teaching import teaching_data_of


def personal_data_of(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return applications, scores, published selections, enrolments, attendance and verdicts."""
    return {
        **teaching_data_of(person),
        "applications": _applications(person),
        "selections": _selections(person),
        "enrolments": _enrolments(person),
        "remote_progress": list(
            RemoteProgress.objects.filter(enrolment__person=person)
            .order_by("enrolment_id", "module__order")
            .values("module__title_ko", "percent", "source", "as_of", "recorded_at")
        ),
        "attendance": list(
            Attendance.objects.filter(enrolment__person=person)
            .order_by("held_on")
            .values("held_on", "hours", "late", "left_early", "went_out", "excuse")
        ),
        **_running(person),
        "completion": list(
            CompletionVerdict.objects.filter(enrolment__person=person).values(
                "completed", "trace", "inputs_digest", "decided_at"
            )
        ),
        "transcripts": list(
            Transcript.objects.filter(enrolment__person=person).values(
                "code", "content", "digest", "issued_at"
            )
        ),
    }


def _running(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Allowances with their rate, objections, and counselling notes."""
    return {
        "allowances": list(
            AllowanceLine.objects.filter(
                enrolment__person=person, run__state=AllowanceState.APPROVED
            )
            .order_by("run__ends_on")
            .values(
                "run__unit",
                "training_won",
                "special_won",
                "correction_won",
                "trace",
                "inputs_digest",
            )
        ),
        "allowance_rates": list(
            AllowanceTerms.objects.filter(enrolment__person=person).values("kind", "reason")
        ),
        "objections": list(
            Appeal.objects.filter(enrolment__person=person).values(
                "words", "state", "made_at", "answer", "answered_at"
            )
        ),
        "counselling": list(
            CounselNote.objects.filter(enrolment__person=person).values(
                "action", "words", "outcome", "written_at"
            )
        ),
    }


def _applications(person: User) -> list[Mapping[str, object]]:
    rows = Application.objects.filter(person=person).select_related("cohort__programme")
    return [
        {
            "cohort": str(row.cohort),
            "number": row.number,
            "state": row.state,
            "residence": row.residence,
            "school_region": row.school_region,
            "major": row.major,
            "work_status": row.work_status,
            "motivation": row.motivation,
            "submitted_at": row.submitted_at,
            "reason": row.state_reason,
            "tracks": [choice.track.key for choice in row.choices.all()],
            "answers": {
                answer.question.key: answer.name or answer.value for answer in row.answers.all()
            },
            "offers": [
                {"track": offer.track.key, "state": offer.state, "answer_by": offer.answer_by}
                for offer in row.seat_offers.all()
            ],
            "stages": [
                {"stage": one.stage.key, "passed": one.passed, "score": one.score}
                for one in row.stage_outcomes.all()
            ],
            "scores": {score.stage.key: score.score for score in row.stage_scores.all()},
        }
        for row in rows.prefetch_related(
            "choices__track",
            "stage_scores__stage",
            "answers__question",
            "seat_offers__track",
            "stage_outcomes__stage",
        )
    ]


def _selections(person: User) -> list[Mapping[str, object]]:
    rows = Selection.objects.filter(
        application__person=person, round__state=SelectionState.PUBLISHED
    )
    return [
        {
            "track": row.track.key if row.track else None,
            "total_score": row.total_score,
            "local": row.local,
            "why": row.why,
        }
        for row in rows.select_related("track")
    ]


def _enrolments(person: User) -> list[Mapping[str, object]]:
    rows = Enrolment.objects.filter(person=person)
    return [
        {
            "cohort": str(row.cohort),
            "track": row.track.key,
            "state": row.state,
            "enrolled_on": row.enrolled_on,
            "ended_on": row.ended_on,
            "reason": row.end_reason,
            "exam_score": row.exam_score,
        }
        for row in rows.select_related("cohort__programme", "track")
    ]
