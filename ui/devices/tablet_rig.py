"""The rig of ``signature.tablet``: an event player on a thread of its own, the proxy between it and the filter."""

import itertools
import os
import queue
import threading
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Final, cast

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF
from PySide6.QtWidgets import QApplication

from drivers.conformance.rig import Rig
from drivers.faults.grammars.message import HidGrammar
from drivers.faults.plan import Side, WireFault
from drivers.faults.wire import Pause, Unplugged, Wire
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    Device,
    DeviceEvent,
    DeviceState,
    Grade,
    PenPoint,
    SignatureCapture,
    SignaturePad,
    Sink,
    StateChanged,
)
from ui.devices.pen_pad import PenPad
from ui.devices.pen_sample import PenDevice
from ui.devices.tablet_events import TabletEvents
from ui.devices.tablet_pad import described
from ui.devices.tablet_player import UM_PER_PIXEL, Motion, TabletPlayer, motions

_AWAY_S: Final = 0.12
_POINTS: Final = 12
_STEP_US: Final = 4000
_BETWEEN_MS: Final = 1000
_NO_BYTES: Final = "an event of the window system is an object, not bytes on a line"
_BYTE_FAULTS: Final = (
    WireFault.DELAY_BYTES,
    WireFault.TRUNCATE,
    WireFault.FLIP,
    WireFault.INSERT_GARBAGE,
    WireFault.FAKE_HEADER,
    WireFault.HUGE_LENGTH,
    WireFault.BAD_CHECKSUM,
    WireFault.SLOW_DRIP,
)

_application: list[QCoreApplication] = []  # the one of this process, kept while it runs


