"""The rig of ``sbi``: a service with a single-finger device, its HTTP through a relay, its picture small."""

import functools
from collections.abc import Sequence
from types import MappingProxyType
from typing import cast

import numpy as np

from drivers.conformance.rig import Rig
from drivers.contract import Driver, Reference, Site
from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_subject import OnlyFinger
from drivers.faults.grammars.http import HttpGrammar
from drivers.faults.plan import WireFault
from drivers.faults.tcp_relay import TcpRelay
from drivers.faults.wire import Wire
from drivers.sbi.driver import DRIVER
from drivers.sbi.identity import Kind
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Device, FingerScanner, ImageCapture, Pixels, Sink
from station.formats import jpeg2000

SIZE = 64
_SERIAL = "EMU-0001"
_GOOD = 90  # what the device says of the noise on its glass, so that it answers at once


class SbiRig(Rig):
    """One device of one service; every connection of the driver passes the relay."""

    name = "sbi"
    exempt = MappingProxyType(
        {
            WireFault.BAD_CHECKSUM: "HTTP has none; the signature of a sample is tried by flipped bits"
        }
    )

    def __init__(self, seed: int = 7) -> None:
        self.pixels: Pixels = (
            np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
        )
        self._present = True
        self.wire = Wire(HttpGrammar())

    def start(self) -> None:
        """Start service and relay, finger on."""
        self._present = True
        self._emulator = SbiEmulator(
            OnlyFinger(lambda: self.pixels if self._present else None),
            _authority(),
            SystemClock(),
            serial=_SERIAL,
            ports=[0],
            fps=4,
            kinds=[Kind.FINGER],
        )
        for device in self._emulator.devices:
            device.forced_score = _GOOD
        self._emulator.start()
        self._relay = TcpRelay(self.wire, self._emulator.port, scheme="http").start()

    def stop(self) -> None:
        """End both."""
        self._relay.stop()
        self._emulator.stop()

    def device(self) -> Device:
        """Return the scanner behind the relay."""
        site = Site(SystemClock(), (_authority().root,))
        return DRIVER.create(Reference("sbi", str(self._relay.port), Kind.FINGER.value), site)

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

    def unplug(self) -> None:
        """Take the service away."""
        self._relay.unplug()

    def replug(self, serial: str = "") -> None:
        """Bring it back, with another device when a serial number is given."""
        self._relay.unplug()  # a planned unplugging may still be on its way
        self._emulator.replug(serial or _SERIAL)
        self._relay.replug()

    def secrets(self) -> Sequence[bytes]:
        """Return the picture, and the file of it that the record carries."""
        return (self.pixels.tobytes(), jpeg2000.encode(self.pixels))

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER

    def addresses(self) -> tuple[str, ...]:
        """Return this rig's port, and one where nothing listens."""
        return (str(self._relay.port), "1")


@functools.cache
def _authority() -> EmulatedAuthority:
    return EmulatedAuthority.make(SystemClock().now())


def make_rig() -> Rig:
    """Return a fresh rig."""
    return SbiRig()
