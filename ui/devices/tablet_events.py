"""From tablet events to pen samples: the event's own time, sub-pixel places, pressure, a pen that hovers or leaves."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent

from ui.devices.pen_sample import PenDevice, PenSample
from ui.devices.tablet_pad import described

ToUm = Callable[[QPointF], tuple[int, int]]
Tell = Callable[[PenSample], object]

_MOVES: Final = frozenset(
    {QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease}
)
_ERASERS: Final = frozenset({QPointingDevice.PointerType.Eraser})


def keep_every_tablet_event() -> None:
    """Have the system deliver all of them: 200 a second are no load, and each is evidence."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressTabletEvents, False)


class TabletEvents(QObject):
    """An event filter for one object; tilt and rotation are nobody's business here."""

    def __init__(self, to_um: ToUm, tell: Tell, parent: QObject | None = None) -> None:
        """Turn places with ``to_um`` and hand samples to ``tell``, on the thread of the filtered object."""
        super().__init__(parent)
        self._to_um = to_um
        self._tell = tell
        self._target: QObject | None = None
        self._clock = QElapsedTimer()
        self._clock.start()
        self._pens: dict[int, PenDevice] = {}
        self._last: tuple[int, int] = (0, 0)

    def attach(self, target: QObject) -> None:
        """Filter the events of ``target``, and those of the application that say a pen has left."""
        self.detach()
        self._target = target
        target.installEventFilter(self)
        application = QCoreApplication.instance()
        if application is not None and application.thread() is self.thread():
            application.installEventFilter(self)

    def detach(self) -> None:
        """Let all events pass."""
        target, self._target = self._target, None
        if target is None:
            return
        target.removeEventFilter(self)
        application = QCoreApplication.instance()
        if application is not None and application.thread() is self.thread():
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take tablet events of the target; everything else goes on."""
        if not isinstance(event, QTabletEvent) or self._target is None:
            return False
        if event.type() is QEvent.Type.TabletLeaveProximity:
            self._say(event, self._last, down=False, near=False)
        elif event.type() in _MOVES and watched is self._target:
            self._last = self._to_um(event.position())
            self._say(event, self._last, down=_is_down(event), near=True)
            event.accept()
            return True
        return False

    def _say(self, event: QTabletEvent, place: tuple[int, int], *, down: bool, near: bool) -> None:
        # Milliseconds since the system started; some platforms leave it at 0.
        t_us = event.timestamp() * 1000 or self._clock.nsecsElapsed() // 1000
        pressure = event.pressure() if down else 0.0
        self._tell(PenSample(t_us, *place, pressure, down, near, self._pen(event)))

    def _pen(self, event: QTabletEvent) -> PenDevice:
        device = event.pointingDevice()
        pen = self._pens.get(device.systemId())
        if pen is None:
            pen = self._pens[device.systemId()] = described(device)
        return pen


def _is_down(event: QTabletEvent) -> bool:
    """Whether the tip touches; the other end of a pen writes nothing."""
    if event.type() is QEvent.Type.TabletRelease or event.pointerType() in _ERASERS:
        return False
    return event.pressure() > 0 or bool(event.buttons() & Qt.MouseButton.LeftButton)
