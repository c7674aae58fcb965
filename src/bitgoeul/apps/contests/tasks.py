"""The room's background work: scoring, letters, and sweeps so that nothing waits for ever."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.contests import services
from bitgoeul.apps.contests.models import Invitation
from bitgoeul.apps.contests.queries import bundle_files
from bitgoeul.core import clock, jobs


# The warmed parent of the sandbox is started by whichever job needs it first: it needs the room.
# A bundle's programs may take ten minutes each; the runner ends what takes longer than it may.
@jobs.task(timeout=1500, memory_mb=4096, title=_("Scoring an entry"), queue=jobs.CODE)
def score_entry(entry: str) -> jobs.Commit:
    """Score an entry; what comes of it is written together with the end of the job."""
    outcome = services.evaluate_entry(entry=UUID(entry))
    return jobs.Commit(
        lambda: services.record_result(entry=UUID(entry), outcome=outcome, at=clock.now())
    )


@jobs.task(timeout=1500, memory_mb=4096, title=_("Scoring an entry anew"), queue=jobs.CODE)
def rescore_entry(entry: str, scorer: str) -> jobs.Commit:
    """Score an entry by a candidate; its score is added together with the end of the job."""
    outcome = services.evaluate_entry_by(entry=UUID(entry), scorer=UUID(scorer))
    return jobs.Commit(
        lambda: services.record_rescore(
            entry=UUID(entry), scorer=UUID(scorer), outcome=outcome, at=clock.now()
        )
    )


@jobs.task(timeout=120, title=_("Settling entries that nobody scored"))
def settle_entries() -> jobs.Commit:
    """Give every entry whose job ended without it a final state, and its attempt back."""
    return jobs.Commit(lambda: {"settled": services.settle_entries(at=clock.now())})


@jobs.task(timeout=120, title=_("Letting the best teams go on"))
def advance_phases() -> jobs.Commit:
    """Let the best teams of phases that have ended into the next."""
    return jobs.Commit(lambda: {"phases": services.advance_due_phases(at=clock.now())})


@jobs.task(timeout=120, title=_("Forgetting bundles that nobody took over"))
def forget_bundles() -> dict[str, int]:
    """Delete uploaded bundles that became no contest within a day."""
    return {"forgotten": bundle_files.forget_bundles(at=clock.now())}


@jobs.task(timeout=60, title=_("Sending an invitation into a team"))
def send_invitation_letter(invitation: str) -> None:
    """Send the letter of an invitation."""
    row = Invitation.objects.select_related("team__contest").get(uuid=invitation)
    services.send_invitation_letter(invitation=row, at=clock.now())


jobs.schedule("contests.settle", settle_entries, every=dt.timedelta(minutes=1))
jobs.schedule("contests.bundles", forget_bundles, every=dt.timedelta(hours=6))
jobs.schedule("contests.advance", advance_phases, every=dt.timedelta(minutes=5))
