"""What lies on a single-finger scanner's glass: a person's fingers one after another, or a given picture."""

import itertools
import threading
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from drivers.emulation.body import Body
from drivers.emulation.likeness import HOW
from drivers.emulation.scenes.finger import FingerIdentity, impression, master
from station.clock import Clock
from station.devices import FingerPosition, Pixels

NOTHING: Final = "none"
CYCLE: Final = "cycle"
# Below this a module finds its own picture useless and asks for another one.
USELESS: Final = 20
# A figure for quality stands for one way of touching; upper bounds of the figure.
_BY_FIGURE: Final = ((USELESS, "partial"), (40, "dry"), (60, "light"), (101, "good"))


class Glass:
    """The finger on the glass. Drawing happens on a thread of its own; until then nothing lies there.

    With ``cycle`` the next of the person's fingers comes after each image that was taken away; ``lift_s``
    leaves the glass empty for a while after each one the sensor took.
    """

    def __init__(
        self, body: Body, clock: Clock, size: tuple[int, int], *, seed: int = 1, lift_s: float = 0.0
    ) -> None:
        """Describe person and sensor; ``size`` is (width, height). The glass is empty."""
        self._body = body
        self._clock = clock
        self._size = size
        self._lift_s = lift_s
        self._impressions = itertools.count(seed * 1000)
        self._lock = threading.Lock()
        self._touches = itertools.count(1)
        self._touch = 0  # the newest; an older drawing no longer reaches the glass
        self._picture: Pixels | None = None
        self._absent_until = 0.0
        self._cycle: itertools.cycle[FingerPosition] | None = None
        self._how = "good"
        self._next: Pixels | None = None  # with cycle: drawn ahead, so that nobody waits for it
        self._drawing: threading.Thread | None = None
        self.useless = False  # the module itself finds the picture too bad
        self.fingers = tuple(f for f in FingerPosition if f.name not in body.missing)

    def __call__(self) -> Pixels | None:
        """Return what the sensor sees now."""
        with self._lock:
            here = self._clock.monotonic() >= self._absent_until
            return self._picture if here else None

    def seen(self) -> None:
        """Say that the sensor took the picture: the finger is lifted for a while."""
        with self._lock:
            self._absent_until = self._clock.monotonic() + self._lift_s

    def captured(self) -> None:
        """Say that a picture was taken away: with ``cycle`` the next finger comes."""
        with self._lock:
            cycle, picture, self._next = self._cycle, self._next, None
            if cycle is None:
                return
            if picture is not None:
                self._picture = picture
        self._draw_soon(next(cycle), self._touch if picture is not None else self._lifted())

    def check(self, argument: str) -> None:
        """Raise ValueError unless ``place`` would do something."""
        self._parse(argument)

    def place(self, argument: str) -> None:
        """Put a finger there: "RIGHT_INDEX", "LEFT_THUMB light", "cycle", "none"; ValueError."""
        name, how = self._parse(argument)
        self._how = how
        self._cycle = None
        if name == NOTHING:
            self.lift()
        elif name == CYCLE:
            self._cycle = itertools.cycle(self.fingers)
            self._touch_with(next(self._cycle))
        else:
            self._touch_with(FingerPosition[name])

    def wait_drawn(self, seconds: float) -> bool:
        """Wait until something lies there; False when it does not within ``seconds``."""
        drawing = self._drawing
        if drawing is not None:
            drawing.join(seconds)
        return self._picture is not None

    def close(self) -> None:
        """Lift, and wait for a drawing that is going on."""
        self._cycle = None
        self.lift()
        if self._drawing is not None:
            self._drawing.join()

    def lift(self) -> None:
        """Take away what lies there."""
        self._lifted()

    def show(self, path: str) -> None:
        """Put a picture file on the glass; it must have the sensor's size. ValueError."""
        picture = self.read(path)
        with self._lock:
            self._touch = next(self._touches)
            self._picture, self._next, self._cycle = picture, None, None

    def read(self, path: str) -> Pixels:
        """Return a picture file as grey (h, w); ValueError when it is not one of the sensor's size."""
        try:
            raw = np.frombuffer(Path(path).read_bytes(), np.uint8)
        except OSError as cause:
            raise ValueError(f"{path}: cannot be read") from cause
        decoded = cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE) if raw.size else None
        if decoded is None:
            raise ValueError(f"{path}: not a picture")
        width, height = self._size
        if decoded.shape != (height, width):
            found = f"{decoded.shape[1]}x{decoded.shape[0]}"
            raise ValueError(f"{path}: {found}, the sensor has {width}x{height}")
        return np.asarray(decoded, np.uint8)

    def set_quality(self, argument: str) -> None:
        """Say how the next fingers are put down: a word of ``HOW`` or a figure 0..100; ValueError."""
        self._how = self.quality_of(argument)
        self.useless = argument.isdigit() and int(argument) < USELESS

    @staticmethod
    def quality_of(argument: str) -> str:
        """Return the way of touching that a word or figure means; ValueError."""
        if argument.isdigit() and int(argument) <= 100:
            return next(how for bound, how in _BY_FIGURE if int(argument) < bound)
        if argument not in HOW:
            raise ValueError(f"quality {argument}: 0..100 or one of {', '.join(HOW)}")
        return argument

    def _parse(self, argument: str) -> tuple[str, str]:
        words = argument.split()
        if len(words) not in {1, 2}:
            raise ValueError("a finger and perhaps how it is put down")
        name, how = words[0], self.quality_of(words[1]) if len(words) == 2 else self._how
        if name.lower() in {NOTHING, CYCLE}:
            return name.lower(), how
        if name.upper() not in FingerPosition.__members__:
            known = ", ".join(FingerPosition.__members__)
            raise ValueError(f"finger {name}: {NOTHING}, {CYCLE} or one of {known}")
        if FingerPosition[name.upper()] not in self.fingers:
            raise ValueError(f"finger {name}: this person does not have it")
        return name.upper(), how

    def _touch_with(self, position: FingerPosition) -> None:
        self._draw_soon(position, self._lifted())

    def _lifted(self) -> int:
        with self._lock:
            self._touch = next(self._touches)
            self._picture = self._next = None
            return self._touch

    def _draw_soon(self, position: FingerPosition, touch: int) -> None:
        """Draw on a thread of its own, after the drawing that goes on."""
        seed, how, before = next(self._impressions), self._how, self._drawing
        self._drawing = threading.Thread(
            target=self._draw, args=(touch, position, seed, how, before), name="glass", daemon=True
        )
        self._drawing.start()

    def _draw(
        self,
        touch: int,
        position: FingerPosition,
        seed: int,
        how: str,
        before: threading.Thread | None,
    ) -> None:
        if before is not None:
            before.join()
        if touch != self._touch:
            return
        width, height = self._size
        identity = FingerIdentity(self._body.body, position)
        master(identity)
        picture = impression(identity, seed, width=width, height=height, **HOW[how])
        with self._lock:
            if touch != self._touch:
                return
            shown = self._picture is None
            if shown:
                self._picture = picture
            else:
                self._next = picture
            cycle = self._cycle
        if shown and cycle is not None:
            self._draw_soon(next(cycle), touch)
