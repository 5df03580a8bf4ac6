"""An HTTP MJPEG camera: the wire protocol of network cameras, with faults asked for by name."""

import base64
import hashlib
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self

import cv2

from drivers.camera import jpeg as jpeg_form
from drivers.camera.http_source import COMMENT_MARK
from drivers.emulation.emulated import Diary
from drivers.emulation.mjpeg_faults import ONCE, CameraFault, FaultSchedule, Moment
from drivers.tcp import hung_up
from station.clock import Clock, Deadline, SystemClock
from station.devices import Pixels

__all__ = ["CameraFault", "MjpegCamera"]

MODEL: Final = "EMU-CAM"
FPS: Final = (0.1, 240.0)
_BOUNDARY: Final = "rekamframe"
_SLOW_S: Final = 1 / 3
_LOOK_S: Final = 0.2  # how often a waiting reader is asked whether the camera still runs
# As little as a real camera keeps: what lies in the socket of a slow reader is already old.
_SEND_BUFFER: Final = 128 * 1024
_HUGE: Final = 1 << 30


class MjpegCamera:
    """Serves ``picture()`` as motion JPEG on 127.0.0.1.

    ``picture`` returns a BGR or grey frame or ready JPEG bytes; it is called once per frame for all readers,
    and not at all while nobody reads. Every picture carries our mark, every part its digest.
    """

    def __init__(
        self,
        picture: Callable[[], Pixels | bytes],
        *,
        fps: float = 15.0,
        quality: int = 85,
        port: int = 0,
        clock: Clock | None = None,
        diary: Diary | None = None,
        model: str = MODEL,
        serial: str = "EMU-000001",
    ) -> None:
        self._picture = picture
        self._interval = 1.0 / fps
        self._quality = quality
        clock = clock or SystemClock()
        self._diary = diary or Diary(None, clock)
        self._model, self._serial = model, serial
        self._faults = FaultSchedule(clock)
        self._stop = threading.Event()
        self._shown = threading.Condition()
        self._readers = 0
        self._number = 0
        self._part = b"", b""  # digest header, JPEG
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

    def start(self) -> Self:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()
        return self

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

    def fail(self, fault: CameraFault, moment: Moment | None = None) -> None:
        """Begin a fault, or plan it for a moment of the next stream that comes there."""
        self._faults.add(fault, moment)

    def suffer(self, fault: CameraFault, when: str) -> None:
        """Begin a fault at a moment in words; ValueError. At "0" a state begins now, a damage at the next start."""
        now = when == "0" and fault not in ONCE
        self.fail(fault, None if now else Moment.of(when))

    def heal(self) -> None:
        """End all faults."""
        self._faults.clear()

    def unplug(self) -> None:
        """Cut all streams; new ones are hung up on."""
        self.fail(CameraFault.DISCONNECT)

    def replug(self, serial: str = "") -> None:
        """Come back, as another camera of the same model when a serial number is given."""
        self._serial = serial or self._serial
        self.heal()

    def _film(self) -> None:
        """Take pictures at the frame rate while somebody reads."""
        due = Deadline.after(0)
        while not self._stop.is_set():
            with self._shown:
                self._shown.wait_for(lambda: self._readers > 0 or self._stop.is_set())
            if CameraFault.STALL not in self._faults:
                part = self._take()
                with self._shown:
                    self._number += 1
                    self._part = part
                    self._shown.notify_all()
            interval = _SLOW_S if CameraFault.SLOW in self._faults else self._interval
            # A late picture does not make the next ones hurry.
            due = Deadline(max(due.at + interval, Deadline.after(0).at))
            self._stop.wait(due.left())

    def _take(self) -> tuple[bytes, bytes]:
        picture = self._picture()
        if not isinstance(picture, bytes):
            _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
            picture = data.tobytes()
        if COMMENT_MARK not in picture[:64]:
            picture = jpeg_form.comment(picture, COMMENT_MARK)
        digest = base64.b64encode(hashlib.sha256(picture).digest())
        return b"Content-Digest: sha-256=:%s:\r\n" % digest, picture

    def _serve(self, reader: BaseHTTPRequestHandler) -> None:
        if CameraFault.DISCONNECT in self._faults:
            reader.close_connection = True
            return
        self._diary.note("stream", path=reader.path[:40])
        reader.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        reader.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader.send_response(200)
        reader.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        reader.send_header("Cache-Control", "no-store")
        for name, value in (("Make", "Rekam"), ("Model", self._model), ("Serial", self._serial), ("Firmware", "1.0")):  # fmt: skip
            reader.send_header(f"X-Device-{name}", value)
        if CameraFault.HANG in self._faults:
            reader.flush_headers()
            self._wait_gone(reader)
            return
        reader.end_headers()
        with self._shown:
            self._readers += 1
            seen = self._number
            self._shown.notify_all()
        sent = 0
        try:
            sent = self._stream(reader, seen)
        finally:
            with self._shown:
                self._readers -= 1
            self._diary.note("stream ended", frames=sent)

    def _stream(self, reader: BaseHTTPRequestHandler, seen: int) -> int:
        """Send frame after frame until the reader or the camera goes; return how many."""
        index = begin = 0
        while not self._stop.is_set() and CameraFault.DISCONNECT not in self._faults:
            with self._shown:
                self._shown.wait_for(lambda: self._number != seen, _LOOK_S)  # noqa: B023 - called at once
                new, seen, part = self._number != seen, self._number, self._part
            if not new:
                if hung_up(reader.connection):
                    return index
                continue
            length = self._send(reader, *part, index, begin)
            if length is None:
                return index
            index, begin = index + 1, begin + length
        return index

    def _send(
        self, reader: BaseHTTPRequestHandler, digest: bytes, jpeg: bytes, index: int, begin: int
    ) -> int | None:
        """Send one part with its faults; return its length, None when the stream is over."""
        faults, cut = self._faults.of_frame(index, begin, _framed(digest, jpeg, len(jpeg)))
        if CameraFault.TRUNCATED_JPEG in faults:
            jpeg = jpeg[: len(jpeg) // 2]
        promised = len(jpeg)
        if CameraFault.WRONG_LENGTH in faults:
            promised += 5000
        if CameraFault.HUGE_LENGTH in faults:
            promised = _HUGE
        if CameraFault.FLIPPED_BIT in faults:
            middle = len(jpeg) // 2
            jpeg = jpeg[:middle] + bytes([jpeg[middle] ^ 0x10]) + jpeg[middle + 1 :]
        data = _head(digest, promised) + jpeg + b"\r\n"
        over = cut is not None or CameraFault.DISCONNECT in faults
        if over:
            data = data[: cut or 0]
        try:
            reader.wfile.write(data)
        except OSError:
            return None
        return None if over else len(data)

    def _wait_gone(self, reader: BaseHTTPRequestHandler) -> None:
        while not self._stop.wait(0.02) and CameraFault.HANG in self._faults:
            if hung_up(reader.connection):
                return


def _head(digest: bytes, length: int) -> bytes:
    return (
        b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n%s\r\n"
        % (_BOUNDARY.encode("ascii"), length, digest)
    )  # fmt: skip


def _framed(digest: bytes, jpeg: bytes, promised: int) -> int:
    return len(_head(digest, promised)) + len(jpeg) + 2


def _server(port: int, serve: Callable[[BaseHTTPRequestHandler], None]) -> ThreadingHTTPServer:
    class Reader(BaseHTTPRequestHandler):
        server_version = "RekamEmulator/1"
        sys_version = ""

        def do_GET(self) -> None:
            serve(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - signature of the base
            """Say nothing: the desk's log is the one that counts."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A reader that went away is normal."""

    return Server(("127.0.0.1", port), Reader)
