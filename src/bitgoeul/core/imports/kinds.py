"""What a room says about its file: columns, and how rows meet the rows that exist."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from .errors import CellError, ImportRefused, Message
from .headings import normalise

Cleaner = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column of the file.

    `labels` are the headings by which it is found, in any case and spacing; the first Korean
    one and the first English one name it to readers. `clean` turns a filled cell into a value
    or raises `CellError`, and depends on the cell alone: its answer for equal cells of a file is
    reused. An empty cell is an error when `required`, else becomes `default`.
    """

    key: str
    labels: tuple[str, ...]
    clean: Cleaner
    required: bool = True
    help: Message = ""
    default: Any = None
    example: str = ""

    def label(self, language: str) -> str:
        """The heading for a reader: the first label in their script."""
        wants_ascii = not language.startswith("ko")
        for label in self.labels:
            if label.isascii() == wants_ascii:
                return label
        return self.labels[0]


class Row(Mapping[str, Any]):
    """One line of the file with its cleaned values: `row["email"]`, `row.line`.

    `existing` is what the kind's `match` found; `given` are the columns that the file has.
    """

    __slots__ = ("changed", "existing", "given", "line", "values_by_key")

    def __init__(self, *, line: int, values: dict[str, Any], given: frozenset[str]) -> None:
        self.line = line
        self.values_by_key = values
        self.given = given
        self.existing: Any = None
        self.changed = False

    def __getitem__(self, key: str) -> Any:
        return self.values_by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_key)

    def __len__(self) -> int:
        return len(self.values_by_key)


def _always(*_args: Any) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of import. Only `key`, `title`, `columns`, `can` and `apply` are needed.

    Hooks, in the order in which they are called. `target` is the object imported into, or None
    when the kind has no `target`; `context` is whatever `prepare` returned.

    - `can(user, target) -> bool`: may this person import here (`target` None: anywhere at all)
    - `oversees(user, target) -> bool`: may this person see and change what others imported here;
      needed where people may import only their own rows. Whoever may import, when not given
    - `overseen(user) -> QuerySet`: the targets for which `oversees` says yes
    - `targets(user) -> QuerySet`: the targets for which `can` says yes, offered as a choice
    - `prepare(*, target, rows, by) -> context`: load what the rows will be compared with, once
    - `match(row, context) -> existing | None`: may raise `CellError` for a row that cannot be
    - `check(row, context) -> Iterable[CellError]`: further errors of a row (`row.existing` set)
    - `compare(existing, row) -> bool`: whether the row would change what exists
    - `snapshot(existing) -> dict`: JSON values of a row about to be changed, handed to `undo`
    - `apply(*, target, rows, by, at, context) -> Sequence[UUID]`: write the new and changed rows
      through the room's service, inside the importer's transaction; one uuid per row, in order
    - `absent(context, rows) -> Iterable[str]`: what exists and is not in the file (only shown)
    - `undo(*, target, created, changed, by, at)`: `created` uuids, `changed` pairs of uuid and
      snapshot; raises `UndoRefused` when something builds on them

    `personal` is False only where no line is about a person: whoever looks is then not recorded.
    """

    key: str
    title: Message
    columns: Sequence[Column]
    can: Callable[[Any, Any], bool]
    apply: Callable[..., Sequence[UUID]]
    target: str | None = None
    targets: Callable[[Any], QuerySet[Any]] | None = None
    oversees: Callable[[Any, Any], bool] | None = None
    overseen: Callable[[Any], QuerySet[Any]] | None = None
    help: Message = ""
    prepare: Callable[..., Any] | None = None
    match: Callable[[Row, Any], Any] | None = None
    check: Callable[[Row, Any], Iterable[CellError]] | None = None
    compare: Callable[[Any, Row], bool] = _always
    snapshot: Callable[[Any], dict[str, Any]] | None = None
    absent: Callable[[Any, Sequence[Row]], Iterable[str]] | None = None
    undo: Callable[..., None] | None = None
    identity: Callable[[Row], Hashable] | None = None
    personal: bool = True
    target_lookup: Callable[[str], Any] | None = None
    keys_by_label: dict[str, str] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            for label in (*column.labels, column.key):
                known = self.keys_by_label.setdefault(normalise(label), column.key)
                if known != column.key:
                    raise ValueError(
                        f"import {self.key}: “{label}” names both {known} and {column.key}"
                    )
        _check_hook(self.key, self.prepare, ("target", "rows", "by"))
        _check_hook(self.key, self.apply, ("target", "rows", "by", "at", "context"))
        _check_hook(self.key, self.undo, ("target", "created", "changed", "by", "at"))

    def can_oversee(self, user: Any, target: Any) -> bool:
        """Whether this person may see and change what others imported into the target."""
        return self.can(user, target) and (self.oversees is None or self.oversees(user, target))

    def column(self, key: str) -> Column | None:
        """The column of a key."""
        return next((column for column in self.columns if column.key == key), None)

    def labelled_columns(self, language: str) -> list[tuple[str, Column]]:
        """Each column with the heading that a reader of the language knows."""
        return [(column.label(language), column) for column in self.columns]

    def target_model(self) -> type[Model] | None:
        """The model that one imports into."""
        return apps.get_model(self.target) if self.target else None

    def find_target(self, text: str) -> Any:
        """The object that a person named on the command line, by the room's lookup or uuid.

        Raises
        ------
        ImportRefused
            When nothing is named though something must be, or nothing is found.
        """
        model = self.target_model()
        if model is None:
            return None
        if not text:
            raise ImportRefused("needs_target")
        found = self.target_lookup(text) if self.target_lookup else None
        if found is None:
            found = _by_uuid(model, text)
        if found is None:
            raise ImportRefused("unknown_target", target=text[:80])
        return found


def _by_uuid(model: type[Model], text: str) -> Model | None:
    try:
        uuid = UUID(text)
    except ValueError:
        return None
    return model._default_manager.filter(uuid=uuid).first()


def _check_hook(kind: str, hook: Callable[..., Any] | None, names: tuple[str, ...]) -> None:
    """Hooks are called by name: a wrong parameter shall fail at start, not at midnight."""
    if hook is None:
        return
    try:
        inspect.signature(hook).bind(**dict.fromkeys(names))
    except TypeError as problem:
        raise TypeError(f"import {kind}: {hook!r} must take {', '.join(names)}") from problem


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; called at the end of a room's `imports.py`."""
    if kind.key in _KINDS:
        raise ValueError(f"two imports are called {kind.key}")
    _KINDS[kind.key] = kind
    return kind


def unregister(key: str) -> None:
    """Forget a kind (tests register their own)."""
    _KINDS.pop(key, None)


def all_kinds() -> list[Kind]:
    """Every kind, in the order of registration."""
    return list(_KINDS.values())


def get_kind(key: str) -> Kind:
    """The kind of a key.

    Raises
    ------
    ImportRefused
        When there is none.
    """
    try:
        return _KINDS[key]
    except KeyError:
        expected = ", ".join(sorted(_KINDS))
        raise ImportRefused("unknown_kind", kind=key[:60], expected=expected) from None
