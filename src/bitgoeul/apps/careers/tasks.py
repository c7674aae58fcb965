"""Background work of the room: each task fetches by uuid and calls one service."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.careers import services
from bitgoeul.apps.careers.models import MatchingRound
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused


@jobs.task(title=_("Matching graduates and vacancies"), timeout=600)
def run_match(*, round_uuid: str, by_uuid: str, progress: jobs.Progress) -> jobs.Commit:
    """Match and verify a locked round; the result is kept together with the job's end."""
    progress.step(0, 3, _("Reading ratings and rankings"))
    matching_round = MatchingRound.objects.get(uuid=round_uuid)
    by = User.objects.get(uuid=by_uuid)
    try:
        progress.step(1, 3, _("Matching and verifying"))
        match = services.compute_match(matching_round=matching_round)
    except Refused as refusal:
        raise jobs.Refused(refusal.message) from refusal
    progress.step(2, 3, _("Keeping the result"))

    def keep() -> str:
        services.store_match(matching_round=matching_round, match=match, by=by, at=clock.now())
        return str(matching_round.uuid)

    return jobs.Commit(keep)


@jobs.task(title=_("Ending offers whose deadline has passed"), timeout=120)
def expire_offers() -> jobs.Commit:
    """End offers that nobody answered in time."""
    return jobs.Commit(lambda: services.expire_offers(at=clock.now()))


@jobs.task(title=_("Asking about jobs that should still be held"), timeout=300)
def ask_due_checks() -> jobs.Commit:
    """Tell graduates and employers which checks are due, each once."""
    return jobs.Commit(lambda: {"told": services.ask_due_checks(at=clock.now())})


jobs.schedule("careers.ask_due_checks", ask_due_checks, timedelta(days=1))
jobs.schedule("careers.expire_offers", expire_offers, timedelta(hours=1))
