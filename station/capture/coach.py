"""The photo coach: one instruction at a time, and the moment at which the photo takes itself."""

from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

from station.biometrics.verdict import Verdict
from station.guidance import Guidance

# An instruction stays long enough to be read and acted on; the live verdict may flicker faster.
_DWELL_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Coaching:
    """What to show now. ``held`` runs 0..1 while everything is good; ``take`` is true exactly once."""

    guidance: Guidance
    held: float
    take: bool


class PhotoCoach:
    """Turns a stream of verdicts into calm guidance and one automatic release."""

    def __init__(self, hold_still_s: float) -> None:
        self._hold_s = hold_still_s
        self._good_since: float | None = None
        self._shown: Guidance | None = None
        self._shown_at = 0.0
        self._recent: deque[tuple[float, Guidance]] = deque()
        self._released = False

    def reset(self) -> None:
        """Start again for a retake."""
        self._good_since = None
        self._shown = None
        self._recent.clear()
        self._released = False

    def feed(self, verdict: Verdict, t_mono: float) -> Coaching:
        """Take one live verdict; return what to show and whether to take the photo of this very frame."""
        if verdict.usable:
            self._good_since = t_mono if self._good_since is None else self._good_since
            held = min(1.0, (t_mono - self._good_since) / self._hold_s)
            take = held >= 1.0 and not self._released
            self._released = self._released or take
            self._shown, self._shown_at = Guidance.READY, t_mono
            self._recent.clear()
            return Coaching(Guidance.READY, held, take)
        self._good_since = None
        return Coaching(self._calm(verdict, t_mono), 0.0, take=False)

    def _calm(self, verdict: Verdict, t_mono: float) -> Guidance:
        """Return the instruction of the last moments: the most frequent one, held for a dwell time."""
        urgent = verdict.guidance[0] if verdict.guidance else Guidance.HOLD_STILL
        self._recent.append((t_mono, urgent))
        while self._recent and t_mono - self._recent[0][0] > _DWELL_S:
            self._recent.popleft()
        if self._shown is None or t_mono - self._shown_at >= _DWELL_S:
            wanted = Counter(code for _, code in self._recent).most_common(1)[0][0]
            if wanted is not self._shown:
                self._shown, self._shown_at = wanted, t_mono
        return self._shown if self._shown is not None else urgent
