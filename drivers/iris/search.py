"""The search for the best picture of each asked eye among the lit frames of a capture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from station.biometrics.iris.judge import judge
from station.devices import Eye, Pixels
from station.guidance import Guidance

_MORE_LOOKS: Final = 4  # after every eye was good once: the best of a few, not the first


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame showed."""

    present: bool  # an eye was found
    score: int  # of the worst asked eye, 0..100
    guidance: Guidance


@dataclass(slots=True)
class Best:
    """The best picture of one eye so far."""

    score: int
    usable: bool
    frame_id: int
    t_mono: float
    pixels: Pixels = field(repr=False)


class EyeSearch:
    """Keeps the best picture of each asked eye.

    Which eye is which is not guessed: with one eye in the picture it is the one the operator asked for, with
    two the applicant's right eye is in the left half, as a camera that does not mirror sees it.
    """

    def __init__(self, asked: Sequence[Eye], *, both_in_view: bool) -> None:
        self._asked = tuple(asked)
        self._both_in_view = both_in_view
        self._best: dict[Eye, Best] = {}
        self._looks = 0  # since every eye was good

    @property
    def found(self) -> bool:
        """Whether every asked eye was seen at all."""
        return len(self._best) == len(self._asked)

    @property
    def good(self) -> bool:
        """Whether every asked eye was seen well."""
        return self.found and all(best.usable for best in self._best.values())

    @property
    def done(self) -> bool:
        """Whether more frames are not worth the light."""
        return self.good and self._looks >= _MORE_LOOKS

    def shown(self, grey: Pixels) -> Pixels:
        """Return what a person should see of a frame: the asked eye alone when the other one is beside it."""
        if not self._both_in_view or len(self._asked) == 2:
            return grey
        part = self._part(grey, self._asked[0])
        part.flags.writeable = False
        return part

    def look(self, grey: Pixels, frame_id: int, t_mono: float) -> Sight:
        """Judge one lit frame."""
        scores, told, present = [], Guidance.READY, False
        for eye in self._asked:
            part = self._part(grey, eye)
            seen = judge(part, eye)
            verdict = seen.verdict
            scores.append(verdict.score)
            present |= seen.geometry is not None
            if verdict.guidance and told is Guidance.READY:
                told = verdict.guidance[0]
            if seen.geometry is not None:
                self._keep(eye, Best(verdict.score, verdict.usable, frame_id, t_mono, part))
        self._looks += self.good
        return Sight(present, min(scores), told)

    def take(self) -> Mapping[Eye, Best]:
        """Return the best pictures, now the caller's, in the order asked."""
        best, self._best = self._best, {}
        for each in best.values():
            each.pixels.flags.writeable = False
        return {eye: best[eye] for eye in self._asked}

    def wipe(self) -> None:
        """Overwrite what was kept."""
        for best in self._best.values():
            best.pixels.fill(0)
        self._best.clear()

    def _keep(self, eye: Eye, new: Best) -> None:
        old = self._best.get(eye)
        if old is None or (new.usable, new.score) > (old.usable, old.score):
            new.pixels = np.array(new.pixels)  # ours alone: it can be wiped
            self._best[eye] = new
            if old is not None:
                old.pixels.fill(0)

    def _part(self, grey: Pixels, eye: Eye) -> Pixels:
        if not self._both_in_view:
            return grey
        middle = grey.shape[1] // 2
        return np.ascontiguousarray(grey[:, :middle] if eye is Eye.RIGHT else grey[:, middle:])
