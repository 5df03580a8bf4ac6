"""A sink for devices: events from a worker thread become signals on the GUI thread."""

import threading
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from station.devices import DeviceEvent, Frame, PenPoint, Progress, SubjectPresent
from station.guidance import Guidance


class EventBridge(QObject):
    """Call it as a Sink from any thread. Of each kind the newest wins, only pen points are all kept."""

    frame = Signal(object)  # Frame
    guidance = Signal(object)  # Guidance
    progress = Signal(object)  # Progress
    subject = Signal(object)  # SubjectPresent
    pen_points = Signal(object)  # tuple[PenPoint, ...]
    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._newest: dict[type, DeviceEvent] = {}
        self._points: list[PenPoint] = []
        self._waiting = False
        self._posted.connect(self._forward, Qt.ConnectionType.QueuedConnection)

    def __call__(self, event: DeviceEvent) -> None:
        """Take one event; never blocks."""
        with self._lock:
            if isinstance(event, PenPoint):
                self._points.append(event)
            else:
                self._newest[type(event)] = event
            first, self._waiting = not self._waiting, True
        if first:
            self._posted.emit()

    def clear(self) -> None:
        """Forget what was not forwarded yet, for example when a capture is cancelled."""
        with self._lock:
            self._newest.clear()
            self._points.clear()

    @Slot()
    def _forward(self) -> None:
        with self._lock:
            newest, self._newest = self._newest, {}
            points, self._points = tuple(self._points), []
            self._waiting = False
        signals: Mapping[type, SignalInstance] = {
            Frame: self.frame,
            Guidance: self.guidance,
            Progress: self.progress,
            SubjectPresent: self.subject,
        }
        for kind in _ORDER:
            if kind in newest:
                signals[kind].emit(newest[kind])
        if points:
            self.pen_points.emit(points)


_ORDER: Final = (SubjectPresent, Frame, Progress, Guidance)
