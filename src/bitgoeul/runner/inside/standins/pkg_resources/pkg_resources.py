"""What old bundles ask of setuptools, a list of what is installed; only where it is not there."""

from __future__ import annotations

from importlib import metadata
from typing import Any


class DistributionNotFound(Exception):
    """No such package is installed."""


class Distribution:
    """A package by name and version."""

    def __init__(self, name: str, version: str) -> None:
        self.project_name = self.key = name
        self.version = version

    def __str__(self) -> str:
        return f"{self.project_name} {self.version}"

    __repr__ = __str__


working_set = [
    Distribution(found.metadata["Name"] or "", found.version) for found in metadata.distributions()
]


def get_distribution(name: str) -> Distribution:
    """The installed package of this name."""
    try:
        return Distribution(name, metadata.version(name))
    except metadata.PackageNotFoundError as error:
        raise DistributionNotFound(name) from error


def require(*names: str) -> list[Any]:
    """The installed packages of these names."""
    return [get_distribution(name) for name in names]
