"""An emulated photo camera with somebody before it: ``rekam emulate camera``."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

import cv2

from drivers.emulation.body import Body
from drivers.emulation.emulated import Fact, Order
from drivers.emulation.likeness import Likeness, encoded
from drivers.emulation.mjpeg import FPS, MjpegCamera
from drivers.emulation.mjpeg_faults import CameraFault
from drivers.emulation.people import body_of, today_of
from drivers.emulation.scenes import face as face_scene
from station.clock import Clock

_FAULTS: Final = tuple(fault.value for fault in CameraFault)


class WebcamEmulator:
    """A 1080p MJPEG camera; the person walks in when the first reader comes."""

    def __init__(self, order: Order) -> None:
        """Take the order's person, port and seed; ``--set fps=30``, default 15."""
        order.check_options(("fps",))
        self._clock: Clock = order.clock
        self._seed = order.seed
        self._body = body_of(order.nik, order.seed, today_of(order.clock))
        self._lock = threading.Lock()
        self._person: Likeness | None = None
        self._picture = b""  # shown instead of a person
        self._serial = f"EMU-{order.seed:06d}"
        self.camera = MjpegCamera(
            self._photograph,
            fps=order.measure("fps", 15, *FPS),
            port=order.port or 0,
            clock=order.clock,
            diary=order.diary,
            serial=self._serial,
        )

    @property
    def url(self) -> str:
        """What a driver opens."""
        return self.camera.url

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What else is announced."""
        return {"serial": self._serial}

    def start(self) -> Self:
        """Plug in and serve until stopped; the person is being drawn meanwhile."""
        self._picture = encoded(face_scene.render_people([]))
        self._sit(self._body)
        self.camera.start()
        return self

    def stop(self) -> None:
        """Unplug and end."""
        self._leave()
        self.camera.stop()

    def unplug(self) -> None:
        """Take the cable away."""
        self.camera.unplug()

    def replug(self, serial: str = "") -> None:
        """Plug in again, as another camera when a serial number is given."""
        self.camera.replug(serial)

    def suffer(self, fault: str, when: str) -> None:
        """Begin a fault, also at a frame (``3``), a byte (``b120``) or a time (``t2.5``); ValueError."""
        word = fault.lower().replace("-", "_")
        if word == "unplug":
            word = CameraFault.DISCONNECT.value
        if word not in _FAULTS:
            raise ValueError(f"faults: unplug, {', '.join(_FAULTS)}")
        self.camera.suffer(CameraFault(word), when)

    def act(self, verb: str, argument: str) -> None:
        """PERSON NIK; LOOK (step before the camera anew) or LOOK AWAY; IMAGE FILE; STATUS ok; ValueError."""
        verbs: Mapping[str, Callable[[str], object]] = {
            "PERSON": lambda nik: self._sit(body_of(nik, self._seed, today_of(self._clock))),
            "LOOK": self._look,
            "IMAGE": self._show,
            "STATUS": self._status,
        }
        if verb.upper() not in verbs:
            raise ValueError(f"verbs: {', '.join(verbs)}")
        verbs[verb.upper()](argument.strip())

    def _sit(self, body: Body) -> None:
        self._leave()
        person = Likeness(body, self._clock, seed=self._seed)
        with self._lock:
            self._body, self._person = body, person
        person.start_face()

    def _leave(self) -> None:
        with self._lock:
            person, self._person = self._person, None
        if person is not None:
            person.stop()

    def _look(self, word: str) -> None:
        if word.upper() == "AWAY":
            self._leave()
        elif word:
            raise ValueError("LOOK or LOOK AWAY")
        elif self._person is None:
            self._sit(self._body)
        else:
            self._person.restart_face()

    def _show(self, name: str) -> None:
        picture = cv2.imread(str(Path(name)), cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError("IMAGE FILE: not a picture")
        self._leave()
        self._picture = encoded(picture)  # type: ignore[arg-type] # eight bits by the flag

    def _status(self, word: str) -> None:
        if word != "ok":
            raise ValueError("ok")
        self.camera.heal()

    def _photograph(self) -> bytes:
        person = self._person
        picture = person.photograph() if person is not None else None
        return picture or self._picture


def build(order: Order) -> WebcamEmulator:
    """Return the emulator of an order."""
    return WebcamEmulator(order)
