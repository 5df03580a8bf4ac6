"""HTTP messages of a device service, and the parts of its multipart picture streams."""

import re
from typing import Final

from drivers.faults.grammar import Grammar
from drivers.faults.plan import Side

_BLANK: Final = b"\r\n\r\n"
_HEAD_MOST: Final = 16384
_PIECE: Final = 4096  # of a body whose length nobody said
_LENGTH: Final = re.compile(rb"(?im)^content-length:[ \t]*(\d+)")
_STREAM: Final = re.compile(rb"(?im)^content-type:[ \t]*multipart/")
_REFUSAL: Final = b'{"error":{"errorCode":"111","errorInfo":"Device is busy"}}'


class HttpGrammar(Grammar):
    """A message is head and body; in a stream, the head and then every part is a packet of its own."""

    name = "http"

    def length(self, front: bytes, side: Side) -> int:
        """Return head plus stated body; a stream's head alone; a part with its picture."""
        start = len(front) - len(front.lstrip(b"\r\n"))  # a part ends with an empty line
        end = front.find(_BLANK, start)
        if end < 0:
            return _HEAD_MOST if len(front) >= _HEAD_MOST else 0
        head = front[start:end]
        stated = _LENGTH.search(head)
        whole = end + len(_BLANK)
        if stated is None:
            if _STREAM.search(head) or side is Side.TO_DEVICE:
                return whole
            # HTTP/1.0 without a length: the body ends with the connection.
            return min(len(front), whole + _PIECE) if len(front) > whole else 0
        return whole + int(stated[1])

    def fake_header(self, side: Side) -> bytes:
        """Return a response head, or a request line, that promises a body."""
        if side is Side.TO_DEVICE:
            return b"RCAPTURE /capture HTTP/1.1\r\nContent-Length: 64\r\n"
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 64\r\n"

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the message with a Content-Length of 4 GiB - 1."""
        changed, count = _LENGTH.subn(b"Content-Length: 4294967295", packet, count=1)
        return changed if count else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return "busy" the way device services refuse: an error inside HTTP 200."""
        if side is Side.TO_DEVICE or not packet.startswith(b"HTTP/"):
            return None
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        return head % len(_REFUSAL) + _REFUSAL
