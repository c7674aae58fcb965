"""Reads over people, roles and consents."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.enums import Purpose, Role
from bitgoeul.apps.alliance.models import Consent, ConsentText, Membership, Organisation, User
from bitgoeul.core import clock


def roles_of(user: User | AnonymousUser, *, on: dt.date | None = None) -> frozenset[str]:
    """Return the roles a person holds on a day (today when none is given)."""
    if not isinstance(user, User):
        return frozenset()
    if on is None:
        return rules.standing_of(user).roles
    held = Membership.objects.on(on).filter(person=user)
    roles = frozenset(held.values_list("role", flat=True))
    return roles | {Role.ADMINISTRATOR.value} if user.is_superuser else roles


def organisations_of(
    user: User | AnonymousUser, *, role: Role, on: dt.date | None = None
) -> QuerySet[Organisation]:
    """Return the organisations for which a person acts in a role."""
    if not isinstance(user, User):
        return Organisation.objects.none()
    held = Membership.objects.on(on or clock.today()).filter(person=user, role=role)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def current_consent_texts(*, purposes: Iterable[Purpose], on: dt.date) -> list[ConsentText]:
    """Return the newest published text of each purpose, in the order asked for."""
    texts = ConsentText.objects.filter(purpose__in=list(purposes), published_on__lte=on)
    newest: dict[str, ConsentText] = {}
    for text in texts.order_by("purpose", "version"):
        newest[text.purpose] = text
    return [newest[purpose] for purpose in purposes if purpose in newest]


def has_consented(person: User, purpose: Purpose) -> bool:
    """Tell whether a person's consent to a purpose stands today."""
    return Consent.objects.filter(
        person=person, text__purpose=purpose, withdrawn_at__isnull=True
    ).exists()
