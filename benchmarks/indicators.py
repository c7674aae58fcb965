"""Every indicator of the whole agreement, computed cold: seconds of wall and of CPU.

As a report computes them: together, each loading only what no other has loaded. `--alone`: each
by itself.

python benchmarks/generate.py --people 200000 --applications 100000 --hours 10000000
python benchmarks/indicators.py
"""

from __future__ import annotations

import argparse
import contextlib
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")


def main() -> None:
    """Compute and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--alone", action="store_true")
    args = parser.parse_args()
    import django

    django.setup()
    from django.db import connection

    from bitgoeul.apps.alliance.models import Agreement
    from bitgoeul.core import clock
    from bitgoeul.core.indicators import Scope, collect, together

    scope = Scope(agreement=Agreement.objects.get().uuid)
    day = clock.today()
    whole = cpu = 0.0
    print(
        f"{'indicator':40}{'number':>12}{'rows':>9}{'wall s':>9}{'CPU s':>9}  {connection.vendor}"
    )
    with contextlib.nullcontext() if args.alone else together():
        for key, indicator in sorted(collect().items()):
            wall, spent = time.monotonic(), time.process_time()
            value = indicator.compute(scope, day)
            wall, spent = time.monotonic() - wall, time.process_time() - spent
            whole, cpu = whole + wall, cpu + spent
            rows = len(value.denominator or value.numerator)
            number = value.number or 0
            print(f"{key:40}{number:>12.4g}{rows:>9}{wall:>9.2f}{spent:>9.2f}", flush=True)
    print(f"{'all':40}{'':>21}{whole:>9.2f}{cpu:>9.2f}")


if __name__ == "__main__":
    main()
