"""A small demo year, made once by the demo's own code and handed to each journey as it was made."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import connection

from bitgoeul.cli.demo import synthetic
from bitgoeul.core import clock
from bitgoeul.core.journal.protection import unprotect

SMALL = synthetic.Size(applicants=100, seats_a_track=4, companies=4, seats_a_centre_vacancy=2)
"""Small, but with someone in every situation: matched, unmatched, without a job, without a seat."""


@dataclass(frozen=True)
class Sample:
    """The copy that every journey starts from, and who can sign in."""

    database: Path
    files: Path
    password: str
    emails: dict[str, str] = field(default_factory=dict)

    def restore(self) -> None:
        """Put the year into the test's database, whatever is there now."""
        source = connection.Database.connect(str(self.database))
        connection.ensure_connection()
        try:
            source.backup(connection.connection)
        finally:
            source.close()
        _forget_numbers()


def make_sample(folder: Path) -> Sample:
    """Make the year in the (empty) test database, copy it away, and empty the database again."""
    from bitgoeul.cli.demo import filling, year

    demo = Path(settings.BITGOEUL.demo_dir)
    demo.mkdir(parents=True, exist_ok=True)
    try:
        # The rest has tests of its own, and the journeys begin with a cohort nobody applied to.
        made = year.make(demo, told=_silent, size=SMALL)
        filling.fill(made, only={"committee"})
    finally:
        # The date is fixed by a setting while a journey runs, not for every test of this process.
        (Path(settings.BITGOEUL.data_dir) / clock.STATE_FILE).unlink(missing_ok=True)
    copy = connection.Database.connect(str(folder / "year.sqlite3"))
    connection.connection.backup(copy)
    copy.close()
    unprotect(connection)
    call_command("flush", verbosity=0, interactive=False)
    people = json.loads((demo / "sign-ins.json").read_text())
    return Sample(
        database=folder / "year.sqlite3",
        files=demo / "files",
        password=people[0][2],
        emails={who: email for who, email, _password in people},
    )


def _silent(*_told: Any) -> None:
    """Nobody watches the steps here."""


def _forget_numbers() -> None:
    """Caches know rows by the numbers that they had in the other database."""
    ContentType.objects.clear_cache()
    Site.objects.clear_cache()
