"""What the pages list: labs, submissions with their score, marks."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.queries import name_keys
from bitgoeul.apps.credentials.models import Skill
from bitgoeul.apps.labs.enums import LabState, SubmissionState
from bitgoeul.apps.labs.models import Evaluation, Lab, Participant, Practice, Submission
from bitgoeul.apps.labs.queries.scores import Best, best_evaluations
from bitgoeul.core.clock import SEOUL
from bitgoeul.core.db.matching import matches
from bitgoeul.core.jobs.models import Job


def labs_listed(visible: Q, *, name: str = "", state: str = "") -> QuerySet[Lab]:
    """Return labs by a part of the title and a state."""
    found = Lab.objects.filter(visible).select_related("owner")
    if name:
        found = found.filter(matches(name, "title_ko", "title_en"))
    if state:
        found = found.filter(state=state)
    return found.distinct()


def open_labs(*, at: dt.datetime, name: str = "", kind: str = "", skill: str = "") -> QuerySet[Lab]:
    """Return the labs that whoever has an account may do now: the public catalogue."""
    found = Lab.objects.filter(
        open_to_all=True, state=LabState.OPEN, opens_at__lte=at, closes_at__gte=at
    )
    if name:
        found = found.filter(matches(name, "title_ko", "title_en"))
    if kind:
        found = found.filter(kind=kind)
    if skill:
        words = ("name_ko", "name_en", "other_names", "key")
        known = Skill.objects.filter(matches(skill, *words)).order_by().values("pk")
        found = found.filter(
            pk__in=Lab.skills.through.objects.filter(skill__in=known).values("lab")
        )
    return found.select_related("owner").prefetch_related("skills").order_by("title_ko", "id")


def attempts_left(lab: Lab, person: User, *, at: dt.datetime) -> int:
    """Return how many submissions a person still has on the day (in Seoul) of a moment.

    What we failed to score is not counted against its owner.
    """
    day = at.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    used = Submission.objects.filter(
        lab=lab, person=person, received_at__gte=day, received_at__lt=day + dt.timedelta(days=1)
    ).exclude(state=SubmissionState.FAILED)
    return max(lab.daily_limit - used.count(), 0)


def attempts_left_altogether(lab: Lab, person: User) -> int | None:
    """Return how many submissions a person still has in all; None where nothing limits them."""
    if lab.total_limit is None:
        return None
    used = Submission.objects.filter(lab=lab, person=person).exclude(state=SubmissionState.FAILED)
    return max(lab.total_limit - used.count(), 0)


def submissions_of(lab: Lab, person: User) -> QuerySet[Submission]:
    """Return one person's submissions to a lab, newest first, each with its `score`."""
    return _with_score(Submission.objects.filter(lab=lab, person=person))


def practice_of(lab: Lab, person: User) -> Practice | None:
    """Return what a person tried last in a lab, while it is kept."""
    return Practice.objects.filter(lab=lab, person=person).first()


def job_of(row: Submission | Practice) -> Job | None:
    """Return the job that scores a submission or runs a try, when it is still kept."""
    if row.job_uuid is None:
        return None
    return Job.objects.filter(uuid=row.job_uuid).first()


def submissions_listed(
    lab: Lab, visible: Q, *, name: str = "", state: str = ""
) -> QuerySet[Submission]:
    """Return a lab's submissions by a part of the person's name and a state."""
    found = Submission.objects.filter(visible, lab=lab).select_related("person", "lab")
    if name:
        found = found.filter(person__in=name_keys(name).order_by().values("person"))
    if state:
        found = found.filter(state=state)
    return _with_score(found.distinct())


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One participant's line in the list of marks."""

    person: User
    submissions: int
    last_at: dt.datetime | None
    best: Best | None


def marks_of(lab: Lab) -> list[Mark]:
    """Return a line for everyone who was admitted, handed in or not."""
    best = best_evaluations(lab)
    counted = Submission.objects.filter(lab=lab).order_by().values("person")
    handed_in = {
        row["person"]: (row["number"], row["last_at"])
        for row in counted.annotate(number=Count("id"), last_at=Max("received_at"))
    }
    places = Participant.objects.filter(lab=lab).select_related("person")
    return [
        Mark(
            person=place.person,
            submissions=handed_in.get(place.person_id, (0, None))[0],
            last_at=handed_in.get(place.person_id, (0, None))[1],
            best=best.get(place.person_id),
        )
        for place in places.order_by("person__full_name", "person_id")
    ]


def personal_data_of(person: User) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Return what this room keeps about a person, for the file they may take with them."""
    # What was handed in to a held lab its room tells: it knows which score one may see.
    own = Submission.objects.filter(person=person, lab__held_by_kind="")
    rows = _with_score(own).select_related("lab")
    places = Participant.objects.filter(person=person).select_related("lab")
    return {
        "labs": [{"lab": place.lab.title_ko, "admitted_at": place.admitted_at} for place in places],
        "submissions": [
            {
                "lab": row.lab.title_ko,
                "file": row.name,
                "sha256": row.sha256,
                "received_at": row.received_at,
                "state": row.state,
                "reason": row.reason,
                "score": row.score,  # type: ignore[attr-defined]  # annotated above
            }
            for row in rows
        ],
        "tries": [
            {
                "lab": row.lab.title_ko,
                "file": row.name,
                "tried_at": row.tried_at,
                "state": row.state,
                "reason": row.told,
                "checks": row.checks,
                "output": row.output,
            }
            for row in Practice.objects.filter(person=person).select_related("lab")
        ],
    }


def _with_score(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    newest = Evaluation.objects.filter(submission=OuterRef("pk")).order_by("-evaluated_at", "-id")
    return rows.annotate(score=Subquery(newest.values("score")[:1]))
