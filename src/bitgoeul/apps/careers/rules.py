"""Who may see and do what: each yes/no stands beside the filter that means the same.

Three kinds of people meet here. An employer acts for an own organisation (as its recruiter, or
as the officer of a company); an office runs a cohort (officer of the programme's organiser, or
of a city or university that signed its agreement); a graduate completed the cohort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from bitgoeul.apps.alliance.enums import OrganisationKind, Purpose, Role
from bitgoeul.apps.alliance.models import Consent, Organisation, User
from bitgoeul.apps.alliance.queries import (
    has_withdrawn,
    people_having_withdrawn,
)
from bitgoeul.apps.alliance.rules import officer_organisations, organisations_in_role
from bitgoeul.apps.careers.enums import RoundState, VacancyState
from bitgoeul.apps.programmes.enums import EnrolmentState
from bitgoeul.apps.programmes.models import Cohort, Enrolment
from bitgoeul.apps.programmes.rules import (
    can_teach_cohort,
    cohorts_managed_by,
    cohorts_taught_by,
)
from bitgoeul.core import access

if TYPE_CHECKING:
    from bitgoeul.apps.careers.models import (
        Application,
        MatchingRound,
        Offer,
        OutcomeExclusion,
        Placement,
        Profile,
        RetentionCheck,
        Vacancy,
    )

Person = User | AnonymousUser

NOT_DRAFT_VACANCIES = (VacancyState.OPEN, VacancyState.CLOSED)
PUBLISHED_ROUNDS = (RoundState.PUBLISHED, RoundState.CLOSED)


def employers_of(user: Person) -> QuerySet[Organisation]:
    """The organisations a person hires for: as recruiter, or as officer of a company."""
    return Organisation.objects.filter(pk__in=_employers(user))


def _employers(user: Person) -> frozenset[int]:
    # From what is known of the person: a filter over nothing asks the database nothing.
    leads = officer_organisations(user, kinds=[OrganisationKind.COMPANY])
    return organisations_in_role(user, Role.RECRUITER) | leads


def cohorts_run_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts whose people an officer answers for."""
    return Cohort.objects.filter(cohorts_managed_by(user))


def cohorts_completed_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts that a person completed."""
    if not isinstance(user, User):
        return Cohort.objects.none()
    done = Enrolment.objects.filter(person=user, state=EnrolmentState.COMPLETED)
    return Cohort.objects.filter(pk__in=done.values("cohort"))


def is_employer(user: Person) -> bool:
    """Whether a person hires for anyone."""
    return bool(_employers(user))


def is_office(user: Person) -> bool:
    """Whether a person runs any cohort."""
    return access.once(user, "runs a cohort", cohorts_run_by(user).exists)


def _hires_for(user: Person, organisation_id: int) -> bool:
    return organisation_id in _employers(user)


def can_run_cohort(user: Person, cohort: Cohort) -> bool:
    """Run rounds, record exclusions, see every outcome of a cohort."""
    return cohorts_run_by(user).filter(pk=cohort.pk).exists()


def _runs_cohort_of(user: Person, person_id: int) -> bool:
    return cohorts_run_by(user).filter(enrolments__person=person_id).exists()


# The curriculum gap


def can_see_curriculum_gap(user: Person) -> bool:
    """Whoever teaches or oversees any cohort sees what vacancies ask for beside what is taught."""
    return access.once(
        user, "teaches a cohort", Cohort.objects.filter(cohorts_with_gap_for(user)).exists
    )


def cohorts_with_gap_for(user: Person) -> Q:
    """The cohorts whose curriculum a person may hold against the vacancies."""
    return cohorts_taught_by(user)


def can_see_gap_of(user: Person, cohort: Cohort) -> bool:
    """Tell whether `cohorts_with_gap_for` lets one cohort through."""
    return can_teach_cohort(user, cohort)


# Vacancies


def vacancies_visible_to(user: Person) -> Q:
    """Everybody sees what was ever opened; drafts are the employer's own."""
    return Q(state__in=NOT_DRAFT_VACANCIES) | vacancies_editable_by(user)


def can_see_vacancy(user: Person, vacancy: Vacancy) -> bool:
    """See a vacancy's page."""
    return vacancy.state in NOT_DRAFT_VACANCIES or can_edit_vacancy(user, vacancy)


def vacancies_editable_by(user: Person) -> Q:
    """An employer's own vacancies."""
    return Q(organisation__in=employers_of(user))


def can_edit_vacancy(user: Person, vacancy: Vacancy) -> bool:
    """Change, open or close a vacancy."""
    return _hires_for(user, vacancy.organisation_id)


def can_create_vacancy(user: Person, organisation: Organisation) -> bool:
    """Offer a job in the name of an organisation."""
    return _hires_for(user, organisation.pk)


def can_import_vacancies(user: Person) -> bool:
    """Import vacancies: employers their own, an office those it collected from employers."""
    return is_employer(user) or is_office(user)


# Profiles


