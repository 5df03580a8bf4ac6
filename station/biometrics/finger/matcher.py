"""Compare two sets of minutiae: find the motions on which most agree, and weigh how they agree.

``prepared`` describes each minutia's surroundings, ``motion`` proposes and fits motions, ``evidence``
weighs them, ``decision`` says which score is enough. Sources stand in docs/biometrics/matching.md.
"""

from dataclasses import dataclass
from typing import Final

from station.biometrics.finger.evidence import weigh
from station.biometrics.finger.motion import fitted, turns, voted
from station.biometrics.finger.prepared import Prepared, prepare
from station.minutiae import Template

ALGORITHM: Final = "rekam.matcher"
VERSION: Final = "2"
_FEWEST = 3
_WEIGHED = 3  # motions that are weighed in full
# Of different fingers one in twenty has any evidence at all; from there on the share falls by a decade every
# 1.75 decades of evidence (fitted to the tail: docs/biometrics/matching.md, "Score").
_OFFSET, _SLOPE = 10.6, 5.7


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two impressions are.

    ``score`` is about -10 log10 of the share of different fingers that score as high, from 0,
    unbounded; ``matched`` counts the minutiae that agree.
    """

    score: float
    matched: int


def compare(probe: Template | Prepared, reference: Template | Prepared) -> Match:
    """Return the similarity; the same whichever comes first and in whatever order minutiae stand."""
    a, b = _ready(probe), _ready(reference)
    if min(len(a), len(b)) < _FEWEST:
        return Match(0.0, 0)
    if (len(b), b.key) < (len(a), a.key):
        a, b = b, a  # one fixed direction makes the score symmetric to the last bit
    turn = turns(a, b)
    motions = fitted(a, b, turn, voted(a, b, turn), keep=_WEIGHED)
    best = weigh(a, b, turn, motions)
    if best.decades <= 0:
        return Match(0.0, best.matched)
    return Match(round(_OFFSET + _SLOPE * best.decades, 2), best.matched)


def _ready(print_: Template | Prepared) -> Prepared:
    return print_ if isinstance(print_, Prepared) else prepare(print_)
