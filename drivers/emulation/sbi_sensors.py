"""The sensors behind an emulated service: what each sees, what it parts, how good it finds it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import cv2
import numpy as np

from drivers.emulation.sbi_subject import Subject
from drivers.sbi.identity import Kind
from drivers.sbi.pictures import EYES, NAMES, POSITIONS
from station.biometrics.face.judge import judge_still
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.biometrics.finger import quality
from station.biometrics.finger.slap import segment
from station.biometrics.iris import judge as iris_judge
from station.devices import Pixels, Slap

PPI: Final = 500
UNKNOWN: Final = "UNKNOWN"
_REMEMBERED: Final = 16


@dataclass(frozen=True, slots=True)
class Shot:
    """One labelled picture and its quality, 0..100."""

    name: str
    pixels: Pixels = field(repr=False)
    score: int


@dataclass(frozen=True, slots=True)
class Sight:
    """One moment before a sensor: what a preview shows, and what could be taken of it."""

    shown: Pixels = field(repr=False)
    shots: tuple[Shot, ...]

    @property
    def score(self) -> int:
        """The average, as slaps are compared."""
        return round(sum(shot.score for shot in self.shots) / max(1, len(self.shots)))


class Sensor(Protocol):
    """One kind of device."""

    def names(self, sub_id: int) -> tuple[str, ...] | None:
        """Return what a sub-id stands for; empty for a face, None for a sub-id this device has not."""
        ...

    def see(self, subject: Subject, names: Sequence[str], *, judged: bool = True) -> Sight | None:
        """Look once; None when nobody is there, no shots when not ``judged`` or when nothing can be parted."""
        ...


class _Remembered:
    """Judges a picture once, as long as the same object comes again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[object, tuple[Pixels, tuple[Shot, ...]]] = {}

    def __call__(
        self, pixels: Pixels, key: object, judge: Callable[[], tuple[Shot, ...]]
    ) -> tuple[Shot, ...]:
        with self._lock:
            kept = self._kept.get((id(pixels), key))
            if kept is None:
                kept = self._kept[id(pixels), key] = (pixels, judge())
                while len(self._kept) > _REMEMBERED:
                    del self._kept[next(iter(self._kept))]
            return kept[1]


class IrisCamera:
    """A camera for both eyes."""

    def __init__(self) -> None:
        self._judged = _Remembered()

    def names(self, sub_id: int) -> tuple[str, ...] | None:
        """Return the eyes of 1 (left), 2 (right), 3 (both)."""
        return {1: ("Left",), 2: ("Right",), 3: ("Left", "Right")}.get(sub_id)

    def see(self, subject: Subject, names: Sequence[str], *, judged: bool = True) -> Sight | None:
        """Look at the asked eyes; the applicant's right one is on the left of the picture."""
        pictures = {name: subject.eye(EYES[name]) for name in names}
        seen = {name: pixels for name, pixels in pictures.items() if pixels is not None}
        if not seen:
            return None
        shots = tuple(
            shot
            for name, pixels in (seen.items() if judged else ())
            for shot in self._judged(pixels, name, lambda n=name, p=pixels: (_iris(n, p),))  # type: ignore[misc]
        )
        ordered = sorted(seen, reverse=True)
        beside = np.hstack([_small(seen[name], (480, 360)) for name in ordered])
        return Sight(beside, shots)


