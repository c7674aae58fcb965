"""Whoever takes part agrees to the newest version of each text; the register keeps the moment."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.contests.models import Acceptance, Contest
from bitgoeul.apps.contests.queries.eligibility import missing_terms
from bitgoeul.core import journal
from bitgoeul.core.errors import Refused


def accept_terms(
    *, contest: Contest, person: User, by: User | None, at: dt.datetime
) -> list[Acceptance]:
    """Write down that a person agrees to the newest version of each text of a contest."""
    if by is not None and by.pk != person.pk:
        raise Refused(_("Everyone agrees for themselves."), code="not_allowed")
    with transaction.atomic():
        made = [
            Acceptance.objects.create(terms=terms, person=person, accepted_at=at)
            for terms in missing_terms(contest, person)
        ]
        if made:
            journal.record(
                event="contest.terms_accepted",
                by=by,
                at=at,
                on=contest,
                after={"person": person.uuid},
                details={"texts": [f"{one.terms.kind} v{one.terms.version}" for one in made]},
            )
    return made


def require_terms(contest: Contest, person: User) -> None:
    """Refuse whoever has not agreed to the newest texts yet."""
    if missing_terms(contest, person):
        raise Refused(_("Agree to the texts of the contest first."), code="terms")
