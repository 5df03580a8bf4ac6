"""Invariants 9 and 10: a device is always the same one, and looking for devices touches no foreign port."""

import functools
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from drivers.conformance.lane import Lane
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind
from drivers.contract import Hints

_OPENINGS: Final = 5
_DISCOVER_S: Final = 0.3
_FOREIGN: Final = ("/dev/tty", "/dev/video", "/dev/hidraw", "/dev/pts", "/dev/bus/usb")


def check_serial(lane: Lane, tally: Tally) -> None:
    """Open several times: the serial number is there and stays."""
    serials = []
    for _ in range(_OPENINGS):
        lane.close()
        if lane.open().kind is Kind.GOOD:
            serials.append(lane.ready().info.serial)
    configured = lane.serial_is_configured()
    if configured:
        tally.note("the device cannot tell its serial number; it is configured, and so documented")
    what = ""
    if len(serials) < _OPENINGS:
        what = f"opened {len(serials)} of {_OPENINGS} times"
    elif len(set(serials)) > 1:
        what = f"several serial numbers: {sorted(set(serials))}"
    elif not serials[0] and not configured:
        what = "no serial number, and not declared as configured"
    tally.judge(9, "serial number", what)


def check_discover(lane: Lane, tally: Tally) -> None:
    """Look for devices while ours is open: quickly, opening nothing that others own, disturbing nothing."""
    driver = lane.rig.driver()
    if driver is None:
        tally.note("this rig names no driver object: discovery was not judged")
        return
    lane.ready()
    with tempfile.TemporaryDirectory() as folder:
        foreign = Path(folder) / "ttyFOREIGN"
        foreign.touch()
        hints = Hints((*lane.rig.addresses(), str(foreign), str(Path(folder) / "ttyABSENT")))
        with _Openings(folder) as openings:
            began = time.monotonic()
            try:
                found = list(driver.discover(hints))
                what = ""
            except Exception as error:  # noqa: BLE001 - discovery never raises: whatever it is, it is a finding
                found, what = [], repr(error)
            took_s = time.monotonic() - began
        late = took_s > _DISCOVER_S + lane.lag.worst_s(began)
        if late:
            what = what or f"{took_s * 1000:.0f} ms for {len(found)} references"
        tally.judge(10, "discover", what)
        tally.judge(10, "discover opens nothing", ", ".join(sorted(openings.seen)))
    after = lane.patient_capture()
    what = "" if after.kind is Kind.GOOD else f"a capture beside it: {after}"
    tally.judge(10, "discover disturbs nothing", what)


class _Openings:
    """Notes which device files this thread opens, with the interpreter's own audit events."""

    def __init__(self, folder: str) -> None:
        self._watched = (folder, *_FOREIGN)
        self.seen: set[str] = set()

    def __enter__(self) -> "_Openings":
        _install_hook()
        _LISTENING.openings = self
        return self

    def __exit__(self, *_: object) -> None:
        _LISTENING.openings = None

    def note(self, path: object) -> None:
        """Note an opening if it is of a device file."""
        text = str(path)
        if text.startswith(self._watched):
            self.seen.add(text)


_LISTENING: Final = threading.local()


@functools.cache
def _install_hook() -> None:
    """Audit hooks cannot be taken out again, so there is one for the life of the process."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        openings = getattr(_LISTENING, "openings", None)
        if openings is not None:
            openings.note(arguments[0])
