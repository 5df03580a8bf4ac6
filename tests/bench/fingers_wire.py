"""Finger modules on the wire: opening, reading an image, cancelling; the emulator is a process of its own."""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.zfm import ZfmScanner, ZfmSettings
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import DeviceState, StateChanged
from station.errors import OperatorCancelled
from tests.bench.rows import BenchRow

_RUNS = 20
_OPENINGS = 10
_BITS = 10  # of one byte: start, eight, stop
_ZFM_PIXELS, _ZFM_PACKET, _ZFM_FRAME = 256 * 288, 128, 11
_SFM_PIXELS, _SFM_PACKET, _SFM_FRAME, _SFM_SUM = 300 * 400, 4096, 13, 4


def rows() -> list[BenchRow]:
    """Return the figures of both families."""
    return [*_unpaced(), *_paced(), *_openings(), *_cancels()]


@contextmanager
def emulator(name: str, *arguments: str) -> Iterator[str]:
    """Run an emulator with a finger that stays on the glass and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "emulate", name, "--link", str(Path(folder) / "tty"),
             "--set", "finger=RIGHT_INDEX", *arguments],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            first = process.stdout.readline()  # type: ignore[union-attr]
            # The diary must not fill the pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()  # type: ignore[union-attr]
            yield json.loads(first)["url"]
        finally:
            process.terminate()
            process.wait(10)


def zfm(url: str, *, top: int = 115200) -> ZfmScanner:
    """Return an opened scanner."""
    scanner = ZfmScanner(url, SystemClock(), ZfmSettings(top_baud=top))
    scanner.open(Deadline.after(10))
    return scanner


def sfm(url: str, *, top: int = 921600) -> SfmScanner:
    """Return an opened scanner."""
    scanner = SfmScanner(url, SystemClock(), SfmSettings(top_baud=top))
    scanner.open(Deadline.after(10))
    return scanner


def _unpaced() -> Iterator[BenchRow]:
    for name, opened, goal, what in (
        ("finger.zfm", zfm, 50.0, "ZFM 256x288, 128-byte packets, read twice and compared"),
        ("finger.sfm", sfm, 150.0, "SFM 300x400, 4096-byte packets"),
    ):
        with emulator(name) as url:
            scanner = opened(url)
            took = _times(lambda: _captured(scanner), _RUNS)  # noqa: B023 - called at once
            scanner.close()
        yield _row(f"{what}, unpaced pty", took, goal, f"capture to image, {_RUNS} runs")


def _paced() -> Iterator[BenchRow]:
    zfm_bytes = _ZFM_PIXELS // 2 + -(-_ZFM_PIXELS // 2 // _ZFM_PACKET) * _ZFM_FRAME
    for name, opened, baud, line_bytes in (
        ("finger.zfm", zfm, 115200, zfm_bytes),
        ("finger.sfm", sfm, 115200, _sfm_bytes()),
        ("finger.sfm", sfm, 921600, _sfm_bytes()),
    ):
        with emulator(name, "--paced", "--baud", str(baud)) as url:
            scanner = opened(url, top=baud)
            runs = 3 if baud == 115200 else 5
            took = statistics.median(_times(lambda: _captured(scanner), runs)) / 1000  # noqa: B023
            scanner.close()
        limit = line_bytes * _BITS / baud
        family = name.removeprefix("finger.").upper()
        note = f"capture {took:.3f} s, line alone {limit:.3f} s, median of {runs}"
        yield BenchRow(
            f"{family} paced at {baud}, over the line's limit",
            "%",
            100 * (took / limit - 1),
            None,
            3.0,
            note,
        )


def _sfm_bytes() -> int:
    """Bytes the module sends after a finger came: two answers, then packets with header and sum."""
    total = _SFM_PIXELS + 28
    return 2 * _SFM_FRAME + total + -(-total // _SFM_PACKET) * (_SFM_FRAME + _SFM_SUM)


def _openings() -> Iterator[BenchRow]:
    for name, opened, rates in (
        ("finger.zfm", zfm, "57600 to 115200"),
        ("finger.sfm", sfm, "115200 to 921600"),
    ):
        first, again = [], []
        for _ in range(3):
            with emulator(name) as url:
                began = time.monotonic()
                scanner = opened(url)
                first.append(1000 * (time.monotonic() - began))
                scanner.close()
                again += _times(lambda: opened(url).close(), _OPENINGS)  # noqa: B023 - called at once
        family = name.removeprefix("finger.").upper()
        yield _row(f"{family} open, raised from {rates}", first, None, "3 fresh modules")
        yield _row(
            f"{family} open and close, rate found raised", again, None, f"{3 * _OPENINGS} openings"
        )


def _cancels() -> Iterator[BenchRow]:
    states = (
        DeviceState.ARMED,
        DeviceState.WAIT_SUBJECT,
        DeviceState.ACQUIRING,
        DeviceState.TRANSFER,
    )
    for name, opened in (("finger.zfm", zfm), ("finger.sfm", sfm)):
        took: dict[DeviceState, list[float]] = {state: [] for state in states}
        with emulator(name, "--paced", "--baud", "115200") as url:
            scanner = opened(url, top=115200)
            for state in states:
                for _ in range(3):
                    took[state].append(_cancelled(scanner, state))
            scanner.close()
        family = name.removeprefix("finger.").upper()
        for state in states:
            yield BenchRow(
                f"{family} cancel while {state.value}", "ms", statistics.median(took[state]), max(took[state]), 250.0,
                "p95 = worst of 3; paced at 115200",
            )  # fmt: skip


def _cancelled(scanner: Any, state: DeviceState) -> float:
    """Cancel 30 ms after the state began and return the milliseconds until the capture returned."""
    cancel, asked = CancelToken(), []

    def ask() -> None:
        asked.append(time.monotonic())
        cancel.cancel()

    def sink(event: object) -> None:
        if event == StateChanged(state) and not asked:
            # ARMED and ACQUIRING pass at once: from inside, the cancelling still falls into them.
            if state in {DeviceState.ARMED, DeviceState.ACQUIRING}:
                ask()
            else:
                threading.Timer(0.03 if state is DeviceState.TRANSFER else 0.0, ask).start()

    try:
        scanner.capture(sink, cancel, Deadline.after(30))
    except OperatorCancelled:
        return 1000 * (time.monotonic() - asked[0])
    return float("nan")  # the capture was over before the cancelling came


def _captured(scanner: Any) -> None:
    scanner.capture(lambda _: None, CancelToken(), Deadline.after(60))


def _times(call: Callable[[], object], runs: int) -> list[float]:
    call()
    took = []
    for _ in range(runs):
        began = time.monotonic()
        call()
        took.append(1000 * (time.monotonic() - began))
    return took


def _row(name: str, took: list[float], goal: float | None, note: str) -> BenchRow:
    took = sorted(took)
    return BenchRow(
        name, "ms", statistics.median(took), took[round(0.95 * (len(took) - 1))], goal, note
    )
