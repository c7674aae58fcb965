"""What programs of earlier years expect, so that a bundle of 2019 runs as it was written.

Names that numpy had until 1.23, `read_csv(date_parser=…)` of pandas before 3, `yaml.load` without
a loader, and stand-ins for two packages of Codalab's image.  Only for commands of contests:
notebooks and other submitted code get none of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

STANDINS = Path(__file__).resolve().parent / "standins"
PACKAGES = ("filelock", "pkg_resources")
NUMPY = {"float": float, "int": int, "bool": bool, "object": object, "str": str, "complex": complex}


def prepare() -> None:
    """Put it all in place: now for what is imported already, else when it is."""
    folders = [str(STANDINS / name) for name in PACKAGES if find_spec(name) is None]
    sys.path.extend(folder for folder in folders if folder not in sys.path)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(STANDINS / "always"), *folders])
    for name, change in CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])
    sys.meta_path.insert(0, Afterwards())


class Afterwards(MetaPathFinder):
    """Changes a module right after it was imported."""

    def __init__(self) -> None:
        self._looking = False

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own spec, with a change at its end."""
        change = CHANGES.get(fullname)
        if change is None or self._looking:
            return None
        self._looking = True
        try:
            spec = find_spec(fullname)
        finally:
            self._looking = False
        if spec is None or spec.loader is None:
            return spec
        original = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            change(module)

        setattr(spec.loader, "exec_module", exec_module)  # noqa: B010 -- of this one loader
        return spec


def _change_numpy(numpy: Any) -> None:
    for name, kind in NUMPY.items():
        if name not in vars(numpy):
            setattr(numpy, name, kind)


def _change_pandas(pandas: Any) -> None:
    original = pandas.read_csv

    def read_csv(*args: Any, date_parser: Any = None, parse_dates: Any = None, **named: Any) -> Any:
        """As it is, and with the `date_parser` that it had."""
        if date_parser is None or not isinstance(parse_dates, list):
            return original(*args, parse_dates=parse_dates, **named)
        frame = original(*args, **named)
        for column in parse_dates:
            frame[column] = frame[column].map(date_parser)
        return frame

    pandas.read_csv = read_csv


def _change_yaml(yaml: Any) -> None:
    original = yaml.load

    def load(stream: Any, Loader: Any = yaml.SafeLoader) -> Any:  # noqa: N803 -- PyYAML's own name
        """As PyYAML had it before version 6, but never with a loader that runs code."""
        return original(stream, Loader)

    yaml.load = load


CHANGES: dict[str, Callable[[Any], None]] = {
    "numpy": _change_numpy,
    "pandas": _change_pandas,
    "yaml": _change_yaml,
}
