"""Which walls stand on this machine, found out by standing behind them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .inside import walls
from .request import Task, Tier
from .warm import Unavailable, WarmParent, Warmth

TIERS = tuple(Tier)
BARE = Warmth(modules=(), idle_seconds=30)


@dataclass(frozen=True, slots=True)
class Probe:
    """One tier: whether code ran behind it, what was complained of, what holds its memory."""

    tier: Tier
    works: bool
    complaint: str = ""
    grouped: bool = False


def probe() -> list[Probe]:
    """Try every tier with a program that does nothing."""
    return [_probe(tier) for tier in TIERS]


def _probe(tier: Tier) -> Probe:
    try:
        with WarmParent.start(tier, warmth=BARE) as parent:
            prove(parent)
            return Probe(tier, True, grouped=parent.grouped)
    except Unavailable as error:
        return Probe(tier, False, str(error))


def prove(parent: WarmParent) -> None:
    """Run nothing behind the walls of a parent.

    Raises
    ------
    Unavailable
        When one of them does not stand; the text says which.
    """
    ended = parent.begin(Task("code", {"source": ""})).end()
    if not ended.done:
        raise Unavailable(ended.detail or ended.state.value)


def landlock_version() -> int:
    """The kernel's Landlock version, 0 when it has none."""
    return walls.landlock_version()


def obstacle() -> str:
    """What this system is known to hold against bubblewrap: a code, or nothing."""
    for code, path, bad in (
        ("apparmor", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
        ("no_user_namespaces", "/proc/sys/user/max_user_namespaces", "0"),
        ("no_unprivileged", "/proc/sys/kernel/unprivileged_userns_clone", "0"),
    ):
        try:
            if Path(path).read_text().strip() == bad:
                return code
        except OSError:
            continue
    return ""
