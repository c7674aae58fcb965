"""An uploaded bundle between its preview and its confirmation: a file for one person, for a day."""

import contextlib
import datetime as dt
from uuid import UUID, uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from bitgoeul.apps.alliance.models import User

FOLDER = "contest-bundles"
KEPT = dt.timedelta(days=1)
_SALT = "contests.bundle"


def keep_bundle(content: bytes, *, person: User) -> str:
    """Keep an upload; the answer opens it again, for this person only."""
    uuid = uuid4()
    default_storage.save(f"{FOLDER}/{uuid}", ContentFile(content))
    return signing.dumps([str(uuid), person.pk], salt=_SALT)


def kept_bundle(token: str, *, person: User) -> bytes | None:
    """The upload again; nothing when it is another's, too old, or gone."""
    try:
        uuid, owner = signing.loads(token, salt=_SALT, max_age=KEPT)
        if owner != person.pk:
            return None
        with default_storage.open(f"{FOLDER}/{UUID(uuid)}", "rb") as file:
            return bytes(file.read())
    except (signing.BadSignature, ValueError, TypeError, OSError):
        return None


def forget_bundle(token: str) -> None:
    """Delete an upload that has become a contest."""
    with contextlib.suppress(signing.BadSignature, ValueError):
        uuid, _owner = signing.loads(token, salt=_SALT)
        default_storage.delete(f"{FOLDER}/{UUID(uuid)}")


def forget_bundles(*, at: dt.datetime) -> int:
    """Delete uploads that nobody confirmed within a day; returns how many."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except OSError:
        return 0
    old = [n for n in names if default_storage.get_modified_time(f"{FOLDER}/{n}") < at - KEPT]
    for name in old:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(old)
