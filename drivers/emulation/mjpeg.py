"""An HTTP MJPEG camera: the wire protocol of network cameras, with faults asked for by name."""

import socket
import threading
from collections.abc import Callable
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import cv2

from station.clock import Deadline
from station.devices import Pixels

_BOUNDARY: Final = "rekamframe"
_SLOW_S: Final = 1 / 3
_LOOK_S: Final = 0.2  # how often a waiting reader is asked whether the camera still runs
# As little as a real camera keeps: what lies in the socket of a slow reader is already old.
_SEND_BUFFER: Final = 128 * 1024


class CameraFault(Enum):
    """What can go wrong between a camera and its reader."""

    STALL = "stall"  # connected, no more frames
    DISCONNECT = "disconnect"  # the connection is cut, new ones are refused
    TRUNCATED_JPEG = "truncated_jpeg"
    WRONG_LENGTH = "wrong_length"  # the header promises more bytes than come
    SLOW = "slow"  # three frames per second


class MjpegCamera:
    """Serves ``picture()`` as motion JPEG on 127.0.0.1.

    ``picture`` returns a BGR frame or ready JPEG bytes; it is called once per frame for all readers, and
    not at all while nobody reads.
    """

    def __init__(
        self,
        picture: Callable[[], Pixels | bytes],
        *,
        fps: float = 15.0,
        quality: int = 85,
        port: int = 0,
    ) -> None:
        self._picture = picture
        self._interval = 1.0 / fps
        self._quality = quality
        self._faults: frozenset[CameraFault] = frozenset()
        self._stop = threading.Event()
        self._shown = threading.Condition()
        self._readers = 0
        self._number = 0
        self._jpeg = b""
        self._server = _server(port, self._serve)
        self._threads = (
            threading.Thread(
                target=self._server.serve_forever, args=(0.05,), name="mjpeg", daemon=True
            ),
            threading.Thread(target=self._film, name="mjpeg-film", daemon=True),
        )

    @property
    def url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/video"

    @property
    def frames_made(self) -> int:
        """How many pictures were taken so far."""
        return self._number

    def start(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all streams and free the port."""
        self._stop.set()
        with self._shown:
            self._shown.notify_all()
        if self._threads[0].is_alive():  # shutdown() waits for ever for a loop that never ran
            self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(2.0)

    def fail(self, fault: CameraFault) -> None:
        """Begin a fault."""
        self._faults |= {fault}

    def heal(self) -> None:
        """End all faults."""
        self._faults = frozenset()

    def _film(self) -> None:
        """Take pictures at the frame rate while somebody reads."""
        due = Deadline.after(0)
        while not self._stop.is_set():
            with self._shown:
                self._shown.wait_for(lambda: self._readers > 0 or self._stop.is_set())
            if CameraFault.STALL not in self._faults:
                jpeg = self._take()
                with self._shown:
                    self._number += 1
                    self._jpeg = jpeg
                    self._shown.notify_all()
            interval = _SLOW_S if CameraFault.SLOW in self._faults else self._interval
            # A late picture does not make the next ones hurry.
            due = Deadline(max(due.at + interval, Deadline.after(0).at))
            self._stop.wait(due.left())

    def _take(self) -> bytes:
        picture = self._picture()
        if isinstance(picture, bytes):
            return picture
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        return data.tobytes()

    def _serve(self, reader: BaseHTTPRequestHandler) -> None:
        if CameraFault.DISCONNECT in self._faults:
            reader.close_connection = True
            return
        reader.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        reader.send_response(200)
        reader.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        reader.send_header("Cache-Control", "no-store")
        reader.end_headers()
        with self._shown:
            self._readers += 1
            seen = self._number
            self._shown.notify_all()
        try:
            while not self._stop.is_set() and CameraFault.DISCONNECT not in self._faults:
                with self._shown:
                    self._shown.wait_for(lambda: self._number != seen, _LOOK_S)  # noqa: B023 - called at once
                    new, seen, jpeg = self._number != seen, self._number, self._jpeg
                if new and not self._send(reader, jpeg):
                    return
        finally:
            with self._shown:
                self._readers -= 1

    def _send(self, reader: BaseHTTPRequestHandler, jpeg: bytes) -> bool:
        promised = len(jpeg)
        if CameraFault.TRUNCATED_JPEG in self._faults:
            jpeg = jpeg[: len(jpeg) // 2]
            promised = len(jpeg)
        if CameraFault.WRONG_LENGTH in self._faults:
            promised += 5000
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {promised}\r\n\r\n"
        try:
            reader.wfile.write(head.encode("ascii") + jpeg + b"\r\n")
        except OSError:
            return False
        return True


def _server(port: int, serve: Callable[[BaseHTTPRequestHandler], None]) -> ThreadingHTTPServer:
    class Reader(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serve(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - signature of the base
            """Say nothing: the desk's log is the one that counts."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A reader that went away is normal."""

    return Server(("127.0.0.1", port), Reader)