class SlapPlaten:
    """A platen for 4-4-2 slaps."""

    def __init__(self) -> None:
        self._judged = _Remembered()

    def names(self, sub_id: int) -> tuple[str, ...] | None:
        """Return the fingers of 1 (left four), 2 (right four), 3 (thumbs)."""
        slap = {1: Slap.LEFT_FOUR, 2: Slap.RIGHT_FOUR, 3: Slap.THUMBS}.get(sub_id)
        return None if slap is None else tuple(NAMES[finger] for finger in slap.fingers)

    def see(self, subject: Subject, names: Sequence[str], *, judged: bool = True) -> Sight | None:
        """Part the hand on the glass; other fingers than asked for give a picture and no shots."""
        asked = frozenset(POSITIONS[name] for name in names)
        platen = subject.hand(sorted(asked, key=lambda finger: finger.value))
        if platen is None:
            return None

        def judge() -> tuple[Shot, ...]:
            slap = segment(platen, PPI, asked)
            if not slap.accepted or len(slap.fingers) != len(asked):
                return ()
            return tuple(
                Shot(NAMES[each.position], each.cut, quality.judge(each.cut, PPI).score)
                for each in slap.fingers
                if each.position is not None
            )

        shots = self._judged(platen, asked, judge) if judged else ()
        return Sight(_small(platen, (640, 400)), shots)


class SingleGlass:
    """A glass for one finger; which one it is, it cannot know."""

    def __init__(self) -> None:
        self._judged = _Remembered()

    def names(self, sub_id: int) -> tuple[str, ...] | None:
        """Return the one unknown finger of sub-id 0."""
        return (UNKNOWN,) if sub_id == 0 else None

    def see(self, subject: Subject, names: Sequence[str], *, judged: bool = True) -> Sight | None:
        """Look at the glass; the label is the asker's word."""
        pixels = subject.finger()
        if pixels is None:
            return None
        label = names[0]

        def judge() -> tuple[Shot, ...]:
            return (Shot(label, pixels, quality.judge(pixels, PPI).score),)

        return Sight(pixels, self._judged(pixels, label, judge) if judged else ())


class FaceCamera:
    """A face camera."""

    def __init__(self) -> None:
        self._judged = _Remembered()
        self._locator = HaarLocator()

    def names(self, sub_id: int) -> tuple[str, ...] | None:
        """Return no names: a face has no sub-type."""
        return () if sub_id == 0 else None

    def see(self, subject: Subject, names: Sequence[str], *, judged: bool = True) -> Sight | None:
        """Look at the person."""
        pixels = subject.face()
        if pixels is None:
            return None
        shots = self._judged(pixels, tuple(names), lambda: (self._shot(pixels),)) if judged else ()
        return Sight(_small(pixels, (360, 480)), shots)

    def _shot(self, pixels: Pixels) -> Shot:
        # Which backdrop the person's card asks for, the camera is not told: a citizen's are these.
        colours = (BackdropColour.RED, BackdropColour.BLUE)
        verdicts = (judge_still(self._locator, pixels, colour).verdict for colour in colours)
        return Shot("", pixels, max(verdict.score for verdict in verdicts))


def marked(picture: Pixels, score: int) -> Pixels:
    """Return a preview picture with its quality drawn in, as the protocol asks: a bar and a number."""
    canvas = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.ndim == 2 else picture.copy()
    height, width = canvas.shape[:2]
    colour = (0, 160, 0) if score >= 60 else (0, 160, 220) if score >= 40 else (0, 0, 200)
    cv2.rectangle(canvas, (0, height - 10), (round(width * score / 100), height - 1), colour, -1)
    # Off the edge: a client that crops the picture to its window must not cut the number in two.
    place = (width // 16, height - 16)
    cv2.putText(canvas, str(score), place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, colour, 2)
    return np.asarray(canvas, np.uint8)


def _iris(name: str, pixels: Pixels) -> Shot:
    verdict = iris_judge.judge(pixels, EYES[name]).verdict
    # A device's score counts the geometry in: an eye too far away is no good picture.
    return Shot(name, pixels, verdict.score if verdict.usable else verdict.score // 2)


def _small(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


SENSORS: Final[Mapping[Kind, Callable[[], Sensor]]] = {
    Kind.IRIS: IrisCamera,
    Kind.SLAP: SlapPlaten,
    Kind.FINGER: SingleGlass,
    Kind.FACE: FaceCamera,
}
