"""All emulated devices and the emulated applicant in one process, led by JSON lines on its pipe.

The desk's process stays free of rendering: the window would feel it. The first line out names the
addresses; then each line in is a command and gets one line back. When the pipe closes the stage ends,
so a killed desk leaves no orphan.
"""

import argparse
import itertools
import json
import math
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TextIO

import numpy as np
from cryptography.hazmat.primitives import serialization

from drivers.emulation.faults import Fault
from drivers.emulation.mjpeg import CameraFault, MjpegCamera
from drivers.emulation.sbi import SbiEmulator, TestAuthority
from drivers.emulation.scenes import eye as eye_scene
from drivers.emulation.scenes import face as face_scene
from drivers.emulation.scenes import face_play
from drivers.emulation.scenes import finger as finger_scene
from drivers.emulation.scenes import pen as pen_scene
from drivers.emulation.sfm import SfmEmulator
from drivers.emulation.topaz import TopazEmulator
from drivers.emulation.zfm import ZfmEmulator
from station.clock import Clock, SystemClock
from station.devices import Eye, FingerPosition, Pixels
from station.errors import CaptureRefused

_BACKDROPS: Final[Mapping[str, face_scene.Backdrop]] = {
    "red": "red",
    "blue": "blue",
    "orange": "orange",
}
FINGER_SIZE: Final = (300, 400)


@dataclass(frozen=True, slots=True)
class Body:
    """The invented person who stands before the devices."""

    body: int
    name: str
    sex: Literal["female", "male"] = "female"
    hijab: bool = False
    glasses: bool = False
    backdrop: face_scene.Backdrop = "red"
    missing: frozenset[str] = field(default_factory=frozenset)  # FingerPosition names
    blind: frozenset[str] = field(default_factory=frozenset)  # Eye names
    cannot_sign: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Body":
        """Return the body described by a command."""
        return cls(
            body=int(data["body"]),
            name=str(data["name"]),
            sex="male" if data.get("sex") == "male" else "female",
            hijab=bool(data.get("hijab", False)),
            glasses=bool(data.get("glasses", False)),
            backdrop=_BACKDROPS[str(data.get("backdrop", "red"))],
            missing=frozenset(data.get("missing", ())),
            blind=frozenset(data.get("blind", ())),
            cannot_sign=bool(data.get("cannot_sign", False)),
        )


