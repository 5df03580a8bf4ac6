"""The HTTP of an emulated device service: custom verbs, JSON with every refusal, 405 for wrong verbs, stream."""

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol

from drivers.emulation.sbi_line_faults import LineFaults
from drivers.tcp import hung_up

BOUNDARY: Final = "--BoundaryString"
_MAX_BODY: Final = 1 << 20
_MAX_CHUNK_LINE: Final = 64
_IDLE_S: Final = 30.0


class Answers(Protocol):
    """What the service answers; bodies are JSON objects, {} where there was none."""

    faults: LineFaults

    def discovery(self, body: Mapping[str, Any]) -> object:
        """Answer MOSIPDISC and SBIDISC."""
        ...

    def information(self) -> object:
        """Answer MOSIPDINFO."""
        ...

    def capture(self, body: Mapping[str, Any], gone: Callable[[], bool]) -> object:
        """Answer RCAPTURE."""
        ...

    def stream(
        self,
        body: Mapping[str, Any],
        begin: Callable[[], None],
        send: Callable[[bytes], bool],
        gone: Callable[[], bool],
    ) -> object | None:
        """Answer STREAM: frames through ``send`` after ``begin``, or the refusal it returns."""
        ...

    def admin(self, what: str, body: Mapping[str, Any]) -> object:
        """Answer POST /admin/...; KeyError for an unknown one."""
        ...


class SbiServer(ThreadingHTTPServer):
    """A server whose connections can be cut, and that waits for its threads."""

    daemon_threads = False
    block_on_close = True
    # After a replug the port is free at once; where it would take the port of another service, it is not set.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 64

    def __init__(self, port: int, answers: Answers) -> None:
        self._lines: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _handler(answers))

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base has it
        """Remember the connection, then serve it in a thread of its own."""
        with self._guard:
            self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the base has it
        """Forget the connection and close it."""
        with self._guard:
            self._lines.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """End all connections now."""
        with self._guard:
            for line in self._lines:
                try:
                    line.shutdown(socket.SHUT_RDWR)
                except OSError:  # it is closed already
                    continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is normal."""


def bind(ports: Sequence[int], answers: Answers) -> SbiServer:
    """Return a server on the first free of the ports; OSError."""
    for port in ports:
        try:
            return SbiServer(port, answers)
        except OSError:  # taken by another service: services take the first free port
            continue
    message = "no free port for a device service"
    raise OSError(message)


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE_S

        def do_MOSIPDISC(self) -> None:
            self._reply("/device", answers.discovery)

        def do_SBIDISC(self) -> None:
            self._reply("/device", answers.discovery)

        def do_MOSIPDINFO(self) -> None:
            self._reply("/info", lambda _body: answers.information())

        def do_RCAPTURE(self) -> None:
            self._reply("/capture", lambda body: answers.capture(body, self._gone))

        def do_POST(self) -> None:
            what = self.path.removeprefix("/admin/")
            body = self._body()
            if what == self.path:
                self.send_error(405)
                return
            try:
                self._json(200, answers.admin(what, body))
            except KeyError:
                self._json(404, _error("500", "Invalid URL"))

        def do_STREAM(self) -> None:
            body = self._body()
            if not self._at("/stream"):
                return
            refusal = answers.stream(body, self._begin_stream, self._send, self._gone)
            self.close_connection = True
            if refusal is not None:
                self._json(200, refusal)

        def send_error(
            self, code: int, message: str | None = None, explain: str | None = None
        ) -> None:
            """Answer in JSON; a verb this service has not is 405, as the reference service says it."""
            status = 405 if code == 501 else code
            self.close_connection = True
            self._json(status, _error(str(status), message or "not allowed"))

        def _reply(self, path: str, answer: Callable[[Mapping[str, Any]], object]) -> None:
            body = self._body()
            if self._at(path):
                answers.faults.before(self.command, self._gone)
                self._json(200, answer(body))

        def _at(self, path: str) -> bool:
            if self.path.partition("?")[0].rstrip("/") == path:
                return True
            self._json(200, _error("500", "Invalid URL"))
            return False

        def _begin_stream(self) -> None:
            self.protocol_version = "HTTP/1.0"
            self.send_response(200, "OK")
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def _send(self, data: bytes) -> bool:
            try:
                self.wfile.write(data)
            except OSError:
                return False
            return True

        def _gone(self) -> bool:
            return hung_up(self.connection)

        def _body(self) -> Mapping[str, Any]:
            if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
                data = self._chunks()
            else:
                length = self.headers.get("Content-Length") or "0"
                data = self.rfile.read(min(int(length), _MAX_BODY)) if length.isdecimal() else b""
            try:
                value = json.loads(data or b"{}")
            except (ValueError, RecursionError):
                return {}
            return value if isinstance(value, dict) else {}

        def _chunks(self) -> bytes:
            data = b""
            while len(data) <= _MAX_BODY:
                size = self.rfile.readline(_MAX_CHUNK_LINE).partition(b";")[0].strip()
                try:
                    length = int(size, 16)
                except ValueError:
                    return b""
                data += self.rfile.read(min(length, _MAX_BODY))
                self.rfile.readline(_MAX_CHUNK_LINE)
                if not length:
                    break
            return data

        def _json(self, status: int, answer: object) -> None:
            data = json.dumps(answer).encode()
            head = (
                f"HTTP/1.1 {status} {'OK' if status == 200 else 'Refused'}\r\n"
                "Content-Type: application/json; charset=utf-8\r\n"
                f"Content-Length: {len(data)}\r\n"
                f"{'Connection: close' + chr(13) + chr(10) if self.close_connection else ''}\r\n"
            )
            if not answers.faults.send(
                self.command, head.encode("ascii"), data, self._send, self._gone
            ):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - signature of the base
            """Say nothing: requests carry identities."""

    return Handler


def _error(code: str, info: str) -> dict[str, Any]:
    return {"error": {"errorCode": code, "errorInfo": info}}
