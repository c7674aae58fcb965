"""Who may see and do what: each yes/no stands beside the filter that means the same.

Three kinds of people meet here. An employer acts for an own organisation (as its recruiter, or
as the officer of a company); an office runs a cohort (officer of the programme's organiser, or
of a city or university that signed its agreement); a graduate completed the cohort.
"""

from bitgoeul.apps.careers.rules.gap import (
    can_see_curriculum_gap,
    can_see_gap_of,
    cohorts_with_gap_for,
)
from bitgoeul.apps.careers.rules.offers import (
    applications_visible_to,
    can_answer_offer,
    can_rate_application,
    can_see_application,
    can_see_offer,
    offers_visible_to,
)
from bitgoeul.apps.careers.rules.placements import (
    can_answer_check,
    can_edit_placement,
    can_follow_up_cohort,
    can_record_placement,
    can_see_exclusion,
    can_see_placement,
    checks_visible_to,
    cohorts_followed_up_by,
    exclusions_visible_to,
    placements_editable_by,
    placements_visible_to,
)
from bitgoeul.apps.careers.rules.profiles import (
    can_edit_profile,
    can_see_profile,
    profiles_visible_to,
)
from bitgoeul.apps.careers.rules.roles import (
    Person,
    can_run_cohort,
    cohorts_completed_by,
    cohorts_run_by,
    employers_of,
    is_employer,
    is_office,
)
from bitgoeul.apps.careers.rules.rounds import (
    PUBLISHED_ROUNDS,
    can_check_round,
    can_rank_in_round,
    can_rate_in_round,
    can_run_round,
    can_see_round,
    can_take_part,
    rounds_checkable_by,
    rounds_rated_in_by,
    rounds_run_by,
    rounds_taken_part_in_by,
    rounds_visible_to,
)
from bitgoeul.apps.careers.rules.vacancies import (
    NOT_DRAFT_VACANCIES,
    can_create_vacancy,
    can_edit_vacancy,
    can_import_vacancies,
    can_see_vacancy,
    vacancies_editable_by,
    vacancies_visible_to,
)

__all__ = [
    "NOT_DRAFT_VACANCIES",
    "PUBLISHED_ROUNDS",
    "Person",
    "applications_visible_to",
    "can_answer_check",
    "can_answer_offer",
    "can_check_round",
    "can_create_vacancy",
    "can_edit_placement",
    "can_edit_profile",
    "can_edit_vacancy",
    "can_follow_up_cohort",
    "can_import_vacancies",
    "can_rank_in_round",
    "can_rate_application",
    "can_rate_in_round",
    "can_record_placement",
    "can_run_cohort",
    "can_run_round",
    "can_see_application",
    "can_see_curriculum_gap",
    "can_see_exclusion",
    "can_see_gap_of",
    "can_see_offer",
    "can_see_placement",
    "can_see_profile",
    "can_see_round",
    "can_see_vacancy",
    "can_take_part",
    "checks_visible_to",
    "cohorts_completed_by",
    "cohorts_followed_up_by",
    "cohorts_run_by",
    "cohorts_with_gap_for",
    "employers_of",
    "exclusions_visible_to",
    "is_employer",
    "is_office",
    "offers_visible_to",
    "placements_editable_by",
    "placements_visible_to",
    "profiles_visible_to",
    "rounds_checkable_by",
    "rounds_rated_in_by",
    "rounds_run_by",
    "rounds_taken_part_in_by",
    "rounds_visible_to",
    "vacancies_editable_by",
    "vacancies_visible_to",
]
