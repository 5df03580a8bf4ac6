"""The preview beside a capture: one thread reads, one paints, and between them lies only the newest frame."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import cv2
import numpy as np

from drivers.sbi.service import SbiService
from station.clock import CancelToken, Deadline
from station.devices import Frame, Pixels
from station.errors import DeviceError, FormatError, OperatorCancelled
from station.formats import jpeg

_LOG = logging.getLogger(__name__)
_MOST_PIXELS: Final = 8_000_000  # a preview is looked at, not kept
_JOIN_S: Final = 0.2
_BEGIN_S: Final = 0.5  # what a capture waits for its preview to begin


class Preview:
    """A running preview; a context manager. A broken one never ends the capture: the picture stands still."""

    def __init__(
        self,
        service: SbiService,
        body: dict[str, Any],
        show: Callable[[Frame], None],
        numbers: Iterator[int],
        monotonic: Callable[[], float],
        *,
        grey: bool,
        deadline: Deadline,
    ) -> None:
        self._service, self._body, self._deadline = service, body, deadline
        self._show, self._numbers, self._monotonic = show, numbers, monotonic
        self._colours = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR
        self._end = CancelToken()
        self._begun = threading.Event()
        self._changed = threading.Condition()
        self._newest: tuple[bytes, float] | None = None
        self._threads = [
            threading.Thread(target=self._read, name="sbi-preview-read", daemon=True),
            threading.Thread(target=self._paint, name="sbi-preview", daemon=True),
        ]

    def __enter__(self) -> "Preview":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.cancel()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(_JOIN_S)

    def wait_begun(self, cancel: CancelToken) -> None:
        """Wait until the service streams or refuses, or a moment: a capture comes after its stream."""
        cancel.on_cancel(self._begun.set)
        self._begun.wait(min(_BEGIN_S, self._deadline.left()))

    def _read(self) -> None:
        try:
            frames = self._service.stream(self._body, self._end, self._deadline)
            for jpeg_bytes in frames:
                self._begun.set()
                if jpeg_bytes:
                    with self._changed:
                        self._newest = (jpeg_bytes, self._monotonic())
                        self._changed.notify_all()
        except DeviceError as error:
            _LOG.info("preview ended: %s", error.code)
        except OperatorCancelled:
            pass
        finally:
            self._begun.set()

    def _paint(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest is not None or self._end.cancelled)
                newest, self._newest = self._newest, None
            if self._end.cancelled or newest is None:
                return
            pixels = self._decoded(newest[0])
            if pixels is not None:
                self._show(Frame(next(self._numbers), pixels, newest[1]))

    def _decoded(self, data: bytes) -> Pixels | None:
        """Return the picture, None for a damaged or huge one: the next frame is soon there."""
        try:
            width, height = jpeg.size(data)
        except FormatError:
            return None
        if width * height > _MOST_PIXELS:
            return None
        try:
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), self._colours)
        except cv2.error:
            return None
        if pixels is None:
            return None
        shown: Pixels = np.asarray(pixels, np.uint8)
        shown.flags.writeable = False
        return shown


def counter() -> Iterator[int]:
    """Return the numbers that previews and stills of a device share."""
    return itertools.count(1)
