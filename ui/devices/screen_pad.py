"""The signature pad on the screen: mouse, touch or a pen tablet drawing on the page's own canvas."""

import queue
from typing import Final

from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    Grade,
    Health,
    HealthState,
    PenPoint,
    SignatureCapture,
    Sink,
)
from station.errors import NoSubject

PEN_AWAY_S: Final = 1.5


class ScreenPad:
    """A SignaturePad fed by the page; ``feed`` is called on the GUI thread, ``capture`` in a worker."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._points: queue.SimpleQueue[PenPoint | None] = queue.SimpleQueue()
        self._info = DeviceInfo(
            "signature.tablet", "Qt", "screen", "screen", "", "screen", Grade.ENROLMENT
        )

    @property
    def info(self) -> DeviceInfo:
        """Who this is."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def self_test(self, deadline: Deadline) -> Health:
        """Always there."""
        return Health(HealthState.READY)

    def feed(self, point: PenPoint) -> None:
        """Take one pen event from the canvas."""
        self._points.put(point)

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> SignatureCapture:
        """Collect points until the pen has been away for 1.5 s; NoSubject at the deadline."""
        self._forget()
        cancel.on_cancel(lambda: self._points.put(None))
        points: list[PenPoint] = []
        while True:
            wait = min(PEN_AWAY_S, deadline.left()) if points else deadline.left()
            try:
                point = self._points.get(timeout=max(0.001, wait))
            except queue.Empty:
                if points and not points[-1].down:
                    return SignatureCapture(tuple(points), 0, self._clock.now(), self._info)
                if deadline.passed():
                    raise NoSubject(device="signature") from None
                continue
            cancel.check()
            if point is not None:
                points.append(point)
                sink(point)

    def _forget(self) -> None:
        while not self._points.empty():
            self._points.get_nowait()
