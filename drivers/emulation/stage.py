"""All emulated devices and the emulated applicant in one process, led by JSON lines on its pipe.

The desk's process stays free of rendering: the window would feel it. The first line out names the
addresses; then each line in is a command and gets one line back. When the pipe closes the stage ends,
so a killed desk leaves no orphan.
"""

import argparse
import itertools
import json
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import cv2

from drivers.emulation.body import Body
from drivers.emulation.faults import Fault
from drivers.emulation.likeness import HOW, Likeness, encoded
from drivers.emulation.mjpeg import CameraFault, MjpegCamera
from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.scenes import face as face_scene
from drivers.emulation.scenes import pen as pen_scene
from drivers.emulation.sfm import SfmEmulator
from drivers.emulation.topaz import TopazEmulator
from drivers.emulation.zfm import ZfmEmulator
from drivers.signature.topaz_models import MODELS
from station.clock import Clock, SystemClock
from station.devices import Eye, FingerPosition, Pixels

SFM_SIZE: Final = (300, 400)
ZFM_SIZE: Final = (256, 288)
STAGE_PAD: Final = MODELS["SigLite LCD 1x5"]  # its window suits a written name best
# A person takes up the pen after being asked; what is written before the pad listens is lost.
_PEN_UP_S: Final = 0.8

_Verb = Callable[[Mapping[str, Any]], None]


