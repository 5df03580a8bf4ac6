"""The live picture: 1080p30 from an emulator process through driver, worker and Qt to the painted widget.

Every picture carries its number as sixteen bright or dark blocks; the emulator remembers when it took it, the
desk process when it had painted it, both on the machine's one monotonic clock.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests.bench.rows import BenchRow

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = float(os.environ.get("REKAM_BENCH_SECONDS", "15"))
_FPS = 30.0
_SETTLE_MS = 3000
_BITS, _BLOCK, _LEFT, _TOP = 16, 40, 640, 8  # of the number in a picture 1920 wide
_PICTURES = 64  # encoded ahead: the camera is not to cost the desk's cores
_NOISE = 3.0  # levels of a sensor in a dim office


def rows() -> list[BenchRow]:
    """Measure the preview alone, the same with a noisy sensor, and the photo page with its judge."""
    out = []
    for name, probe, noise, goals in (
        ("preview 960x540", "preview", 0.0, (29.5, 20.0, 15.0)),
        ("preview 960x540, noisy sensor", "preview", _NOISE, (29.5, 20.0, None)),
        ("photo page 846x640 with its judge", "page", 0.0, (29.5, None, None)),
    ):
        found = _measured(probe, noise)
        fps, paint, cpu = goals
        size = f"JPEG of {found['kb']:.0f} kB"
        out += [
            BenchRow(f"{name}: mean gap between painted frames", "ms", 1000 / found["fps"], None, 1000 / fps,
                     note=f"{found['fps']:.2f} frames/s painted of {_FPS:g} taken, {size}"),
            BenchRow(f"{name}: capture to paint", "ms", found["p99"], None, paint,
                     note=f"p99 of {found['count']:.0f} frames; p50 {found['p50']:.1f}"),
            BenchRow(f"{name}: processor of the desk", "% of a core", found["cpu"], None, cpu,
                     note="user and system time of the whole process, which does nothing else"),
        ]  # fmt: skip
    return out


def _measured(probe: str, noise: float) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.camera", probe, str(noise)],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = [line for line in told.stdout.splitlines() if line.startswith("{")]
    if not lines:
        message = f"{probe}: {told.stderr[-800:]}"
        raise RuntimeError(message)
    return json.loads(lines[-1])


# -- the camera's process ------------------------------------------------------------------------------


def serve(noise: float) -> None:
    """Film at 30 frames a second until standard input closes; then tell when each picture was taken."""
    import cv2

    from drivers.emulation.mjpeg import MjpegCamera
    from drivers.emulation.scenes import face

    cv2.setNumThreads(1)
    ground = face.render(face.FaceIdentity(101, hijab=True), face.Pose(backdrop="red"))
    rng = np.random.default_rng(1)
    jpegs = []
    for number in range(_PICTURES):
        picture = ground.copy()
        if noise:
            picture = cv2.add(ground, rng.normal(0, noise, ground.shape), dtype=cv2.CV_8U)
        for bit in range(_BITS):
            x = _LEFT + bit * _BLOCK
            picture[_TOP : _TOP + _BLOCK, x : x + _BLOCK] = 235 if number >> bit & 1 else 20
        jpegs.append(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
    taken: list[float] = []

    def film() -> bytes:
        jpeg = jpegs[len(taken) % _PICTURES]
        taken.append(time.monotonic())
        return jpeg

    camera = MjpegCamera(film, fps=_FPS).start()
    print(
        json.dumps({"url": camera.url, "kb": statistics.mean(map(len, jpegs)) / 1000}), flush=True
    )
    sys.stdin.read()
    camera.stop()
    print(json.dumps(taken), flush=True)


def _number(pixels: np.ndarray, left: float, scale: float) -> int:
    """Read the number of a picture that was cut ``left`` pixels from the side and scaled."""
    y = round((_TOP + _BLOCK / 2) * scale)
    xs = [round((_LEFT - left + (bit + 0.5) * _BLOCK) * scale) for bit in range(_BITS)]
    return sum(1 << bit for bit, x in enumerate(xs) if pixels[y, x, 1] > 128)


# -- the desk's process --------------------------------------------------------------------------------


class _Painted:
    """When each picture had been painted, and what the process had cost by then."""

    def __init__(self) -> None:
        self.times: list[tuple[int, float]] = []
        self._began = 0.0
        self._cpu = 0.0

    def begin(self) -> None:
        self.times.clear()
        self._began, self._cpu = time.monotonic(), _cpu()

    def told(self, taken: list[float], kb: float) -> dict[str, float]:
        seconds = self._last - self._began
        waits = []
        for number, painted in self.times:
            # The newest picture with this number that was taken before it was painted.
            index = max(i for i, t in enumerate(taken) if i % _PICTURES == number and t < painted)
            waits.append((painted - taken[index]) * 1000)
        waits.sort()
        return {
            "fps": len(waits) / seconds,
            "p50": statistics.median(waits),
            "p99": waits[int(len(waits) * 0.99)],
            "cpu": 100 * self._spent / seconds,
            "count": len(waits),
            "kb": kb,
        }

    def end(self) -> None:
        self._last, self._spent = time.monotonic(), _cpu() - self._cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _run(probe: str, noise: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from drivers.camera.cv import CvCamera
    from station.clock import Deadline, SystemClock
    from ui.tasks import Tasks
    from ui.theme import apply

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.camera", "serve", str(noise)],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    said = json.loads(process.stdout.readline())
    app = QApplication([])
    camera = CvCamera(said["url"], SystemClock())
    painted = _Painted()
    tasks = Tasks()
    try:
        token = _PROBES[probe](apply(app), camera, tasks, painted)
        for milliseconds, then in ((_SETTLE_MS, painted.begin), (_SECONDS * 1000, painted.end)):
            wait = QEventLoop()
            QTimer.singleShot(int(milliseconds), wait.quit)
            wait.exec()
            then()
        token.cancel()
        tasks.shutdown(Deadline.after(5))
        camera.close()
    finally:
        taken = json.loads(process.communicate("")[0])
    print(json.dumps(painted.told(taken, said["kb"])))


def _preview(theme, camera, tasks, painted):
    """Worker: previews of the driver, as they come. Window: the widget of all live pictures."""
    from station.formats import preview
    from ui.widgets.live_picture import LivePicture

    class Watched(LivePicture):
        def paintEvent(self, event) -> None:
            super().paintEvent(event)
            if self._pixels is not None:
                number = _number(self._pixels, 0, self._pixels.shape[1] / 1920)
                painted.times.append((number, time.monotonic()))

    widget = _kept(Watched(theme))
    widget.resize(960, 540)
    widget.show()

    def loop(cancel, put) -> None:
        for frame in camera.previews(cancel):
            put(preview.covering(frame.pixels, 960, 540))

    return tasks.stream("camera", loop, widget.show_pixels, _failed)


def _page(theme, camera, tasks, painted):
    """The photo page's own loop, judge and stage."""
    from station.capture.builtin_engine import builtin_engine
    from station.capture.coach import PhotoCoach
    from ui.pages.photo import PhotoPage
    from ui.presenters.photo_loop import watch
    from ui.widgets.portrait import PhotoStage

    paint = PhotoStage.paintEvent

    def watched(stage, event) -> None:
        paint(stage, event)
        if stage._pixels is not None:
            scale = stage._pixels.shape[0] / 1080
            left = (1920 - stage._pixels.shape[1] / scale) / 2
            painted.times.append((_number(stage._pixels, left, scale), time.monotonic()))

    PhotoStage.paintEvent = watched
    page = _kept(PhotoPage(theme))
    page.resize(846, 640)
    page.show()
    judge = builtin_engine().live_photo("red")
    never = PhotoCoach(1e9)  # the emulated face is good at once: the picture would be taken
    loop = watch(camera, judge, lambda: (846, 640), never)
    shown = []

    def show(live) -> None:
        if not shown or live.pixels is not shown[0]:
            shown[:] = [live.pixels]
            page.show_frame(live.pixels)

    return tasks.stream("camera", loop, show, _failed)


def _failed(error: Exception) -> None:
    print(repr(error), file=sys.stderr, flush=True)
    os._exit(1)


_KEPT: list[object] = []


def _kept(widget):
    _KEPT.append(widget)
    return widget


_PROBES = {"preview": _preview, "page": _page}

if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(float(sys.argv[2]))
    else:
        _run(sys.argv[1], float(sys.argv[2]))
