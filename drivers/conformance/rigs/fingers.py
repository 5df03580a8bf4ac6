"""What the rigs of both finger modules share: a small print on the glass, a machine in a socket."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import cast

import numpy as np

from drivers.conformance.machine_line import Socket
from drivers.conformance.rig import Rig
from drivers.emulation.machine import Machine
from drivers.faults.line import FaultyLine
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.devices import Device, FingerScanner, ImageCapture, Pixels, Sink

SIZE = 64  # pixels a side, the smallest both families accept


class FingerRig(Rig):
    """A finger module without port or thread: the fault matrix walks it in seconds."""

    size = SIZE  # pixels a side

    def __init__(self, seed: int = 7) -> None:
        self.pixels = _print(seed, self.size)
        self._present = True
        self._serial = seed

    @abstractmethod
    def machine(self, serial: int) -> Machine:
        """Return a module with this serial number whose glass is ``self.glass``."""

    def glass(self) -> Pixels | None:
        """Return what lies on the glass now."""
        return self.pixels if self._present else None

    def start(self) -> None:
        """Plug the module in, finger on."""
        self._present = True
        self.socket = Socket(f"machine:{self.name}", self.machine(self._serial))

    def stop(self) -> None:
        """Unplug it."""
        self.socket.unplug()

    def open_line(self, baud: int) -> ByteLine:
        """Open a line through the proxy."""
        line = self.socket.open(baud)
        return FaultyLine(line, self.wire, lambda _: self.socket.unplug())

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Capture one finger."""
        return cast(FingerScanner, device).capture(sink, cancel, deadline)

    def exact(self, result: object) -> bool:
        """Whether the image is the one on the glass."""
        return isinstance(result, ImageCapture) and np.array_equal(result.pixels, self.pixels)

    def subject(self, *, present: bool) -> None:
        """Lay the finger on the glass or take it away."""
        self._present = present

    def vary(self, seed: int) -> bool:
        """Lay another finger on."""
        self.pixels = _print(seed, self.size)
        return True

    def device_held(self) -> bool | None:
        """Whether a line is open."""
        return self.socket.held

    def unplug(self) -> None:
        """Take the cable away."""
        self.socket.unplug()

    def replug(self, serial: str = "") -> None:
        """Plug the module in again, or another one."""
        self.socket.plug(self.machine(int(serial) if serial else self._serial))

    def secrets(self) -> Sequence[bytes]:
        """Return the print, one pixel a byte and packed two to a byte."""
        flat = (self.pixels >> 4).reshape(-1)
        return (self.pixels.tobytes(), (flat[0::2] << 4 | flat[1::2]).tobytes())


def _print(seed: int, size: int) -> Pixels:
    """Return noise of 4-bit levels, which both families show exactly; every run of it is one of a kind."""
    levels = np.random.default_rng(seed).integers(0, 16, (size, size)) * 17
    return levels.astype(np.uint8)
