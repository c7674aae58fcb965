"""Who may what: each yes/no beside the filter that gives the same answer for a list.

Overseeing officers are those of the programme's organiser and of a *city or university* party of
its agreement: they see everything of a cohort. Instructors of the organiser see roster and
attendance, never scores. Officers of a company party see totals only. Administrators have no part
in people's applications and results.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bitgoeul.apps.alliance.enums import Role
from bitgoeul.apps.alliance.models import Organisation, Party, User
from bitgoeul.apps.alliance.rules import (
    PUBLIC_KINDS,
    is_officer,
    officer_organisations,
    organisations_in_role,
)
from bitgoeul.apps.programmes.enums import ApplicationState, CohortState, SelectionState
from bitgoeul.apps.reviews.queries.panels import subjects_judged_by
from bitgoeul.core import access
from bitgoeul.core.access import NOBODY

Anyone = User | AnonymousUser
CASE = "programmes.application"
"""As what reviewers know an application."""


def _agreements_of(organisations: Iterable[int]) -> Any:
    # A subquery, not a join: a join would show a row once per party.
    return Party.objects.filter(organisation__in=organisations).values("agreement")


def _overseen(user: Anyone, to_programme: str = "") -> Q:
    """Filter: rows whose programme (reached by `to_programme`) the user oversees as officer."""
    if not is_officer(user):
        return NOBODY
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    return Q(**{f"{to_programme}organiser__in": officer_organisations(user)}) | Q(
        **{f"{to_programme}agreement__in": _agreements_of(public)}
    )


def _taught(user: Anyone, to_programme: str = "") -> Q:
    own = organisations_in_role(user, Role.INSTRUCTOR)
    return Q(**{f"{to_programme}organiser__in": own}) if own else NOBODY


def _oversees(user: Anyone, programme: Any) -> bool:
    if programme.organiser_id in officer_organisations(user):
        return True
    public = officer_organisations(user, kinds=PUBLIC_KINDS)
    return _is_party(user, public, programme.agreement_id)


def _is_party(user: Anyone, organisations: frozenset[int], agreement_id: int | None) -> bool:
    if agreement_id is None or not organisations:
        return False
    signed = Party.objects.filter(organisation__in=organisations, agreement=agreement_id)
    return access.once(user, ("party", organisations, agreement_id), signed.exists)


def _teaches(user: Anyone, programme: Any) -> bool:
    return programme.organiser_id in organisations_in_role(user, Role.INSTRUCTOR)


def _is_own(user: Anyone, row: Any) -> bool:
    return isinstance(user, User) and row.person_id == user.pk


def _own(user: Anyone) -> Q:
    return Q(person=user) if isinstance(user, User) else NOBODY


# Programmes


def can_create_programme(user: Anyone, organiser: Organisation) -> bool:
    """An officer of a city or university that signed an agreement may set up its programme."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    return organiser.pk in mine and Party.objects.filter(organisation=organiser).exists()


def organisers_for(user: Anyone) -> Q:
    """Filter beside `can_create_programme`: the organisations one may organise for."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    signed = Party.objects.filter(organisation__in=mine).values("organisation")
    return Q(pk__in=signed) if mine else NOBODY


def can_create_any_programme(user: Anyone) -> bool:
    """Tell whether there is an organisation for which a person may set up a programme."""
    mine = officer_organisations(user, kinds=PUBLIC_KINDS)
    return bool(mine) and Party.objects.filter(organisation__in=mine).exists()


def can_manage_programme(user: Anyone, programme: Any) -> bool:
    """Overseeing officers may change rules and cohorts."""
    return _oversees(user, programme)


def programmes_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_programme`."""
    return _overseen(user)


def can_see_programme(user: Anyone, programme: Any) -> bool:
    """Anyone may see a programme once it has called for applications; its people always."""
    if programme.cohorts.exclude(state=CohortState.PLANNED).exists():
        return True
    return _oversees(user, programme) or _teaches(user, programme)


