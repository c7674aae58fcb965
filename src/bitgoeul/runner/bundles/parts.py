"""The pieces that every bundle names in its YAML: files, folders, zips, programs, pages."""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import dataclass, field

from .archive import Archive, is_zip, read_zip
from .documents import Entry, read_yaml
from .model import Files, Notice, Page, Program
from .problems import BundleError

METADATA = ("metadata.yaml", "metadata.yml", "metadata")
MOST_PAGE = 2 << 20


@dataclass
class Parts:
    """A bundle's archive and what was noticed while it was read."""

    archive: Archive
    yaml: str
    warnings: list[Notice] = field(default_factory=list)
    _read: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def warn(self, code: str, *, at: Entry, value: object = "") -> None:
        """Something that needs no error but should be known."""
        shown = str(value or (at.value if isinstance(at.value, str) else ""))[:200]
        self.warnings.append(Notice(code, at.member, at.key, shown))

    def files(self, entry: Entry) -> dict[str, bytes]:
        """What a key names: a folder, a zip or a single file of the bundle."""
        name = self.name(entry)
        if name not in self._read:
            self._read[name] = self._files(name, entry)
        return self._read[name]

    def name(self, entry: Entry) -> str:
        """The name in it, from the bundle's top; it must not lead outside."""
        text = entry.text().replace("\\", "/")
        name = posixpath.normpath(text)
        if text.startswith("/") or name.startswith("..") or "\0" in text:
            raise entry.wrong("leads_outside")
        return name

    def _files(self, name: str, entry: Entry) -> dict[str, bytes]:
        content = self.archive.files.get(name)
        if content is None:
            # A folder, or a zip that somebody has unpacked already.
            below = self.archive.below(name) or self.archive.below(name.removesuffix(".zip"))
            if not below and f"{name}.zip" in self.archive:
                content = self.archive[f"{name}.zip"]
            elif not below:
                raise entry.wrong("file_missing")
            else:
                return below
        if is_zip(content):
            inner = read_zip(content, name=name, budget=self.archive.budget)
            return inner.files
        if name.endswith(".zip"):
            raise BundleError("not_a_zip", member=name, key=entry.key)
        return {posixpath.basename(name): content}

    def program(self, entry: Entry, *, needs_command: bool = True) -> Program:
        """A program: its metadata may lie in a folder of its own inside the zip."""
        files = self.files(entry)
        name = self.name(entry)
        found = metadata(files)
        if found is None:
            raise BundleError("metadata_missing", member=name, key=entry.key)
        folder, file = posixpath.split(found)
        if folder:
            files = {
                n[len(folder) + 1 :]: d for n, d in files.items() if n.startswith(f"{folder}/")
            }
        command = read_command(files[file], member=posixpath.join(name, found))
        if not command and needs_command:
            raise BundleError("command_missing", member=posixpath.join(name, found), key="command")
        return Program(files, command, name)

    def page(self, title: str, entry: Entry) -> Page:
        """A text for participants."""
        name = self.name(entry)
        content = self.archive.files.get(name)
        if content is None:
            raise entry.wrong("file_missing")
        if len(content) > MOST_PAGE:
            raise entry.wrong("page_too_large", len(content))
        return Page(title, name, content.decode("utf-8-sig", "replace"))


def metadata(files: Files) -> str | None:
    """The file that says how a program starts: at the top, else in the only folder that has one."""
    for name in METADATA:
        if name in files:
            return name
    deeper = [name for name in files if posixpath.basename(name) in METADATA]
    if not deeper:
        return None
    least = min(name.count("/") for name in deeper)
    nearest = sorted(name for name in deeper if name.count("/") == least)
    folders = {posixpath.dirname(name) for name in nearest}
    return nearest[0] if len(folders) == 1 else None


def read_command(content: bytes, *, member: str) -> str:
    """The `command:` of a metadata file; nothing where it has none."""
    try:
        document = read_yaml(content, member=member)
    except BundleError as error:
        # `command: python a.py --x: 1` and the like are no YAML, but Codabench's users have them.
        for line in content.decode("utf-8", "replace").splitlines():
            if line.startswith("command:"):
                return line.removeprefix("command:").strip()
        if error.code == "empty_yaml":
            return ""
        raise
    if not isinstance(document.value, dict):
        return ""
    given = document.get("command")
    command = given.text() if given is not None else ""
    try:
        shlex.split(command)
    except ValueError as error:
        raise BundleError("bad_command", member=member, key="command", value=error) from error
    return command
