"""Both finger modules on real ports: the driver's own pyserial line, a relay, the emulator on its thread.

Slower than the rigs in the process, and the proof that those leave nothing out: the same kit over a pty and over
``socket://``, which is the transport of Windows and of remote desks.
"""

import tempfile
from pathlib import Path

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.finger_sfm import SfmRig
from drivers.conformance.rigs.finger_zfm import ZfmRig
from drivers.conformance.rigs.fingers import FingerRig
from drivers.contract import Reference, Site
from drivers.emulation.pty_port import PtyPort
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.tcp_port import TcpPort
from drivers.faults.pty_relay import PtyRelay
from drivers.faults.relay import Relay
from drivers.faults.tcp_relay import TcpRelay
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.zfm import ZfmScanner
from drivers.isolation.isolated import isolated
from station.clock import SystemClock
from station.devices import Device


class OnPorts(FingerRig):
    """Replaces socket and line of a rig by ports; comes before it among the bases."""

    pty = True

    def start(self) -> None:
        """Start emulator and relay, finger on."""
        self._present = True
        self._folder = tempfile.TemporaryDirectory(prefix="rekam-rig-")
        folder = Path(self._folder.name)
        self._port = PtyPort(folder / "ttyEMU") if self.pty else TcpPort()
        self._emulator = SerialEmulator(self.machine(self._serial), self._port).start()
        self._relay: Relay
        if self.pty:
            self._relay = PtyRelay(self.wire, folder / "ttyEMU", folder / "ttyFRONT").start()
        else:
            self._relay = TcpRelay(self.wire, int(self._port.url.rpartition(":")[2])).start()

    def stop(self) -> None:
        """End both."""
        self._relay.stop()
        self._emulator.stop()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """What the driver opens."""
        return self._relay.url

    def unplug(self) -> None:
        """Take the cable away."""
        self._relay.unplug()

    def replug(self, serial: str = "") -> None:
        """Plug the module in again, or another one."""
        self._relay.unplug()
        self._emulator.stop()
        machine = self.machine(int(serial) if serial else self._serial)
        self._emulator = SerialEmulator(machine, self._port).start()
        self._relay.replug()

    def device_held(self) -> bool | None:
        """Say nothing: a relay holds its end of the port whether a driver is there or not."""
        return None

    def addresses(self) -> tuple[str, ...]:
        """Return the front."""
        return (self._relay.url,)


class SfmOnPty(OnPorts, SfmRig):
    """An SFM module behind a pty."""

    def device(self) -> Device:
        """Return the driver's scanner, not opened."""
        return SfmScanner(self.url, SystemClock(), SfmSettings(packet_bytes=1024, baud=921600))


class ZfmOnPty(OnPorts, ZfmRig):
    """A ZFM module behind a pty."""

    def device(self) -> Device:
        """Return the driver's scanner, not opened."""
        return ZfmScanner(self.url, SystemClock())


class SfmOnTcp(SfmOnPty):
    """An SFM module behind a socket."""

    pty = False


class ZfmOnTcp(ZfmOnPty):
    """A ZFM module behind a socket."""

    pty = False


class SfmIsolated(SfmOnPty):
    """The same with the driver in a helper process."""

    def device(self) -> Device:
        """Return the front of the isolated driver, not opened."""
        return isolated(Reference(self.name, self.url), Site(SystemClock()))


def sfm_isolated() -> Rig:
    """Return a fresh rig."""
    return SfmIsolated()


def sfm_pty() -> Rig:
    """Return a fresh rig."""
    return SfmOnPty()


def zfm_pty() -> Rig:
    """Return a fresh rig."""
    return ZfmOnPty()


def sfm_tcp() -> Rig:
    """Return a fresh rig."""
    return SfmOnTcp()


def zfm_tcp() -> Rig:
    """Return a fresh rig."""
    return ZfmOnTcp()
