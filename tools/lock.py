"""Write the hashed locks that `./bitgoeul` installs, for Python 3.11 to 3.13 on every platform.

    python tools/lock.py             keep versions where they still fit
    python tools/lock.py --upgrade   take the newest that pyproject.toml allows
    python tools/lock.py --check     exit 1 when pyproject.toml changed since the locks were written

`requirements.lock` is what an installation needs, with embedded PostgreSQL and with the build
backend, so that installing the checkout itself fetches nothing unpinned.
`requirements-dev.lock` adds what `./bitgoeul test` needs, at the same versions.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME, DEV = "requirements.lock", "requirements-dev.lock"
MARK = "# pyproject.toml: "


def wanted_digest(*, root: Path) -> str:
    """A digest of what pyproject.toml asks for, and of nothing else in it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        project["project"]["requires-python"],
        project["project"]["dependencies"],
        project["project"]["optional-dependencies"],
        project["build-system"]["requires"],
    ]
    return hashlib.sha256(json.dumps(wanted).encode()).hexdigest()


def build_requirements(*, root: Path) -> str:
    """The build backend's requirements, one a line."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return "\n".join(project["build-system"]["requires"])


def compile_lock(*, root: Path, name: str, extra: str, options: list[str]) -> None:
    """Let uv resolve one lock and put the digest of its inputs on the first line."""
    command = [
        *("uv", "pip", "compile", "--no-config", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--quiet", "--custom-compile-command", "python tools/lock.py"),
        *("--extra", extra, "pyproject.toml", "-", "--output-file", name, *options),
    ]
    subprocess.run(  # noqa: S603 -- our own arguments
        command,
        cwd=root,
        check=True,
        text=True,
        input=build_requirements(root=root),
        stdout=subprocess.DEVNULL,
    )
    lock = root / name
    text = lock.read_text(encoding="utf-8")
    lock.write_text(f"{MARK}{wanted_digest(root=root)}\n{text}", encoding="utf-8")


def stale_locks(*, root: Path) -> list[str]:
    """The locks that were written for another pyproject.toml."""
    first = f"{MARK}{wanted_digest(root=root)}\n"
    return [
        name
        for name in (RUNTIME, DEV)
        if not (root / name).exists() or not (root / name).read_text("utf-8").startswith(first)
    ]


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    if args.check:
        stale = stale_locks(root=ROOT)
        print(f"stale: {', '.join(stale)}" if stale else "the locks fit pyproject.toml")
        return 1 if stale else 0
    options = ["--upgrade"] if args.upgrade else []
    compile_lock(root=ROOT, name=RUNTIME, extra="postgres", options=options)
    # The first lock constrains the second: a test must run what an installation runs.
    compile_lock(root=ROOT, name=DEV, extra="dev", options=["--constraint", RUNTIME, *options])
    return 0


if __name__ == "__main__":
    sys.exit(main())
