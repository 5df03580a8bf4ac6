"""One HTTP exchange on loopback in which no byte is waited for past the deadline or past a cancel."""

import contextlib
import functools
import http.client
import io
import re
import socket
from collections.abc import Callable
from typing import Final, cast

from drivers.tcp import connected, slice_of
from station.clock import CancelToken, Deadline
from station.errors import ProtocolError

HOST: Final = "127.0.0.1"  # never "localhost": it may resolve to ::1, where no service listens
PIECE: Final = (
    64 * 1024
)  # nothing larger is asked of the line at once, whatever a length field says
_MAX_HEAD: Final = 64 * 1024


class _Incoming(io.RawIOBase):
    """The bytes of the answer; the head of it may not be endless."""

    def __init__(self, line: socket.socket, deadline: Deadline, cancel: CancelToken) -> None:
        super().__init__()
        self._line = line
        self._deadline = deadline
        self._cancel = cancel
        self._head_left: int | None = _MAX_HEAD

    def readable(self) -> bool:
        return True

    def head_is_over(self) -> None:
        self._head_left = None

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader gives
        if self._head_left is not None and self._head_left <= 0:
            raise ProtocolError(what="http head")
        count = patiently(
            self._line, lambda: self._line.recv_into(buffer), self._deadline, self._cancel
        )
        if self._head_left is not None:
            self._head_left -= count
        return count


class _Line:
    """What ``http.client`` takes for a socket."""

    def __init__(self, line: socket.socket, deadline: Deadline, cancel: CancelToken) -> None:
        self.incoming = _Incoming(line, deadline, cancel)
        self._socket, self._deadline, self._cancel = line, deadline, cancel

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.incoming, 16 * 1024)

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            send = functools.partial(self._socket.send, rest[:PIECE])
            rest = rest[patiently(self._socket, send, self._deadline, self._cancel) :]

    def close(self) -> None:
        """The exchange closes the socket itself."""


class _Reply(http.client.HTTPResponse):
    """An answer whose chunks have a length: ``http.client`` takes -1 for "all there is"."""

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc] # not in the stubs
        if size < 0:
            raise ProtocolError(what="chunk length")
        return size


class Exchange:
    """A connection for one request; a context manager that leaves no descriptor."""

    def __init__(self, port: int, deadline: Deadline, cancel: CancelToken) -> None:
        self._port = port
        self._deadline = deadline
        self._cancel = cancel
        self._held = contextlib.ExitStack()

    def __enter__(self) -> "Exchange":
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def send(self, verb: str, path: str, body: bytes | None) -> http.client.HTTPResponse:
        """Connect, send the request and read the head of the answer; OSError, HTTPException, ProtocolError."""
        made = self._held.enter_context(connected(HOST, self._port, self._deadline, self._cancel))
        # Quicker than the end of a slice.
        self._held.enter_context(self._cancel.waking(lambda: _cut(made)))
        line = _Line(made, self._deadline, self._cancel)
        connection = http.client.HTTPConnection(HOST, self._port)
        connection.response_class = _Reply
        connection.sock = cast(socket.socket, line)
        headers = {"Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(verb, path, body, headers)
        reply = connection.getresponse()
        line.incoming.head_is_over()
        return reply


def read_all(
    reply: http.client.HTTPResponse, limit: int, told: Callable[[int, int], None] | None = None
) -> bytearray:
    """Return the whole body, read piece by piece; ProtocolError for one longer than ``limit``.

    ``told`` gets (bytes so far, announced length or 0).
    """
    data = bytearray()
    try:
        _fill(data, reply, limit, told)
    except BaseException:
        data[:] = bytes(len(data))  # it may be half an image
        raise
    return data


def _fill(
    data: bytearray,
    reply: http.client.HTTPResponse,
    limit: int,
    told: Callable[[int, int], None] | None,
) -> None:
    announced = _announced(reply)
    if announced is not None and announced > limit:
        raise ProtocolError(what="answer too large")
    while part := reply.read(PIECE if announced is None else min(PIECE, announced - len(data))):
        data += part
        if len(data) > limit:
            raise ProtocolError(what="answer too large")
        if told is not None:
            told(len(data), announced or 0)
    if announced is not None and len(data) < announced:
        raise http.client.IncompleteRead(b"", announced - len(data))


def _announced(reply: http.client.HTTPResponse) -> int | None:
    lengths = {length.strip() for length in reply.headers.get_all("Content-Length", [])}
    if len(lengths) > 1 or not all(re.fullmatch("[0-9]{1,18}", length) for length in lengths):
        raise ProtocolError(what="content length")
    return reply.length  # None for an answer in chunks, or up to the end of the connection


def patiently(
    line: socket.socket, call: Callable[[], int], deadline: Deadline, cancel: CancelToken
) -> int:
    """Repeat a socket call in slices of time until it has done something; TimeoutError, OperatorCancelled."""
    while True:
        line.settimeout(slice_of(deadline, cancel))
        try:
            done = call()
        except TimeoutError:
            continue
        except OSError:
            cancel.check()
            raise
        cancel.check()  # a line that was cut for a cancel looks like one that has ended
        return done


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # ended already
        line.shutdown(socket.SHUT_RDWR)
