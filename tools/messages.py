"""Keep the Korean messages complete, without the system's gettext programs.

Every package that speaks to people owns one fragment, `src/bitgoeul/locale/ko/<fragment>.po`:
`web`, `core`, `runner`, `cli`, and one per room.  The English text in the code is the msgid.

    python tools/messages.py update [FRAGMENT ...]   add new msgids, sort, drop what is gone
    python tools/messages.py check [FRAGMENT ...]    exit 1 when a translation is missing or wrong
    python tools/messages.py compile                 merge the fragments into django.po, django.mo

An entry that no code mentions (to override a text of Django or allauth) stays when its
translator comment starts with "kept:" and says why.
"""

from __future__ import annotations

import argparse
import difflib
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_SUFFIXES = {".html", ".txt"}
HEADER = {
    "Language": "ko",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
NAMED = re.compile(r"%\(\w+\)[a-z]")
UNNAMED = re.compile(r"(?<!%)(?:%%)*%[sdfr]")
HANGUL = re.compile(r"[가-힣]")
ALIKE = 0.8

# gettext's identity of a message: its context (None for most) and its msgid.
Key = tuple[str | None, str]


@dataclass
class Message:
    """One text of the code, with the files that say it."""

    msgid: str
    context: str | None = None
    plural: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


@dataclass(frozen=True)
class Tree:
    """Where the sources and the fragments of one checkout stand."""

    root: Path

    @property
    def package(self) -> Path:
        return self.root / "src" / "bitgoeul"

    @property
    def locale(self) -> Path:
        return self.package / "locale" / "ko"

    @property
    def compiled(self) -> Path:
        return self.locale / "LC_MESSAGES" / "django.mo"

    def sources(self, *, fragment: str) -> list[Path]:
        """The files and folders whose texts one fragment translates."""
        if fragment == "cli":
            return [self.package / "cli", self.package / "__main__.py"]
        if fragment in {"web", "core", "runner"}:
            return [self.package / fragment]
        return [self.package / "apps" / fragment]

    def fragments(self) -> list[str]:
        rooms = self.package / "apps"
        names = [folder.name for folder in rooms.glob("*/") if (folder / "__init__.py").exists()]
        named = {path.stem for path in self.locale.glob("*.po")}
        return sorted({"web", "core", "runner", "cli", *names, *named})

    def fragment_file(self, *, fragment: str) -> Path:
        return self.locale / f"{fragment}.po"


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    for source in sources:
        found = source.rglob("*") if source.is_dir() else [source]
        for path in sorted(found):
            template = path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts
            if path.is_file() and (template or path.suffix == ".py"):
                yield path


def _texts_of(path: Path) -> Iterator[Message]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = templatize(source, origin=str(path))
    stream = io.BytesIO(source.encode())
    for _line, found, _comments, context in extract("python", stream, keywords=KEYWORDS):
        forms = [form for form in found if form] if isinstance(found, tuple) else [found]
        if not forms or not forms[0]:
            continue
        yield Message(forms[0], context, forms[1] if len(forms) > 1 else "")


def extracted(tree: Tree, *, fragment: str) -> dict[Key, Message]:
    """Every message that the code of one fragment says."""
    messages: dict[Key, Message] = {}
    for path in _files(tree.sources(fragment=fragment)):
        for found in _texts_of(path):
            message = messages.setdefault(found.key, found)
            message.plural = message.plural or found.plural
            message.files.add(path.relative_to(tree.package).as_posix())
    return messages


def read_fragment(tree: Tree, *, fragment: str) -> polib.POFile:
    path = tree.fragment_file(fragment=fragment)
    return polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)


def _key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid)


def _kept(entry: polib.POEntry) -> bool:
    return bool(entry.tcomment.startswith("kept:"))


