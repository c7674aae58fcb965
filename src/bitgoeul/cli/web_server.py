"""The web half of `serve`: granian under the supervisor; started by it, never by a person."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from bitgoeul.core.jobs.processes import die_with_parent
from bitgoeul.web.config import default_data_dir

TARGET = "bitgoeul.web.wsgi:application"
# Measured: more blocking threads make CPU-bound pages slower and their slowest percent worse.
BLOCKING_THREADS = 2
KILL_AFTER_SECONDS = 10
RESPAWN_ABOVE_MB = 1024


def load_application(target: str, *, server: int) -> Callable[..., Any]:
    """In a worker process: tie its life to the server's, then load the application.

    The server's number comes from the server: one that was killed while this process began is
    nobody's parent any more, and a worker that outlives it would keep the port for ever.
    """
    from django.utils.module_loading import import_string

    die_with_parent(server)
    application: Callable[..., Any] = import_string(target.replace(":", "."))
    return application


def forget_counts() -> None:
    """Begin to count requests anew: the processes that counted before are gone."""
    for path in (default_data_dir() / "metrics").glob("*.db"):
        path.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal comes."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    args = parser.parse_args(arguments)
    die_with_parent(args.parent)
    forget_counts()
    Granian(
        TARGET,
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=BLOCKING_THREADS,
        # Without it the server goes down with the first worker that is killed.
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER_SECONDS,
        workers_max_rss=RESPAWN_ABOVE_MB,
        log_level=LogLevels.error,
    ).serve(target_loader=partial(load_application, server=os.getpid()))


if __name__ == "__main__":
    main(sys.argv[1:])
