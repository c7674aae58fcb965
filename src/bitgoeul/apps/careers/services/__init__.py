"""Every write of the room: check, change, journal, in one transaction."""

from bitgoeul.apps.careers.services.checks import (
    Answer,
    answer_check,
    record_exclusion,
    reset_checks,
    source_of,
    withdraw_exclusions,
    write_answers,
    write_exclusions,
)
from bitgoeul.apps.careers.services.choices import (
    rank_vacancies,
    rate_application,
    rate_applications,
    restore_ratings,
    write_rankings,
)
from bitgoeul.apps.careers.services.matches import (
    Match,
    compute_match,
    holds,
    publish_round,
    run_match,
    store_match,
    verify_files,
)
from bitgoeul.apps.careers.services.offers import accept_offer, decline_offer, expire_offers
from bitgoeul.apps.careers.services.placements import (
    end_placement,
    plan_checks,
    record_placement,
    update_evidence,
    withdraw_placements,
    write_placements,
)
from bitgoeul.apps.careers.services.profiles import update_profile
from bitgoeul.apps.careers.services.rounds import (
    close_round,
    create_round,
    lock_round,
    open_round,
    update_round,
)
from bitgoeul.apps.careers.services.vacancies import (
    VacancyDetails,
    close_vacancy,
    create_vacancy,
    open_vacancy,
    update_vacancy,
    withdraw_vacancies,
    write_vacancies,
)

__all__ = [
    "Answer",
    "Match",
    "VacancyDetails",
    "accept_offer",
    "answer_check",
    "close_round",
    "close_vacancy",
    "compute_match",
    "create_round",
    "create_vacancy",
    "decline_offer",
    "end_placement",
    "expire_offers",
    "holds",
    "lock_round",
    "open_round",
    "open_vacancy",
    "plan_checks",
    "publish_round",
    "rank_vacancies",
    "rate_application",
    "rate_applications",
    "record_exclusion",
    "record_placement",
    "reset_checks",
    "restore_ratings",
    "run_match",
    "source_of",
    "store_match",
    "update_evidence",
    "update_profile",
    "update_round",
    "update_vacancy",
    "verify_files",
    "withdraw_exclusions",
    "withdraw_placements",
    "withdraw_vacancies",
    "write_answers",
    "write_exclusions",
    "write_placements",
    "write_rankings",
    "write_vacancies",
]
