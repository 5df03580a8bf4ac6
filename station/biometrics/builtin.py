"""The built-in parts behind the ports: always there, whatever a site plugs in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from station.biometrics.face.locator import HaarLocator
from station.biometrics.finger import decision, matcher, minutiae, quality
from station.biometrics.ports import (
    Comparison,
    FaceLocator,
    Matcher,
    MinutiaeExtractor,
    QualityScorer,
)
from station.biometrics.verdict import Verdict
from station.devices import Pixels
from station.minutiae import Template

FMR: Final = 1e-4  # see station.biometrics.finger.decision


@dataclass(frozen=True, slots=True)
class StationQuality:
    """The station's own finger score."""

    algorithm: str = quality.ALGORITHM
    version: str = quality.VERSION

    def judge(self, image: Pixels, ppi: int) -> Verdict:
        """Return the station's verdict."""
        return quality.judge(image, ppi)


@dataclass(frozen=True, slots=True)
class StationMinutiae:
    """The station's own extractor."""

    algorithm: str = "rekam.minutiae"
    version: str = "2"

    def extract(self, image: Pixels, ppi: int) -> Template:
        """Return the station's minutiae."""
        return minutiae.extract(image, ppi)


@dataclass(frozen=True, slots=True)
class StationMatcher:
    """The station's own matcher."""

    algorithm: str = "rekam.matcher"
    version: str = "2"
    threshold: float = decision.THRESHOLD
    fmr: float = FMR

    def compare(self, probe: Template, reference: Template) -> Comparison:
        """Return the station's comparison."""
        match = matcher.compare(probe, reference)
        return Comparison(match.score, decision.same_finger(match), match.matched)


def station_locator() -> FaceLocator:
    """Return the station's own face locator; one for each thread."""
    return HaarLocator()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts an engine is made of. ``locator`` makes one for each thread that asks."""

    quality: QualityScorer = field(default_factory=StationQuality)
    minutiae: MinutiaeExtractor = field(default_factory=StationMinutiae)
    matcher: Matcher = field(default_factory=StationMatcher)
    locator: Callable[[], FaceLocator] = station_locator
    plugged: tuple[str, ...] = ()  # names of the parts that are not the station's own
