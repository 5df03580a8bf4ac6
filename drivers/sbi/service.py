"""One MOSIP device service (SBI 0.9.5) over loopback HTTP: custom verbs, JSON, errors inside HTTP 200."""

import contextlib
import http.client
import json
import re
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from station.clock import CancelToken, Deadline
from station.errors import (
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    NoSubject,
    NotSupported,
    ProtocolError,
)

PORTS: Final = range(4501, 4601)
_HOST: Final = "127.0.0.1"  # never "localhost": it may resolve to ::1, where no service listens
_PROBE_S: Final = 0.2
_DISCOVER_S: Final = 1.0
_MAX_BODY: Final = 32 * 1024 * 1024
_MAX_FRAME: Final = 4 * 1024 * 1024

# Leading digits of errorCode -> what it means for the operator; everything else is a hardware fault.
_ERRORS: Final[Mapping[str, type[DeviceError]]] = {
    "100": NotSupported,
    "101": NoSubject,
    "106": DeviceNotFound,
    "109": ProtocolError,
    "110": DeviceBusy,
    "111": DeviceBusy,
    "112": ProtocolError,
    "202": DeviceNotFound,
    "700": DeviceRemoved,
    "701": NoSubject,
    "703": DeviceBusy,
}


class SbiService:
    """The verbs of one service port."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        """Where it is, for the device page."""
        return f"http://{_HOST}:{self.port}"

    def ask(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None,
        timeout_s: float,
        cancel: CancelToken | None = None,
    ) -> object:
        """Send one request, return the decoded JSON; DeviceError kinds, OperatorCancelled at once."""
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=timeout_s)
        try:
            _connect(connection, cancel)
            connection.request(verb, path, json.dumps(body) if body is not None else None)
            reply = connection.getresponse()
            data = reply.read(_MAX_BODY + 1)
        except (TimeoutError, http.client.HTTPException, OSError) as cause:
            if cancel is not None:
                cancel.check()
            raise _line_error(cause) from cause
        finally:
            connection.close()
        if len(data) > _MAX_BODY:
            raise ProtocolError(what="answer too large")
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as cause:
            raise ProtocolError(what="answer is not JSON") from cause

    def stream(
        self, body: Mapping[str, Any], cancel: CancelToken, deadline: Deadline
    ) -> Iterator[bytes]:
        """Yield the JPEG frames of a preview until cancelled or the deadline."""
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=5.0)
        try:
            _connect(connection, cancel)
            connection.request("STREAM", "/stream", json.dumps(body))
            reply = connection.getresponse()
            if "multipart" not in (reply.getheader("Content-Type") or ""):
                raise_for_error(json.loads(reply.read(_MAX_BODY)))
                raise ProtocolError(what="no preview stream")
            while not cancel.cancelled and not deadline.passed():
                frame = _next_part(reply)
                if frame is None:
                    return
                yield frame
        except (
            TimeoutError,
            http.client.HTTPException,
            OSError,
            ValueError,
            RecursionError,
        ) as cause:
            if not cancel.cancelled:
                raise _line_error(cause) from cause
        finally:
            connection.close()


def _connect(connection: http.client.HTTPConnection, cancel: CancelToken | None) -> None:
    """Connect now; a cancelled token cuts the socket, which ends a blocked read in any thread."""
    connection.connect()
    line = connection.sock
    if cancel is None or line is None:
        return

    def cut() -> None:
        with contextlib.suppress(OSError):  # it may be closed already
            line.shutdown(socket.SHUT_RDWR)

    cancel.on_cancel(cut)


def _next_part(reply: http.client.HTTPResponse) -> bytes | None:
    """Read one multipart part; the delimiter may or may not carry two more dashes."""
    length = -1
    for _ in range(32):
        line = reply.readline(1024)
        if not line:
            return None
        text = line.strip().lower()
        if text.startswith(b"content-length:"):
            digits = text.partition(b":")[2].strip()
            length = int(digits) if digits.isdigit() else -1
        elif not text and length >= 0:
            break
    if not 0 < length <= _MAX_FRAME:
        raise ProtocolError(what="frame length")
    data = reply.read(length)
    return data if len(data) == length else None


def error_code(answer: object) -> str:
    """Return the digits of an answer's errorCode: "0" when there is none, "?" when it is no number."""
    error = answer.get("error") if isinstance(answer, dict) else None
    text = str(error.get("errorCode", "")).strip() if isinstance(error, dict) else ""
    digits = re.match(r"[0-9]+", text)
    if digits is not None:
        return digits.group().lstrip("0") or "0"
    return "?" if text else "0"


def raise_for_error(answer: object) -> None:
    """Raise the typed error that an answer carries; nothing when errorCode is 0 or absent."""
    code = error_code(answer)
    if code != "0":
        raise _ERRORS.get(code, HardwareFault)(sbi_code=code[:6])


def discover(kind: str, ports: range = PORTS) -> list[tuple[SbiService, dict[str, Any]]]:
    """Return (service, discovery object) for every device of that type ("Iris", "Finger", "Face").

    Each port is asked in its own thread after a TCP probe: a service that hangs costs one second once,
    whatever the others do.
    """

    def ask(port: int) -> list[tuple[SbiService, dict[str, Any]]]:
        if not _listens(port):
            return []
        service = SbiService(port)
        try:
            answer = service.ask("MOSIPDISC", "/device", {"type": kind}, timeout_s=_DISCOVER_S)
        except DeviceError:  # one that hangs or speaks nonsense is not ours; the others still count
            return []
        return [(service, item) for item in _objects(answer)]

    with ThreadPoolExecutor(min(20, len(ports))) as pool:
        return [found for each in pool.map(ask, ports) for found in each]


def _listens(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(_PROBE_S)
        return line.connect_ex((_HOST, port)) == 0


def _objects(answer: object) -> list[dict[str, Any]]:
    return [item for item in answer if isinstance(item, dict)] if isinstance(answer, list) else []


def _line_error(cause: Exception) -> DeviceError:
    if isinstance(cause, TimeoutError):
        return DeviceTimeout(device="sbi")
    if isinstance(cause, ConnectionRefusedError):
        return DeviceNotFound(device="sbi")
    if isinstance(cause, (OSError, http.client.IncompleteRead, http.client.RemoteDisconnected)):
        return DeviceRemoved(device="sbi")
    return ProtocolError(what="http")