class Stage:
    """The devices and who stands before them."""

    def __init__(
        self, folder: Path, clock: Clock, *, seed: int = 1, fps: float = 15.0, finger: str = "sfm"
    ) -> None:
        self._clock = clock
        self._seed = seed
        self._folder = folder
        self._impressions = itertools.count(seed * 1000)
        self._touches = itertools.count(1)
        self._lock = threading.Lock()
        self._person: Likeness | None = None
        self._glass: Pixels | None = None
        self._touch = 0  # the newest finger command; an older drawing no longer reaches the glass
        self._looked_at: float | None = None
        self._empty = b""
        self._pen: threading.Timer | None = None
        self._verbs: Mapping[str, _Verb] = {
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
        self.finger: SfmEmulator | ZfmEmulator
        if finger == "zfm":
            self._size = ZFM_SIZE
            self.finger = ZfmEmulator(folder / "ttyZFM0", self._on_glass, seed=seed)
        else:
            self._size = SFM_SIZE
            width, height = SFM_SIZE
            self.finger = SfmEmulator(
                folder / "ttySFM0", self._on_glass, width=width, height=height, seed=seed
            )
        self.pad = TopazEmulator(folder / "ttyPAD0", model=STAGE_PAD)
        self._authority = EmulatedAuthority.make(clock.now())
        self.iris = SbiEmulator(self._eye, self._authority, clock)

    def start(self) -> Mapping[str, str]:
        """Begin; return the addresses of all devices."""
        root = self._folder / "sbi-root.pem"
        root.write_bytes(self._authority.root_pem)
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
        self._leave({})
        self.camera.stop()
        self.finger.stop()
        self.pad.stop()
        self.iris.stop()

    def obey(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Carry out one command at once, without waiting for a drawing; the answer holds "ok" or "error"."""
        verb = self._verbs.get(str(command.get("do", "")))
        if verb is None:
            return {"error": "unknown command"}
        try:
            verb(command)
        except (KeyError, ValueError, TypeError, TimeoutError) as cause:
            return {"error": f"{type(cause).__name__}: {cause}"}
        return {"ok": True}

    def _enter(self, command: Mapping[str, Any]) -> None:
        person = Likeness(Body.from_json(command["person"]), self._clock, seed=self._seed)
        self._leave({})
        with self._lock:
            self._person = person
        person.start()

    def _leave(self, _command: Mapping[str, Any]) -> None:
        with self._lock:
            person, self._person = self._person, None
            self._glass, self._looked_at = None, None
            self._touch = next(self._touches)
            pen, self._pen = self._pen, None
        if pen is not None:
            pen.cancel()
        if person is not None:
            person.stop()

    def _restart_face(self, _command: Mapping[str, Any]) -> None:
        person = self._person
        if person is not None:
            person.restart_face()

    def _place_finger(self, command: Mapping[str, Any]) -> None:
        """Lift what lies on the glass at once, then put the asked finger there as soon as it is drawn.

        "position" null only lifts; "body" puts somebody else's finger there, "how" says how well.
        """
        name, how = command.get("position"), str(command.get("how", "good"))
        position = None if name is None else FingerPosition[str(name)]
        if how not in HOW:
            raise ValueError(how)
        with self._lock:
            person, self._glass = self._person, None
            touch = self._touch = next(self._touches)
        if person is None or position is None:
            return
        owner = int(command.get("body", person.body.body))
        if position.name in person.body.missing and owner == person.body.body:
            return
        threading.Thread(
            target=self._touch_glass,
            args=(touch, person, position, how, owner),
            name="stage-hand",
            daemon=True,
        ).start()

    def _touch_glass(
        self, touch: int, person: Likeness, position: FingerPosition, how: str, owner: int
    ) -> None:
        picture = person.print_of(position, next(self._impressions), how, self._size, owner)
        with self._lock:
            if touch == self._touch:
                self._glass = picture

    def _look(self, command: Mapping[str, Any]) -> None:
        with self._lock:
            self._looked_at = self._clock.monotonic() if command.get("look", True) else None

    def _sign(self, _command: Mapping[str, Any]) -> None:
        person = self._person
        if person is None or person.body.cannot_sign:
            return
        points = pen_scene.signature(person.body.body, person.body.name)
        with self._lock:
            earlier, self._pen = self._pen, threading.Timer(_PEN_UP_S, self.pad.play, [points])
            self._pen.daemon = True
            self._pen.start()
        if earlier is not None:
            earlier.cancel()

    def _fail(self, command: Mapping[str, Any]) -> None:
        device, name = str(command["device"]), str(command["fault"])
        if device == "camera":
            self.camera.fail(CameraFault[name])
        elif device == "iris":
            self._fail_iris(name)
        elif name == "UNPLUG":
            self._plugged(device).unplug()
        else:
            self._plugged(device).fail(Fault[name], at=int(command.get("at", 0)))

    def _fail_iris(self, name: str) -> None:
        """Take a status ("Busy", "Not Ready"), an error code ("110"), or the name of a lie ("hash")."""
        if name.isdigit():
            self.iris.error = name
        elif name[:1].isupper():
            self.iris.status = name
        else:
            self.iris.tamper = name

    def _heal(self, command: Mapping[str, Any]) -> None:
        device = str(command["device"])
        if device == "camera":
            self.camera.heal()
        elif device == "iris":
            self.iris.tamper, self.iris.error, self.iris.status = "", "", "Ready"
        else:
            self._plugged(device).clear_faults()
            self._plugged(device).replug()

    def _plugged(self, device: str) -> SfmEmulator | ZfmEmulator | TopazEmulator:
        return self.pad if device == "pad" else {"finger": self.finger}[device]

    def _photograph(self) -> bytes:
        person = self._person
        picture = person.photograph() if person is not None else None
        return picture or self._empty_room()

    def _empty_room(self) -> bytes:
        if not self._empty:
            self._empty = encoded(face_scene.render_people([]))
        return self._empty

    def _on_glass(self) -> Pixels | None:
        return self._glass

    def _eye(self, eye: Eye) -> Pixels | None:
        with self._lock:
            person, since = self._person, self._looked_at
        if person is None or since is None:
            return None
        return person.eye(eye, self._clock.monotonic() - since)


def serve(stage: Stage, lines: TextIO, out: TextIO) -> None:
    """Announce the addresses, then obey until the pipe closes."""
    try:
        print(json.dumps(dict(stage.start())), file=out, flush=True)
        for line in lines:
            print(json.dumps(_answer(stage, line)), file=out, flush=True)
    except BrokenPipeError:
        pass  # the desk is gone
    finally:
        stage.stop()


def _answer(stage: Stage, line: str) -> Mapping[str, Any]:
    try:
        command = json.loads(line)
    except ValueError:
        command = None
    if not isinstance(command, dict):
        return {"error": "not a JSON object"}
    return {"id": command.get("id"), **stage.obey(command)}


def main(argv: list[str] | None = None) -> None:
    """Run the stage on standard input and output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--finger", choices=["sfm", "zfm"], default="sfm")
    options = parser.parse_args(argv)
    cv2.setNumThreads(1)  # the desk needs the other cores
    with tempfile.TemporaryDirectory(prefix="rekam-stage-") as folder:
        stage = Stage(
            Path(folder), SystemClock(), seed=options.seed, fps=options.fps, finger=options.finger
        )
        serve(stage, sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
