"""The room's background work."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import RoleInvitation, SecondFactorReset, User
from bitgoeul.core import clock, jobs


@jobs.task(timeout=60, title=_("Sending an invitation"))
def send_invitation(person: str) -> None:
    """Send one letter of invitation."""
    services.send_invitation_letter(person=User.objects.get(uuid=person))


@jobs.task(timeout=60, title=_("Sending an invitation into a role"))
def send_role_invitation(invitation: str) -> None:
    """Send one letter of invitation into a role."""
    row = RoleInvitation.objects.select_related("organisation").get(uuid=invitation)
    services.send_role_invitation_letter(invitation=row, at=clock.now())


@jobs.task(timeout=60, title=_("Telling somebody about their two-step sign-in"))
def send_reset_letter(reset: str) -> None:
    """Send one letter about a reset."""
    row = SecondFactorReset.objects.select_related("person").get(uuid=reset)
    services.send_reset_letter_now(reset=row)


@jobs.task(timeout=300)
def remind_committees() -> jobs.Commit:
    """Tell owners what is overdue, and members which meeting is near."""
    return jobs.Commit(
        lambda: {"told": services.remind_committees(on=clock.today(), at=clock.now())}
    )


# A day's stretch begins at nine in the morning in Seoul.
jobs.schedule("alliance.remind_committees", remind_committees, every=timedelta(days=1))
