"""One HTTP GET whose answer is read piece by piece: every length bounded, every wait with a deadline."""

import base64
import contextlib
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from drivers.tcp import connected
from station.clock import CancelToken, Deadline
from station.errors import DeviceNotFound, DeviceRemoved, DeviceTimeout, ProtocolError

_PIECE: Final = 65_536
_LINE_MAX: Final = 4096
_HEADERS_MAX: Final = 64
_ONLY_ONCE: Final = frozenset({"content-type", "content-length", "content-digest"})
_CHUNK_MAX: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status and headers (names in lower case) of an answer."""

    status: int
    headers: Mapping[str, str]


class HttpLine:
    """A connection that carries one answer; one thread reads, any thread may ``abort``."""

    def __init__(self, url: str, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Connect and ask; DeviceNotFound when nobody answers there.

        A token that is cancelled ends this and every later wait.
        """
        parts = urlsplit(url)
        try:
            host, port = parts.hostname or "", parts.port or 80
            self._socket = connected(host, port, deadline, cancel)
        except (OSError, ValueError) as cause:
            raise DeviceNotFound(device="camera") from cause
        if cancel is not None:
            cancel.on_cancel(self.abort)
        self._held = bytearray()  # of the body, not yet asked for
        self._raw = bytearray()  # of the wire, not yet out of its chunks
        self._chunk_left = -1  # -1: the body is not chunked
        self._url = parts
        try:
            self._socket.sendall(self._request())
        except OSError as cause:
            self.close()
            raise DeviceNotFound(device="camera") from cause

    def answer(self, deadline: Deadline) -> HttpAnswer:
        """Read status line and headers; ProtocolError, DeviceRemoved, DeviceTimeout."""
        words = self.line(deadline).split(None, 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
            raise ProtocolError(device="camera", what="status line")
        headers = self.headers(deadline)
        if "chunked" in headers.get("transfer-encoding", "").lower():
            # What came behind the headers is still in chunks.
            self._chunk_left = 0
            self._raw, self._held = self._held, bytearray()
        return HttpAnswer(int(words[1][:3]), headers)

    def headers(self, deadline: Deadline) -> Mapping[str, str]:
        """Read header lines up to the empty one."""
        found: dict[str, str] = {}
        for _ in range(_HEADERS_MAX):
            line = self.line(deadline)
            if not line:
                return found
            name, colon, value = line.partition(b":")
            if not colon:
                raise ProtocolError(device="camera", what="header")
            key = name.strip().lower().decode("latin-1")
            if key in _ONLY_ONCE and key in found:
                raise ProtocolError(device="camera", what="header twice")
            found[key] = value.strip().decode("latin-1")
        raise ProtocolError(device="camera", what="headers")

    def line(self, deadline: Deadline) -> bytes:
        """Return the next line without its end; ProtocolError when it is too long."""
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > _LINE_MAX:
                raise ProtocolError(device="camera", what="line length")
            self._more(deadline)
        if end > _LINE_MAX:
            raise ProtocolError(device="camera", what="line length")
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line.rstrip(b"\r")

    def some(self, most: int, deadline: Deadline) -> bytes:
        """Return at least one and at most ``most`` bytes."""
        if not self._held:
            self._more(deadline)
        piece = bytes(self._held[:most])
        del self._held[:most]
        return piece

    def give_back(self, data: bytes) -> None:
        """Put bytes back that were read too far."""
        self._held[:0] = data

    def abort(self) -> None:
        """End a blocked read at once, from any thread; never raises."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Release the connection; what was not looked at is wiped."""
        self._socket.close()
        for left in (self._held, self._raw):
            left[:] = bytes(len(left))

    def _request(self) -> bytes:
        path = self._url.path or "/"
        query = f"?{self._url.query}" if self._url.query else ""
        host = self._url.netloc.rpartition("@")[2]
        lines = [f"GET {path}{query} HTTP/1.1", f"Host: {host}", "Accept: multipart/x-mixed-replace, image/jpeg", "Connection: close"]  # fmt: skip
        if self._url.username is not None:
            pair = f"{unquote(self._url.username)}:{unquote(self._url.password or '')}"
            lines.append("Authorization: Basic " + base64.b64encode(pair.encode()).decode())
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _more(self, deadline: Deadline) -> None:
        if self._chunk_left < 0:
            self._held += self._receive(_PIECE, deadline)
            return
        if self._chunk_left == 0:
            self._chunk_left = self._chunk_head(deadline)
        piece = self._receive(min(_PIECE, self._chunk_left), deadline)
        self._held += piece
        self._chunk_left -= len(piece)
        if self._chunk_left == 0:
            self._raw_line(deadline)

    def _chunk_head(self, deadline: Deadline) -> int:
        text = self._raw_line(deadline).partition(b";")[0].strip()
        try:
            size = int(text, 16)
        except ValueError as cause:
            raise ProtocolError(device="camera", what="chunk") from cause
        if size == 0:
            raise DeviceRemoved(device="camera")
        if not 0 < size <= _CHUNK_MAX:
            raise ProtocolError(device="camera", what="chunk")
        return size

    def _raw_line(self, deadline: Deadline) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            if len(line) > 64:
                raise ProtocolError(device="camera", what="chunk")
            line += self._receive(1, deadline)
        return bytes(line).rstrip(b"\r\n")

    def _receive(self, most: int, deadline: Deadline) -> bytes:
        if self._raw:
            early = bytes(self._raw[:most])
            del self._raw[:most]
            return early
        try:
            ready, _, _ = select.select([self._socket], [], [], deadline.left())
            if not ready:
                raise DeviceTimeout(device="camera")
            piece = self._socket.recv(most)
        except (OSError, ValueError) as cause:
            raise DeviceRemoved(device="camera") from cause
        if not piece:
            raise DeviceRemoved(device="camera")
        return piece
