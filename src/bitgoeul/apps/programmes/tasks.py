"""Work for the queue: each fetches its objects and calls one service."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.alliance.models import User
from bitgoeul.apps.programmes import services
from bitgoeul.apps.programmes.models import Cohort, Programme
from bitgoeul.apps.programmes.queries.warning import trained_on
from bitgoeul.core import clock, jobs
from bitgoeul.core.errors import Refused

CERTIFICATES = "programmes.certificates"
WARNING = "programmes.warning"


def _cohort(uuid: str) -> Cohort:
    return Cohort.objects.select_related("programme", "rule_set").get(uuid=UUID(uuid))


def _user(uuid: str | None) -> User | None:
    return User.objects.get(uuid=UUID(uuid)) if uuid else None


@jobs.task(title=_("Giving the seats"), timeout=600)
def run_selection(cohort: str, officer: str | None, progress: jobs.Progress) -> jobs.Commit:
    """Run a cohort's selection; its rows are written together with the job's end."""

    progress.step(0, 1, _("Freezing the applications and giving the seats"))

    def apply() -> str:
        try:
            made = services.run_selection(cohort=_cohort(cohort), by=_user(officer), at=clock.now())
        except Refused as refusal:
            raise jobs.Refused(str(refusal.message)) from refusal
        return str(made.uuid)

    return jobs.Commit(apply)


@jobs.task(title=_("Moving the waiting lists"), timeout=600)
def move_waiting_lists() -> jobs.Commit:
    """Let offers lapse whose time is over and call whoever is next."""
    return jobs.Commit(lambda: services.lapse_seat_offers(at=clock.now()))


@jobs.task(title=_("Deciding completion"), timeout=900)
def decide_completions(cohort: str, officer: str | None, progress: jobs.Progress) -> jobs.Commit:
    """Decide the completion of a whole cohort."""

    progress.step(0, 1, _("Applying the rules to everyone"))

    def apply() -> int:
        try:
            verdicts = services.decide_completions(
                cohort=_cohort(cohort), by=_user(officer), at=clock.now()
            )
        except Refused as refusal:
            raise jobs.Refused(str(refusal.message)) from refusal
        # The certificates follow in a job of their own: a verdict does not wait for signatures.
        order_certificates(_cohort(cohort), _user(officer))
        return len(verdicts)

    return jobs.Commit(apply)


@jobs.task(title=_("Issuing certificates"), timeout=900)
def settle_certificates(cohort: str, officer: str | None, progress: jobs.Progress) -> jobs.Commit:
    """Issue and revoke the completion certificates of a cohort as its verdicts say."""
    progress.step(0, 1, _("Signing a certificate for whoever completed"))

    def apply() -> dict[str, int]:
        try:
            settled = services.settle_certificates(
                cohort=_cohort(cohort), by=_user(officer), at=clock.now()
            )
        except Refused as refusal:
            raise jobs.Refused(str(refusal.message)) from refusal
        return settled.as_json()

    return jobs.Commit(apply)


def order_certificates(cohort: Cohort, officer: User | None) -> Any:
    """Order the certificates of a cohort; while they are being issued, the running job is told."""
    return jobs.enqueue(
        settle_certificates,
        by=officer,
        dedupe=f"{CERTIFICATES}:{cohort.uuid}",
        cohort=str(cohort.uuid),
        officer=str(officer.uuid) if officer else None,
    )


jobs.schedule("programmes.waiting", move_waiting_lists, every=timedelta(hours=1))


@jobs.task(title=_("Closing sessions that were left open"), timeout=300)
def close_open_sessions() -> jobs.Commit:
    """Write the attendance of sessions that people signed in to and nobody closed."""
    return jobs.Commit(lambda: {"closed": services.close_open_sessions(at=clock.now())})


jobs.schedule("programmes.close_open_sessions", close_open_sessions, timedelta(hours=1))


@jobs.task(title=_("Training the early-warning model"), timeout=900)
def train_warning_model(
    programme: str, officer: str | None, progress: jobs.Progress
) -> jobs.Commit:
    """Train the early-warning model of a programme and hold it against the rules."""
    progress.step(0, 1, _("Looking at the cohorts that have ended"))
    found = Programme.objects.get(uuid=UUID(programme))
    # The slow half reads only; people who use the site meanwhile do not wait for it.
    trained = trained_on(found)

    def apply() -> dict[str, Any]:
        try:
            made = services.train_warning_model(
                programme=found, by=_user(officer), at=clock.now(), trained=trained
            )
        except Refused as refusal:
            raise jobs.Refused(str(refusal.message)) from refusal
        return {"version": made.version, "in_use": made.in_use}

    return jobs.Commit(apply)


def order_training(programme: Programme, officer: User | None) -> Any:
    """Order the training of a programme's model."""
    return jobs.enqueue(
        train_warning_model,
        by=officer,
        dedupe=f"{WARNING}:{programme.uuid}",
        programme=str(programme.uuid),
        officer=str(officer.uuid) if officer else None,
    )