def programmes_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_programme`."""
    return _seen(user)


def _seen(user: Anyone, to_programme: str = "") -> Q:
    called = [state for state in CohortState.values if state != CohortState.PLANNED]
    open_to_all = Q(**{f"{to_programme}cohorts__state__in": called})
    return open_to_all | _overseen(user, to_programme) | _taught(user, to_programme)


def can_manage_rule_set(user: Anyone, rule_set: Any) -> bool:
    """Overseeing officers propose and withdraw versions of the rules."""
    return _oversees(user, rule_set.programme)


def rule_sets_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_rule_set`."""
    return _overseen(user, "programme__")


def can_approve_rule_set(user: Anyone, rule_set: Any) -> bool:
    """Four eyes: an overseeing officer approves what somebody else proposed."""
    return _oversees(user, rule_set.programme) and rule_set.proposed_by_id != user.pk


def rule_sets_approvable_by(user: Anyone) -> Q:
    """Filter beside `can_approve_rule_set`."""
    if not is_officer(user):
        return NOBODY
    return _overseen(user, "programme__") & ~Q(proposed_by=user.pk)


def can_see_rule_set(user: Anyone, rule_set: Any) -> bool:
    """Approved rules are as open as their programme; a proposal is its overseers' business."""
    if rule_set.approved_at is not None and can_see_programme(user, rule_set.programme):
        return True
    return _oversees(user, rule_set.programme)


def rule_sets_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_rule_set`."""
    approved = Q(approved_at__isnull=False) & _seen(user, "programme__")
    return approved | _overseen(user, "programme__")


# Cohorts


def can_see_cohort(user: Anyone, cohort: Any) -> bool:
    """Anyone may see a cohort that called for applications; a planned one only its people."""
    if cohort.state != CohortState.PLANNED:
        return True
    return _oversees(user, cohort.programme) or _teaches(user, cohort.programme)


def cohorts_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_cohort`."""
    called = ~Q(state=CohortState.PLANNED)
    return called | _overseen(user, "programme__") | _taught(user, "programme__")


def can_manage_cohort(user: Anyone, cohort: Any) -> bool:
    """Overseeing officers run a cohort: applications, selection, enrolment, completion."""
    return _oversees(user, cohort.programme)


def cohorts_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_cohort`."""
    return _overseen(user, "programme__")


def can_teach_cohort(user: Anyone, cohort: Any) -> bool:
    """Instructors of the organiser and overseeing officers see the roster, write attendance."""
    return _teaches(user, cohort.programme) or _oversees(user, cohort.programme)


def cohorts_taught_by(user: Anyone) -> Q:
    """Filter beside `can_teach_cohort`."""
    return _taught(user, "programme__") | _overseen(user, "programme__")


def can_see_totals_of_cohort(user: Anyone, cohort: Any) -> bool:
    """Officers of every party, the company's too, see a cohort's totals."""
    if _oversees(user, cohort.programme):
        return True
    return _is_party(user, officer_organisations(user), cohort.programme.agreement_id)


def cohorts_with_totals_for(user: Anyone) -> Q:
    """Filter beside `can_see_totals_of_cohort`."""
    if not is_officer(user):
        return NOBODY
    signed = _agreements_of(officer_organisations(user))
    return _overseen(user, "programme__") | Q(programme__agreement__in=signed)


def can_apply_to_cohort(user: Anyone, cohort: Any) -> bool:
    """Anyone with an account may apply while applications are open."""
    return isinstance(user, User) and cohort.state == CohortState.APPLYING


def cohorts_open_to(user: Anyone) -> Q:
    """Filter beside `can_apply_to_cohort`."""
    return Q(state=CohortState.APPLYING) if isinstance(user, User) else NOBODY


# Applications and selection


def can_see_application(user: Anyone, application: Any) -> bool:
    """One's own; overseeing officers see those of others once they were submitted."""
    if _is_own(user, application):
        return True
    submitted = application.state != ApplicationState.DRAFT
    return submitted and _oversees(user, application.cohort.programme)


