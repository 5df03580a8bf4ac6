"""The data-centre simulator as a process of its own."""

import signal
import threading
from pathlib import Path

from drivers.emulation.centre.centre import CentreOptions
from drivers.emulation.centre.gallery import demo_gallery
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.server import serve
from drivers.emulation.people import today_of
from station.clock import SystemClock
from station.keys.rehearsal import make_rehearsal_keys


def serve_centre(
    folder: Path, keys: Path, *, pace: float, port: int, gallery: bool, parent_pid: int
) -> None:
    """Run the simulator until SIGTERM, SIGINT or the end of its parent."""
    clock = SystemClock()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stopped.set())
    rehearsal = make_rehearsal_keys(keys, clock)
    options = CentreOptions(pace=pace, gallery=demo_gallery(today_of(clock)) if gallery else ())
    serve(
        folder,
        CentreKeys.of(rehearsal.centre, clock),
        clock,
        options,
        port=port,
        parent_pid=parent_pid,
        stop=stopped,
    )
