"""What the rigs of both signature pads share: a short signature in two strokes, a machine in a socket."""

import itertools
from abc import abstractmethod
from collections.abc import Sequence
from typing import Final, cast

import numpy as np

from drivers.conformance.machine_line import Socket
from drivers.conformance.rig import Rig
from drivers.emulation.stu import StuModule
from drivers.emulation.topaz import TopazModule
from drivers.faults.line import FaultyLine
from drivers.serial.line import ByteLine, Parity
from station.clock import CancelToken, Deadline
from station.devices import (
    Device,
    DeviceEvent,
    DeviceState,
    PenPoint,
    SignaturePad,
    Sink,
    StateChanged,
)

AWAY_S: Final = 0.12
_STEP_US: Final = 4000
# Before the first stroke, as every pen that comes near, and between the two. What is lost before anything was heard
# leaves no trace on any wire.
_HOVERS: Final = frozenset({0, 1, 2, 3, 9, 10})
_POINTS: Final = 16

PadModule = TopazModule | StuModule


class PadRig(Rig):
    """A pad without port or thread; the pen comes down as soon as a capture says that it waits for it."""

    capture_s = 1.5

    def __init__(self, seed: int = 7) -> None:
        self.points = _signature(seed)
        self._present = True
        self._serial = seed

    @abstractmethod
    def module(self, serial: str) -> PadModule:
        """Return a pad with this serial number, "" for its own."""

    def start(self) -> None:
        """Plug the pad in; somebody is there to sign."""
        self._present = True
        self.pad = self.module("")
        self.socket = Socket(f"machine:{self.name}", self.pad)

    def stop(self) -> None:
        """Unplug it."""
        self.socket.unplug()

    def open_line(self, baud: int, parity: Parity = "N") -> ByteLine:
        """Open a line through the proxy."""
        line = self.socket.open(baud, parity)
        return FaultyLine(line, self.wire, lambda _: self.socket.unplug())

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Capture one signature."""

        def told(event: DeviceEvent) -> None:
            if event == StateChanged(DeviceState.WAIT_SUBJECT) and self._present:
                self.pad.play(self.points, 1.0)
            sink(event)

        return cast(SignaturePad, device).capture(told, cancel, deadline)

    def subject(self, *, present: bool) -> None:
        """Let somebody be there to sign, or nobody."""
        self._present = present

    def vary(self, seed: int) -> bool:
        """Sign with another hand."""
        self.points = _signature(seed)
        return True

    def device_held(self) -> bool:
        """Whether a line is open."""
        return self.socket.held

    def unplug(self) -> None:
        """Take the cable away."""
        self.socket.unplug()

    def replug(self, serial: str = "") -> None:
        """Plug the pad in again, or another one."""
        self.pad = self.module(serial)
        self.socket.plug(self.pad)

    def secrets(self) -> Sequence[bytes]:
        """Return the signature as it passes the wire."""
        return (b"".join(self.wire_bytes()),)

    @abstractmethod
    def wire_bytes(self) -> Sequence[bytes]:
        """Return the packets of the signature."""


def ink(points: Sequence[PenPoint]) -> list[PenPoint]:
    """Return what of a script must arrive: every point of a stroke and the first one after it."""
    before = itertools.chain([False], (point.down for point in points))
    return [
        point for point, was_down in zip(points, before, strict=False) if point.down or was_down
    ]


def _signature(seed: int) -> tuple[PenPoint, ...]:
    """Return a small scrawl at about half a metre a second; every run of it is one of a kind."""
    rng = np.random.default_rng(seed)
    x, y = (
        20_000 + np.cumsum(rng.integers(600, 2400, _POINTS)),
        9_000 + np.cumsum(rng.integers(-1500, 2000, _POINTS)),
    )
    force = rng.integers(200, 1000, _POINTS) / 1023
    return tuple(
        PenPoint(i * _STEP_US, int(x[i]), int(y[i]), float(force[i]), i not in _HOVERS)
        for i in range(_POINTS)
    )
