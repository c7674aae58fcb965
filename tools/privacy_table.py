"""Keep the table in `docs/privacy.md`: what every table of the database keeps about people.

python tools/privacy_table.py          write it
python tools/privacy_table.py check    exit 1 when it is not as the declarations say
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "privacy.md"
BEGIN, END = "<!-- table: tools/privacy_table.py -->", "<!-- end of table -->"


def rows() -> Iterator[str]:
    """Make the lines of the table."""
    from bitgoeul.core.privacy.declarations import Kind
    from bitgoeul.core.privacy.registry import declared

    yield "| table | class | part: fields | erased by | kept | in one's download |"
    yield "|---|---|---|---|---|---|"
    for model, said in sorted(declared().items(), key=lambda each: each[0]._meta.label):
        if said.kind != Kind.PERSONAL:
            continue
        told = "yes" if said.export else f"no: {said.why}"
        for part in said.parts:
            fields = ", ".join(part.fields) or "(whose it is)"
            kept = "with the records" if part.with_records else "–"
            if part.keep:
                kept = f"{part.keep.title}. {part.keep.source}"
            by = f"{part.erase} ({part.by})" if part.by else str(part.erase)
            name = model._meta.label
            yield f"| `{name}` | {said.kind} | {part.key}: {fields} | {by} | {kept} | {told} |"
    for kind in (Kind.PSEUDONYMOUS, Kind.NONE):
        labels = sorted(m._meta.label for m, said in declared().items() if said.kind == kind)
        yield ""
        yield f"{str(kind).capitalize()}: {', '.join(f'`{label}`' for label in labels)}."


def page() -> str:
    """Return the page with the table as it has to be."""
    text = PAGE.read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *rows(), "", END]) + after


def main(arguments: list[str]) -> int:
    """Write or check."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bitgoeul.web.settings")
    import django
    from django.utils import translation

    django.setup()
    with translation.override("en"):
        wanted = page()
    if arguments == ["check"]:
        same = PAGE.read_text("utf-8") == wanted
        if not same:
            print("docs/privacy.md is not as declared: run python tools/privacy_table.py")
        return 0 if same else 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
