"""A transcript: hours by module, marks, skills and the verdict, as data for both languages."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bitgoeul.apps.alliance.models import Organisation
from bitgoeul.apps.labs.queries.scores import Best, best_scores_by
from bitgoeul.apps.programmes.enums import SessionState
from bitgoeul.apps.programmes.models import (
    Assignment,
    Attendance,
    CompletionVerdict,
    Enrolment,
    Module,
    Project,
    Session,
)
from bitgoeul.apps.programmes.models.attendance_rule import EXCUSED, THERE
from bitgoeul.apps.programmes.queries.design import modules_for, modules_of, skills_named
from bitgoeul.apps.programmes.queries.listings import newest_verdict_of
from bitgoeul.apps.programmes.queries.projects import project_results_of

Json = dict[str, Any]
CONTENT_VERSION = 1


def transcript_content(enrolment: Enrolment) -> Json:
    """Return what a transcript of somebody says today; the same rows give the same content.

    Why somebody was absent stands nowhere in it: recognised absence is a number of hours.
    """
    cohort = enrolment.cohort
    modules = modules_for(enrolment.track, list(modules_of(cohort)))
    days = _days(enrolment)
    verdict = newest_verdict_of(enrolment)
    return {
        "version": CONTENT_VERSION,
        "person": _person(enrolment),
        "programme": _named(cohort.programme, "name"),
        "organiser": _named(cohort.programme.organiser, "name"),
        "cohort": cohort.number,
        "track": _named(enrolment.track, "name"),
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
        "planned_hours": cohort.hours,
        "state": enrolment.state,
        "enrolled_on": enrolment.enrolled_on.isoformat(),
        "ended_on": enrolment.ended_on.isoformat() if enrolment.ended_on else None,
        "hours": _hours("".join(days.values())),
        "modules": _modules(enrolment, modules, days),
        "labs": _labs(enrolment),
        "projects": _projects(enrolment),
        "exam": None if enrolment.exam_score is None else str(enrolment.exam_score),
        "skills": _skills(modules),
        "verdict": _verdict(verdict) if verdict else None,
    }


def _person(enrolment: Enrolment) -> Json:
    person = enrolment.person
    return {"ko": person.full_name, "en": person.romanised_name or person.full_name}


def _named(row: Any, name: str) -> Json:
    korean = getattr(row, f"{name}_ko")
    return {"ko": korean, "en": getattr(row, f"{name}_en") or korean}


def _hours(marks: str) -> Json:
    return {
        "held": len(marks),
        "attended": marks.count(THERE),
        "recognised": marks.count(EXCUSED),
    }


def _days(enrolment: Enrolment) -> dict[dt.date, str]:
    rows = Attendance.objects.filter(enrolment=enrolment).order_by("held_on")
    return dict(rows.values_list("held_on", "hours"))


def _modules(
    enrolment: Enrolment, modules: Sequence[Module], days: Mapping[dt.date, str]
) -> list[Json]:
    marks = _marks_by_module(enrolment, days)
    return [
        {
            **_named(row, "title"),
            "hours": row.hours,
            "company_project": row.company_project,
            "company": _company(row.company),
            **_hours(marks.get(row.pk, "")),
        }
        for row in modules
    ]


def _company(company: Organisation | None) -> Json | None:
    return _named(company, "name") if company else None


def _marks_by_module(enrolment: Enrolment, days: Mapping[dt.date, str]) -> Mapping[int, str]:
    """Return the marks of each module's hours: a day's marks are shared out among its sessions."""
    if enrolment.class_group_id is None:
        return {}
    by_day: dict[dt.date, list[Session]] = defaultdict(list)
    rows = Session.objects.filter(
        class_group=enrolment.class_group_id, state=SessionState.PLANNED, held_on__in=list(days)
    )
    for row in rows.order_by("held_on", "first_hour"):
        by_day[row.held_on].append(row)
    marks: dict[int, str] = defaultdict(str)
    for day, sessions in by_day.items():
        for session, part in shared_out(days[day], sessions):
            if session.module_id is not None:
                marks[session.module_id] += part
    return marks


def shared_out(marks: str, sessions: Sequence[Session]) -> list[tuple[Session, str]]:
    """Share the marks of a day out among its sessions, in their order.

    Where the day has as many marks as its sessions have hours, they follow each other; otherwise
    a mark belongs to the hour of the day at which it stands. Hours without a mark were not held.
    """
    if len(marks) == sum(session.hours for session in sessions):
        found, at = [], 0
        for session in sessions:
            found.append((session, marks[at : at + session.hours]))
            at += session.hours
        return found
    return [
        (session, marks[session.first_hour - 1 : session.first_hour - 1 + session.hours])
        for session in sessions
    ]


def _labs(enrolment: Enrolment) -> list[Json]:
    """Return labs by what came in time, as the verdict counts; a better late score stands apart."""
    rows = Assignment.objects.filter(cohort=enrolment.cohort_id).select_related("lab")
    given = list(rows.order_by("due_at"))
    in_time, of_all = best_scores_by(enrolment.person, {row.lab_id: row.due_at for row in given})
    return [_lab(row, in_time.get(row.lab_id), of_all.get(row.lab_id)) for row in given]


def _lab(row: Assignment, counted: Best | None, best: Best | None) -> Json:
    late = best if best and (counted is None or best.evaluation != counted.evaluation) else None
    return {
        **_named(row.lab, "title"),
        "score": f"{counted.score:.6g}" if counted else None,
        "pass_line": f"{row.lab.pass_score:.6g}",
        "passed": bool(counted and counted.passed),
        "required": row.required,
        **({"late": f"{late.score:.6g}"} if late else {}),
    }


def _projects(enrolment: Enrolment) -> list[Json]:
    results = project_results_of(enrolment)
    rows = Project.objects.filter(cohort=enrolment.cohort_id) if results else ()
    named = {row.uuid: row for row in rows}
    return [
        {
            **_named(named[one.project], "title"),
            "kind": one.kind,
            "score": None if one.score is None else str(one.score),
            "pass_mark": one.pass_mark,
            "passed": one.passed,
            "required": one.required,
        }
        for one in results
    ]


def _skills(modules: Sequence[Module]) -> list[Json]:
    found = {skill.pk: skill for skill in skills_named(modules).values()}
    rows = sorted(found.values(), key=lambda skill: skill.key)
    return [{**_named(skill, "name"), "ncs": skill.ncs_code} for skill in rows]


def _verdict(verdict: CompletionVerdict) -> Json:
    return {
        "uuid": str(verdict.uuid),
        "completed": verdict.completed,
        "rules": verdict.rule_set.version,
        "inputs_digest": verdict.inputs_digest,
        "decided_at": verdict.decided_at.isoformat(),
        "lines": list(verdict.trace),
    }
