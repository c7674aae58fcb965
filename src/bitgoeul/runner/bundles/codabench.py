"""Codabench bundles, unchanged: version 2 and version 1.5 (with the 1.8 of parallel phases)."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from . import codabench_v1, codabench_v2
from .archive import Archive, is_zip, read_zip
from .documents import Entry, read_yaml
from .model import Bundle
from .parts import Parts
from .problems import BundleError

NAMES = ("competition.yaml", "competition.yml")


def read_codabench(content: bytes) -> Bundle:
    """Read a competition bundle.

    Raises
    ------
    BundleError
        It names the member of the zip and the key in it.
    """
    return from_archive(read_zip(content))


def from_archive(archive: Archive) -> Bundle:
    """The same of a zip that is read already."""
    folder, name = find(archive)
    parts = Parts(archive.within(folder) if folder else archive, name)
    document = read_yaml(parts.archive[name], member=name)
    document.mapping()
    version = _version(document)
    reading = codabench_v2.read if version == "2" else codabench_v1.read
    bundle = reading(document, parts)
    return replace(bundle, warnings=(*bundle.warnings, *parts.warnings))


def is_codabench(archive: Archive) -> bool:
    """Whether there is a competition's YAML in it."""
    return any(posixpath.basename(name).lower() in NAMES for name in archive)


def find(archive: Archive) -> tuple[str, str]:
    """The folder that holds the competition's YAML (nothing: the top), and its name."""
    found = [name for name in archive if posixpath.basename(name).lower() in NAMES]
    if not found:
        raise BundleError("no_competition_yaml", value=_nearly(archive))
    shallow = min(found, key=lambda name: (name.count("/"), name))
    rivals = [name for name in found if name.count("/") == shallow.count("/")]
    if len(rivals) > 1:
        raise BundleError("several_competitions", member=rivals[1], value=rivals[0])
    folder, name = posixpath.split(shallow)
    return folder, name


def _nearly(archive: Archive) -> str:
    """What lies at the top instead, to help the organiser."""
    inner = [name for name, data in archive.items() if name.endswith(".zip") and is_zip(data)]
    return ", ".join(sorted(inner or archive)[:3])


def _version(document: Entry) -> str:
    given = document.get("version")
    if given is not None:
        text = given.text()
        if text in {"2", "2.0"}:
            return "2"
        if text in {"1", "1.0", "1.5", "1.8"}:
            return "1.5"
        raise given.wrong("unknown_version")
    phases = document.get("phases")
    return "1.5" if document.get("html") or (phases and isinstance(phases.value, dict)) else "2"
