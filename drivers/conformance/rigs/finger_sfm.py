"""The rig of ``finger.sfm``: 64 x 64 pixels in 5 data packets."""

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.fingers import SIZE, FingerRig
from drivers.contract import Driver
from drivers.emulation.machine import Machine
from drivers.emulation.sfm import SfmModule
from drivers.faults.grammars.sfm import SfmGrammar
from drivers.faults.wire import Wire
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.sfm_driver import DRIVER
from station.clock import SystemClock
from station.devices import Device


class SfmRig(FingerRig):
    """An SFM module at 921 600 baud with packets of 1024 bytes."""

    name = "finger.sfm"

    def __init__(self, seed: int = 7) -> None:
        super().__init__(seed)
        self.wire = Wire(SfmGrammar())

    def machine(self, serial: int) -> Machine:
        """Return the module."""
        return SfmModule(self.glass, width=SIZE, height=SIZE, seed=serial, baud=921600)

    def device(self) -> Device:
        """Return the driver's scanner, not opened."""
        settings = SfmSettings(packet_bytes=1024, baud=921600)
        return SfmScanner(
            self.socket.url, SystemClock(), settings, opener=lambda: self.open_line(921600)
        )

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER


def make_rig() -> Rig:
    """Return a fresh rig."""
    return SfmRig()
