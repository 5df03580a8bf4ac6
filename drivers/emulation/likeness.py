"""The pictures of one body, drawn ahead in the background and remembered, so that the devices never wait.

Drawing is slow where a person is new (face 2 s, one finger 0.2 s, one eye 0.1 s) and cheap afterwards. A
person who holds still is therefore a short loop of remembered pictures, played forwards and back: after
its first round it costs no drawing at all.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np

from drivers.emulation.body import Body
from drivers.emulation.scenes import eye as eye_scene
from drivers.emulation.scenes import face as face_scene
from drivers.emulation.scenes import face_play
from drivers.emulation.scenes import finger as finger_scene
from station.capture.slots import FINGER_OF, FINGER_ORDER
from station.clock import Clock
from station.devices import Eye, FingerPosition, Pixels

_SETTLE_S: Final = 2.0  # until then the person walks in
_LOOP_S: Final = 3.0  # of holding still; holds at least one blink
_LOOP_HZ: Final = 10.0
_QUALITY: Final = 85

_ARRIVAL: Final = (1.5, 1.38, 1.25, 1.12)  # distance of the eyes, 0.3 s each
_ARRIVAL_STEP_S: Final = 0.3
_SWAY: Final = ((0, 0), (4, 2), (6, 4), (3, 3), (-3, 1), (-5, -3))  # px, 0.5 s each
_SWAY_STEP_S: Final = 0.5
_BLINK_EVERY_S, _BLINK_S = 4.1, 0.2

# How a finger is put on the glass; what is not said is an ordinary careful touch.
HOW: Final[Mapping[str, Mapping[str, Any]]] = {
    "good": {},
    "light": {"pressure": 0.1},
    "crushed": {"pressure": 0.95},
    "dry": {"dryness": 1.0},
    "wet": {"dryness": 0.0, "pressure": 0.8},
    "off": {"dx": 105.0, "dy": 125.0},
    "partial": {"contact": 0.3},
}


class Likeness:
    """One person's pictures. ``start`` begins to draw ahead, ``stop`` ends it soon."""

    def __init__(self, body: Body, clock: Clock, *, seed: int) -> None:
        self.body = body
        self._clock = clock
        self._face = body.face
        self._pose = face_play.performance(
            self._face, seed, backdrop=body.backdrop, settle_s=_SETTLE_S
        )
        self._entered: float | None = None  # None until the face is drawn
        self._still: dict[int, bytes] = {}
        self._growing = threading.Lock()  # one finger grows at a time, nobody grows one twice
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._draw_ahead, name="likeness", daemon=True)

    def start(self) -> None:
        """Begin to draw: face, fingers in the order of capture, eyes."""
        self._thread.start()

    def start_face(self) -> None:
        """Begin to draw the face only: the photo camera stands alone."""
        self._thread = threading.Thread(target=self._draw_face, name="likeness", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop drawing ahead after the present picture."""
        self._stop.set()

    def restart_face(self) -> None:
        """Step before the camera anew."""
        if self._entered is not None:
            self._entered = self._clock.monotonic()

    def photograph(self) -> bytes | None:
        """Return what the camera sees now as JPEG; None while the person is not there yet."""
        if self._entered is None:
            return None
        seconds = self._clock.monotonic() - self._entered
        if seconds < _SETTLE_S:
            return self._jpeg(seconds)
        place = _there_and_back(seconds - _SETTLE_S)
        if place not in self._still:
            self._still[place] = self._jpeg(_SETTLE_S + place / _LOOP_HZ)
        return self._still[place]

    def print_of(
        self, position: FingerPosition, seed: int, how: str, size: tuple[int, int], owner: int
    ) -> Pixels:
        """Return one impression (height, width); up to 0.5 s for a finger not yet grown."""
        identity = finger_scene.FingerIdentity(owner, position)
        with self._growing:
            finger_scene.master(identity)
        return finger_scene.impression(identity, seed, width=size[0], height=size[1], **HOW[how])

    def eye(self, eye: Eye, seconds: float) -> Pixels | None:
        """Return the eye ``seconds`` after looking in began; None for an eye that cannot look."""
        if eye.name in self.body.blind:
            return None
        pose = eye_pose(seconds)
        return eye_scene.render(eye_scene.EyeIdentity(self.body.body, eye), pose)

    def _jpeg(self, seconds: float) -> bytes:
        return encoded(face_scene.render(self._face, self._pose(seconds)))

    def _draw_ahead(self) -> None:
        self._draw_face()
        for slot in FINGER_ORDER:
            position = FINGER_OF[slot]
            if self._stop.is_set():
                return
            if position.name not in self.body.missing:
                with self._growing:
                    finger_scene.master(finger_scene.FingerIdentity(self.body.body, position))
        self._draw_eyes()

    def _draw_face(self) -> None:
        # All openings of the lids, wide open last: a blink must not stop the stream to be drawn.
        for lids in (0.0, 0.25, 0.5, 0.75, 1.0):
            if self._stop.is_set():
                return
            pose = face_scene.Pose(eyes_open=lids, backdrop=self.body.backdrop)
            face_scene.render(self._face, pose)
        self._entered = self._clock.monotonic()

    def _draw_eyes(self) -> None:
        for seconds in _EYE_MOMENTS:
            for eye in Eye:
                if self._stop.is_set():
                    return
                self.eye(eye, seconds)


def eye_pose(seconds: float) -> eye_scene.EyePose:
    """Return how the eyes are held: too far at first, then right, swaying a little, blinking now and then.

    Few different poses on purpose: the scene remembers what it has drawn of each.
    """
    frame = int(seconds * 30)
    settled = seconds - _ARRIVAL_STEP_S * len(_ARRIVAL)
    if settled < 0:
        return eye_scene.EyePose(
            distance=_ARRIVAL[max(0, int(seconds / _ARRIVAL_STEP_S))], frame=frame
        )
    if seconds % _BLINK_EVERY_S > _BLINK_EVERY_S - _BLINK_S:
        return eye_scene.EyePose(lids=0.1, frame=frame)
    dx, dy = _SWAY[int(settled / _SWAY_STEP_S) % len(_SWAY)]
    return eye_scene.EyePose(dx=dx, dy=dy, frame=frame)


# One moment of every pose the eyes take.
_EYE_MOMENTS: Final = (
    *(_ARRIVAL_STEP_S * (step + 0.5) for step in range(len(_ARRIVAL))),
    *(_ARRIVAL_STEP_S * len(_ARRIVAL) + _SWAY_STEP_S * (step + 0.5) for step in range(len(_SWAY))),
    _BLINK_EVERY_S - _BLINK_S / 2,
)


def encoded(picture: Pixels) -> bytes:
    """Return the picture as the camera's JPEG."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return np.asarray(data, np.uint8).tobytes()


def _there_and_back(seconds: float) -> int:
    """Return the place in the loop: up to its end, then back to its start, without a jump."""
    last = int(_LOOP_S * _LOOP_HZ)
    place = int(seconds * _LOOP_HZ) % (2 * last)
    return min(place, 2 * last - place)
