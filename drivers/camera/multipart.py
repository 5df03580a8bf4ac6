"""The parts of a ``multipart/x-mixed-replace`` stream, each whole and of the promised length, or refused."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.camera.http_line import HttpLine
from drivers.camera.jpeg import SOI
from station.clock import Deadline
from station.errors import ProtocolError

PART_MAX: Final = 8 * 1024 * 1024  # bytes of one picture
_SKIP_MAX: Final = 2 * PART_MAX
_PIECE: Final = 65_536
_BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))', re.IGNORECASE)
_MULTIPART: Final = "multipart/"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the stream; ``data`` is None when it was damaged."""

    data: bytes | None
    headers: Mapping[str, str]


def boundary_of(content_type: str) -> bytes | None:
    """Return the delimiter of a stream without its leading dashes; None when it is no such stream."""
    found = _BOUNDARY.search(content_type)
    if found is None or not content_type.lower().lstrip().startswith(_MULTIPART):
        return None
    # Some cameras write the dashes of the delimiter into the header, some twice on the wire: both are read.
    return (found[1] or found[2]).lstrip("-").encode("latin-1")


class PartReader:
    """Reads part after part; after a damaged one it looks for the next delimiter."""

    def __init__(self, line: HttpLine, boundary: bytes) -> None:
        self._line = line
        self._boundary = boundary
        self._mark = b"\n--" + boundary

    def next(self, deadline: Deadline) -> Part:
        """Return the next part; DeviceRemoved at the end, DeviceTimeout, ProtocolError for endless rubbish."""
        self._find_delimiter(deadline)
        try:
            headers = self._line.headers(deadline)
            length = _length(headers)
        except ProtocolError:
            return Part(None, {})
        data = self._measured(length, deadline) if length is not None else self._searched(deadline)
        if data is not None and not _digest_holds(data, headers):
            data = None
        return Part(data, headers)

    def _find_delimiter(self, deadline: Deadline) -> None:
        """Read on behind the next delimiter line; no delimiter within two pictures is no stream."""
        passed = 0
        while passed <= _SKIP_MAX:
            piece = self._rubbish_or_line(deadline)
            passed += len(piece) + 1
            if piece.strip().lstrip(b"-").removesuffix(b"--") == self._boundary:
                return
        raise ProtocolError(device="camera", what="delimiter")

    def _rubbish_or_line(self, deadline: Deadline) -> bytes:
        try:
            return self._line.line(deadline)
        except ProtocolError:  # pixels have no line ends
            return self._line.some(_PIECE // 16, deadline)

    def _measured(self, length: int, deadline: Deadline) -> bytes | None:
        """Read ``length`` bytes; None when no JPEG begins there.

        What follows is not waited for, it may come with the next picture only: a wrong length shows in the
        JPEG, whose end is then not at the end.
        """
        data = bytearray()
        try:
            while len(data) < length:
                data += self._line.some(min(_PIECE, length - len(data)), deadline)
                # Looked at before more memory is taken for what may be no picture at all.
                if len(data) >= 2 and not data.startswith(SOI):
                    return None
            return bytes(data)
        finally:
            data[:] = bytes(len(data))  # it may be part of a face

    def _searched(self, deadline: Deadline) -> bytes | None:
        """Read up to the next delimiter: a camera that does not tell lengths."""
        data = bytearray()
        try:
            while len(data) <= PART_MAX:
                begin = max(0, len(data) - len(self._mark))
                data += self._line.some(_PIECE, deadline)
                if len(data) >= 2 and not data.startswith(SOI):
                    return None
                at = data.find(self._mark, begin)
                if at >= 0:
                    self._line.give_back(bytes(data[at + 1 :]))
                    return bytes(data[:at]).removesuffix(b"\r")
            return None
        finally:
            data[:] = bytes(len(data))


def _length(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and 4 <= int(text) <= PART_MAX):
        raise ProtocolError(device="camera", what="length")
    return int(text)


def _digest_holds(data: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the data has the digest its headers promise (RFC 9530, RFC 1864); True when they promise none."""
    promised = headers.get("content-digest", "")
    if promised:
        found = re.search(r"sha-256=:([A-Za-z0-9+/=]{44}):", promised)
        return found is None or found[1] == _base64(hashlib.sha256(data).digest())
    md5 = headers.get("content-md5", "")
    return not md5 or md5 == _base64(hashlib.md5(data, usedforsecurity=False).digest())


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")