def profiles_visible_to(user: Person) -> Q:
    """Own; those of a cohort one runs; those who applied to one's vacancies and agreed to it.

    Who took back the consent to job support is not shown to the office either.
    """
    if not isinstance(user, User):
        return Q(pk__in=())
    agreed = Consent.objects.filter(
        text__purpose=Purpose.EMPLOYER_SHARING, withdrawn_at__isnull=True
    )
    applied = employers_of(user).filter(vacancies__applications__isnull=False)
    return (
        Q(person=user)
        | (
            Q(person__in=_people_of(cohorts_run_by(user)))
            & ~_withdrew("person", Purpose.JOB_SUPPORT)
        )
        | Q(
            visible=True,
            person__in=applied.values("vacancies__applications__person"),
            person_id__in=agreed.values("person"),
        )
    )


def can_see_profile(user: Person, profile: Profile) -> bool:
    """See what a graduate shows to employers."""
    if not isinstance(user, User):
        return False
    if profile.person_id == user.pk:
        return True
    supported = not has_withdrawn(profile.person_id, Purpose.JOB_SUPPORT)
    if supported and _runs_cohort_of(user, profile.person_id):
        return True
    applied = employers_of(user).filter(vacancies__applications__person=profile.person_id)
    agreed = Consent.objects.filter(
        person=profile.person_id,
        text__purpose=Purpose.EMPLOYER_SHARING,
        withdrawn_at__isnull=True,
    )
    return profile.visible and applied.exists() and agreed.exists()


def can_edit_profile(user: Person, profile: Profile) -> bool:
    """Change a profile: nobody but the person."""
    return isinstance(user, User) and profile.person_id == user.pk


# Rounds


def rounds_visible_to(user: Person) -> Q:
    """Published ones; those of a cohort one runs; once they collect, those one takes part in."""
    return (
        Q(state__in=PUBLISHED_ROUNDS)
        | rounds_run_by(user)
        | (~Q(state=RoundState.DRAFT) & rounds_taken_part_in_by(user))
    )


def can_see_round(user: Person, matching_round: MatchingRound) -> bool:
    """See that a round takes place; after publication everybody sees digest and verdict."""
    if matching_round.state in PUBLISHED_ROUNDS or can_run_round(user, matching_round):
        return True
    if matching_round.state == RoundState.DRAFT:
        return False
    return can_take_part(user, matching_round)


def rounds_taken_part_in_by(user: Person) -> Q:
    """The rounds of the cohorts one completed, and those with a vacancy of one's organisation."""
    return Q(cohort__in=cohorts_completed_by(user)) | rounds_rated_in_by(user)


def rounds_rated_in_by(user: Person) -> Q:
    """The rounds with a vacancy of one's organisation."""
    hiring = employers_of(user).filter(vacancies__rounds__isnull=False)
    return Q(pk__in=hiring.values("vacancies__rounds"))


def can_take_part(user: Person, matching_round: MatchingRound) -> bool:
    """Rank or rate in a round."""
    return can_rank_in_round(user, matching_round) or can_rate_in_round(user, matching_round)


def rounds_run_by(user: Person) -> Q:
    """The rounds of the cohorts that an officer runs."""
    return Q(cohort__in=cohorts_run_by(user))


def can_run_round(user: Person, matching_round: MatchingRound) -> bool:
    """Open, lock, match, publish and close a round."""
    return cohorts_run_by(user).filter(pk=matching_round.cohort_id).exists()


def can_rank_in_round(user: Person, matching_round: MatchingRound) -> bool:
    """Take part as a graduate of the round's cohort."""
    return cohorts_completed_by(user).filter(pk=matching_round.cohort_id).exists()


def can_rate_in_round(user: Person, matching_round: MatchingRound) -> bool:
    """Take part as an employer with a vacancy in the round."""
    return employers_of(user).filter(vacancies__rounds=matching_round.pk).exists()


def rounds_checkable_by(user: Person) -> Q:
    """Rounds whose bundle one may download: an office once matched, graduates once public.

    Employers are left out: they know the ratings they gave, so a unique one would lead them to
    a person's line and with it to the person's whole list (decision 0031).
    """
    with_result = (RoundState.MATCHED, *PUBLISHED_ROUNDS)
    return (Q(state__in=with_result) & rounds_run_by(user)) | (
        Q(state__in=PUBLISHED_ROUNDS) & Q(cohort__in=cohorts_completed_by(user))
    )


def can_check_round(user: Person, matching_round: MatchingRound) -> bool:
    """Download the bundle of a round, with everybody under a pseudonym."""
    if matching_round.state in PUBLISHED_ROUNDS:
        return can_run_round(user, matching_round) or can_rank_in_round(user, matching_round)
    return matching_round.state == RoundState.MATCHED and can_run_round(user, matching_round)


# Applications, offers


def applications_visible_to(user: Person) -> Q:
    """Own; to one's own organisation's vacancies; of a cohort one runs."""
    return _own_or_employers_or_offices(user)


