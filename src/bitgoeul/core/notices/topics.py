"""What there can be news about. A room declares its topics beside the services that tell them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from .enums import When

LANGUAGES = ("ko", "en")
_PLACEHOLDER = re.compile(r"%\(\w+\)")

Text = str | dict[str, str]
"""A value that stands in a text: the same in every language, or one per language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content: bytes
    media: str


Attach = Callable[[Any, Mapping[str, Any]], Attachment | None]
"""Makes the file for a person from the values of a notice, when the letter is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One kind of news: a subject that names nobody, and a text with its values."""

    key: str
    subject: "str | Promise"
    """Also the subject of the mail, where anybody beside the reader can see it: no placeholders."""

    text: "str | Promise"
    mail: bool = True
    """False when another letter tells the same."""

    attach: Attach | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a person can choose mail for."""

    key: str
    title: "str | Promise"
    about: "str | Promise"
    messages: Sequence[Message]
    when: When = When.IMMEDIATE


_topics: dict[str, Topic] = {}
_messages: dict[str, tuple[Topic, Message]] = {}


def declare(topic: Topic) -> Topic:
    """Make a topic known; a message's key begins with its topic's.

    Raises
    ------
    ValueError
        When a key is taken or does not fit, or when a subject has a placeholder.
    """
    if topic.key in _topics:
        raise ValueError(f"topic {topic.key!r} is declared twice")
    with translation.override(None):
        for message in topic.messages:
            if not message.key.startswith(f"{topic.key}.") or message.key in _messages:
                raise ValueError(f"{message.key!r} is no new message of {topic.key!r}")
            if _PLACEHOLDER.search(str(message.subject)):
                raise ValueError(f"{message.key!r}: a subject names nobody and nothing")
    _topics[topic.key] = topic
    _messages.update({message.key: (topic, message) for message in topic.messages})
    return topic


@cache
def _discover() -> None:
    """Import every room's declarations: a worker that sends a letter has opened no page yet."""
    autodiscover_modules("services.notices")


def all_topics() -> list[Topic]:
    """Every topic, by its title in the reader's language."""
    _discover()
    return sorted(_topics.values(), key=lambda topic: str(topic.title))


def find_topic(key: str) -> Topic | None:
    """A topic by its key."""
    _discover()
    return _topics.get(key)


def find_message(key: str) -> Message | None:
    """A message by its key; None when this version of the program no longer knows it."""
    _discover()
    found = _messages.get(key)
    return found[1] if found else None


def topic_of(key: str) -> Topic:
    """The topic of a message.

    Raises
    ------
    KeyError
        When nobody declared it: a mistake of the program.
    """
    _discover()
    return _messages[key][0]


def in_both(say: Callable[[str], object]) -> dict[str, str]:
    """What `say` says in each language: for names and dates that read differently."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(say(language))
    return said


def fill(text: "str | Promise", values: dict[str, Text], language: str) -> str:
    """A text with its values in a language."""
    with translation.override(language):
        chosen = {
            name: value.get(language, value.get("ko", "")) if isinstance(value, dict) else value
            for name, value in values.items()
        }
        return str(text) % chosen
