"""An emulated near-infrared iris scanner: a camera whose picture is as bright as its lamp is."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from drivers.emulation.body import Body
from drivers.emulation.emulated import Diary, Fact, Order
from drivers.emulation.lamp import LampFault, LampModule
from drivers.emulation.likeness import eye_pose
from drivers.emulation.mjpeg import FPS, MjpegCamera
from drivers.emulation.mjpeg_faults import CameraFault, Moment
from drivers.emulation.people import body_of, today_of
from drivers.emulation.runner import Port, SerialEmulator
from drivers.emulation.scenes import eye as eye_scene
from drivers.emulation.tcp_port import TcpPort
from station.clock import Clock
from station.devices import Eye, Pixels

MODEL: Final = "EMU-NIR"
_HEIGHT, _WIDTH = 480, 640  # of one eye's picture
# What lies before the lens when nobody looks in: the inside of a grey hood.
_HOOD_LIT, _HOOD_DARK = 84.0, 8.0
_DARK_SHARE: Final = 0.07  # of the daylight that comes in beside the lamp's light
_LENS_BLUR: Final = 6.0
_SIDES: Final = {
    "RIGHT": (Eye.RIGHT,),
    "LEFT": (Eye.LEFT,),
    "AWAY": (),
    "BOTH": (Eye.RIGHT, Eye.LEFT),
}


class NirScene:
    """Draws what the camera sees: one eye, or both side by side, the applicant's right one on the left."""

    def __init__(
        self, body: Body, clock: Clock, brightness: Callable[[], float], *, eyes: int = 1
    ) -> None:
        self._body = body
        self._clock = clock
        self._brightness = brightness
        self._eyes = eyes
        self._lock = threading.Lock()
        self._looking: tuple[Eye, ...] = tuple(Eye) if eyes == 2 else (Eye.RIGHT,)
        self._since = clock.monotonic()
        self._blurred = False

    def look(self, word: str) -> None:
        """Look in with RIGHT, LEFT or BOTH eyes, or AWAY; ValueError."""
        looking = _SIDES.get(word)
        if looking is None or (len(looking) == 2 and self._eyes == 1):
            raise ValueError(word)
        with self._lock:
            self._looking, self._since = looking, self._clock.monotonic()

    def blur(self, *, blurred: bool) -> None:
        """Be out of focus, or sharp."""
        self._blurred = blurred

    def sit(self, body: Body) -> None:
        """Have another person sit down."""
        with self._lock:
            self._body, self._since = body, self._clock.monotonic()

    def picture(self) -> Pixels:
        """Return the frame of this moment, grey."""
        light = self._brightness()
        with self._lock:
            looking, body = self._looking, self._body
            seconds = self._clock.monotonic() - self._since
        if self._eyes == 1:
            return self._one(body, looking[0] if looking else None, light, seconds)
        halves = [
            self._one(body, eye if eye in looking else None, light, seconds) for eye in _ORDER
        ]
        return np.hstack(halves)

    def _one(self, body: Body, eye: Eye | None, light: float, seconds: float) -> Pixels:
        if eye is None or eye.name in body.blind:
            grey = _HOOD_DARK + (_HOOD_LIT - _HOOD_DARK) * light
            return np.full((_HEIGHT, _WIDTH), round(grey), np.uint8)
        pose = eye_pose(seconds)
        if self._blurred:
            pose = replace(pose, blur=_LENS_BLUR)
        identity = eye_scene.EyeIdentity(body.body, eye)
        # Any lamp level scales one drawing: drawing anew for each would stop the stream.
        lit = eye_scene.render(identity, pose)
        share = _DARK_SHARE + (1 - _DARK_SHARE) * min(1.0, light / _FULL)
        return np.asarray(np.round(lit * np.float32(share)), np.uint8)

    def draw_ahead(self) -> None:
        """Draw every pose of the person once, so that the stream does not stop for it."""
        for step in range(48):
            for eye in self._looking or tuple(Eye):
                self._one(self._body, eye, 1.0, step * 0.1)


_ORDER: Final = (Eye.RIGHT, Eye.LEFT)
_FULL: Final = 0.6  # brightness at which the exposure is right: the driver's usual level


class _LampTcp(TcpPort):
    """A port whose client's leaving is DTR going low."""

    def __init__(self, port: int, gone: Callable[[], object]) -> None:
        super().__init__(port)
        self._gone = gone

    def _hang_up(self) -> None:
        super()._hang_up()
        self._gone()


