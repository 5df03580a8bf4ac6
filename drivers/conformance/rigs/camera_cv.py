"""The rig of ``camera.cv``: a motion JPEG stream of four small pictures, through a relay.

A capture is four frames of the stream, each to the last pixel one of the pictures the camera showed. A stream has
no deadline of its own; what bounds it is how long it may stand still, and how long connecting may take.
"""

import contextlib
import itertools
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, cast

import cv2
import numpy as np

from drivers.camera.cv import CvCamera
from drivers.camera.cv_driver import DRIVER
from drivers.camera.http_source import COMMENT_MARK
from drivers.camera.jpeg import comment
from drivers.conformance.rig import Rig
from drivers.contract import Driver
from drivers.emulation.mjpeg import CameraFault, MjpegCamera
from drivers.faults.grammars.http import HttpGrammar
from drivers.faults.plan import WireFault
from drivers.faults.tcp_relay import TcpRelay
from drivers.faults.wire import Wire
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Device, Frame, Sink
from station.errors import DeviceRemoved, OperatorCancelled

_WIDTH, _HEIGHT = 64, 48
_PICTURES: Final = 4
_WANTED: Final = 4  # frames of one capture
_STALL_S: Final = 0.8


class CameraRig(Rig):
    """A network camera at 60 pictures a second."""

    name = "camera.cv"
    tells_events = False  # a stream has no sink: its frames are what it tells
    capture_s = 6.0  # connecting may take five
    exempt = MappingProxyType(
        {WireFault.BAD_CHECKSUM: "HTTP has none; a part's digest is tried by flipped bits"}
    )

    def __init__(self, seed: int = 7) -> None:
        self.wire = Wire(HttpGrammar())
        self.vary(seed)

    def start(self) -> None:
        """Start camera and relay."""
        shown = itertools.count()
        self._camera = MjpegCamera(
            lambda: self._jpegs[next(shown) % _PICTURES], fps=60, serial="EMU-000001"
        ).start()
        port = int(self._camera.url.split(":")[2].split("/")[0])
        self._relay = TcpRelay(self.wire, port, scheme="http").start()

    def stop(self) -> None:
        """End both."""
        self._relay.stop()
        self._camera.stop()

    def device(self) -> Device:
        """Return the camera, not opened."""
        return CvCamera(f"{self._relay.url}/video", SystemClock(), stall_s=_STALL_S)

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Look at the stream until four frames have come."""
        cancel.check()
        with contextlib.closing(cast(CvCamera, device).frames(cancel)) as frames:
            taken = list(itertools.islice(frames, _WANTED))
        if cancel.cancelled:
            raise OperatorCancelled
        if len(taken) < _WANTED:
            raise DeviceRemoved(reason="closed")
        return taken

    def exact(self, result: object) -> bool:
        """Whether every frame is one of the pictures, each with a number of its own."""
        frames = cast(list[Frame], result)
        numbers = {frame.id for frame in frames}
        return len(numbers) == len(frames) and all(
            any(np.array_equal(frame.pixels, shown) for shown in self._pictures) for frame in frames
        )

    def subject(self, *, present: bool) -> None:
        """Let the camera give pictures, or stand still."""
        if present:
            self._camera.heal()
        else:
            self._camera.fail(CameraFault.STALL)

    def unplug(self) -> None:
        """Take the cable away."""
        self._relay.unplug()

    def replug(self, serial: str = "") -> None:
        """Bring the camera back, or another one."""
        self._relay.unplug()
        self._camera.replug(serial or "EMU-000001")
        self._relay.replug()

    def vary(self, seed: int) -> bool:
        """Show other pictures."""
        rng = np.random.default_rng(seed)
        noise = [
            rng.integers(0, 256, (_HEIGHT, _WIDTH, 3)).astype(np.uint8) for _ in range(_PICTURES)
        ]
        self._jpegs = [
            comment(cv2.imencode(".jpg", each)[1].tobytes(), COMMENT_MARK) for each in noise
        ]
        self._pictures = [
            np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
            for jpeg in self._jpegs
        ]
        return True

    def secrets(self) -> Sequence[bytes]:
        """Return the pictures as they pass the wire, and decoded."""
        return (*(jpeg[200:] for jpeg in self._jpegs), *(each.tobytes() for each in self._pictures))

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER

    def addresses(self) -> tuple[str, ...]:
        """Return this camera's stream."""
        return (f"{self._relay.url}/video",)


def make_rig() -> Rig:
    """Return a fresh rig."""
    return CameraRig()
