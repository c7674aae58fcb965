"""Messages between the product and what is inside: a length, then JSON; both sides distrust it."""

from __future__ import annotations

import array
import json
import socket
import struct
import sys
from typing import Any

HEAD = struct.Struct("!I")
CHUNK = 1 << 20
REQUEST_BYTES = 64 << 20
"""How large what is to be run may be, with its files."""
LONGEST_WHOLE = 5_000
"""Digits of a whole number: reading one takes time in the square of them."""


class TooLarge(ValueError):
    """A message is larger than its reader takes."""


class Malformed(ValueError):
    """A message is no JSON that can be read."""


class Closed(ConnectionError):
    """The other side is gone."""


def pack(message: Any) -> bytes:
    """One message as it goes over the wire."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")
    return HEAD.pack(len(body)) + body


def send(connection: socket.socket, message: Any, *, door: int | None = None) -> None:
    """Write one message; with ``door`` a file descriptor goes along."""
    send_packed(connection, pack(message), door=door)


def send_packed(connection: socket.socket, content: bytes, *, door: int | None = None) -> None:
    """Write one message that is packed already."""
    if door is None:
        connection.sendall(content)
        return
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [door]))]
    sent = connection.sendmsg([content], rights)
    if sent < len(content):  # even nothing cannot be sent to somebody who is done already
        connection.sendall(content[sent:])


def receive(connection: socket.socket, *, at_most: int) -> Any:
    """Read one message.

    Raises
    ------
    Closed, TooLarge, Malformed, TimeoutError
    """
    return unpack(_exactly(connection, _size(_exactly(connection, HEAD.size), at_most)))


def receive_with_door(connection: socket.socket, *, at_most: int) -> tuple[Any, int | None]:
    """Read the first message of a connection, and the file descriptor that came with it."""
    room = socket.CMSG_SPACE(array.array("i").itemsize)
    head, ancillary, _flags, _address = connection.recvmsg(HEAD.size, room)
    doors = array.array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            doors.frombytes(content[: len(content) - len(content) % doors.itemsize])
    if not head:
        raise Closed
    head += _exactly(connection, HEAD.size - len(head))
    body = _exactly(connection, _size(head, at_most))
    return unpack(body), doors[0] if doors else None


def unpack(body: bytes) -> Any:
    """The message in these bytes."""
    try:
        return json.loads(
            body.decode("utf-8", "surrogatepass"),
            parse_int=None if 0 < sys.get_int_max_str_digits() <= LONGEST_WHOLE else _whole,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)[:200]) from error


def _whole(text: str) -> int:
    """A whole number, where Python itself was told to read longer ones."""
    if len(text) > LONGEST_WHOLE:
        raise ValueError("the whole number is too long")
    return int(text)


def _size(head: bytes, at_most: int) -> int:
    size: int = HEAD.unpack(head)[0]
    if size > at_most:
        raise TooLarge(f"{size} bytes, at most {at_most}")
    return size


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = connection.recv(min(size, CHUNK))
        if not part:
            raise Closed
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