class Stage:
    """The devices and who stands before them."""

    def __init__(self, folder: Path, clock: Clock, *, seed: int, fps: float, finger: str) -> None:
        self._clock = clock
        self._seed = seed
        self._folder = folder
        self._impressions = itertools.count(seed * 1000)
        self._lock = threading.Lock()
        self._body: Body | None = None
        self._pose: Callable[[float], face_scene.Pose] | None = None
        self._entered = 0.0
        self._glass: Pixels | None = None
        self._looking = False
        self._looked_at = 0.0
        self._empty = b""
        self._verbs: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "enter": self._enter,
            "leave": self._leave,
            "restart_face": self._restart_face,
            "finger": self._place_finger,
            "look": self._look,
            "sign": self._sign,
            "fail": self._fail,
            "heal": self._heal,
        }
        self.camera = MjpegCamera(self._photograph, fps=fps)
        width, height = FINGER_SIZE
        self.finger: SfmEmulator | ZfmEmulator = (
            ZfmEmulator(folder / "ttyZFM0", self._on_glass, seed=seed)
            if finger == "zfm"
            else SfmEmulator(
                folder / "ttySFM0", self._on_glass, width=width, height=height, seed=seed
            )
        )
        self.pad = TopazEmulator(folder / "ttyPAD0")
        self._authority = TestAuthority.make(clock.now())
        self.iris = SbiEmulator(self._eye, self._authority, clock)

    def start(self) -> Mapping[str, str]:
        """Begin; return the addresses of all devices."""
        root = self._folder / "sbi-root.pem"
        root.write_bytes(self._authority.root.public_bytes(serialization.Encoding.PEM))
        self.camera.start()
        self.finger.start()
        self.pad.start()
        self.iris.start()
        return {
            "camera": self.camera.url,
            "finger": str(self.finger.link),
            "finger_kind": "zfm" if isinstance(self.finger, ZfmEmulator) else "sfm",
            "pad": str(self.pad.link),
            "iris_port": str(self.iris.port),
            "iris_root": str(root),
        }

    def stop(self) -> None:
        """End all devices."""
        for device in (self.camera, self.finger, self.pad, self.iris):
            device.stop()

    def obey(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command; the answer holds "ok" or "error"."""
        verb = self._verbs.get(str(command.get("do", "")))
        if verb is None:
            return {"error": "unknown command"}
        try:
            verb(command)
        except (KeyError, ValueError, CaptureRefused) as cause:
            return {"error": f"{type(cause).__name__}: {cause}"}
        return {"ok": True}

    def _enter(self, command: Mapping[str, Any]) -> None:
        body = Body.from_json(command["person"])
        identity = face_scene.FaceIdentity(
            body=body.body, hijab=body.hijab, glasses=body.glasses, sex=body.sex
        )
        performance = face_play.performance(identity, self._seed, backdrop=body.backdrop)
        with self._lock:
            self._body, self._pose = body, performance
            self._entered = self._clock.monotonic()
            self._glass, self._looking = None, False

    def _leave(self, _command: Mapping[str, Any]) -> None:
        with self._lock:
            self._body, self._pose, self._glass, self._looking = None, None, None, False

    def _restart_face(self, _command: Mapping[str, Any]) -> None:
        with self._lock:
            self._entered = self._clock.monotonic()

    def _place_finger(self, command: Mapping[str, Any]) -> None:
        """Put a finger on the glass, or lift it; "body" puts somebody else's finger there."""
        name = command.get("position")
        if name is None:
            self._glass = None
            return
        body = self._body
        owner = int(command.get("body", body.body if body else 0))
        if body is not None and name in body.missing and "body" not in command:
            self._glass = None
            return
        identity = finger_scene.FingerIdentity(owner, FingerPosition[str(name)])
        width, height = FINGER_SIZE if isinstance(self.finger, SfmEmulator) else (256, 288)
        how = _HOW[str(command.get("how", "good"))]
        self._glass = finger_scene.impression(
            identity, next(self._impressions), width=width, height=height, **how
        )

    def _look(self, command: Mapping[str, Any]) -> None:
        with self._lock:
            self._looking = bool(command.get("look", True))
            self._looked_at = self._clock.monotonic()

    def _sign(self, _command: Mapping[str, Any]) -> None:
        body = self._body
        if body is None or body.cannot_sign:
            return
        self.pad.play(pen_scene.signature(body.body, body.name))

    def _fail(self, command: Mapping[str, Any]) -> None:
        device, name = str(command["device"]), str(command["fault"])
        if device == "camera":
            self.camera.fail(CameraFault[name])
        elif device == "iris":
            self.iris.tamper = name
        elif name == "UNPLUG":
            _plugged(self, device).unplug()
        else:
            self.finger.fail(Fault[name], at=int(command.get("at", 0)))

    def _heal(self, command: Mapping[str, Any]) -> None:
        device = str(command["device"])
        if device == "camera":
            self.camera.heal()
        elif device == "iris":
            self.iris.tamper = ""
        else:
            _plugged(self, device).replug()

    def _photograph(self) -> Pixels | bytes:
        with self._lock:
            body, pose, entered = self._body, self._pose, self._entered
        if body is None or pose is None:
            return self._empty_room()
        identity = face_scene.FaceIdentity(
            body=body.body, hijab=body.hijab, glasses=body.glasses, sex=body.sex
        )
        return face_scene.render(identity, pose(self._clock.monotonic() - entered))

    def _empty_room(self) -> bytes:
        if not self._empty:
            import cv2

            room = np.full((1080, 1920, 3), 70, np.uint8)
            cv2.rectangle(room, (560, 0), (1360, 1080), (52, 52, 176), -1)
            self._empty = cv2.imencode(".jpg", cv2.GaussianBlur(room, (0, 0), 6))[1].tobytes()
        return self._empty

    def _on_glass(self) -> Pixels | None:
        return self._glass

    def _eye(self, eye: Eye) -> Pixels | None:
        with self._lock:
            body, looking, since = self._body, self._looking, self._looked_at
        if body is None or not looking or eye.name in body.blind:
            return None
        identity = eye_scene.EyeIdentity(body.body, eye)
        return eye_scene.render(identity, _eye_pose(self._clock.monotonic() - since))


def _eye_pose(seconds: float) -> eye_scene.EyePose:
    """Return how the eyes are held: too far at first, then at the right place, blinking now and then."""
    arrived = min(1.0, max(0.0, seconds / 1.2))
    blink = (seconds % 4.1) > 3.9
    return eye_scene.EyePose(
        dx=6 * math.sin(seconds * 0.9),
        dy=4 * math.sin(seconds * 1.3),
        distance=1.5 - 0.5 * arrived,
        lids=0.1 if blink else 1.0,
        frame=int(seconds * 30),
    )


def _plugged(stage: Stage, device: str) -> SfmEmulator | ZfmEmulator | TopazEmulator:
    return {"finger": stage.finger, "pad": stage.pad}[device]


# How a finger is put on the glass.
_HOW: Final[Mapping[str, Mapping[str, Any]]] = {
    "good": {},
    "light": {"pressure": 0.1},
    "off": {"dx": 90, "dy": 110},
    "wet": {"pressure": 0.75, "dryness": 0.0},
}


def serve(stage: Stage, lines: TextIO, out: TextIO) -> None:
    """Announce the addresses, then obey until the pipe closes."""
    print(json.dumps(stage.start()), file=out, flush=True)
    try:
        for line in lines:
            command = json.loads(line)
            answer = {"id": command.get("id"), **stage.obey(command)}
            print(json.dumps(answer), file=out, flush=True)
    finally:
        stage.stop()


def main(argv: list[str] | None = None) -> None:
    """Run the stage on standard input and output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--finger", choices=["sfm", "zfm"], default="sfm")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="rekam-stage-") as folder:
        stage = Stage(
            Path(folder), SystemClock(), seed=options.seed, fps=options.fps, finger=options.finger
        )
        serve(stage, sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
