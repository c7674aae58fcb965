"""What changes in how a person signs in is written down; the secrets themselves never are."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from bitgoeul.apps.alliance import rules
from bitgoeul.apps.alliance.models import SecondFactorReset, User
from bitgoeul.apps.alliance.services.organisations import check
from bitgoeul.core import jobs, journal
from bitgoeul.core.errors import Refused
from bitgoeul.core.jobs.registry import resolve

# By its path: tasks stand above services, and only the queue looks the name up.
_LETTER_TASK = "bitgoeul.apps.alliance.tasks.send_reset_letter"


def note_sign_in_change(*, person: User, event: str, by: User | None, at: dt.datetime) -> None:
    """Write into the journal that a way of signing in was set, changed or removed."""
    with transaction.atomic():
        journal.record(event=event, by=by, at=at, on=person)


def ask_second_factor_reset(
    *, person: User, reason: str, by: User, at: dt.datetime
) -> SecondFactorReset:
    """Ask that a person's second step be removed; they are told at once, and another decides."""
    if not rules.can_ask_second_factor_reset(by, person):
        raise Refused(_("You may not ask for this reset."))
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        if not Authenticator.objects.filter(user=person).exists():
            raise Refused(_("This person has no second step that could be reset."))
        if person.second_factor_resets.filter(decided_at__isnull=True).exists():
            raise Refused(_("A reset has been asked for already and waits for a decision."))
        reset = SecondFactorReset(person=person, reason=reason, asked_by=by, asked_at=at)
        check(reset)
        reset.save(force_insert=True)
        journal.record(
            event="second_factor.reset_asked", by=by, at=at, on=person, after={"reason": reason}
        )
        _tell(reset, by=by, at=at)
    return reset


def decide_second_factor_reset(
    *, reset: SecondFactorReset, granted: bool, by: User, at: dt.datetime
) -> SecondFactorReset:
    """Grant or refuse; granting removes app, passkeys and codes and signs out every device."""
    with transaction.atomic():
        reset = SecondFactorReset.objects.select_for_update().get(pk=reset.pk)
        if not rules.can_decide_second_factor_reset(by, reset):
            raise Refused(_("Somebody other than who asked must decide."))
        if reset.decided_at is not None:
            raise Refused(_("This has been decided already."))
        reset.decided_by, reset.decided_at, reset.granted = by, at, granted
        reset.save(update_fields=["decided_by", "decided_at", "granted"])
        event = "second_factor.reset" if granted else "second_factor.reset_refused"
        journal.record(event=event, by=by, at=at, on=reset.person)
        if granted:
            Authenticator.objects.filter(user=reset.person).delete()
            for session in UserSession.objects.filter(user=reset.person):
                session.end()
        _tell(reset, by=by, at=at)
    return reset


def send_reset_letter_now(*, reset: SecondFactorReset) -> None:
    """Tell the person concerned where the request stands, in their language."""
    person = reset.person
    with translation.override(person.language):
        subject = _("Your two-step sign-in at Bitgoeul")
        text = render_to_string("alliance/reset_letter.txt", {"person": person, "reset": reset})
        addresses = {person.email, EmailAddress.objects.get_primary_email(person) or person.email}
        send_mail(subject, text, None, sorted(addresses))


def _tell(reset: SecondFactorReset, *, by: User, at: dt.datetime) -> None:
    state = "asked" if reset.decided_at is None else "decided"
    jobs.enqueue(
        resolve(_LETTER_TASK),
        by=by,
        at=at,
        dedupe=f"reset:{reset.uuid}:{state}",
        reset=str(reset.uuid),
    )
