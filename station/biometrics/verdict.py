"""The form of every judgement: measures with thresholds, one score, guidance in order of urgency."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station.guidance import Guidance


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured quantity and the band in which it is good (None = open end)."""

    name: str  # stable key: "inter_eye_px", "area_mm2", ...
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    component: int | None = None  # 0..100 on the curve of the standard, where it has one

    @property
    def ok(self) -> bool:
        """Whether the value lies in its band, ends included."""
        above = self.low is None or self.value >= self.low
        below = self.high is None or self.value <= self.high
        return above and below

    @property
    def too_low(self) -> bool:
        """Whether the value lies under its band."""
        return self.low is not None and self.value < self.low


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of one image. ``score`` is 0..100; ``usable`` = all gates hold."""

    algorithm: str  # "rekam.finger"
    version: str  # "1"
    score: int
    measures: tuple[Measure, ...]
    guidance: tuple[Guidance, ...]  # most urgent first; empty when usable
    advice: tuple[Guidance, ...] = ()  # worth asking, never a reason to refuse: usable or not
    reasons: tuple[str, ...] = ()  # stable codes of what is wrong, where the judge has such
    not_measured: tuple[str, ...] = ()  # what the standard asks and this judge cannot tell

    @property
    def usable(self) -> bool:
        """Whether every gate holds."""
        return all(measure.ok for measure in self.measures)

    def measure(self, name: str) -> Measure:
        """Return the measure of that name; KeyError when it was not taken."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)


Told = tuple[tuple[str, Callable[[Measure], Guidance]], ...]  # per measure, in the order it is said


def guidance_of(measures: Sequence[Measure], told: Told) -> tuple[Guidance, ...]:
    """Return what the table says of the measures out of their band, each instruction once."""
    failed = {measure.name: measure for measure in measures if not measure.ok}
    return tuple(dict.fromkeys(tell(failed[name]) for name, tell in told if name in failed))
