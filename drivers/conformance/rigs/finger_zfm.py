"""The rig of ``finger.zfm``: 64 x 64 pixels in 8 data packets."""

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.fingers import SIZE, FingerRig
from drivers.contract import Driver
from drivers.emulation.machine import Machine
from drivers.emulation.zfm import ZfmModule
from drivers.faults.grammars.zfm import ZfmGrammar
from drivers.faults.wire import Wire
from drivers.fingerprint.zfm import ZfmScanner
from drivers.fingerprint.zfm_driver import DRIVER
from station.clock import SystemClock
from station.devices import Device


class ZfmRig(FingerRig):
    """A ZFM module at 115 200 baud with packets of 256 bytes."""

    name = "finger.zfm"

    def __init__(self, seed: int = 7) -> None:
        super().__init__(seed)
        self.wire = Wire(ZfmGrammar())

    def machine(self, serial: int) -> Machine:
        """Return the module."""
        return ZfmModule(
            self.glass, width=SIZE, height=SIZE, seed=serial, baud=115200, packet_size=256
        )

    def device(self) -> Device:
        """Return the driver's scanner, not opened."""
        return ZfmScanner(self.socket.url, SystemClock(), opener=lambda: self.open_line(57600))

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER


def make_rig() -> Rig:
    """Return a fresh rig."""
    return ZfmRig()
