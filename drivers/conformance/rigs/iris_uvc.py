"""The rig of ``iris.uvc``: the lamp's line is the wire; its camera shows one eye, lit or not.

The stream of the camera is the same as that of ``camera.cv``, whose rig tries it.
"""

import functools
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, cast

import cv2
import numpy as np

from drivers.conformance.machine_line import Socket
from drivers.conformance.rig import Rig
from drivers.contract import Driver
from drivers.emulation.emulated import Diary
from drivers.emulation.lamp import LampModule
from drivers.emulation.mjpeg import MjpegCamera
from drivers.emulation.scenes import eye as eye_scene
from drivers.faults.grammars.rlp import RlpGrammar
from drivers.faults.line import FaultyLine
from drivers.faults.plan import WireFault
from drivers.faults.wire import Wire
from drivers.iris.address import IrisAddress
from drivers.iris.driver import DRIVER
from drivers.iris.lamp import BAUD
from drivers.iris.uvc import UvcIrisScanner
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Device, Eye, ImageCapture, IrisScanner, Pixels, Sink

_FPS: Final = 40.0
_HOOD: Final = 84  # grey of what lies before the lens when nobody looks in
_DARK_SHARE: Final = 0.07
_REST_MS: Final = 20  # every case lights the lamp: none could wait for five seconds


class IrisRig(Rig):
    """A lamp without port or thread, and a stream that is as bright as the lamp."""

    name = "iris.uvc"
    capture_s = 3.0
    short_places = 1  # judging the frames of a capture takes most of a second
    open_s = 2.5
    exempt = MappingProxyType(
        {
            WireFault.HUGE_LENGTH: "lines have no length field; an endless line is cut at 96 bytes",
        }
    )

    def __init__(self, seed: int = 7) -> None:
        self.wire = Wire(RlpGrammar())
        self._seed = seed
        self._present = True

    def start(self) -> None:
        """Start camera and lamp, an eye before the lens."""
        self._present = True
        self._lamp = self._module(self._seed)
        self.socket = Socket("machine:iris.uvc", self._lamp)
        self._camera = MjpegCamera(self._picture, fps=_FPS, model="EMU-NIR").start()

    def stop(self) -> None:
        """End both."""
        self.socket.unplug()
        self._camera.stop()

    def device(self) -> Device:
        """Return the scanner whose lamp is behind the proxy."""
        address = IrisAddress(self._camera.url, self.socket.url)
        return UvcIrisScanner(address, SystemClock(), opener=self._open_line, stall_s=1.5)

    def capture(
        self, device: Device, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> object:
        """Capture one eye."""
        return cast(IrisScanner, device).capture((Eye.RIGHT,), sink, cancel, deadline)

    def exact(self, result: object) -> bool:
        """Whether the picture is the lit one, to the last bit, and is said to be of the asked eye."""
        if not isinstance(result, tuple) or len(result) != 1:
            return False
        (capture,) = result
        lit = _decoded(_jpeg(self._seed, lit=True, present=True))
        return (
            isinstance(capture, ImageCapture)
            and capture.eye is Eye.RIGHT
            and np.array_equal(capture.pixels, lit)
        )

    def subject(self, *, present: bool) -> None:
        """Look in, or away."""
        self._present = present

    def unplug(self) -> None:
        """Take the lamp's cable away; without power it is out."""
        self.socket.unplug()
        self._lamp.power_on()

    def replug(self, serial: str = "") -> None:
        """Plug the lamp in again, or another one."""
        self._lamp = self._module(int(serial) if serial else self._seed)
        self.socket.plug(self._lamp)

    def secrets(self) -> Sequence[bytes]:
        """Return the lit picture and its file."""
        data = _jpeg(self._seed, lit=True, present=True)
        return (_decoded(data).tobytes(), data)

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER

    def addresses(self) -> tuple[str, ...]:
        """Return this rig's camera with a lamp's port, and one where nothing listens."""
        return (
            f"camera={self._camera.url};lamp=socket://127.0.0.1:9",
            "camera=http://127.0.0.1:9/video;lamp=socket://127.0.0.1:9",
        )

    def device_held(self) -> bool:
        """Whether the lamp's line is open."""
        return self.socket.held

    def lit_s(self) -> float:
        """Return for how long the lamp has been on, by its own clock."""
        return self._lamp.lit_s

    def _module(self, serial: int) -> LampModule:
        clock = SystemClock()
        return LampModule(clock, Diary(None, clock), seed=serial, rest_ms=_REST_MS)

    def _open_line(self) -> ByteLine:
        line = self.socket.open(BAUD)
        return FaultyLine(line, self.wire, lambda _: self.unplug())

    def _picture(self) -> bytes:
        return _jpeg(self._seed, lit=self._lamp.brightness > 0, present=self._present)


@functools.lru_cache(maxsize=16)
def _jpeg(seed: int, *, lit: bool, present: bool) -> bytes:
    """Return one of the few pictures there are; a still eye, so that "exact" has one meaning."""
    picture: Pixels = np.full((480, 640), _HOOD, np.uint8)
    if present:
        identity = eye_scene.EyeIdentity(seed, Eye.RIGHT)
        picture = eye_scene.render(identity, eye_scene.EyePose())
    if not lit:
        picture = np.asarray(np.round(picture * np.float32(_DARK_SHARE)), np.uint8)
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1]
    return coded.tobytes()


def _decoded(data: bytes) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return np.asarray(pixels, np.uint8)


def make_rig() -> Rig:
    """Return a fresh rig."""
    return IrisRig()
