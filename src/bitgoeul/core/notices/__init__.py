"""News for a person: what happened, where to see it, and whether a letter goes out about it.

Nouns: Topic, Message, Notice, Mail, Preference. Rooms declare their topics beside their services
and call `tell` or `tell_many` in the transaction of the change itself; nothing listens to anything.
The names below load on first use, because models cannot be imported while Django still collects
its applications.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .services import News, tell, tell_many
    from .topics import Attachment, Message, Topic, declare, in_both

__all__ = ["Attachment", "Message", "News", "Topic", "declare", "in_both", "tell", "tell_many"]

_HOME = {"News": "services", "tell": "services", "tell_many": "services"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME.get(name, 'topics')}"), name)
    globals()[name] = value
    return value
