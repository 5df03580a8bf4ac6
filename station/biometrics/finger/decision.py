"""Same finger or not: the one threshold on match scores, and where it comes from.

Set between two kinds of prints. Synthetic: three groups of 40 fingers (four bodies each, so neighbouring
fingers too) x 3 impressions gave one impostor score in 21060 at or above it (47.6, two fingers of which
other impressions stay below; 0.001 to 0.027 %, Wilson, 95 %), the next is 37.7; of 360 genuine pairs the
lowest has 146. One of the groups was never looked at before: 0 in 7020, highest 37.7. On 44 plain
optical prints of a public research set: 0 of 800 impostor pairs (at most 0.48 %; highest 27.2) and 4 of 146 genuine pairs
refused (2.7 %; 1.1 to 6.8 %), of them the poorest and least overlapping. The matcher's parameters were chosen while looking
at those 44 prints, so they flatter it: a site with real prints calibrates its own. A refusal asks for
another try or a supervisor, it never closes a record.
"""

from typing import Final

from station.biometrics.finger.matcher import Match

THRESHOLD: Final = 38.0
FEWEST_MATCHED: Final = 6


def same_finger(match: Match) -> bool:
    """Return whether two impressions are of one finger."""
    return match.score >= THRESHOLD and match.matched >= FEWEST_MATCHED