class IrisEmulator:
    """Camera and lamp together; ``url`` names both."""

    def __init__(
        self,
        body: Body,
        clock: Clock,
        diary: Diary,
        *,
        link: Path | None = None,
        port: int = 0,
        seed: int = 1,
        eyes: int = 1,
        fps: float = 30.0,
        camera_port: int = 0,
    ) -> None:
        self._clock = clock
        self._diary = diary
        self._seed = seed
        self._eyes = eyes
        self.lamp = LampModule(clock, diary, seed=seed)
        self.scene = NirScene(body, clock, lambda: self.lamp.brightness, eyes=eyes)
        self.camera = MjpegCamera(
            self.scene.picture,
            fps=fps,
            quality=95,
            port=camera_port,
            clock=clock,
            diary=diary,
            model=MODEL,
            serial=f"EMU-NIR-{seed:06d}",
        )
        self._port: Port
        if link is None:
            self._port = _LampTcp(port, self.lamp.host_gone)
        else:
            from drivers.emulation.pty_port import PtyPort  # no termios on Windows

            self._port = PtyPort(link)
        self._line = SerialEmulator(self.lamp, self._port)
        self._timers: list[threading.Timer] = []
        self._started = False

    @property
    def url(self) -> str:
        """What the driver opens."""
        eyes = f";eyes={self._eyes}" if self._eyes != 1 else ""
        return f"camera={self.camera.url};lamp={self._port.url}{eyes}"

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What else is announced: both addresses alone."""
        return {"camera": self.camera.url, "lamp": self._port.url, "serial": self.lamp.serial}

    def start(self) -> Self:
        """Plug in and serve until stopped."""
        self.scene.draw_ahead()
        self.camera.start()
        self._line.start()
        self._started = True
        for timer in self._timers:
            timer.start()
        return self

    def stop(self) -> None:
        """Unplug and end; the diary says how long the light was on at most."""
        for timer in self._timers:
            timer.cancel()
        self._line.stop()
        self.camera.stop()
        self._diary.note("lamp", longest_lit_ms=round(self.lamp.longest_s * 1000))

    def unplug(self) -> None:
        """Take both cables away."""
        self._line.unplug()
        self.camera.unplug()

    def replug(self, serial: str = "") -> None:
        """Plug both in again; the serial number is the lamp's."""
        self._line.unplug()
        if serial:
            self.lamp.rename(serial)
        self.lamp.heal()
        self.camera.replug()
        self._line.replug()

    def suffer(self, fault: str, when: str) -> None:
        """Begin a fault of the lamp (``t2.5``) or of the camera (also at a frame or byte); ValueError."""
        word = fault.lower().replace("_", "-")
        lamp, camera = word.removeprefix("lamp-"), word.replace("-", "_")
        if lamp in _LAMP_FAULTS:
            self._later(when, lambda: self.lamp.suffer(LampFault(lamp)))
        elif word == "unplug":
            self._later(when, self.unplug)
        elif camera in _CAMERA_FAULTS:
            self.camera.suffer(CameraFault(camera), when)
        else:
            raise ValueError(f"faults: unplug, {', '.join((*_LAMP_FAULTS, *_CAMERA_FAULTS))}")

    def act(self, verb: str, argument: str) -> None:
        """LOOK RIGHT, LEFT, BOTH or AWAY; QUALITY good or blurred; PERSON NIK; STATUS ok; ValueError."""
        verbs: Mapping[str, Callable[[str], object]] = {
            "LOOK": lambda word: self.scene.look(word.upper() or "RIGHT"),
            "IMAGE": lambda word: self.scene.look(word.upper() or "RIGHT"),
            "QUALITY": self._quality,
            "PERSON": lambda nik: self.scene.sit(body_of(nik, self._seed, today_of(self._clock))),
            "STATUS": self._status,
        }
        if verb.upper() not in verbs:
            raise ValueError(f"verbs: {', '.join(verbs)}")
        verbs[verb.upper()](argument.strip())

    def _quality(self, word: str) -> None:
        if word not in {"good", "blurred"}:
            raise ValueError("good or blurred")
        self.scene.blur(blurred=word == "blurred")

    def _status(self, word: str) -> None:
        if word != "ok":
            raise ValueError("ok")
        self.lamp.heal()
        self.camera.heal()

    def _later(self, when: str, call: Callable[[], object]) -> None:
        moment = Moment.of(when)
        if moment is None or moment.at == 0:
            call()
        elif moment.unit == "second":
            timer = threading.Timer(moment.at, call)
            timer.daemon = True
            self._timers.append(timer)
            if self._started:
                timer.start()
        else:
            raise ValueError("the lamp's faults and unplug begin at a time: t2.5")


_LAMP_FAULTS: Final = tuple(fault.value for fault in LampFault)
_CAMERA_FAULTS: Final = tuple(fault.value for fault in CameraFault)


def build(order: Order) -> IrisEmulator:
    """Return the emulator of an order; ``--set eyes=2``, ``fps=30``, ``camera_port=8081``."""
    order.check_options(("eyes", "fps", "camera_port"))
    return IrisEmulator(
        body_of(order.nik, order.seed, today_of(order.clock)),
        order.clock,
        order.diary,
        link=order.link,
        port=order.port or 0,
        seed=order.seed,
        eyes=int(order.choice("eyes", ("1", "2"))),
        fps=order.measure("fps", 30, *FPS),
        camera_port=order.number("camera_port", 0),
    )