def applications_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_application`."""
    return _own(user) | applications_managed_by(user)


def can_manage_application(user: Anyone, application: Any) -> bool:
    """Overseeing officers judge and score what was submitted; a draft is the person's own."""
    submitted = application.state != ApplicationState.DRAFT
    return submitted and _oversees(user, application.cohort.programme)


def applications_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_application`."""
    return _overseen(user, "cohort__programme__") & ~Q(state=ApplicationState.DRAFT)


def can_change_application(user: Anyone, application: Any) -> bool:
    """One's own only, while the cohort takes applications."""
    return _is_own(user, application) and application.cohort.state == CohortState.APPLYING


def applications_changeable_by(user: Anyone) -> Q:
    """Filter beside `can_change_application`."""
    return _own(user) & Q(cohort__state=CohortState.APPLYING)


def can_see_answer(user: Anyone, answer: Any) -> bool:
    """Whoever sees an application; who judges it now, unless the question is hidden from them."""
    if can_see_application(user, answer.application):
        return True
    judged = subjects_judged_by(user, CASE)
    return (
        not answer.question.blind
        and judged.filter(case__subject_uuid=answer.application.uuid).exists()
    )


def answers_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_answer`."""
    mine = Q(application__person=user) if isinstance(user, User) else NOBODY
    submitted = ~Q(application__state=ApplicationState.DRAFT)
    judged = Q(application__uuid__in=subjects_judged_by(user, CASE), question__blind=False)
    return mine | judged | (_overseen(user, "application__cohort__programme__") & submitted)


def can_see_selection_round(user: Anyone, selection_round: Any) -> bool:
    """Everyone sees that a published round stands and its cut-offs; before, officers only."""
    if selection_round.state == SelectionState.PUBLISHED:
        return True
    return _oversees(user, selection_round.cohort.programme)


def selection_rounds_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_selection_round`."""
    return Q(state=SelectionState.PUBLISHED) | _overseen(user, "cohort__programme__")


def can_see_selection(user: Anyone, selection: Any) -> bool:
    """One's own in a published round; overseeing officers see all."""
    published = selection.round.state == SelectionState.PUBLISHED
    if published and _is_own(user, selection.application):
        return True
    return _oversees(user, selection.round.cohort.programme)


def selections_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_selection`."""
    mine = Q(application__person=user) if isinstance(user, User) else NOBODY
    published = Q(round__state=SelectionState.PUBLISHED)
    return (mine & published) | _overseen(user, "round__cohort__programme__")


# Enrolments


def can_see_enrolment(user: Anyone, enrolment: Any) -> bool:
    """One's own; overseeing officers and the organiser's instructors see all of a cohort."""
    if _is_own(user, enrolment):
        return True
    return can_teach_cohort(user, enrolment.cohort)


def enrolments_visible_to(user: Anyone) -> Q:
    """Filter beside `can_see_enrolment`."""
    return _own(user) | enrolments_taught_by(user)


def can_teach_enrolment(user: Anyone, enrolment: Any) -> bool:
    """Whoever teaches or oversees the cohort writes attendance and final test scores."""
    return can_teach_cohort(user, enrolment.cohort)


def enrolments_taught_by(user: Anyone) -> Q:
    """Filter beside `can_teach_enrolment`."""
    return _taught(user, "cohort__programme__") | _overseen(user, "cohort__programme__")


def can_manage_enrolment(user: Anyone, enrolment: Any) -> bool:
    """Overseeing officers end enrolments and decide completion."""
    return _oversees(user, enrolment.cohort.programme)


def enrolments_managed_by(user: Anyone) -> Q:
    """Filter beside `can_manage_enrolment`."""
    return _overseen(user, "cohort__programme__")


def can_manage_anything(user: Anyone) -> bool:
    """Tell whether a person is an officer at all, before an import names its cohort."""
    return is_officer(user)


def can_teach_anything(user: Anyone) -> bool:
    """The same for whoever may import attendance."""
    return is_officer(user) or bool(organisations_in_role(user, Role.INSTRUCTOR))
