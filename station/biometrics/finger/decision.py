"""Same finger or not: the one threshold on match scores, and where it comes from.

Set on impostors. Synthetic fingers (20 x 3 impressions): the highest of 1710 impostor scores is 72, the
lowest of 60 genuine ones 158, so no error of either kind; none in 1710 still allows a false match rate of
0.22 % (Wilson, 95 %). On 44 plain optical prints of a public research set the equal error rate is 0.5 %,
but impostors there stay below 38 and this threshold refuses 27 % of genuine pairs, most of them poor or
partly overlapping: a site with real prints calibrates its own. A refusal asks for another try or a
supervisor, it never closes a record.
"""

from typing import Final

from station.biometrics.finger.matcher import Match

THRESHOLD: Final = 38.0
FEWEST_MATCHED: Final = 6


def same_finger(match: Match) -> bool:
    """Return whether two impressions are of one finger."""
    return match.score >= THRESHOLD and match.matched >= FEWEST_MATCHED
