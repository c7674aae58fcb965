"""Pythons that a contest's program starts get what the program itself has got."""

import importlib.util
from pathlib import Path

_path = Path(__file__).resolve().parent.parent.parent / "vintage.py"
_spec = importlib.util.spec_from_file_location("bitgoeul_vintage", _path)
if _spec is not None and _spec.loader is not None:
    _vintage = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(_vintage)
    _vintage.prepare()
