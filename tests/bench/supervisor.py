"""What the watch over the devices costs, and how soon it shows what was plugged, pulled or put back."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from drivers.supervision.drift import kept
from drivers.supervision.sight import state_of
from drivers.supervisor import Supervisor
from station.clock import CancelToken, SystemClock
from station.device_report import Condition
from station.devices import Modality
from tests.bench.rows import BenchRow, timed
from tests.drivers.supervision.bench import Ear, sfm, source, take
from tests.drivers.supervision.scripted import Script, Source

_ROUNDS = 15
_PLUG_S = 2.0
_DRIVERS = ("camera.cv", "finger.sfm", "iris.uvc", "signature.topaz", "sbi")
_FINGER = Modality.FINGER


def rows() -> list[BenchRow]:
    """Measure hot-plug on a pty and the cost of watching when nothing happens."""
    return [*_hot_plug(), *_idle()]


def _hot_plug() -> list[BenchRow]:
    """Plug right after the watch has looked: the worst moment."""
    seen: dict[str, list[float]] = {"plugged": [], "pulled": [], "put back to first image": []}
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "ttyBENCH"
        emulator = sfm(link)
        supervisor, ear, cancel = (
            Supervisor({_FINGER: source(link)}, SystemClock(), rehearsal=True), Ear(), CancelToken(),
        )  # fmt: skip
        watch = threading.Thread(target=supervisor.run, args=(cancel, ear))
        watch.start()
        ear.wait(lambda report: report.condition is Condition.ABSENT)
        emulator.start()
        seen["plugged"].append(ear.wait(lambda report: report.condition is Condition.READY))
        for _ in range(_ROUNDS):
            emulator.unplug()
            seen["pulled"].append(ear.wait(lambda report: report.condition is Condition.ABSENT))
            began = time.monotonic()
            emulator.replug()
            seen["plugged"].append(ear.wait(lambda report: report.condition is Condition.READY))
            take(supervisor.finger)
            seen["put back to first image"].append(time.monotonic() - began)
        cancel.cancel()
        watch.join()
        supervisor.close()
        emulator.stop()
    return [
        BenchRow(
            f"finger.sfm {what}", "s", statistics.median(times), max(times), _PLUG_S,
            f"longest of {len(times)} in the 95 % column",
        )
        for what, times in seen.items()
    ]  # fmt: skip


def _idle() -> list[BenchRow]:
    supervisor = Supervisor(
        {modality: Source(Script()) for modality in Modality}, SystemClock(), rehearsal=True
    )
    scores = np.random.default_rng(3).integers(40, 100, kept(_FINGER))
    for modality, place in supervisor.places.items():
        place.watch.step()
        for score in scores[: kept(modality)]:
            place.figures.judged(int(score))
    return [
        timed(
            "state hash of five places", 10.0,
            lambda: [state_of(driver, ("/dev/none",)) for driver in _DRIVERS],
            note="once a second",
        ),
        timed("reports of five places", 2.0, supervisor.reports, note="four times a second"),
    ]  # fmt: skip
