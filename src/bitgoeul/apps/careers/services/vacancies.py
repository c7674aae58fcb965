"""Writing vacancies."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import Organisation, User
from bitgoeul.apps.careers import rules
from bitgoeul.apps.careers.enums import RoundState, VacancyState
from bitgoeul.apps.careers.models import Vacancy
from bitgoeul.apps.careers.services.steps import allow, checked, next_state
from bitgoeul.apps.careers.workflow import VACANCY_STEPS
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.imports import delete_unreferenced
from bitgoeul.core.journal.services import Change

FIELDS = (
    "number",
    "title_ko",
    "title_en",
    "description",
    "site",
    "research_centre",
    "region",
    "employment_type",
    "seats",
    "wage_from_won",
    "wage_to_won",
    "local_share",
    "skills",
    "opens_on",
    "closes_on",
)
"""What an employer writes about a vacancy."""

FROZEN_FIELDS = ("number", "seats", "local_share", "region")
"""What a locked round counts on: a change between lock and publication would undo the digest."""


class VacancyDetails(TypedDict, total=False):
    """The fields of a vacancy that an employer writes."""

    number: str
    title_ko: str
    title_en: str
    description: str
    site: str
    research_centre: bool
    region: str
    employment_type: str
    seats: int
    wage_from_won: int | None
    wage_to_won: int | None
    local_share: float
    skills: list[str]
    opens_on: dt.date
    closes_on: dt.date


def create_vacancy(
    *,
    organisation: Organisation,
    by: User | None,
    at: dt.datetime,
    **details: Unpack[VacancyDetails],
) -> Vacancy:
    """Write down a vacancy as a draft that only the employer sees."""
    allow(by is None or rules.can_create_vacancy(by, organisation))
    vacancy = Vacancy(organisation=organisation, **details)
    vacancy.number = vacancy.number or f"J-{secrets.token_hex(4).upper()}"
    with transaction.atomic():
        checked(vacancy)
        vacancy.save()
        journal.record(
            event="vacancy.created", by=by, at=at, on=vacancy, details=public_facts(vacancy)
        )
    return vacancy


def update_vacancy(
    *, vacancy: Vacancy, by: User | None, at: dt.datetime, **details: Unpack[VacancyDetails]
) -> Vacancy:
    """Change a vacancy; what a locked round counts on stays as it is until publication."""
    allow(by is None or rules.can_edit_vacancy(by, vacancy))
    with transaction.atomic():
        current = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
        before = public_facts(current)
        changed = {name for name, value in details.items() if getattr(current, name) != value}
        if changed & set(FROZEN_FIELDS):
            _refuse_when_locked(current)
        for name, value in details.items():
            setattr(current, name, value)
        checked(current)
        current.save()
        journal.record(
            event="vacancy.updated",
            by=by,
            at=at,
            on=current,
            before=before,
            after=public_facts(current),
            details={"fields": sorted(changed)},
        )
    return current


def open_vacancy(*, vacancy: Vacancy, by: User | None, at: dt.datetime) -> Vacancy:
    """Show a vacancy to everybody."""
    return _move(vacancy=vacancy, action="open", event="vacancy.opened", by=by, at=at)


def close_vacancy(*, vacancy: Vacancy, by: User | None, at: dt.datetime) -> Vacancy:
    """Take no more applications; a vacancy in a locked round stays until that is published."""
    return _move(vacancy=vacancy, action="close", event="vacancy.closed", by=by, at=at)


def _move(
    *, vacancy: Vacancy, action: str, event: str, by: User | None, at: dt.datetime
) -> Vacancy:
    with transaction.atomic():
        current = Vacancy.objects.select_for_update().get(pk=vacancy.pk)
        before = current.state
        current.state = next_state(VACANCY_STEPS, obj=current, state=before, action=action, by=by)
        _refuse_when_locked(current)
        current.save(update_fields=["state"])
        journal.record(
            event=event,
            by=by,
            at=at,
            on=current,
            before={"state": before},
            after={"state": current.state},
        )
    return current


def write_vacancies(
    *,
    created: Sequence[Vacancy],
    changed: Sequence[Vacancy],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Write checked vacancies in bulk (import); new ones are open at once."""
    with transaction.atomic():
        for vacancy in created:
            vacancy.state = VacancyState.OPEN
        for vacancy in changed:
            _refuse_when_locked(vacancy)
        Vacancy.objects.bulk_create(created, batch_size=200)
        Vacancy.objects.bulk_update(changed, ("organisation", *FIELDS), batch_size=100)
        for event, rows in (("vacancy.created", created), ("vacancy.updated", changed)):
            journal.record_many(
                event=event,
                by=by,
                at=at,
                changes=[
                    Change(on=row, details={"imported": True, **public_facts(row)}) for row in rows
                ],
            )


def withdraw_vacancies(*, vacancies: Sequence[Vacancy], by: User | None, at: dt.datetime) -> None:
    """Remove vacancies that an import brought; `UndoRefused` when something uses them."""
    with transaction.atomic():
        journal.record_many(
            event="vacancy.withdrawn",
            by=by,
            at=at,
            changes=[Change(on=row, before=public_facts(row)) for row in vacancies],
        )
        delete_unreferenced(Vacancy, [row.uuid for row in vacancies])


def public_facts(vacancy: Vacancy) -> dict[str, Any]:
    """What a vacancy says about itself, for the journal: nothing here is personal."""
    facts = {name: getattr(vacancy, name) for name in FIELDS if name != "description"}
    return {
        **facts,
        "organisation": str(vacancy.organisation.uuid),
        "opens_on": vacancy.opens_on.isoformat(),
        "closes_on": vacancy.closes_on.isoformat(),
    }


def _refuse_when_locked(vacancy: Vacancy) -> None:
    held = vacancy.rounds.filter(state__in=(RoundState.LOCKED, RoundState.MATCHED))
    if vacancy.pk and held.exists():
        raise Refused(
            _("A matching round with this vacancy is locked. Wait until it is published."),
            code="locked",
        )
