"""The keys under which identifiers are kept: several versions, the newest writes, all can read.

They stand in `keyring.json` in the data folder (mode 0600) or in `BITGOEUL_KEYRING`, never in the
database: a copy of the database alone gives no telephone number away. A backup holds none of them.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FILE = "keyring.json"
_NONCE = 12
_SECRET = 32
_INDEX_CHARACTERS = 24


class KeyMissing(Exception):
    """A value was written under a key that this installation does not have."""


class KeysDamaged(ValueError):
    """A file or variable holds no keys that can be read; the text says which."""


class KeysDiffer(Exception):
    """Two rings have different keys of one version: they are of two installations."""


@dataclass(frozen=True)
class Key:
    """One version: a secret from which the keys to encrypt and to index are derived."""

    version: str
    secret: bytes

    def derived(self, use: str) -> bytes:
        """Return the key for one use, so that an index never helps to decrypt."""
        return hmac.new(self.secret, use.encode(), hashlib.sha256).digest()

    @property
    def fingerprint(self) -> str:
        """What tells this key from others and gives nothing of it away."""
        return self.derived("fingerprint").hex()[:16]


def ring() -> tuple[Key, ...]:
    """Return the keys, the newest first; the first call of a new installation makes one."""
    return at_hand() or _made()


def at_hand() -> tuple[Key, ...]:
    """Return the keys that are there, the newest first; makes none.

    Raises
    ------
    KeysDamaged
        When what is there cannot be read as keys.
    """
    if given := os.environ.get("BITGOEUL_KEYRING"):
        return _read(given, "BITGOEUL_KEYRING")
    path = place()
    try:
        return _of_file(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return ()


def read_copy(path: Path) -> tuple[Key, ...]:
    """Return the keys of a file that was put away; it looks like the ring's own.

    Raises
    ------
    KeysDamaged
        When it holds no keys.
    """
    return _read(path.read_text(encoding="utf-8", errors="replace"), str(path))


def put_away(path: Path) -> None:
    """Add the keys at hand to a copy apart; it keeps forgotten ones, for old backups need them.

    Raises
    ------
    KeysDamaged, KeysDiffer
        When the file is something else, or the copy of another installation's keys.
    """
    known = at_hand()
    kept = read_copy(path) if path.exists() else ()
    secrets_kept = {key.version: key.secret for key in kept}
    for key in known:
        if secrets_kept.get(key.version, key.secret) != key.secret:
            raise KeysDiffer(key.version)
    _write(path, (*known, *(key for key in kept if key not in known)))


def put_in_place(path: Path, known: tuple[Key, ...]) -> None:
    """Write a ring where an installation looks for it."""
    _write(path, known)


def _made() -> tuple[Key, ...]:
    """Make the first key, unless something is encrypted already: then its key was lost."""
    from django.db import connection

    from bitgoeul.core.privacy import sealed

    path = place()
    if (found := next(sealed.some_values_in(connection), None)) is not None:
        raise KeyMissing(f"the key {sealed.version_of(found[1])} is not in {path}")
    _write_first(path)
    return _of_file(path, path.stat().st_mtime_ns)


def place() -> Path:
    """Return where the keys stand."""
    return Path(settings.BITGOEUL_KEYRING_FILE)


def seal(text: str, *, field: str, searchable: bool) -> str:
    """Encrypt a text for one field: version, blind index, and what only the key opens."""
    key = ring()[0]
    nonce = secrets.token_bytes(_NONCE)
    hidden = AESGCM(key.derived("encrypt")).encrypt(nonce, text.encode(), field.encode())
    index = _index(key, text, field) if searchable else ""
    return f"{key.version}${index}${base64.b64encode(nonce + hidden).decode()}"


def is_sealed(value: str) -> bool:
    """Tell whether a stored value is encrypted; others were written before there were keys."""
    return value.startswith("k") and value.count("$") == 2


def unseal(value: str, *, field: str, keys: tuple[Key, ...] | None = None) -> str:
    """Return the text of a stored value, under the keys at hand or under others.

    Raises
    ------
    KeyMissing
        When its key is not in the ring, or the value was altered or moved from another field.
    """
    version, _index_part, hidden = value.split("$")
    known = at_hand() if keys is None else keys
    key = next((key for key in known if key.version == version), None)
    if key is None:
        raise KeyMissing(f"the key {version} is not in {place()}")
    try:
        raw = base64.b64decode(hidden)
        cipher = AESGCM(key.derived("encrypt"))
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], field.encode()).decode()
    except InvalidTag:
        raise KeyMissing(f"the key {version} does not open a value of {field}") from None
    except ValueError:
        raise KeyMissing(f"a value of {field} was cut short") from None


def beginnings(text: str, *, field: str) -> list[str]:
    """Return how a stored value of this text begins, under every key of the ring."""
    return [f"{key.version}${_index(key, text, field)}$" for key in at_hand()]


def add_key() -> Key:
    """Put a new key in front; the old ones stay until nothing is written under them."""
    if os.environ.get("BITGOEUL_KEYRING"):
        raise KeyMissing("the keys come from BITGOEUL_KEYRING: put the new one in front there")
    known = ring()
    newest = max(int(key.version[1:]) for key in known)
    fresh = Key(f"k{newest + 1}", secrets.token_bytes(_SECRET))
    _write(place(), (fresh, *known))
    return fresh


def drop_keys(kept: set[str]) -> list[str]:
    """Forget the keys that nothing is written under; the newest always stays."""
    known = ring()
    left = tuple(key for key in known if key.version in kept or key is known[0])
    if left != known:
        _write(place(), left)
    return [key.version for key in known if key not in left]


def _index(key: Key, text: str, field: str) -> str:
    code = hmac.new(key.derived(f"index {field}"), text.encode(), hashlib.sha256)
    return code.hexdigest()[:_INDEX_CHARACTERS]


def _read(text: str, where: str) -> tuple[Key, ...]:
    try:
        found = tuple(
            Key(str(one["version"]), bytes.fromhex(one["secret"])) for one in json.loads(text)
        )
    except (ValueError, TypeError, KeyError):
        # Without the cause: it would quote the file.
        raise KeysDamaged(where) from None
    if not found or not all(len(key.secret) >= _SECRET for key in found):
        raise KeysDamaged(where)
    return found


@lru_cache(maxsize=4)
def _of_file(path: Path, _stamp: int) -> tuple[Key, ...]:
    return _read(path.read_text(encoding="utf-8", errors="replace"), str(path))


def _text(known: tuple[Key, ...]) -> str:
    return json.dumps([{"version": key.version, "secret": key.secret.hex()} for key in known])


def _partial(path: Path, known: tuple[Key, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_text(known))
        file.flush()
        os.fsync(file.fileno())
    return partial


def _write(path: Path, known: tuple[Key, ...]) -> None:
    _partial(path, known).replace(path)


def _write_first(path: Path) -> None:
    partial = _partial(path, (Key("k1", secrets.token_bytes(_SECRET)),))
    try:
        # link() never overwrites: of two processes that start at once one key wins for both.
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)
