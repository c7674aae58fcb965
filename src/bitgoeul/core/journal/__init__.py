"""The append-only record of every change, and of every reading of personal data.

Services call `record` in the transaction of the change. A job seals new entries into a Merkle
tree and chains the seals, so any altered or missing sealed row can be named. Personal data stays
out: what changed is kept as digests salted per object, and erasing the salt erases the link.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bitgoeul.core.journal.downloads import (
        note_download as note_download,
    )
    from bitgoeul.core.journal.downloads import (
        note_page as note_page,
    )
    from bitgoeul.core.journal.queries import (
        Verdict as Verdict,
    )
    from bitgoeul.core.journal.queries import (
        head as head,
    )
    from bitgoeul.core.journal.queries import (
        verify as verify,
    )
    from bitgoeul.core.journal.services import (
        record as record,
    )
    from bitgoeul.core.journal.services import (
        record_many as record_many,
    )
    from bitgoeul.core.journal.services import (
        record_reading as record_reading,
    )
    from bitgoeul.core.journal.services import (
        seal as seal,
    )

_WHERE = {
    "record": "services",
    "record_many": "services",
    "record_reading": "services",
    "seal": "services",
    "note_download": "downloads",
    "note_page": "downloads",
    "head": "queries",
    "verify": "queries",
    "Verdict": "queries",
}


def __getattr__(name: str) -> Any:
    # Models cannot be imported before Django's apps are ready, so the door opens late.
    if name in _WHERE:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(name)
