"""What a helper process costs: a 1080p30 preview, a finger, and a restart after a crash."""

import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from drivers.contract import API_VERSION, Reference, Site
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.sfm import SfmModule
from drivers.emulation.tcp_port import TcpPort
from drivers.isolation import isolated
from drivers.isolation.device import IsolatedDevice
from drivers.registry import DriverRegistry
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    DeviceInfo,
    Frame,
    Grade,
    Health,
    HealthState,
    Modality,
)
from tests.bench.rows import BenchRow
from tests.drivers.isolation.conftest import install

NAME = "acme.screen"
_SITE = Site(SystemClock())
_FPS, _FRAMES, _FINGERS, _RESTARTS = 30, 150, 15, 5
_TICK = os.sysconf("SC_CLK_TCK")


class PacedCamera:
    """Gives 1080p frames by the clock and does nothing else."""

    def __init__(self) -> None:
        self.info = DeviceInfo(NAME, "Rekam", "paced", "1", "1", "bench", Grade.EMULATED)
        random = np.random.default_rng(1)
        self._pictures = [random.integers(0, 256, (1080, 1920, 3), np.uint8) for _ in range(3)]

    def open(self, deadline: Deadline) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""

    def self_test(self, deadline: Deadline) -> Health:
        """Always ready."""
        return Health(HealthState.READY)

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield thirty frames a second."""
        due = time.monotonic()
        number = 0
        while not cancel.wait(max(0.0, due - time.monotonic())):
            number += 1
            due += 1 / _FPS
            yield Frame(number, self._pictures[number % 3], time.monotonic())


class ScreenDriver:
    """The driver object of the paced camera."""

    API_VERSION = API_VERSION
    name = NAME
    modality = Modality.FACE

    def discover(self, hints: object) -> tuple[Reference, ...]:
        """Find nothing."""
        return ()

    def create(self, reference: Reference, site: Site) -> PacedCamera:
        """Make the camera."""
        return PacedCamera()


SCREEN = ScreenDriver()


def rows() -> list[BenchRow]:
    """Return costs; compare the two lines of a pair, both made in one run."""
    with tempfile.TemporaryDirectory() as place:
        install(Path(place) / "site", __name__, ["SCREEN"])
        sys.path.insert(0, str(Path(place) / "site"))
        try:
            return [*_preview(), *_restart(), *_finger()]
        finally:
            sys.path.remove(str(Path(place) / "site"))


def _preview() -> Iterator[BenchRow]:
    yield from _watched("in this process", PacedCamera(), lambda: 0.0)
    camera = isolated(Reference(NAME, "0"), _SITE, [NAME])
    assert isinstance(camera, IsolatedDevice)
    camera.open(Deadline.after(20))
    try:
        yield from _watched("in a helper", camera, lambda: _cpu_s(camera.helper_pid))
    finally:
        camera.close()


def _watched(where: str, camera: object, helper_s: Callable[[], float]) -> Iterator[BenchRow]:
    token, late, missed, last = CancelToken(), [], 0, 0
    stream = camera.frames(token)  # type: ignore[attr-defined]
    next(stream)
    began, ours, theirs = time.monotonic(), time.process_time(), helper_s()
    for frame in stream:
        late.append((time.monotonic() - frame.t_mono) * 1000)
        missed += frame.id - last - 1 if last else 0
        last = frame.id
        if len(late) == _FRAMES:
            break
    wall = time.monotonic() - began
    ours, theirs = time.process_time() - ours, helper_s() - theirs
    token.cancel()
    stream.close()
    late.sort()
    p99 = late[int(len(late) * 0.99)]
    yield BenchRow(
        f"1080p30 preview {where}: frame to desk",
        "ms",
        statistics.median(late),
        late[int(len(late) * 0.95)],
        note=f"p99 {p99:.1f} ms, {_FRAMES / wall:.1f} frames/s, {missed} skipped",
    )
    yield BenchRow(
        f"1080p30 preview {where}: processor",
        "% of a core",
        100 * (ours + theirs) / wall,
        note=f"desk {100 * ours / wall:.1f}, helper {100 * theirs / wall:.1f}",
    )


def _restart() -> Iterator[BenchRow]:
    spent = []
    for _ in range(_RESTARTS):
        camera = isolated(Reference(NAME, "0"), _SITE, [NAME])
        camera.open(Deadline.after(20))
        os.kill(camera.helper_pid, signal.SIGKILL)  # type: ignore[attr-defined]
        began = time.monotonic()
        while camera.helper_pid:  # type: ignore[attr-defined]
            pass
        next(camera.frames(CancelToken()))  # type: ignore[attr-defined]
        spent.append((time.monotonic() - began) * 1000)
        camera.close()
    yield BenchRow(
        "killed helper to first frame of the next", "ms", statistics.median(spent), max(spent)
    )


def _finger() -> Iterator[BenchRow]:
    ridges = np.random.default_rng(5).integers(0, 256, (400, 300)).astype(np.uint8)
    port = TcpPort()
    module = SfmModule(lambda: ridges, width=300, height=400, seed=7)
    emulator = SerialEmulator(module, port)
    emulator.start()
    try:
        place = Reference("finger.sfm", port.url)
        yield _captured("in this process", DriverRegistry().create(place, _SITE), ridges)
        yield _captured("in a helper", isolated(place, _SITE), ridges)
    finally:
        emulator.stop()


def _captured(where: str, scanner: object, ridges: object) -> BenchRow:
    scanner.open(Deadline.after(20))  # type: ignore[attr-defined]
    spent = []
    try:
        for _ in range(_FINGERS):
            began = time.monotonic()
            capture = scanner.capture(lambda event: None, CancelToken(), Deadline.after(10))  # type: ignore[attr-defined]
            spent.append((time.monotonic() - began) * 1000)
            assert np.array_equal(capture.pixels, ridges)
    finally:
        scanner.close()  # type: ignore[attr-defined]
    return BenchRow(
        f"SFM finger 300x400 over TCP {where}", "ms", statistics.median(spent), max(spent)
    )


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
