"""Where a ridge is gained or lost: dislocations of the phase of the ridge wave.

Along the normal of the ridges the phase of the wave grows by one turn per ridge. Around a place where a
ridge ends or forks one side has a ridge more than the other, so the phase does not close: its sum around the
place is one turn, and the sign says on which side the further ridge lies (Larkin and Fletcher, 2007). Unlike
the crossing number of a skeleton this does not change when an ending touches its neighbour.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.ridges import Floats
from station.biometrics.finger.waves import Wave


@dataclass(frozen=True, slots=True)
class Dislocations:
    """Places in pixels of the wave, ``angle`` (radians, y down) towards the side with the further ridge."""

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    angle: Floats = field(repr=False)

    def take(self, index: NDArray[np.intp]) -> "Dislocations":
        """Return the chosen ones, in that order."""
        return Dislocations(self.x[index], self.y[index], self.angle[index])


def dislocations(wave: Wave, angle: Floats, inside: NDArray[np.bool_]) -> Dislocations:
    """Return the dislocations of all cells of four pixels whose first pixel is ``inside``."""
    if min(angle.shape) < 2:
        none = np.zeros(0, np.float32)
        return Dislocations(none, none, none)
    # A loop of four corners; each is told in the frame of the first, flows have no sign of their own.
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]
    height, width = angle.shape
    parts = [(slice(r, height - 1 + r), slice(c, width - 1 + c)) for r, c in corners]
    first = angle[parts[0]]
    signs = [np.cos(angle[part] - first) >= 0 for part in parts]
    phase = np.arctan2(-wave.odd, wave.even)
    phases = [
        np.where(sign, phase[part], -phase[part]) for sign, part in zip(signs, parts, strict=True)
    ]
    turns = np.zeros(first.shape, np.float32)
    closed = np.asarray(inside[parts[0]]).copy()
    for one in range(4):
        other = (one + 1) % 4
        turns += np.rint((phases[other] - phases[one]) / np.float32(2 * np.pi))
        alike = np.cos(angle[parts[other]] - angle[parts[one]]) >= 0
        closed &= alike == (signs[other] == signs[one])
    y, x = np.nonzero((turns != 0) & closed)
    # The steps taken without their whole turns sum to minus those turns.
    ahead = turns[y, x] < 0
    way = first[y, x] + np.where(ahead, 0, np.pi)
    half = np.float32(0.5)
    return Dislocations(
        x.astype(np.float32) + half, y.astype(np.float32) + half, way.astype(np.float32)
    )
