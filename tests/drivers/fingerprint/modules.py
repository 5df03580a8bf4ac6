"""Modules of any make behind an in-process line, and drivers on them: no port, no thread, no waiting for a pty."""

import numpy as np

from drivers.conformance.machine_line import Socket
from drivers.emulation.sfm import SfmModule
from drivers.emulation.zfm import ZfmModule
from drivers.emulation.zfm_models import ZFM_MODELS
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.zfm import ZfmScanner, ZfmSettings
from station.clock import CancelToken, Deadline, SystemClock


class Glass:
    """A picture that can be taken away."""

    def __init__(self, width: int, height: int) -> None:
        levels = np.random.default_rng(9).integers(0, 16, (height, width)) * 17
        self.pixels: np.ndarray | None = levels.astype(np.uint8)

    def __call__(self):
        return self.pixels


class Bench:
    """A machine in a socket and the scanner that opens it."""

    def __init__(self, machine, glass, scanner_of) -> None:
        self.machine, self.glass = machine, glass
        self.socket = Socket("machine:test", machine)
        self.scanner = scanner_of(self.socket)

    def open(self, seconds: float = 8.0):
        self.scanner.open(Deadline.after(seconds))
        return self.scanner

    def capture(self, seconds: float = 4.0, sink=lambda _: None, cancel=None):
        return self.scanner.capture(sink, cancel or CancelToken(), Deadline.after(seconds))


ZFM, SFM = ZfmSettings(), SfmSettings()


def zfm(model="ZFM-20", settings=ZFM, site=None, **more) -> Bench:
    chosen = ZFM_MODELS[model]
    glass = Glass(more.pop("width", chosen.width), more.pop("height", chosen.height))
    height, width = glass.pixels.shape
    machine = ZfmModule(glass, width=width, height=height, seed=5, model=chosen, **more)
    return Bench(
        machine,
        glass,
        lambda socket: ZfmScanner(
            socket.url, SystemClock(), settings, lambda: socket.open(settings.baud), site=site
        ),
    )


def sfm(settings=SFM, site=None, width=64, height=64, **more) -> Bench:
    glass = Glass(width, height)
    machine = SfmModule(glass, width=width, height=height, seed=5, **more)
    return Bench(
        machine,
        glass,
        lambda socket: SfmScanner(
            socket.url, SystemClock(), settings, lambda: socket.open(settings.baud), site=site
        ),
    )
