"""Reading a preview stream: the JPEG parts of a multipart answer, every length checked before it is used."""

import http.client
import re
from collections.abc import Iterator
from typing import Final

from drivers.sbi.wire import PIECE
from station.errors import ProtocolError

MAX_FRAME: Final = 4 * 1024 * 1024
_MAX_LINE: Final = 1024
_MAX_HEADERS: Final = 32
# A part may end a little later than it said; what follows is skipped up to the next delimiter.
_MAX_GAP: Final = 64 * 1024


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary of a multipart type, None when it is no multipart answer."""
    if not content_type.lower().lstrip().startswith("multipart/"):
        return None
    named = re.search(r'boundary="?([^";\s]{1,70})', content_type, re.IGNORECASE)
    return named.group(1).encode("latin-1", "replace") if named else b"--"


def parts(reply: http.client.HTTPResponse, boundary: bytes) -> Iterator[bytes]:
    """Yield the body of each part until the stream ends; ProtocolError for a stream that is none.

    On the wire the delimiter is the boundary itself or, as the standard has it, two dashes and the boundary.
    """
    while _find_delimiter(reply, (boundary, b"--" + boundary)):
        length = _length(reply)
        if not 0 < length <= MAX_FRAME:
            raise ProtocolError(what="frame length")
        data = bytearray()
        while len(data) < length:
            piece = reply.read(min(PIECE, length - len(data)))
            if not piece:
                return
            data += piece
        yield bytes(data)


def _find_delimiter(reply: http.client.HTTPResponse, forms: tuple[bytes, ...]) -> bool:
    skipped = 0
    while skipped <= _MAX_GAP:
        line = reply.readline(_MAX_LINE)
        if not line:
            return False
        text = line.strip()
        if text in forms or (forms[0] == b"--" and text.startswith(b"--")):
            return True
        if text in {form + b"--" for form in forms}:
            return False
        skipped += len(line)
    raise ProtocolError(what="no frame delimiter")


def _length(reply: http.client.HTTPResponse) -> int:
    length = -1
    for _ in range(_MAX_HEADERS):
        line = reply.readline(_MAX_LINE)
        text = line.strip().lower()
        if not text:
            return length
        if text.startswith(b"content-length:"):
            digits = text.partition(b":")[2].strip()
            length = int(digits) if digits.isdigit() and len(digits) < 10 else -1
    raise ProtocolError(what="frame headers")
