"""What the queue keeps about people: numbers of accounts and objects only."""

from django.utils.translation import gettext_lazy as _

from bitgoeul.core.jobs.models import Job, Slot
from bitgoeul.core.privacy.declarations import NOTHING, Declaration, Kind

DECLARED = {
    Job: Declaration(
        kind=Kind.PSEUDONYMOUS,
        export=False,
        why=_("Accounts and objects stand in it by number only."),
    ),
    Slot: NOTHING,
}
