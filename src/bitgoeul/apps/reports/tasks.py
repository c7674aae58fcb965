"""Work for the queue: each fetches its objects and calls one service."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bitgoeul.apps.reports import services
from bitgoeul.apps.reports.models import Extract
from bitgoeul.core import clock, jobs


@jobs.task(title=_("Making an extract for research"), timeout=1800)
def make_extract(extract: str) -> jobs.Commit:
    """Make the file; its row is written together with the job's end."""

    def apply() -> int:
        found = Extract.objects.get(uuid=UUID(extract))
        return services.make_extract(extract=found, at=clock.now()).rows

    return jobs.Commit(apply)