def can_see_application(user: Person, application: Application) -> bool:
    """See that a person applies to a vacancy."""
    return _may_see_pairing(user, application)


def can_rate_application(user: Person, application: Application) -> bool:
    """Rate a person: the employer, or the office that keys in the employer's list."""
    return _hires_for(user, application.vacancy.organisation_id) or can_run_round(
        user, application.round
    )


def offers_visible_to(user: Person) -> Q:
    """Own; of one's own organisation; of a cohort one runs."""
    return _own_or_employers_or_offices(user)


def can_see_offer(user: Person, offer: Offer) -> bool:
    """See an offer and its answer."""
    return _may_see_pairing(user, offer)


def can_answer_offer(user: Person, offer: Offer) -> bool:
    """Accept or decline: nobody but the person it was made to."""
    return isinstance(user, User) and offer.person_id == user.pk


def _own_or_employers_or_offices(user: Person) -> Q:
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return (
        own
        | Q(vacancy__organisation__in=employers_of(user))
        | Q(round__cohort__in=cohorts_run_by(user))
    )


def _may_see_pairing(user: Person, row: Application | Offer) -> bool:
    if isinstance(user, User) and row.person_id == user.pk:
        return True
    return _hires_for(user, row.vacancy.organisation_id) or can_run_round(user, row.round)


# Placements, checks, exclusions


def placements_visible_to(user: Person) -> Q:
    """Own; at one's own organisation; of people of a cohort one runs."""
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return (
        own
        | Q(organisation__in=employers_of(user))
        | Q(person__in=_people_of(cohorts_run_by(user)))
    )


def can_see_placement(user: Person, placement: Placement) -> bool:
    """See a placement with its evidence and checks."""
    if isinstance(user, User) and placement.person_id == user.pk:
        return True
    return can_edit_placement(user, placement)


def placements_editable_by(user: Person) -> Q:
    """At one's own organisation; of people of a cohort one runs."""
    return Q(organisation__in=employers_of(user)) | Q(person__in=_people_of(cohorts_run_by(user)))


def can_edit_placement(user: Person, placement: Placement) -> bool:
    """Record the end of a placement."""
    return _hires_for(user, placement.organisation_id) or _runs_cohort_of(user, placement.person_id)


def can_record_placement(user: Person, person: User, organisation: Organisation) -> bool:
    """Record that a job began: the office of the person's cohort, or the employer itself."""
    if _runs_cohort_of(user, person.pk):
        return True
    return (
        _hires_for(user, organisation.pk)
        and person.offers.filter(vacancy__organisation=organisation).exists()
    )


def checks_visible_to(user: Person) -> Q:
    """The checks of the placements one sees, unless the person ended being followed up."""
    own = Q(placement__person=user) if isinstance(user, User) else Q(pk__in=())
    theirs = Q(placement__organisation__in=employers_of(user)) | Q(
        placement__person__in=_people_of(cohorts_run_by(user))
    )
    return own | (theirs & ~_withdrew("placement__person", Purpose.OUTCOME_FOLLOW_UP))


def can_answer_check(user: Person, check: RetentionCheck) -> bool:
    """Say whether a job is kept: graduate, employer or office; alone who ended the follow-up."""
    placement = check.placement
    if isinstance(user, User) and placement.person_id == user.pk:
        return True
    followed = not has_withdrawn(placement.person_id, Purpose.OUTCOME_FOLLOW_UP)
    return followed and can_see_placement(user, placement)


def cohorts_followed_up_by(user: Person) -> QuerySet[Cohort]:
    """The cohorts that one runs, or from which one's organisation has somebody."""
    placed = employers_of(user).filter(placements__isnull=False).values("placements__person")
    hired = Enrolment.objects.filter(person__in=placed)
    return Cohort.objects.filter(cohorts_managed_by(user) | Q(pk__in=hired.values("cohort")))


def can_follow_up_cohort(user: Person, cohort: Cohort) -> bool:
    """Import answers to retention checks: each row is still checked for whose placement it is."""
    return cohorts_followed_up_by(user).filter(pk=cohort.pk).exists()


def exclusions_visible_to(user: Person) -> Q:
    """Own; of a cohort one runs: the reasons are sensitive."""
    own = Q(person=user) if isinstance(user, User) else Q(pk__in=())
    return own | Q(cohort__in=cohorts_run_by(user))


def can_see_exclusion(user: Person, exclusion: OutcomeExclusion) -> bool:
    """See why a person does not count in the rate."""
    if isinstance(user, User) and exclusion.person_id == user.pk:
        return True
    return can_run_cohort(user, exclusion.cohort)


def _people_of(cohorts: QuerySet[Cohort]) -> QuerySet[Enrolment, Any]:
    return Enrolment.objects.filter(cohort__in=cohorts).values("person")


def _withdrew(path: str, purpose: Purpose) -> Q:
    """Rows whose person, found by `path`, took back the consent to a purpose."""
    return Q(**{f"{path}__in": people_having_withdrawn(purpose).values("pk")})
