"""The keys under which identifiers are kept: several versions, the newest writes, all can read.

They stand in `keyring.json` in the data folder (mode 0600) or in `BITGOEUL_KEYRING`, never in the
database: a copy of the database alone gives no telephone number away.
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

_NONCE = 12
_INDEX_CHARACTERS = 24


class KeyMissing(Exception):
    """A value was written under a key that this installation does not have."""


@dataclass(frozen=True)
class Key:
    """One version: a secret from which the keys to encrypt and to index are derived."""

    version: str
    secret: bytes

    def derived(self, use: str) -> bytes:
        """Return the key for one use, so that an index never helps to decrypt."""
        return hmac.new(self.secret, use.encode(), hashlib.sha256).digest()


def ring() -> tuple[Key, ...]:
    """Return the keys, the newest first; the first call of a new installation makes one."""
    if given := os.environ.get("BITGOEUL_KEYRING"):
        return _read(given)
    path = place()
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        _write_first(path)
        stamp = path.stat().st_mtime_ns
    return _of_file(path, stamp)


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


def unseal(value: str, *, field: str) -> str:
    """Return the text of a stored value.

    Raises
    ------
    KeyMissing
        When its key is not in the ring, or the value was altered or moved from another field.
    """
    version, _index_part, hidden = value.split("$")
    key = next((key for key in ring() if key.version == version), None)
    if key is None:
        raise KeyMissing(f"the key {version} is not in {place()}")
    raw = base64.b64decode(hidden)
    try:
        cipher = AESGCM(key.derived("encrypt"))
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], field.encode()).decode()
    except InvalidTag:
        raise KeyMissing(f"the key {version} does not open a value of {field}") from None


def beginnings(text: str, *, field: str) -> list[str]:
    """Return how a stored value of this text begins, under every key of the ring."""
    return [f"{key.version}${_index(key, text, field)}$" for key in ring()]


def add_key() -> Key:
    """Put a new key in front; the old ones stay until nothing is written under them."""
    if os.environ.get("BITGOEUL_KEYRING"):
        raise KeyMissing("the keys come from BITGOEUL_KEYRING: put the new one in front there")
    known = ring()
    newest = max(int(key.version[1:]) for key in known)
    fresh = Key(f"k{newest + 1}", secrets.token_bytes(32))
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


def _read(text: str) -> tuple[Key, ...]:
    return tuple(Key(one["version"], bytes.fromhex(one["secret"])) for one in json.loads(text))


@lru_cache(maxsize=4)
def _of_file(path: Path, _stamp: int) -> tuple[Key, ...]:
    return _read(path.read_text())


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
    partial = _partial(path, (Key("k1", secrets.token_bytes(32)),))
    try:
        # link() never overwrites: of two processes that start at once one key wins for both.
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)
