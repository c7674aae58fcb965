"""An application from draft to submitted, withdrawn, or judged not eligible."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.enums import Purpose
from bitgoeul.apps.alliance.models import ConsentText, User
from bitgoeul.apps.alliance.queries import current_consent_texts
from bitgoeul.apps.alliance.services import give_consents, register_person
from bitgoeul.apps.programmes import rules, workflow
from bitgoeul.apps.programmes.enums import ApplicationState, OfferCause
from bitgoeul.apps.programmes.models import Application, Choice, Cohort, Enrolment, Track
from bitgoeul.apps.programmes.queries.eligibility import obstacles, reason_text
from bitgoeul.apps.programmes.services.answers import (
    Given,
    answers_state,
    keep_answers,
    refuse_unanswered,
)
from bitgoeul.apps.programmes.services.notices import tell_judged, tell_received
from bitgoeul.apps.programmes.services.offers import withdraw_seat
from bitgoeul.apps.programmes.services.permission import check, require
from bitgoeul.core import clock, journal
from bitgoeul.core.errors import Refused

PURPOSES = (
    Purpose.SELECTION,
    Purpose.TRAINING,
    Purpose.JOB_SUPPORT,
    Purpose.EMPLOYER_SHARING,
    Purpose.OUTCOME_FOLLOW_UP,
    Purpose.RESEARCH,
)
"""What an applicant is asked for, each on its own; the texts say which are needed."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What an application says of the person on that day."""

    residence: str = ""
    school_region: str = ""
    major: str = ""
    work_status: str = ""
    motivation: str = ""


ANSWER_NAMES = tuple(each.name for each in fields(Answers))


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the person's own record may still lack; it is filled in, never overwritten."""

    phone: str = ""
    birth_on: dt.date | None = None
    sex: str = ""


def save_application_draft(
    *,
    cohort: Cohort,
    person: User,
    answers: Answers,
    choices: Sequence[Track],
    by: User | None,
    at: dt.datetime,
    identity: Identity | None = None,
    given: Given | None = None,
) -> Application:
    """Keep what an applicant has written so far; nothing is required yet."""
    with transaction.atomic():
        application = _open_application(cohort, person, by=by, at=at)
        _write(application, answers, choices, given, action="save", by=by, at=at)
        if identity is not None:
            complete_person(person, identity, at=at)
    return application


def submit_application(
    *,
    cohort: Cohort,
    person: User,
    answers: Answers,
    choices: Sequence[Track],
    consents: Collection[ConsentText],
    by: User | None,
    at: dt.datetime,
    identity: Identity | None = None,
    given: Given | None = None,
) -> Application:
    """Hand an application in, or hand in its corrected version, until the deadline.

    Raises
    ------
    Refused
        `incomplete` (answers, choices or a needed consent), `not_eligible`, `closed`.
    """
    with transaction.atomic():
        application = _open_application(cohort, person, by=by, at=at)
        if identity is not None:
            complete_person(person, identity, at=at)
            person.refresh_from_db()
        _refuse_incomplete(answers, choices)
        _refuse_missing_consents(consents, at=at)
        _refuse_ineligible(application.cohort, person, answers)
        application.submitted_at = at
        _write(application, answers, choices, given, action="submit", by=by, at=at)
        refuse_unanswered(application)
        give_consents(person=person, texts=list(consents), by=by, at=at)
        tell_received(application, at=at)
    return application


def withdraw_application(
    *, application: Application, by: User | None, at: dt.datetime, reason: str = ""
) -> Application:
    """Take one's application back before the deadline."""
    with transaction.atomic():
        application = _locked(application)
        require(by, rules.can_change_application, application)
        _refuse_closed(application.cohort, at)
        _move(application, "withdraw", reason=reason, by=by, at=at)
    return application


def judge_eligibility(
    *, application: Application, eligible: bool, reason: str, by: User | None, at: dt.datetime
) -> Application:
    """Declare a submitted application not eligible, or readmit it; the reason is kept."""
    with transaction.atomic():
        application = _locked(application)
        require(by, rules.can_manage_application, application)
        if not reason.strip():
            raise Refused(_("Give a reason."), code="incomplete")
        action = "readmit" if eligible else "declare_ineligible"
        if application.state == ApplicationState.SELECTED:
            _refuse_enrolled(application)
        _move(application, action, reason="" if eligible else reason, by=by, at=at)
        if not eligible:
            # Whoever was next in line is called at once.
            withdraw_seat(application, cause=OfferCause.DISQUALIFIED, by=by, at=at)
        tell_judged(application, at=at)
    return application


def complete_person(person: User, identity: Identity, *, at: dt.datetime) -> None:
    """Fill what the person's record lacks. The alliance keeps what stands there already."""
    register_person(
        email=person.email, full_name=person.full_name, by=None, at=at, **asdict(identity)
    )


def application_state(application: Application) -> dict[str, object]:
    """What of an application the journal digests."""
    return {
        "state": application.state,
        "residence": application.residence,
        "school_region": application.school_region,
        "major": application.major,
        "work_status": application.work_status,
        "motivation": application.motivation,
        "reason": application.state_reason,
    }


