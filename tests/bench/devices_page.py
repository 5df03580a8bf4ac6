"""The device page and the doctor: what a look costs, how soon a pulled cable shows, how long the window pauses."""

import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from drivers.emulation.stage_process import StageProcess
from station.device_report import Condition
from station.devices import Modality
from tests.bench.rows import BenchRow, timed

_CYCLES = 5
_PATIENCE_S = 10.0


def rows() -> list[BenchRow]:
    """Measure looks, cables and the doctor."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [*_looks(), *_cables(), _doctor()]


class _Bot:
    """What the desk of the tests asks of pytest-qt."""

    def addWidget(self, widget) -> None:
        self.widget = widget

    @contextmanager
    def waitExposed(self, _window):
        yield

    def waitUntil(self, holds, timeout: float = 1000 * _PATIENCE_S) -> None:
        from PySide6.QtTest import QTest

        end = time.monotonic() + timeout / 1000
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            QTest.qWait(2)


def _theme():
    from PySide6.QtWidgets import QApplication

    from ui import theme as look

    return look.apply(QApplication.instance() or QApplication([]))


def _looks() -> list[BenchRow]:
    from tests.ui.device_puppets import DevicesBench

    bench = DevicesBench(_Bot(), _theme())
    try:
        still = timed(
            "one look, nothing changed", 3, bench.presenter.refresh, note="CPU of the GUI thread"
        )
        turn = [0]

        def changed() -> None:
            turn[0] += 1
            conditions = (Condition.READY, Condition.ABSENT, Condition.ATTENTION)
            for modality in Modality:
                bench.supervision.now[modality] = replace(
                    bench.supervision.now[modality], condition=conditions[turn[0] % 3]
                )
            bench.presenter.refresh()
            bench.window.grab()

        moved = timed(
            "one look, all five cards changed and painted",
            50,
            changed,
            note="with the whole window",
        )
    finally:
        bench.close()
    return [still, moved]


def _cables() -> list[BenchRow]:
    from tests.drivers.emulation.emulator import Emulator
    from tests.ui.heartbeat import Heartbeat
    from tests.ui.test_device_hot_plug import LiveBench

    with tempfile.TemporaryDirectory() as folder:
        link = str(Path(folder) / "ttyEMU0")
        module = Emulator("finger.sfm", "--link", link, "--seed", "7", stdin=True)
        bench = LiveBench(_Bot(), _theme(), module.url)
        gone, back, pauses = [], [], []
        try:
            bench.shows(Condition.READY, _PATIENCE_S)
            for _ in range(_CYCLES):
                beat = Heartbeat()
                module.tell("UNPLUG")
                gone.append(bench.shows(Condition.ABSENT, _PATIENCE_S))
                module.tell("REPLUG")
                back.append(bench.shows(Condition.READY, _PATIENCE_S))
                pauses.append(beat.stop()[1])
        finally:
            bench.close()
            module.end()
    return [
        BenchRow("pulled scanner on page and strip", "s", median(gone), max(gone), 2, "supervised emulator process"),
        BenchRow("plugged in again, ready on page and strip", "s", median(back), max(back), 2, "opened, same serial"),
        BenchRow("longest pause of the window meanwhile", "ms", 1000 * median(pauses), 1000 * max(pauses), 50,
                 "without what the kernel gave to other programs"),
    ]  # fmt: skip


def _doctor() -> BenchRow:
    from ui.doctor import examine

    stage = StageProcess(seed=5)
    try:
        at = stage.start()
        with tempfile.TemporaryDirectory() as folder:
            settings = (
                f'profile = "rehearsal"\n[devices]\ncamera = "{at["camera"]}"\nfinger = "{at["finger"]}"\n'
                f'pad = "{at["pad"]}"\niris_port = {at["iris_port"]}\niris_roots = ["{at["iris_root"]}"]\n'
            )
            (Path(folder) / "settings.toml").write_text(settings, "utf-8")
            took = []
            for _ in range(3):
                began = time.monotonic()
                findings = tuple(examine(Path(folder)))
                took.append(time.monotonic() - began)
            ready = sum(f.facts.get("condition") == "ready" for f in findings)
    finally:
        stage.stop()
    return BenchRow(
        "rekam doctor, emulators running", "s", median(took), max(took), 6, f"{ready} devices ready"
    )