def _korean(entry: polib.POEntry) -> str:
    """The translation, whether the message has a plural or not (Korean has one form)."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def _set_korean(entry: polib.POEntry, text: str) -> None:
    if entry.msgid_plural:
        entry.msgstr, entry.msgstr_plural = "", {0: text}
    else:
        entry.msgstr, entry.msgstr_plural = text, {}


def update_fragment(tree: Tree, *, fragment: str) -> int:
    """Write the fragment anew: every message of the code, known Korean kept; how many lack it."""
    messages = extracted(tree, fragment=fragment)
    known = {_key(entry): entry for entry in read_fragment(tree, fragment=fragment)}
    gone = {entry.msgid: entry for key, entry in known.items() if key not in messages}
    po = polib.POFile(wrapwidth=98)
    po.metadata = dict(HEADER)
    for key, message in messages.items():
        entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context)
        entry.msgid_plural = message.plural
        entry.occurrences = [(name, "") for name in sorted(message.files)]
        old = known.get(key)
        if old is not None:
            entry.flags, entry.tcomment = list(old.flags), old.tcomment
        else:
            # A reworded English text keeps its Korean as a proposal that a person must confirm.
            near = difflib.get_close_matches(message.msgid, list(gone), n=1, cutoff=ALIKE)
            old = gone[near[0]] if near else None
            entry.flags = ["fuzzy"] if old is not None and _korean(old) else []
        _set_korean(entry, _korean(old) if old is not None else "")
        po.append(entry)
    po.extend(entry for entry in gone.values() if _kept(entry))
    po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    path = tree.fragment_file(fragment=fragment)
    if len(po) or path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        po.save(str(path))
    return sum(1 for entry in po if not _korean(entry) or entry.fuzzy)


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    korean = _korean(entry)
    if not korean:
        yield "has no Korean text"
        return
    if entry.fuzzy:
        yield "is marked fuzzy: confirm the Korean text and remove the mark"
    names = set(NAMED.findall(entry.msgid)) | set(NAMED.findall(entry.msgid_plural))
    if names != set(NAMED.findall(korean)):
        yield f"has other placeholders in Korean than in English ({', '.join(sorted(names))})"
    if entry.msgid.startswith("\n") != korean.startswith("\n"):
        yield "starts with a line break in one language only"


def check_fragment(tree: Tree, *, fragment: str) -> list[str]:
    """What is wrong in one fragment, one line each."""
    messages = extracted(tree, fragment=fragment)
    entries = {_key(entry): entry for entry in read_fragment(tree, fragment=fragment)}
    faults = []
    for key, message in messages.items():
        place = f"{fragment}: {message.msgid!r} ({', '.join(sorted(message.files))})"
        if UNNAMED.search(NAMED.sub("", message.msgid)):
            faults.append(f"{place} uses a placeholder without a name")
        if HANGUL.search(message.msgid):
            faults.append(f"{place} is Korean: the msgid is the English text")
        entry = entries.get(key)
        if entry is None:
            faults.append(f"{place} is missing from {fragment}.po")
            continue
        if entry.msgid_plural != message.plural:
            faults.append(f"{place} has another plural in {fragment}.po")
        faults.extend(f"{place} {fault}" for fault in _entry_faults(entry))
    for key, entry in entries.items():
        if key not in messages and not _kept(entry):
            faults.append(f"{fragment}: {entry.msgid!r} is obsolete: no code says it")
    return faults


def merged(tree: Tree) -> tuple[polib.POFile, list[str]]:
    """All fragments as one catalogue, and the messages translated in two ways."""
    entries: dict[Key, polib.POEntry] = {}
    origin: dict[Key, str] = {}
    faults = []
    for fragment in tree.fragments():
        for entry in read_fragment(tree, fragment=fragment):
            if not _korean(entry) or entry.fuzzy:
                continue
            key = _key(entry)
            first = entries.setdefault(key, entry)
            origin.setdefault(key, fragment)
            if _korean(first) != _korean(entry):
                faults.append(
                    f"{entry.msgid!r} is {_korean(first)!r} in {origin[key]}.po"
                    f" and {_korean(entry)!r} in {fragment}.po"
                )
    po = polib.POFile(wrapwidth=98)
    po.metadata = dict(HEADER)
    po.header = "Written by tools/messages.py from the fragments beside this folder."
    for (context, msgid), entry in sorted(
        entries.items(), key=lambda item: (item[0][1], item[0][0] or "")
    ):
        copy = polib.POEntry(msgid=msgid, msgctxt=context, msgid_plural=entry.msgid_plural)
        _set_korean(copy, _korean(entry))
        po.append(copy)
    return po, faults


def _update(tree: Tree, fragments: list[str]) -> int:
    for fragment in fragments:
        open_texts = update_fragment(tree, fragment=fragment)
        print(f"{fragment}: {open_texts} without confirmed Korean")
    return 0


def _check(tree: Tree, fragments: list[str]) -> int:
    catalogue, faults = merged(tree)
    for fragment in fragments:
        faults.extend(check_fragment(tree, fragment=fragment))
    whole = fragments == tree.fragments()
    current = tree.compiled.read_bytes() if tree.compiled.exists() else b""
    if whole and current != catalogue.to_binary():
        faults.append("django.mo is older than the fragments: run tools/messages.py compile")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faults in {', '.join(fragments)}")
    return 1 if faults else 0


def _compile(tree: Tree) -> int:
    po, faults = merged(tree)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    tree.compiled.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(tree.compiled.with_suffix(".po")))
    tree.compiled.write_bytes(po.to_binary())
    print(f"{len(po)} messages")
    return 0


def main(argv: list[str] | None = None, *, root: Path | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("command", choices=["update", "check", "compile"])
    parser.add_argument("fragments", nargs="*", metavar="FRAGMENT")
    args = parser.parse_args(argv)
    tree = Tree(root or Path(__file__).resolve().parent.parent)
    unknown = set(args.fragments) - set(tree.fragments())
    if unknown:
        parser.error(f"no such fragment: {', '.join(sorted(unknown))}")
    if not settings.configured:
        settings.configure()  # templatize reads only Django's defaults
    fragments = sorted(set(args.fragments)) or tree.fragments()
    if args.command == "compile":
        return _compile(tree)
    return (_update if args.command == "update" else _check)(tree, fragments)


if __name__ == "__main__":
    sys.exit(main())
