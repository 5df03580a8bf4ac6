"""The emulator of a pen display: plays pen points as tablet events, as the system's driver would."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent

from station.devices import EMULATOR_MARK, PenPoint

UM_PER_PIXEL: Final = 100.0
_PACKED: Final = struct.Struct("<IBddd")
_NEAR_MS: Final = 10  # the pen hovers before the first point and after the last


@dataclass(frozen=True, slots=True)
class Motion:
    """One event to be sent."""

    t_ms: int
    kind: QEvent.Type
    x: float  # pixels on the target
    y: float
    pressure: float

    def pack(self) -> bytes:
        """Return the event as bytes, for a proxy between player and window."""
        return _PACKED.pack(self.t_ms, int(self.kind.value), self.x, self.y, self.pressure)

    @classmethod
    def unpack(cls, data: bytes) -> "Motion":
        """Return the event of ``pack``."""
        t_ms, kind, x, y, pressure = _PACKED.unpack(data)
        return cls(t_ms, QEvent.Type(kind), x, y, pressure)


def motions(points: Sequence[PenPoint], began_ms: int = 1000) -> Iterator[Motion]:
    """Yield the events of a pen that comes, writes the points, lifts and leaves.

    Micrometres become pixels of a tenth of a millimetre, with fractions: nothing is rounded.
    """
    if not points:
        return
    down, at_ms, x, y = (
        False,
        began_ms,
        points[0].x_um / UM_PER_PIXEL,
        points[0].y_um / UM_PER_PIXEL,
    )
    yield Motion(began_ms - _NEAR_MS, QEvent.Type.TabletMove, x, y, 0.0)
    for point in points:
        at_ms = began_ms + round((point.t_us - points[0].t_us) / 1000)
        x, y = point.x_um / UM_PER_PIXEL, point.y_um / UM_PER_PIXEL
        kind = QEvent.Type.TabletMove
        if point.down is not down:
            kind = QEvent.Type.TabletPress if point.down else QEvent.Type.TabletRelease
        down = point.down
        yield Motion(at_ms, kind, x, y, point.pressure if down else 0.0)
    if down:
        yield Motion(at_ms + _NEAR_MS, QEvent.Type.TabletRelease, x, y, 0.0)
    yield Motion(at_ms + 2 * _NEAR_MS, QEvent.Type.TabletMove, x, y, 0.0)
    yield Motion(at_ms + 3 * _NEAR_MS, QEvent.Type.TabletLeaveProximity, x, y, 0.0)


class TabletPlayer:
    """Sends events to one object, on that object's thread; works without a screen."""

    def __init__(self, target: QObject, *, name: str = "pen", serial: int = 4711) -> None:
        """Make the pen; its name carries our mark."""
        self._target = target
        self.device = QPointingDevice(
            f"{EMULATOR_MARK} {name}",
            serial & 0xFFFF,
            QInputDevice.DeviceType.Stylus,
            QPointingDevice.PointerType.Pen,
            QInputDevice.Capability.Position
            | QInputDevice.Capability.Pressure
            | QInputDevice.Capability.Hover,
            1,
            1,
            "",
            QPointingDeviceUniqueId.fromNumericId(serial),
        )

    def send(self, motion: Motion) -> None:
        """Send one event."""
        place = QPointF(motion.x, motion.y)
        tip = (
            Qt.MouseButton.LeftButton
            if motion.pressure > 0 or motion.kind is QEvent.Type.TabletPress
            else Qt.MouseButton.NoButton
        )
        event = QTabletEvent(
            motion.kind,
            self.device,
            place,
            place,
            motion.pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            Qt.KeyboardModifier.NoModifier,
            tip,
            tip,
        )
        event.setTimestamp(motion.t_ms)
        QCoreApplication.sendEvent(self._target, event)

    def play(self, points: Sequence[PenPoint], began_ms: int = 1000) -> None:
        """Send all events at once; their times are those in which the points were made."""
        for motion in motions(points, began_ms):
            self.send(motion)
