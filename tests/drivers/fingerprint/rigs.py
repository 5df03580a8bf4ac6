"""A scanner on an emulated module, small enough to break at every packet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from drivers.emulation.runner import SerialEmulator
from drivers.emulation.sfm import SfmEmulator, SfmModule
from drivers.emulation.tcp_port import TcpPort
from drivers.emulation.zfm import ZfmEmulator, ZfmModule
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.zfm import ZfmScanner
from station.clock import CancelToken, Deadline, SystemClock

SIZE = 64  # both families accept it: 8 packets of ZFM, 5 of SFM


@dataclass
class Glass:
    """What lies on the glass; 4-bit levels so that both families show it exactly."""

    pixels: np.ndarray | None = field(
        default_factory=lambda: (
            np.random.default_rng(5).integers(0, 16, (SIZE, SIZE)) * 17
        ).astype(np.uint8)
    )

    def __call__(self):
        return self.pixels


@dataclass
class Rig:
    """One module with its scanner, open."""

    kind: str
    emulator: SerialEmulator
    scanner: ZfmScanner | SfmScanner
    glass: Glass
    packets: int

    def capture(self, seconds=3.0, sink=lambda _: None, cancel=None):
        return self.scanner.capture(sink, cancel or CancelToken(), Deadline.after(seconds))

    def stop(self):
        self.scanner.close()
        self.emulator.stop()


def zfm(folder: Path, **more) -> Rig:
    glass = Glass()
    emulator = ZfmEmulator(
        folder / "ttyZFM",
        glass,
        width=SIZE,
        height=SIZE,
        seed=7,
        baud=115200,
        packet_size=256,
        **more,
    )
    return _open("zfm", emulator.start(), glass, ZfmScanner)


def sfm(folder: Path, **more) -> Rig:
    glass = Glass()
    emulator = SfmEmulator(
        folder / "ttySFM", glass, width=SIZE, height=SIZE, seed=7, baud=921600, **more
    )
    return _open("sfm", emulator.start(), glass, _small_sfm)


def zfm_tcp(_: Path) -> Rig:
    glass = Glass()
    module = ZfmModule(glass, width=SIZE, height=SIZE, seed=7, baud=115200, packet_size=256)
    return _open("zfm", SerialEmulator(module, TcpPort()).start(), glass, ZfmScanner)


def sfm_tcp(_: Path) -> Rig:
    glass = Glass()
    module = SfmModule(glass, width=SIZE, height=SIZE, seed=7, baud=921600)
    return _open("sfm", SerialEmulator(module, TcpPort()).start(), glass, _small_sfm)


def _small_sfm(url, clock):
    return SfmScanner(url, clock, SfmSettings(packet_bytes=1024, baud=921600))


def _open(kind: str, emulator: SerialEmulator, glass: Glass, scanner: Callable) -> Rig:
    device = scanner(emulator.url, SystemClock())
    device.open(Deadline.after(5))
    return Rig(kind, emulator, device, glass, {"zfm": 8, "sfm": 5}[kind])
