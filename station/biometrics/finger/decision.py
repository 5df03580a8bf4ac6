"""Same finger or not: from a score to a false match rate and back, and the rate that is the rule.

A score is about -10 log10 of the share of pairs of different fingers that reach it, as docs/biometrics/matching.md
measures it; a site may choose its own rate. A refusal asks for another try or a supervisor, it never closes
a record.
"""

import math
from typing import Final

from station.biometrics.finger.matcher import Match

FALSE_MATCH_RATE: Final = 1e-4  # one comparison of different fingers in ten thousand
FEWEST_MATCHED: Final = 6
MEASURED_TO: Final = (
    1e-4  # below this rate the score's line is an extrapolation: too few pairs reached it
)
_RAREST: Final = 1e-12  # far beyond anything measured: a threshold there is an extrapolation


def threshold_for(rate: float) -> float:
    """Return the score that different fingers reach with this probability, 1e-12..1.

    Raises:
        ValueError: the rate is not in that range.
    """
    if not _RAREST <= rate <= 1:
        message = f"a false match rate lies in {_RAREST}..1, not {rate}"
        raise ValueError(message)
    return -10 * math.log10(rate)


def false_match_rate(score: float) -> float:
    """Return the probability that two different fingers reach the score; extrapolated below ``MEASURED_TO``."""
    return max(_RAREST, min(1.0, 10 ** (-score / 10)))


THRESHOLD: Final = threshold_for(FALSE_MATCH_RATE)


def same_finger(match: Match, rate: float = FALSE_MATCH_RATE) -> bool:
    """Return whether two impressions are of one finger, at this false match rate."""
    return match.score >= threshold_for(rate) and match.matched >= FEWEST_MATCHED
