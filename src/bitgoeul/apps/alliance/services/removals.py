"""Taking back what an import wrote, as long as nothing builds on it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import Agreement, Commitment, Membership, Organisation, User
from bitgoeul.apps.alliance.services.agreements import commitment_state
from bitgoeul.apps.alliance.services.organisations import membership_state, organisation_state
from bitgoeul.core import imports, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.journal.services import Change

M = TypeVar("M", bound=Model)


def remove_organisations(*, uuids: Sequence[UUID], by: User | None, at: dt.datetime) -> None:
    """Remove organisations that nothing refers to.

    Raises
    ------
    UndoRefused
        When something refers to one of them; nothing is removed then.
    """
    if by is not None and not rules.can_create_organisation(by):
        raise Refused(_("You may not remove organisations."))
    rows = Organisation.objects.filter(uuid__in=uuids)
    states = [(row, organisation_state(row)) for row in rows]
    _remove(rows, uuids, states, event="organisation.removed", by=by, at=at)


def remove_memberships(*, uuids: Sequence[UUID], by: User | None, at: dt.datetime) -> None:
    """Remove roles that were given by mistake; the people stay known."""
    if by is not None and not rules.can_manage_memberships(by):
        raise Refused(_("You may not remove roles."))
    rows = Membership.objects.filter(uuid__in=uuids).select_related("person", "organisation")
    states = [(row, membership_state(row)) for row in rows]
    _remove(rows, uuids, states, event="membership.removed", by=by, at=at)


def remove_commitments(
    *, agreement: Agreement, uuids: Sequence[UUID], by: User | None, at: dt.datetime
) -> None:
    """Remove commitments of an agreement."""
    if by is not None and not rules.can_manage_agreement(by, agreement):
        raise Refused(_("You may not change this agreement's commitments."))
    rows = Commitment.objects.filter(agreement=agreement, uuid__in=uuids).select_related(
        "agreement", "article", "responsible"
    )
    states = [(row, commitment_state(row)) for row in rows]
    _remove(rows, uuids, states, event="commitment.removed", by=by, at=at)


def _remove(
    rows: QuerySet[M],
    uuids: Sequence[UUID],
    states: Sequence[tuple[M, Mapping[str, object]]],
    *,
    event: str,
    by: User | None,
    at: dt.datetime,
) -> None:
    with transaction.atomic():
        changes = [Change(on=row, before=state) for row, state in states]
        imports.delete_unreferenced(rows.model, uuids)
        journal.record_many(event=event, by=by, at=at, changes=changes)