def _open_application(
    cohort: Cohort, person: User, *, by: User | None, at: dt.datetime
) -> Application:
    cohort = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("programme", "rule_set")
        .get(pk=cohort.pk)
    )
    _refuse_closed(cohort, at)
    found = Application.objects.filter(cohort=cohort, person=person).first()
    application = found or Application(cohort=cohort, person=person, number=_next_number(cohort))
    application.cohort = cohort
    require(by, rules.can_change_application, application)
    return application


def _refuse_closed(cohort: Cohort, at: dt.datetime) -> None:
    if not workflow.can_go(workflow.COHORT, cohort.state, "close_applications"):
        raise Refused(_("This cohort does not take applications now."), code="closed")
    if not cohort.applications_open_at <= at <= cohort.applications_close_at:
        raise Refused(_("The time for applications is over or has not begun."), code="closed")


def _next_number(cohort: Cohort) -> str:
    count = Application.objects.filter(cohort=cohort).count()
    taken = set(Application.objects.filter(cohort=cohort).values_list("number", flat=True))
    while True:
        count += 1
        number = f"{cohort.number}-{count:04d}"
        if number not in taken:
            return number


def _write(
    application: Application,
    answers: Answers,
    choices: Sequence[Track],
    given: Given | None,
    *,
    action: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    before = _whole_state(application) if application.pk else None
    application.state = workflow.go(workflow.APPLICATION, application.state, action)
    for name, value in asdict(answers).items():
        setattr(application, name, value)
    application.state_reason = ""
    check(application)
    application.save()
    ranked = _checked_choices(application, choices)
    application.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(application=application, track=track, rank=rank)
        for rank, track in enumerate(ranked, start=1)
    )
    keep_answers(application, given or Given(), at=at)
    after = _whole_state(application)
    if action == "save" and before == after:
        return  # a page that saves by itself says so once, not every time
    journal.record(
        event="application.submitted" if action == "submit" else "application.saved",
        by=by,
        at=at,
        on=application,
        before=before,
        after=after,
    )


def _whole_state(application: Application) -> dict[str, object]:
    chosen = application.choices.order_by("rank").values_list("track__key", flat=True)
    return application_state(application) | {"choices": list(chosen), **answers_state(application)}


def _checked_choices(application: Application, choices: Sequence[Track]) -> list[Track]:
    if len({track.pk for track in choices}) < len(choices):
        raise Refused(_("A track can be chosen only once."), code="invalid")
    if any(track.cohort_id != application.cohort_id for track in choices):
        raise Refused(_("A track of another cohort was chosen."), code="invalid")
    return list(choices)


def _refuse_incomplete(answers: Answers, choices: Sequence[Track]) -> None:
    needed = (answers.residence, answers.school_region, answers.major, answers.work_status)
    if not all(needed):
        raise Refused(_("Fill in every field that is needed."), code="incomplete")
    if not choices:
        raise Refused(_("Choose at least one track."), code="incomplete")


def _refuse_missing_consents(consents: Collection[ConsentText], *, at: dt.datetime) -> None:
    given = {text.pk for text in consents}
    day = at.astimezone(clock.SEOUL).date()
    for text in current_consent_texts(purposes=PURPOSES, on=day):
        if text.required and text.pk not in given:
            raise Refused(
                _("Without consent to “%(purpose)s” you cannot take part.")
                % {"purpose": text.get_purpose_display()},
                code="incomplete",
            )


def _refuse_ineligible(cohort: Cohort, person: User, answers: Answers) -> None:
    found = obstacles(
        cohort.rule_set.thresholds,
        birth_on=person.birth_on,
        work_status=answers.work_status,
        on=cohort.applications_close_at.astimezone(clock.SEOUL).date(),
    )
    if found:
        raise Refused(reason_text(",".join(found)), code="not_eligible")


def _refuse_enrolled(application: Application) -> None:
    if Enrolment.objects.filter(application=application).exists():
        raise Refused(_("This person is enrolled: end the enrolment instead."), code="wrong_state")
    if application.cohort.answer_days is None:
        raise Refused(_("The selection is published and stands."), code="wrong_state")


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("cohort__programme", "cohort__rule_set", "person")
        .get(pk=application.pk)
    )


_EVENTS: Mapping[str, str] = {
    "withdraw": "application.withdrawn",
    "declare_ineligible": "application.declared_ineligible",
    "readmit": "application.readmitted",
}


def _move(
    application: Application, action: str, *, reason: str, by: User | None, at: dt.datetime
) -> None:
    before = application_state(application)
    application.state = workflow.go(workflow.APPLICATION, application.state, action)
    application.state_reason = reason.strip()[:300]
    application.save(update_fields=["state", "state_reason"])
    journal.record(
        event=_EVENTS[action],
        by=by,
        at=at,
        on=application,
        before=before,
        after=application_state(application),
        details={"state": ApplicationState(application.state).value},
    )
