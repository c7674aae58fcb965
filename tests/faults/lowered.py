"""Small files go the way of long ones, and waits are short; nothing else differs."""

import datetime as dt
import os
from dataclasses import replace

from django.apps import AppConfig

SWEEP = dt.timedelta(seconds=5)
SWEEPS = ("imports.settle", "labs.settle", "contests.settle")


class Lowered(AppConfig):
    """Every program of the product loads it with the settings of this folder."""

    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        """Lower what a short run would never reach."""
        from bitgoeul.cli import supervisor
        from bitgoeul.core.imports.services import reading, settling, writing
        from bitgoeul.core.jobs import registry, schedules

        reading.INLINE_BYTES = 2_000
        writing.INLINE_ROWS = 20
        settling.PATIENCE = SWEEP
        supervisor.FIRST_PAUSE_SECONDS = supervisor.LONGEST_PAUSE_SECONDS = 0.1
        registry.discover()
        if os.environ.get("FAULTS_FEW"):
            for key in set(schedules._schedules) - {*SWEEPS, "journal.seal"}:
                del schedules._schedules[key]
        for key in SWEEPS:
            if key in schedules._schedules:
                schedules._schedules[key] = replace(schedules._schedules[key], every=SWEEP)
