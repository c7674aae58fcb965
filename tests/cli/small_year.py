"""`bitgoeul demo` with a small year: the command itself, with fewer people.

python tests/cli/small_year.py --no-serve --lang ko
"""

import functools
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from bitgoeul.__main__ import main
from bitgoeul.cli.demo import synthetic

SMALL = synthetic.Size(applicants=60, seats_a_track=3, companies=3, seats_a_centre_vacancy=2)


def run(arguments: list[str]) -> int:
    """Run the command; its year is small, nothing else differs."""
    from bitgoeul.cli.demo import command

    made = command._make_year

    def small(folder: Path, **options: Any) -> None:
        from bitgoeul.cli.startup import prepare_database

        prepare_database(lang=options["lang"])
        from bitgoeul.cli.demo import filling, year

        # Programs are run by tests/cli/test_demo_labs.py, contests by test_demo_contests.py.
        left_out = ("labs", "contests")
        parts = tuple(part for part in filling.parts() if part.key not in left_out)
        with (
            mock.patch.object(year, "make", functools.partial(year.make, size=SMALL)),
            mock.patch.object(filling, "parts", return_value=parts),
        ):
            made(folder, **options)

    with mock.patch.object(command, "_make_year", small):
        return main(["demo", *arguments])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
