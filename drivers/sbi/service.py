"""The verbs of one device service over loopback HTTP: JSON in and out, and the preview stream."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from drivers.sbi.codes import OK, error_code, raise_for_error
from drivers.sbi.jws import without_twins
from drivers.sbi.parts import boundary_of, parts
from drivers.sbi.wire import HOST, Exchange, read_all
from station.clock import CancelToken, Deadline
from station.errors import DeviceError, DeviceNotFound, DeviceRemoved, DeviceTimeout, ProtocolError

MAX_TALK: Final = 512 * 1024  # discovery and device statements
MAX_CAPTURE: Final = 32 * 1024 * 1024  # four uncompressed fingers or one large face, in base64
_BROKEN: Final = (TimeoutError, http.client.HTTPException, OSError)


class SbiService:
    """One service port. ``prefix`` is the path its devices want their calls under."""

    def __init__(self, port: int, prefix: str = "/") -> None:
        self.port = port
        self._prefix = prefix

    @property
    def url(self) -> str:
        """Where it is, for the device page."""
        return f"http://{HOST}:{self.port}"

    def ask(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None,
        deadline: Deadline,
        cancel: CancelToken,
        *,
        limit: int = MAX_TALK,
        told: Callable[[int, int], None] | None = None,
    ) -> object:
        """Send one request and return the decoded JSON; DeviceError kinds, OperatorCancelled.

        An answer that is not HTTP 200 is the error it carries, else a ProtocolError.
        """
        data = bytearray()
        try:
            with Exchange(self.port, deadline, cancel) as line:
                reply = line.send(verb, self._prefix + path, _encoded(body))
                data = read_all(reply, limit, told)
        except _BROKEN as cause:
            raise _line_error(cause) from None  # http.client's texts quote the answer
        try:
            answer = _decoded(data)
        finally:
            data[:] = bytes(len(data))  # it may hold an image
        if reply.status != http.client.OK:
            if error_code(answer) not in {OK, "?"}:
                raise_for_error(answer)
            raise ProtocolError(what="http status", status=reply.status)
        return answer

    def stream(
        self, body: Mapping[str, Any], cancel: CancelToken, deadline: Deadline
    ) -> Iterator[bytes]:
        """Yield the JPEG frames of a preview until it ends; DeviceError kinds, OperatorCancelled.

        The first item is empty: the service has accepted the stream.
        """
        try:
            with Exchange(self.port, deadline, cancel) as line:
                reply = line.send("STREAM", f"{self._prefix}stream", _encoded(body))
                boundary = boundary_of(reply.getheader("Content-Type") or "")
                if boundary is None:
                    raise_for_error(_decoded(read_all(reply, MAX_TALK)))
                    raise ProtocolError(what="no preview stream")
                yield b""
                yield from parts(reply, boundary)
        except _BROKEN as cause:
            raise _line_error(cause) from None


def _encoded(body: Mapping[str, Any] | None) -> bytes | None:
    return None if body is None else json.dumps(body).encode("utf-8")


def _decoded(data: bytearray) -> object:
    try:
        return json.loads(data, object_pairs_hook=without_twins)
    except (ValueError, RecursionError):
        # From None: the decoder's error holds the whole text.
        raise ProtocolError(what="answer is not JSON") from None


def _line_error(cause: Exception) -> DeviceError:
    if isinstance(cause, TimeoutError):
        return DeviceTimeout(device="sbi")
    if isinstance(cause, ConnectionRefusedError):
        return DeviceNotFound(device="sbi")
    if isinstance(cause, (OSError, http.client.IncompleteRead, http.client.RemoteDisconnected)):
        return DeviceRemoved(device="sbi")
    return ProtocolError(what="http")
