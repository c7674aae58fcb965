"""What the sign-in library tells is written into the journal, and other sessions end with it."""

import logging
from typing import Any

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.signals import (
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import User
from bitgoeul.core import clock
from bitgoeul.web.sign_in.second_factor import SHOWN_ELSEWHERE

logger = logging.getLogger("bitgoeul.web")


def connect() -> None:
    """Listen, once per process."""
    authenticator_added.connect(_added, dispatch_uid="bitgoeul.added")
    authenticator_removed.connect(_removed, dispatch_uid="bitgoeul.removed")
    authenticator_reset.connect(_codes_made, dispatch_uid="bitgoeul.codes")
    for signal in (password_changed, password_set, password_reset):
        signal.connect(_password_changed, dispatch_uid=f"bitgoeul.password.{id(signal)}")
    social_account_added.connect(_linked, dispatch_uid="bitgoeul.linked")
    social_account_removed.connect(_unlinked, dispatch_uid="bitgoeul.unlinked")
    user_logged_in.connect(_taken, dispatch_uid="bitgoeul.taken")
    user_login_failed.connect(_refused, dispatch_uid="bitgoeul.refused")
    user_logged_out.connect(_left, dispatch_uid="bitgoeul.left")
    user_logged_in.connect(_came_from_elsewhere, dispatch_uid="bitgoeul.elsewhere")


def _taken(request: HttpRequest, user: User, **_: Any) -> None:
    """Log by which means; the list of devices says who, when and from where."""
    means = {str(r.get("method")) for r in get_authentication_records(request, user)}
    logger.info("sign-in taken: %s", ", ".join(sorted(means)))


def _refused(**_: Any) -> None:
    """Log it under the number of the request: whose address was tried is nobody's to read."""
    logger.warning("sign-in refused")


def _left(user: User | None = None, **_: Any) -> None:
    if user is not None:
        logger.info("signed out")


def end_other_sessions(person: User, *, keep: str | None) -> int:
    """Sign a person out on every device but the one whose session key is given."""
    others = UserSession.objects.filter(user=person).exclude(session_key=keep or "")
    ended = 0
    for session in others:
        session.end()
        ended += 1
    return ended


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    event = _event(authenticator, "set")
    services.note_sign_in_change(person=user, event=event, by=user, at=clock.now())
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    # Setting it up showed it. Sessions that began with a password alone have shown nothing.
    record_authentication(
        request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
    )
    end_other_sessions(user, keep=request.session.session_key)


def _removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    event = _event(authenticator, "removed")
    services.note_sign_in_change(person=user, event=event, by=user, at=clock.now())


def _codes_made(user: User, authenticator: Authenticator, **_: Any) -> None:
    event = _event(authenticator, "set")
    services.note_sign_in_change(person=user, event=event, by=user, at=clock.now())


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    services.note_sign_in_change(person=user, event="password.changed", by=user, at=clock.now())
    end_other_sessions(user, keep=request.session.session_key)


def _linked(sociallogin: SocialLogin, **_: Any) -> None:
    person = sociallogin.user
    services.note_sign_in_change(person=person, event="external.linked", by=person, at=clock.now())


def _unlinked(socialaccount: SocialAccount, **_: Any) -> None:
    person = socialaccount.user
    services.note_sign_in_change(
        person=person, event="external.unlinked", by=person, at=clock.now()
    )


def _came_from_elsewhere(
    request: HttpRequest, user: User, sociallogin: SocialLogin | None = None, **_: Any
) -> None:
    if sociallogin is not None and getattr(sociallogin, "second_step", False):
        record_authentication(request, user, SHOWN_ELSEWHERE, provider=sociallogin.account.provider)


def _event(authenticator: Authenticator, what: str) -> str:
    kinds = {
        Authenticator.Type.TOTP: "second_factor",
        Authenticator.Type.WEBAUTHN: "passkey",
        Authenticator.Type.RECOVERY_CODES: "recovery_codes",
    }
    return f"{kinds[authenticator.type]}.{what}"
