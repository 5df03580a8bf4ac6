"""Motion JPEG over HTTP, read by ourselves: what is not one whole picture never reaches the screen.

FFmpeg shows the picture before a cut one again as if it were new; there is no option against it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.camera import jpeg
from drivers.camera.http_line import HttpLine
from drivers.camera.multipart import PartReader, boundary_of
from drivers.camera.source import Seen
from station.clock import CancelToken, Deadline
from station.devices import EMULATOR_MARK, Pixels
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    ProtocolError,
)

COMMENT_MARK: Final = b"REKAM-EMULATED"  # our emulators' pictures carry it in their COM segment
_WORD: Final = re.compile(r"[^ -~]")
# What FFmpeg may try. Whatever else answers is no camera, or its answer is damaged.
_FILMS: Final = ("video/", "audio/", "application/octet-stream", "application/vnd.apple.mpegurl", "application/x-mpegurl")  # fmt: skip
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_REFUSALS: Final[Mapping[int, type[DeviceError]]] = {
    401: AuthFailed,
    403: AuthFailed,
    503: DeviceBusy,
}


@dataclass(frozen=True, slots=True)
class JpegShot:
    """A whole JPEG, not yet decoded."""

    data: bytes = field(repr=False)
    size: tuple[int, int]  # width, height by its head

    def pixels(self, *, grey: bool = False, half: bool = False) -> Pixels | None:
        """Decode it; None when the decoder refuses it or gives another size than its head."""
        picture = jpeg.decode(self.data, grey=grey, half=half)
        if picture is None:
            return None
        width, height = self.size
        wanted = ((height + 1) // 2, (width + 1) // 2) if half else (height, width)
        if picture.shape[:2] != wanted:
            return None
        picture.flags.writeable = False
        return picture


class HttpSource:
    """An MJPEG stream. Pictures of another size than the first, cut or spliced ones are damaged ones."""

    def __init__(
        self, line: HttpLine, boundary: bytes, headers: Mapping[str, str], read_s: float
    ) -> None:
        """Begin to read a stream whose answer has been read."""
        self._line = line
        self._parts = PartReader(line, boundary)
        self._read_s = read_s
        self._size: tuple[int, int] | None = None
        self._waiting: JpegShot | None = None
        self._seen = _of_headers(headers)

    @property
    def seen(self) -> Seen:
        """Who it is; complete after ``begin``."""
        return self._seen

    def begin(self, deadline: Deadline) -> None:
        """Read the first whole picture, which is then the first that ``read`` gives.

        A stream of nothing but damaged pictures is ProtocolError.
        """
        damaged = 0
        while self._waiting is None:
            try:
                self._waiting = self._next(deadline)
            except DeviceTimeout as cause:
                if damaged:
                    raise ProtocolError(device="camera", damaged=damaged) from cause
                raise
            damaged += self._waiting is None

    def read(self) -> JpegShot | None:
        """Return the next picture; None for a damaged one."""
        waiting, self._waiting = self._waiting, None
        return waiting or self._next(Deadline.after(self._read_s))

    def abort(self) -> None:
        """End a blocked read at once."""
        self._line.abort()

    def close(self) -> None:
        """Release the connection."""
        self._line.close()

    def _next(self, deadline: Deadline) -> JpegShot | None:
        data = self._parts.next(deadline).data
        head = None if data is None else jpeg.inspect(data)
        if data is None or head is None:
            return None
        size = (head.width, head.height)
        if self._size is None:
            self._size = size
            emulated = self._seen.emulated or head.comment.startswith(COMMENT_MARK)
            old = self._seen
            self._seen = Seen(old.make, old.model, old.serial, old.firmware, *size, emulated)
        return JpegShot(data, size) if size == self._size else None


def open_http(
    url: str, read_s: float, deadline: Deadline, cancel: CancelToken | None = None
) -> HttpSource | None:
    """Open a motion JPEG stream; None when what answers there is a film, which FFmpeg may read.

    Anything else is ProtocolError: an answer damaged on its way must not lead to a reader that checks less.

    Raises DeviceNotFound, AuthFailed, DeviceBusy, DeviceTimeout, ProtocolError, OperatorCancelled.
    """
    line = HttpLine(url, deadline, cancel)
    source = None
    until = deadline.within(read_s)  # a camera that hangs in its answer stands still, too
    try:
        answer = line.answer(until)
        kind = answer.headers.get("content-type", "").lower()
        boundary = boundary_of(answer.headers.get("content-type", ""))
        digest = "digest" in answer.headers.get("www-authenticate", "").lower()
        if answer.status in _REFUSALS and not digest:
            raise _REFUSALS[answer.status](device="camera", status=answer.status)
        if answer.status == 404:
            raise DeviceNotFound(device="camera")
        if answer.status == 200 and boundary:
            made = HttpSource(line, boundary, answer.headers, read_s)
            made.begin(until)
            source = made
        elif not (digest or answer.status in _MOVED or _is_film(answer.status, kind)):
            raise ProtocolError(device="camera", what="answer", status=answer.status)
    except DeviceRemoved as cause:  # it hung up before there was a picture
        if cancel is not None:
            cancel.check()
        raise DeviceNotFound(device="camera") from cause
    finally:
        if source is None:
            line.close()
    return source


def _is_film(status: int, content_type: str) -> bool:
    return status == 200 and content_type.lstrip().startswith(_FILMS)


def _of_headers(headers: Mapping[str, str]) -> Seen:
    """Return what the headers tell; a name is not longer than a line on the screen."""
    make, model, serial, firmware = (
        _WORD.sub("", headers.get(f"x-device-{name}", ""))[:40]
        for name in ("make", "model", "serial", "firmware")
    )
    server = _WORD.sub("", headers.get("server", ""))[:40]
    return Seen(make, model or server, serial, firmware, emulated=EMULATOR_MARK in model)
