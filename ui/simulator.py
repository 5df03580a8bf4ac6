"""The simulator and the emulators as processes of their own."""

import datetime as dt
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from drivers.emulation import stage
from drivers.emulation.centre.centre import CentreOptions
from drivers.emulation.centre.gallery import demo_gallery
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.server import serve
from station.clock import SystemClock
from station.keys.rehearsal import make_rehearsal_keys
from station.settings import Settings


def serve_centre(
    folder: Path, keys: Path, *, pace: float, port: int, gallery: bool, parent_pid: int
) -> None:
    """Run the simulator until SIGTERM, SIGINT or the end of its parent."""
    clock = SystemClock()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stopped.set())
    rehearsal = make_rehearsal_keys(keys, clock)
    options = CentreOptions(pace=pace, gallery=demo_gallery(_today(clock)) if gallery else ())
    serve(
        folder,
        CentreKeys.of(rehearsal.centre, clock),
        clock,
        options,
        port=port,
        parent_pid=parent_pid,
        stop=stopped,
    )


def _today(clock: SystemClock) -> dt.date:
    return clock.now().astimezone(Settings().zone_info).date()


def _serve_stage(seed: int, fps: float) -> None:
    stage.main([f"--seed={seed}", f"--fps={fps}"])


def _serve_zfm_stage(seed: int, fps: float) -> None:
    stage.main([f"--seed={seed}", f"--fps={fps}", "--finger=zfm"])


# The stage carries all devices; its first line says where each one is, its input moves the applicant.
EMULATORS: Final[Mapping[str, Callable[[int, float], None]]] = {
    "stage": _serve_stage,
    "finger.sfm": _serve_stage,
    "finger.zfm": _serve_zfm_stage,
    "signature.topaz": _serve_stage,
    "camera": _serve_stage,
    "sbi": _serve_stage,
}


def serve_emulator(device: str, *, seed: int, fps: float) -> None:
    """Run the emulator of one device; commands come as JSON lines on standard input."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream here
    EMULATORS[device](seed, fps)
