"""The room's background work."""

from bitgoeul.apps.alliance import services
from bitgoeul.apps.alliance.models import User
from bitgoeul.core import jobs


@jobs.task(timeout=60)
def send_invitation(person: str) -> None:
    """Send one letter of invitation."""
    services.send_invitation_letter(person=User.objects.get(uuid=person))
