"""Tasks for the queue's own tests: each does one thing that a task may do, or suffer."""

import ctypes
import os
import signal
import time
from uuid import uuid4

import django_tasks
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from bitgoeul.core import clock, jobs


def effects() -> list[str]:
    """The effects that tasks have had, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM sample_effect ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def make_effect_table() -> None:
    """The table is raw on purpose: no constraint that would hide a doubled effect."""
    key = "INTEGER PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "BIGSERIAL"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE sample_effect (id {key}, word VARCHAR(50), pid INTEGER)")


def write(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO sample_effect (word, pid) VALUES (%s, %s)", [word, os.getpid()])


@jobs.task()
def note(word: str, seconds: float = 0.0) -> jobs.Commit:
    """Work for a while, then leave one word."""
    time.sleep(seconds)

    def effect() -> dict[str, str]:
        write(word)
        return {"wrote": word}

    return jobs.Commit(effect)


@jobs.task()
def note_then_fail(word: str) -> jobs.Commit:
    """Have an effect and then fail in the same commit."""

    def effect() -> None:
        write(word)
        raise RuntimeError("after the effect")

    return jobs.Commit(effect)


@jobs.task()
def count_rows(total: int, progress: jobs.Progress) -> int:
    """Tell how far it is."""
    for done in range(1, total + 1):
        progress.step(done, total, f"row {done}")
    return total


@jobs.task(retries=2)
def stumble() -> None:
    """Raise what nobody expected."""
    raise RuntimeError("nobody expected \x00 this")


@jobs.task()
def refuse() -> None:
    """Say why it cannot be done."""
    raise jobs.Refused("the file is empty")


@jobs.task()
def invalid() -> None:
    """Fail as services fail when input is wrong."""
    raise ValidationError(["first wrong", "second wrong"])


@jobs.task()
def lose_database() -> None:
    """Meet a database that went away."""
    raise OperationalError("server closed the connection")


@jobs.task()
def tell_time() -> str:
    """What time it is for a task."""
    return clock.now().isoformat()


@jobs.task()
def add_site() -> jobs.Commit:
    """Add a row every time: not idempotent."""
    from django.contrib.sites.models import Site

    return jobs.Commit(lambda: Site.objects.create(domain=str(uuid4()), name="again").pk)


@jobs.task()
def add_site_early() -> None:
    """Write outside a Commit: a crash afterwards leaves half."""
    from django.contrib.sites.models import Site

    Site.objects.get_or_create(domain="early.example")


@jobs.task(memory_mb=128)
def hog_memory() -> int:
    """Want more memory than declared."""
    return len(bytearray(1024 * 1024 * 1024))


@jobs.task()
def segfault() -> None:
    """Crash as native code crashes."""
    ctypes.string_at(0)


@jobs.task()
def be_killed() -> None:
    """End as the kernel's out-of-memory killer ends a process."""
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.task()
def leave_silently() -> None:
    """End without a word."""
    os._exit(3)


@jobs.task(timeout=1)
def sleep_long(word: str = "late") -> jobs.Commit:
    """Take too long, with a grandchild that would outlive it."""
    if os.fork() == 0:
        time.sleep(3)
        write("grandchild")
        os._exit(0)
    time.sleep(60)
    return jobs.Commit(lambda: write(word))


@jobs.task()
def wait_long(word: str) -> jobs.Commit:
    """Run until somebody stops it."""
    time.sleep(60)
    return jobs.Commit(lambda: write(word))


@django_tasks.task()
def double(number: int, *, plus: int = 0) -> int:
    """A task written to the plain `django_tasks` API."""
    return number * 2 + plus


@django_tasks.task(takes_context=True)
def attempt(context: django_tasks.TaskContext) -> int:
    """A task that asks which attempt this is."""
    return context.attempt
