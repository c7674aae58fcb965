"""The demo's background work: the worker fills the rest of the year after the first page."""

from pathlib import Path

from django.conf import settings

from bitgoeul.cli import _
from bitgoeul.core import jobs


@jobs.task(timeout=900, memory_mb=3072, title=_("Filling the rest of the demo year"), priority=-50)
def fill_unit(part: str, name: str) -> jobs.Commit:
    """Fill one unit; the order for the next one is written together with it."""
    from bitgoeul.cli.demo import filling, year

    resumed = year.resume(Path(settings.BITGOEUL.demo_dir))
    unit, following = filling.find(resumed, part=part, name=name)
    filling.tell(unit)
    write = unit.part.prepare(resumed, name)

    def apply() -> dict[str, str]:
        write()
        if following is None:
            filling.tell(None)
        else:
            jobs.enqueue(fill_unit, part=following.part.key, name=following.name)
        return {"part": part, "unit": name}

    return jobs.Commit(apply)


def fill_rest() -> None:
    """Order the first unit."""
    from bitgoeul.cli.demo import filling, year

    resumed = year.resume(Path(settings.BITGOEUL.demo_dir))
    if (first := next(filling.units_of(resumed), None)) is not None:
        jobs.enqueue(fill_unit, part=first.part.key, name=first.name)
