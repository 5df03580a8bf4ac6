"""The desk as a whole: start, longest block of the window, live picture, sealing, memory after ten people."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.rows import BenchRow

_PEOPLE = int(os.environ.get("REKAM_BENCH_PEOPLE", "10"))
_ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[BenchRow]:
    """Measure the desk; each part in a process of its own, so that none inherits the other's memory."""
    return [*_start(), *_seal(), *_preview(), *_people()]


def _probe(name: str, *words: str, timeout: float = 1800) -> dict[str, float]:
    """Run one part below in a fresh process; it prints ``key value`` lines."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.desk", name, *words],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    found = {}
    for line in told.stdout.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[0] == "=":
            found[parts[1]] = float(parts[2])
    if not found:
        message = f"{name}: {told.stderr[-800:]}"
        raise RuntimeError(message)
    return found


def _tell(key: str, value: float) -> None:
    print("=", key, value, flush=True)


# -- start -----------------------------------------------------------------------------------------


def _start() -> list[BenchRow]:
    taken = [_probe("start", str(time.monotonic())) for _ in range(5)]
    usable = statistics.median(found["usable"] for found in taken)
    whole = statistics.median(found["whole"] for found in taken)
    return [
        BenchRow(
            "start of the application to the first usable page", "s", usable, max(f["usable"] for f in taken),
            note="process start to painted sign-in page, without starting emulators and simulator; 5 runs, p95 = worst",
        ),
        BenchRow(
            "the same with emulators, simulator and rehearsal keys", "s", whole, max(f["whole"] for f in taken),
            note="rekam demo, 5 runs, p95 = worst",
        ),
    ]  # fmt: skip


def _start_probe(began: float) -> None:
    from PySide6.QtWidgets import QApplication

    from station.clock import SystemClock
    from ui.app import DeskApp
    from ui.rehearsal import RehearsalOptions, start_rehearsal

    before = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="rekam-bench-"))
    rehearsal = start_rehearsal(RehearsalOptions(folder=folder), SystemClock())
    ready = time.monotonic()
    app = QApplication([])
    desk = DeskApp(rehearsal.parts, app)
    desk.open()
    desk.window.grab()
    app.processEvents()
    usable = time.monotonic()
    _tell("usable", (usable - began) - (ready - before))
    _tell("whole", usable - began)
    desk.close()
    rehearsal.stop()


# -- sealing ---------------------------------------------------------------------------------------


def _seal() -> list[BenchRow]:
    found = _probe("seal")
    return [
        BenchRow(
            "seal a 3 MB packet", "ms", found["p50"], found["p95"],
            note="lint to shredded draft: manifest, two signatures, encryption, fsync, read-back; 15 runs",
        ),
    ]  # fmt: skip


def _seal_probe() -> None:
    from station.clock import FixedClock
    from station.keys.rehearsal import make_rehearsal_keys
    from station.store.sealing import seal_and_store
    from station.store.store import open_store
    from tests.station.packet.builders import NOW, PLAN, attempts, context, ev, started

    folder = Path(tempfile.mkdtemp(prefix="rekam-bench-"))
    clock = FixedClock(NOW)
    keys = make_rehearsal_keys(folder / "keys", clock)
    store = open_store(folder / "store", b"k" * 32, clock)
    taken = []
    for number in range(16):
        clock.advance(1)
        draft = store.new_draft(started(clock))
        draft.append(ev.DataConfirmed("rina", NOW))
        for event in attempts(draft.keep, random.Random(number), size=3_000_000 // 14):
            draft.append(event)
        draft.append(ev.Confirmed("rina", NOW))
        begin = time.perf_counter()
        seal_and_store(store, draft, PLAN, context(keys, clock, record_id=f"record-{number}"))
        taken.append((time.perf_counter() - begin) * 1000)
    taken = sorted(taken[1:])
    _tell("p50", statistics.median(taken))
    _tell("p95", taken[-1])
    store.close()


# -- live picture ----------------------------------------------------------------------------------


def _preview() -> list[BenchRow]:
    found = _probe("preview")
    return [
        BenchRow("preview at 1080p, frames per second", "1/s", found["fps"],
                 note="emulated camera at 30/s over HTTP, every frame judged, 10 s"),
        BenchRow("preview at 1080p, camera grab to painted", "ms", found["p50"], found["p95"],
                 note="from the decoded frame to the painted window, judge included"),
    ]  # fmt: skip


def _preview_probe() -> None:
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from drivers.camera.cv import CvCamera
    from drivers.emulation.stage_process import StageProcess
    from station.capture.builtin_engine import builtin_engine
    from station.clock import Deadline, SystemClock
    from station.devices import Grade
    from station.formats import preview
    from ui.pages.photo import PhotoPage
    from ui.tasks import Tasks
    from ui.theme import apply

    stage = StageProcess(fps=30.0)
    addresses = stage.start()
    stage.ask(do="enter", person={"body": 101, "name": "X", "sex": "female", "hijab": True})
    clock = SystemClock()
    app = QApplication([])
    page = PhotoPage(apply(app))
    page.resize(846, 640)
    page.show()
    camera = CvCamera(addresses["camera"], clock, grade=Grade.EMULATED)
    camera.open(Deadline.after(20))
    engine = builtin_engine()
    waits: list[float] = []

    def loop(cancel, put) -> None:
        judge = engine.live_photo("red")
        for frame in camera.frames(cancel):
            judge.judge(frame.pixels)
            put((preview.covering(frame.pixels, *page.stage_size()), frame.t_mono))

    def show(item) -> None:
        pixels, t_mono = item
        page.show_frame(pixels)
        page.stage.repaint()  # the page's own repaint would leave its child as it is
        waits.append((clock.monotonic() - t_mono) * 1000)

    tasks = Tasks()
    token = tasks.stream("camera", loop, show)
    settle = QEventLoop()
    QTimer.singleShot(5000, settle.quit)
    settle.exec()
    waits.clear()
    begin = time.monotonic()
    run = QEventLoop()
    QTimer.singleShot(10_000, run.quit)
    run.exec()
    seconds = time.monotonic() - begin
    token.cancel()
    tasks.shutdown(Deadline.after(5))
    camera.close()
    stage.stop()
    waits.sort()
    _tell("fps", len(waits) / seconds)
    _tell("p50", statistics.median(waits))
    _tell("p95", waits[int(len(waits) * 0.95)])


# -- people ----------------------------------------------------------------------------------------


def _people() -> list[BenchRow]:
    found = _probe("people", str(_PEOPLE))
    return [
        BenchRow("longest block of the GUI thread during an enrolment", "ms", found["longest"], found["p95"], 50,
                 note=f"gaps of a 5 ms timer over {_PEOPLE} enrolments by key presses; p95 = of each enrolment's longest"),
        BenchRow("an enrolment, found to sealed, machine and emulated person", "s", found["seconds"],
                 note="median; the emulated person takes 2 s to sit, 4 s to sign"),
        BenchRow("memory after the first person", "MB", found["first_mb"], note="resident set of the desk process"),
        BenchRow(f"memory after {_PEOPLE} people", "MB", found["last_mb"], note="resident set of the desk process"),
    ]  # fmt: skip


def _people_probe(count: int) -> None:
    from PySide6.QtCore import QElapsedTimer, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from station.clock import SystemClock
    from ui.app import DeskApp
    from ui.demo import follow_cards
    from ui.player import Operator, Story
    from ui.rehearsal import RehearsalOptions, start_rehearsal

    folder = Path(tempfile.mkdtemp(prefix="rekam-bench-"))
    rehearsal = start_rehearsal(RehearsalOptions(folder=folder, pace=0.1), SystemClock())
    app = QApplication([])
    desk = DeskApp(rehearsal.parts, app)
    follow_cards(rehearsal, desk)
    desk.open()
    gaps: list[float] = []
    since = QElapsedTimer()
    since.start()
    beat = QTimer()
    beat.setTimerType(Qt.TimerType.PreciseTimer)
    beat.setInterval(5)
    beat.timeout.connect(lambda: gaps.append(since.nsecsElapsed() / 1e6 - 5.0) or since.restart())
    operator = Operator(desk, app)
    whole = [e for e in rehearsal.roster if e.status == "UNREGISTERED" and not e.missing_fingers
             and not e.blind_eyes and not e.cannot_sign][:40]  # fmt: skip
    longest, seconds, memory = [], [], []
    for entry in whole:
        if len(longest) == count:
            break
        story = Story(operator, rehearsal, entry, folder, lambda _words: None)
        story.shot = lambda _name: (
            None
        )  # taking pictures blocks the window: not part of an enrolment
        if not longest:
            story.sign_in()
        operator.type(str(entry.person.nik))
        operator.pause(1.5)
        if operator.primary() != "start":
            desk.shell.show("search")
            continue
        since.restart()
        gaps.clear()
        beat.start()
        begin = time.monotonic()
        story.record()
        seconds.append(time.monotonic() - begin)
        beat.stop()
        longest.append(max(gaps))
        operator.enter("next")
        operator.pause(0.5)
        memory.append(_resident_mb())
    longest.sort()
    _tell("longest", longest[-1])
    _tell("p95", longest[int(len(longest) * 0.95) - 1] if len(longest) > 1 else longest[0])
    _tell("seconds", statistics.median(seconds))
    _tell("first_mb", memory[0])
    _tell("last_mb", memory[-1])
    desk.close()
    rehearsal.stop()


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


_PROBES = {
    "start": lambda words: _start_probe(float(words[0])),
    "seal": lambda _words: _seal_probe(),
    "preview": lambda _words: _preview_probe(),
    "people": lambda words: _people_probe(int(words[0])),
}

if __name__ == "__main__":
    _PROBES[sys.argv[1]](sys.argv[2:])
