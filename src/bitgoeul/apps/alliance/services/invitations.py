"""The letter with which somebody who was imported sets their first password."""

import datetime as dt
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.alliance.services.notices import tell_invited
from bitgoeul.core import jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve

VALID_FOR = dt.timedelta(days=7)
_SALT = "bitgoeul.alliance.invitation"
# By its path: tasks stand above services, and only the queue looks the name up.
_LETTER_TASK = "bitgoeul.apps.alliance.tasks.send_invitation"


def invite(*, person: User, by: User | None, at: dt.datetime) -> None:
    """Have the worker send a person the letter with a link that works once, for seven days."""
    if by is not None and not rules.can_invite_person(by, person):
        raise Refused(_("You may not invite people."))
    if person.has_usable_password():
        raise Refused(_("This person has already set a password and can sign in."))
    with transaction.atomic():
        journal.record(event="person.invited", by=by, at=at, on=person)
        tell_invited(person, at=at)
        # The link itself is made by the worker: a secret has no place among a job's arguments.
        jobs.enqueue(
            resolve(_LETTER_TASK),
            by=by,
            at=at,
            dedupe=f"invite:{person.uuid}",
            person=str(person.uuid),
        )


def send_invitation_letter(*, person: User) -> None:
    """Send the letter, in the person's language."""
    with translation.override(person.language):
        link = settings.BITGOEUL.public_url + reverse(
            "alliance:invitation", kwargs={"token": invitation_token(person)}
        )
        text = render_to_string(
            "alliance/invitation_letter.txt",
            {"person": person, "link": link, "days": VALID_FOR.days},
        )
        send_mail(_("Your account at Bitgoeul"), text, None, [person.email])


def invitation_token(person: User) -> str:
    """Make the signed key of the link; it dies when the password is set."""
    return signing.dumps({"person": str(person.uuid), "state": _fingerprint(person)}, salt=_SALT)


def person_of_invitation(token: str) -> User | None:
    """Return whom a link belongs to; None when it is forged, used or too old."""
    held = _held_by(token)
    if held is None:
        return None
    uuid, state = held
    person = User.objects.filter(uuid=uuid, is_active=True).first()
    return person if person is not None and _still_unused(person, state) else None


def accept_invitation(*, token: str, password: str, at: dt.datetime) -> User:
    """Set the first password of whoever holds the letter; it also proves their e-mail address.

    Raises
    ------
    Refused
        When the link no longer works or the password is too weak.
    """
    held = _held_by(token)
    with transaction.atomic():
        people = User.objects.select_for_update().filter(is_active=True)
        person = people.filter(uuid=held[0]).first() if held else None
        # Looked at again under the lock: of two windows with the same letter one wins.
        if held is None or person is None or not _still_unused(person, held[1]):
            raise Refused(_("This link has been used or is too old. Ask for a new one."))
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), code="invalid") from error
        person.set_password(password)
        person.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        journal.record(event="invitation.accepted", by=person, at=at, on=person)
    return person


def _held_by(token: str) -> tuple[UUID, str] | None:
    try:
        held = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
        return UUID(held["person"]), str(held["state"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def _still_unused(person: User, state: str) -> bool:
    return constant_time_compare(state, _fingerprint(person))


def _fingerprint(person: User) -> str:
    return salted_hmac(_SALT, person.password).hexdigest()[:32]
