"""The built-in parts behind the ports: always there, whatever a site plugs in."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from station.biometrics.face.locator import HaarLocator
from station.biometrics.finger import decision, matcher, minutiae, quality
from station.biometrics.finger.prepared import Prepared, prepare
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

_REMEMBERED: Final = 2000  # prints kept ready for comparison, 50 kB each


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

    algorithm: str = minutiae.ALGORITHM
    version: str = minutiae.VERSION

    def extract(self, image: Pixels, ppi: int) -> Template:
        """Return the station's minutiae."""
        return minutiae.extract(image, ppi)


class StationMatcher:
    """The station's own matcher, at a false match rate; keeps the prints it has seen ready."""

    def __init__(self, rate: float = decision.FALSE_MATCH_RATE) -> None:
        """Decide at this false match rate; ValueError when it is not one."""
        self._rate, self._threshold = rate, decision.threshold_for(rate)
        self._ready: OrderedDict[int, tuple[Template, Prepared]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def algorithm(self) -> str:
        """Stable id."""
        return matcher.ALGORITHM

    @property
    def version(self) -> str:
        """Of the scores."""
        return matcher.VERSION

    @property
    def threshold(self) -> float:
        """The score from which two prints count as one finger."""
        return self._threshold

    @property
    def fmr(self) -> float:
        """The false match rate that was chosen."""
        return self._rate

    def compare(self, probe: Template, reference: Template) -> Comparison:
        """Return the station's comparison."""
        match = matcher.compare(self.prepared(probe), self.prepared(reference))
        return Comparison(match.score, decision.same_finger(match, self._rate), match.matched)

    def prepared(self, template: Template) -> Prepared:
        """Return a print ready for comparison, made once while it is remembered."""
        key = id(template)
        with self._lock:
            found = self._ready.get(key)
            if found is not None and found[0] is template:  # kept beside: its id cannot be reused
                self._ready.move_to_end(key)
                return found[1]
        made = prepare(template)
        with self._lock:
            self._ready[key] = (template, made)
            if len(self._ready) > _REMEMBERED:
                self._ready.popitem(last=False)
        return made


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
