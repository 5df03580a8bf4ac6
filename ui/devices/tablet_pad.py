"""The signature pad behind the system's tablet driver: any pen display that Qt knows as a stylus."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QInputDevice, QPointingDevice

from station.clock import Clock
from station.devices import Grade
from ui.devices.pen_pad import GradeOf, PenPad
from ui.devices.pen_sample import PenDevice

_LOOK_MS: Final = 1000
_NO_ID: Final = -1  # what Qt gives for a pen without an id of its own

Attached = Callable[[], Sequence[PenDevice]]


def described(device: QPointingDevice) -> PenDevice:
    """Return name and serial number of a pointing device; the number is the pen's own."""
    number = device.uniqueId().numericId() if device.uniqueId().isValid() else _NO_ID
    return PenDevice(device.name(), f"{number:x}" if number > 0 else "")


def styluses() -> tuple[PenDevice, ...]:
    """Return the pens the system lists now; GUI thread."""
    return tuple(
        described(each)
        for each in QInputDevice.devices()
        if isinstance(each, QPointingDevice) and each.type() is QInputDevice.DeviceType.Stylus
    )


class TabletWatch(QObject):
    """Keeps a list of attached pens that any thread may read; lives on the GUI thread."""

    def __init__(self, attached: Attached = styluses, parent: QObject | None = None) -> None:
        """Know of no pen before ``start`` or ``look``."""
        super().__init__(parent)
        self._attached = attached
        self._lock = threading.Lock()
        self._pens: tuple[PenDevice, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look at once and then every second; GUI thread, once there is an application."""
        self.look()
        self._timer.start()

    def look(self) -> None:
        """Look now."""
        pens = tuple(self._attached())
        with self._lock:
            self._pens = pens

    def first(self) -> PenDevice | None:
        """Return the first pen; None when there is none."""
        with self._lock:
            return self._pens[0] if self._pens else None


class TabletPad(PenPad):
    """A pad that is there while a pen is attached; mouse and finger do not write on it."""

    def __init__(
        self,
        clock: Clock,
        pens: TabletWatch | None = None,
        grade_of: GradeOf = lambda _name: Grade.VERIFICATION,
        *,
        away_s: float = 1.5,
    ) -> None:
        self.pens = pens or TabletWatch()
        super().__init__(clock, self.pens.first, grade_of, away_s=away_s)
