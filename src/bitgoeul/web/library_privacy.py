"""What the libraries' tables keep about people; they cannot say so themselves."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.contrib.sites.models import Site
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Erase, Kind, Part


def _log_about(person: Model) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(person._meta.model)
    return LogEntry.objects.filter(content_type=kind, object_id=str(person.pk))


_SIGN_IN = _("It serves signing in only and is seen on the pages for that.")

DECLARED = {
    Group: Declaration(kind=Kind.NONE, plain=("name",), export=False),
    Permission: Declaration(kind=Kind.NONE, plain=("name",), export=False),
    ContentType: NOTHING,
    Site: Declaration(kind=Kind.NONE, plain=("name",), export=False),
    Session: Declaration(
        kind=Kind.PSEUDONYMOUS, export=False, why=_("It ends after twelve hours.")
    ),
    LogEntry: Declaration(
        kind=Kind.PERSONAL,
        find=_log_about,
        parts=(Part(key="words", fields=("object_repr", "change_message")),),
        actors=("user",),
        plain=("action_time", "object_id", "action_flag"),
        export=False,
        why=_("It repeats the name on the administrators' pages; the journal has the change."),
    ),
    EmailAddress: Declaration(
        kind=Kind.PERSONAL,
        person="user",
        parts=(Part(key="address", fields=("email",), erase=Erase.DELETE),),
        plain=("verified", "primary"),
        export=False,
        why=_SIGN_IN,
    ),
    EmailConfirmation: Declaration(
        kind=Kind.PERSONAL,
        person="email_address__user",
        parts=(Part(key="letter", fields=("created", "sent", "key"), erase=Erase.DELETE),),
        export=False,
        why=_SIGN_IN,
    ),
    Authenticator: Declaration(
        kind=Kind.PERSONAL,
        person="user",
        parts=(Part(key="key", fields=("data", "created_at", "last_used_at"), erase=Erase.DELETE),),
        plain=("type",),
        export=False,
        why=_SIGN_IN,
    ),
    SocialAccount: Declaration(
        kind=Kind.PERSONAL,
        person="user",
        parts=(
            Part(
                key="account",
                fields=("uid", "extra_data", "last_login", "date_joined"),
                erase=Erase.DELETE,
            ),
        ),
        plain=("provider",),
        export=False,
        why=_SIGN_IN,
    ),
    SocialToken: Declaration(
        kind=Kind.NONE, export=False, why=_("Nothing is kept here: keys of a sign-in are dropped.")
    ),
    SocialApp: Declaration(
        kind=Kind.NONE,
        plain=("name",),
        export=False,
        why=_("Nothing is kept here: providers stand in a file."),
    ),
    UserSession: Declaration(
        kind=Kind.PERSONAL,
        person="user",
        parts=(
            Part(
                key="session",
                fields=("ip", "user_agent", "data", "session_key", "created_at", "last_seen_at"),
                erase=Erase.DELETE,
            ),
        ),
        export=False,
        why=_SIGN_IN,
    ),
}
