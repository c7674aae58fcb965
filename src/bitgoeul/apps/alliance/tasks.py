"""The room's background work."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import User
from bitgoeul.core import jobs


@jobs.task(timeout=60, title=_("Sending an invitation"))
def send_invitation(person: str) -> None:
    """Send one letter of invitation."""
    services.send_invitation_letter(person=User.objects.get(uuid=person))
