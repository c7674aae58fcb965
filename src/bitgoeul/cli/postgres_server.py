"""The embedded PostgreSQL under the supervisor: tie its life to ours, then become the server."""

import argparse
import os
import signal
import sys
from pathlib import Path

from bitgoeul.core.db import postgres
from bitgoeul.core.jobs.processes import die_with_parent


def main(arguments: list[str] | None = None) -> None:
    """Become the server; when the supervisor dies, the kernel asks it for a fast shutdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    args = parser.parse_args(arguments)
    who = postgres.account()
    if who is not None:
        os.setgroups([])
        os.setgid(who[1])
        os.setuid(who[0])
    # After the change of account, which would forget it; it outlives the exec.
    die_with_parent(args.parent, signal.SIGINT)
    os.chdir("/")
    command = postgres.command(args.data)
    os.execv(command[0], command)  # noqa: S606 -- the wheel's own program


if __name__ == "__main__":
    main(sys.argv[1:])