class TabletRig(Rig):
    """A pen display whose window has no screen."""

    name = "signature.tablet"
    exempt = MappingProxyType(
        {
            **dict.fromkeys(_BYTE_FAULTS, _NO_BYTES),
            WireFault.NAK_STORM: "the window system refuses nothing",
            WireFault.HANG_IN_OPEN: "nothing is opened",
            WireFault.STALE_REPLY: "nothing is asked, so nothing old is answered",
        }
    )

    def __init__(self, seed: int = 7) -> None:
        self.wire = Wire(HidGrammar())
        self.points = _signature(seed)
        self._serial = seed
        self._present = True
        self._pen: _Pen | None = None

    def start(self) -> None:
        """Plug the pen in."""
        self._present = True
        self.replug()

    def stop(self) -> None:
        """Unplug it and join its thread."""
        pen, self._pen = self._pen, None
        if pen is not None:
            pen.end()

    def device(self) -> Device:
        """Return the pad, not opened."""
        pad = PenPad(SystemClock(), self._find, lambda _: Grade.VERIFICATION, away_s=_AWAY_S)
        self._pad = pad
        return pad

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Capture one signature."""

        def told(event: DeviceEvent) -> None:
            pen = self._pen
            if event == StateChanged(DeviceState.WAIT_SUBJECT) and self._present and pen:
                pen.play(self.points, cast(PenPad, device))
            sink(event)

        try:
            return cast(SignaturePad, device).capture(told, cancel, deadline)
        finally:
            if self._pen is not None:
                self._pen.rest()

    def exact(self, result: object) -> bool:
        """Whether all points were drawn, in order, none twice.

        Events carry no number: those that a fault took away may be missing without being counted, no others.
        """
        if not isinstance(result, SignatureCapture) or not result.points:
            return False
        last = self.points[-1]
        script = [
            *self.points,
            *(
                PenPoint(last.t_us + later, last.x_um, last.y_um, 0.0, down=False)
                for later in (10_000, 20_000, 30_000)
            ),
        ]
        began = next((p.t_us for p in script if _place(p) == _place(result.points[0])), None)
        if began is None:
            return False
        rest = ((point.t_us, *_place(point)) for point in script)
        got = list(result.points)
        if self.wire.fired and not got[-1].down:
            got.pop()  # where the pen was last heard of when the event that lifted it was taken away
        in_order = all((point.t_us + began, *_place(point)) in rest for point in got)
        return in_order and len(result.points) + result.dropped + self.wire.fired > _POINTS

    def subject(self, *, present: bool) -> None:
        """Let somebody hold the pen, or nobody."""
        self._present = present

    def vary(self, seed: int) -> bool:
        """Sign with another hand."""
        self.points = _signature(seed)
        return True

    def unplug(self) -> None:
        """Take the pen away."""
        self.stop()

    def replug(self, serial: str = "") -> None:
        """Plug the pen in, or another one."""
        self.stop()
        self._pen = _Pen(self.wire, int(serial or self._serial), self._lost)

    def secrets(self) -> Sequence[bytes]:
        """Return the signature as events."""
        return (b"".join(each.pack() for each in motions(self.points)),)

    def _find(self) -> PenDevice | None:
        pen = self._pen
        return pen.device if pen is not None else None

    def _lost(self) -> None:
        """Let the pen be gone; called on its own thread, which ends by itself."""
        self._pen = None


class _Pen:
    """The thread on which the events are made, and the object they are sent to."""

    def __init__(self, wire: Wire, serial: int, lost: Callable[[], None]) -> None:
        self._wire = wire
        self._lost = lost
        self._orders: queue.SimpleQueue[tuple[Sequence[PenPoint], PenPad] | None] = (
            queue.SimpleQueue()
        )
        self._began_ms = 0
        self._changed = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(serial,), name="pen", daemon=True)
        self._thread.start()
        self._ready.wait()

    def play(self, points: Sequence[PenPoint], pad: PenPad) -> None:
        """Begin to write; a movement that goes on ends."""
        self._changed.set()  # before the order: taking the order clears it
        self._orders.put((points, pad))

    def rest(self) -> None:
        """Stop writing."""
        self._changed.set()

    def end(self) -> None:
        """End and join."""
        self._changed.set()
        self._orders.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self, serial: int) -> None:
        target = QObject()
        player = TabletPlayer(target, serial=serial)
        self.device = described(player.device)
        self._ready.set()
        while (order := self._orders.get()) is not None:
            self._changed.clear()
            points, pad = order
            events = TabletEvents(_to_um, pad.feed)
            events.attach(target)
            try:
                if not self._write(points, player):
                    self._lost()
                    return
            finally:
                events.detach()

    def _write(self, points: Sequence[PenPoint], player: TabletPlayer) -> bool:
        """Send the events in their own time; False when the cable has left."""
        before = 0
        self._began_ms += _BETWEEN_MS  # the system's clock goes on from one signature to the next
        for motion in motions(points, self._began_ms):
            wait_ms, before = motion.t_ms - before if before else 0, motion.t_ms
            if self._changed.wait(wait_ms / 1000):
                return True
            for step in self._wire.message(Side.TO_HOST, motion.pack()):
                if isinstance(step, Unplugged):
                    return False
                if isinstance(step, Pause):
                    if self._changed.wait(step.seconds):
                        return True
                elif len(step) == len(motion.pack()):  # half an event reaches no window
                    player.send(Motion.unpack(step))
        return True


def _to_um(place: QPointF) -> tuple[int, int]:
    return round(place.x() * UM_PER_PIXEL), round(place.y() * UM_PER_PIXEL)


def _place(point: PenPoint) -> tuple[int, int, float, bool]:
    return point.x_um, point.y_um, point.pressure, point.down


def _signature(seed: int) -> tuple[PenPoint, ...]:
    """Return one small stroke at about half a metre a second."""
    rng = np.random.default_rng(seed)
    steps = zip(
        itertools.accumulate(int(step) for step in rng.integers(600, 2400, _POINTS)),
        itertools.accumulate(int(step) for step in rng.integers(-1500, 2000, _POINTS)),
        rng.uniform(0.2, 1.0, _POINTS),
        strict=True,
    )
    return tuple(
        PenPoint(i * _STEP_US, 20_000 + x, 9_000 + y, float(force), down=True)
        for i, (x, y, force) in enumerate(steps)
    )


def make_rig() -> Rig:
    """Return a fresh rig; makes the application object when the process has none."""
    if QCoreApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _application.append(QApplication([]))
    return TabletRig()
