"""A supervised place on emulated modules, and an ear that waits for what the supervisor says."""

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from drivers.emulation.sfm import SfmEmulator
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.supervision.source import GivenSource
from drivers.supervisor import Supervisor
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Modality

SIZE = 64
SETTINGS = SfmSettings(packet_bytes=1024, baud=921600)
PIXELS = np.random.default_rng(5).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)


def sfm(link: Path, seed: int = 7, glass=lambda: PIXELS) -> SfmEmulator:
    """Return a module, not yet plugged in; ``seed`` is its serial number."""
    return SfmEmulator(link, glass, width=SIZE, height=SIZE, seed=seed, baud=921600)


def source(link: Path, settings: SfmSettings = SETTINGS) -> GivenSource:
    """Return the place's source: whatever stands behind the link."""
    return GivenSource(
        "finger.sfm", str(link), lambda: SfmScanner(str(link), SystemClock(), settings)
    )


class Ear:
    """Keeps the newest reports and wakes whoever waits for them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.reports = {}
        self.seen = []

    def __call__(self, reports) -> None:
        with self._changed:
            self.reports = {report.modality: report for report in reports}
            self.seen.append(self.reports)
            self._changed.notify_all()

    def wait(self, holds, seconds: float = 3.0, modality=Modality.FINGER) -> float:
        """Wait until a report of the place holds; return after how many seconds. Fails after ``seconds``."""
        began = time.monotonic()

        def held():
            return modality in self.reports and holds(self.reports[modality])

        with self._changed:
            assert self._changed.wait_for(held, seconds), self.reports.get(modality)
        return time.monotonic() - began


@contextmanager
def supervised(sources, **more):
    """Run a supervisor over the sources, looking often; yields it with its ear."""
    settings = {"rehearsal": True, "poll_s": 0.1, **more}
    supervisor, ear, cancel = Supervisor(sources, SystemClock(), **settings), Ear(), CancelToken()
    thread = threading.Thread(target=supervisor.run, args=(cancel, ear))
    thread.start()
    try:
        yield supervisor, ear
    finally:
        cancel.cancel()
        thread.join(5)
        supervisor.close()
        assert not thread.is_alive()


def take(port, seconds=3.0, sink=lambda _event: None, cancel=None):
    """Capture one finger on a port."""
    return port.capture(sink, cancel or CancelToken(), Deadline.after(seconds))
