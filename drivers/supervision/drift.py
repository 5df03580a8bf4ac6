"""When a device's quality has drifted away from its own past, by a rule that few odd people cannot trip.

The last samples of twelve people are compared with the samples before them, median against median. A drop
counts when it is larger than three standard errors of a median - 1.2533 sigma / sqrt(n), with sigma taken as
1.4826 times the median absolute deviation of the past, and n the number of *people*, because the ten fingers
of one person rise and fall together - and larger than eight points, below which nobody would act.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from station.devices import Modality

PEOPLE: Final = 12  # whose samples are the present
PAST_PEOPLE: Final = 24  # fewer than these are no past to compare with
_SAMPLES_OF_ONE: Final = {
    Modality.FACE: 1,
    Modality.FINGER: 10,
    Modality.IRIS: 2,
    Modality.SIGNATURE: 1,
    Modality.CARD: 1,
}
_SIGMAS: Final = 3.0
_LEAST_DROP: Final = 8.0
_MEDIAN_ERROR: Final = 1.2533  # of a median of normal samples, in sigma / sqrt(n)
_MAD_TO_SIGMA: Final = 1.4826


@dataclass(frozen=True, slots=True)
class Drift:
    """A drop of quality: the past's median, the present's, and how large a drop chance explains."""

    usual: float
    now: float
    allowed: float
    lasting: bool  # the window before the present one was low too


def window(modality: Modality) -> int:
    """Return how many samples are the present."""
    return PEOPLE * _SAMPLES_OF_ONE[modality]


def kept(modality: Modality) -> int:
    """Return how many samples are worth keeping: the present, the one before, and a long past."""
    return (2 * PEOPLE + 4 * PAST_PEOPLE) * _SAMPLES_OF_ONE[modality]


def drift_of(scores: Sequence[int], modality: Modality) -> Drift | None:
    """Return the drift that the scores, oldest first, show; None when there is none or too little past."""
    size = window(modality)
    past, before, now = scores[: -2 * size], scores[-2 * size : -size], scores[-size:]
    if len(past) < PAST_PEOPLE * _SAMPLES_OF_ONE[modality]:
        # A young device: the window before is its past.
        past, before = scores[:-size], ()
        if len(past) < PAST_PEOPLE * _SAMPLES_OF_ONE[modality]:
            return None
    usual = float(median(past))
    spread = _MAD_TO_SIGMA * float(median(abs(score - usual) for score in past))
    allowed = max(_LEAST_DROP, _SIGMAS * _MEDIAN_ERROR * spread / math.sqrt(PEOPLE))
    present = float(median(now))
    if usual - present <= allowed:
        return None
    lasting = bool(before) and usual - float(median(before)) > allowed
    return Drift(usual, present, allowed, lasting)


def usual_of(values: Sequence[float]) -> float | None:
    """Return the median of what a device did before, None when it did nothing yet."""
    return float(median(values)) if values else None
