"""What the room tells people about their account."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import Membership, User
from bitgoeul.core import notices

ACCOUNT = notices.declare(
    notices.Topic(
        key="account",
        title=_("Your account and your roles"),
        about=_("When you are invited or given a role."),
        messages=(
            notices.Message(
                key="account.invited",
                subject=_("You have been invited"),
                text=_("A letter with a link to set your first password was sent to you."),
                mail=False,  # the invitation itself is the letter
            ),
            notices.Message(
                key="account.role_given",
                subject=_("You have been given a role"),
                text=_("Your new role: %(role)s (%(organisation)s)."),
            ),
        ),
    )
)


def tell_invited(person: User, *, at: dt.datetime) -> None:
    """Leave a note of the invitation for whoever accepts it."""
    notices.tell("account.invited", person=person, path=reverse("alliance:me"), at=at)


def tell_role_given(membership: Membership, *, at: dt.datetime) -> None:
    """Tell a person in which role they now act."""
    notices.tell(
        "account.role_given",
        person=membership.person,
        path=reverse("alliance:me"),
        at=at,
        role=notices.in_both(lambda _language: membership.get_role_display()),
        organisation=notices.in_both(lambda _language: membership.organisation.name),
    )
