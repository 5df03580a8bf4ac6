"""An HTTP MJPEG camera: the wire protocol of network cameras, with faults asked for by name."""

import threading
from collections.abc import Callable
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import cv2

from station.devices import Pixels

_BOUNDARY: Final = "rekamframe"


class CameraFault(Enum):
    """What can go wrong between a camera and its reader."""

    STALL = "stall"  # connected, no more frames
    DISCONNECT = "disconnect"  # the connection is cut, new ones are refused
    TRUNCATED_JPEG = "truncated_jpeg"
    SLOW = "slow"  # three frames per second


class MjpegCamera:
    """Serves ``picture()`` as motion JPEG on 127.0.0.1.

    ``picture`` returns a BGR frame or ready JPEG bytes; it is called once per frame, not per client.
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
        self._faults: set[CameraFault] = set()
        self._stop = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera._serve(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - signature of the base
                """Say nothing: the desk's log is the one that counts."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """A reader that went away is normal."""

        self._server = Server(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="mjpeg", daemon=True
        )

    @property
    def url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/video"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams and free the port."""
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2.0)

    def fail(self, fault: CameraFault) -> None:
        """Begin a fault."""
        self._faults.add(fault)

    def heal(self) -> None:
        """End all faults."""
        self._faults.clear()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        if CameraFault.DISCONNECT in self._faults:
            handler.close_connection = True
            return
        handler.send_response(200)
        handler.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        handler.send_header("Cache-Control", "no-store")
        handler.end_headers()
        wait = self._interval
        while not self._stop.wait(wait):
            wait = 1.0 / 3 if CameraFault.SLOW in self._faults else self._interval
            if CameraFault.DISCONNECT in self._faults:
                return
            if CameraFault.STALL in self._faults:
                continue
            if not self._send(handler, self._jpeg()):
                return

    def _send(self, handler: BaseHTTPRequestHandler, jpeg: bytes) -> bool:
        if CameraFault.TRUNCATED_JPEG in self._faults:
            jpeg = jpeg[: len(jpeg) // 2]
        head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        try:
            handler.wfile.write(head.encode("ascii") + jpeg + b"\r\n")
        except OSError:
            return False
        return True

    def _jpeg(self) -> bytes:
        picture = self._picture()
        if isinstance(picture, bytes):
            return picture
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        return data.tobytes()
