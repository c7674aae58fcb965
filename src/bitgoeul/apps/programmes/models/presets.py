"""Ready-made rules that an officer starts from: files of the package, each with its source."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from bitgoeul.apps.programmes.models.rule_values import RuleValues

FOLDER = Path(__file__).with_name("preset_files")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Values under a title, where they come from, and where the sources disagree."""

    key: str
    title_ko: str
    title_en: str
    valid_from: dt.date
    values: RuleValues
    source: Mapping[str, Any]
    disagreement: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if get_language() == "en" else self.title_ko

    @property
    def said(self) -> Mapping[str, str]:
        """Where the values come from, in the reader's language."""
        words: Mapping[str, str] = self.source["en" if get_language() == "en" else "ko"]
        return words

    @property
    def disagreements(self) -> list[str]:
        """Where sources disagree, in the reader's language."""
        found = self.disagreement.get("en" if get_language() == "en" else "ko", {})
        return list(found.values())


def _read(path: Path) -> tuple[int, Preset]:
    with path.open("rb") as file:
        found = tomllib.load(file)
    values = RuleValues.from_json(found["values"])
    return found["order"], Preset(
        key=found["key"],
        title_ko=found["title_ko"],
        title_en=found["title_en"],
        valid_from=found["valid_from"],
        values=values,
        source=found["source"],
        disagreement=found.get("disagreement", {}),
    )


PRESET_FILES: Mapping[str, Preset] = {
    preset.key: preset
    for _order, preset in sorted(map(_read, FOLDER.glob("*.toml")), key=lambda found: found[0])
}

PRESETS: Mapping[str, RuleValues] = {key: one.values for key, one in PRESET_FILES.items()}
