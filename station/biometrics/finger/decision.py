"""Same finger or not: the one threshold on match scores, and where it comes from."""

from typing import Final

from station.biometrics.finger.matcher import Match

THRESHOLD: Final = 85.0
FEWEST_MATCHED: Final = 8


def same_finger(match: Match) -> bool:
    """Return whether two impressions are of one finger."""
    return match.score >= THRESHOLD and match.matched >= FEWEST_MATCHED
