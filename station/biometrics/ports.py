"""The exchangeable parts of the biometric engine: what a site may replace by an engine of its own.

Every part says who it is. A score is only ever compared with scores of the same ``algorithm`` and
``version``; ids that begin with ``rekam.`` belong to the built-in parts.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from station.biometrics.face.locator import FaceLocator
from station.biometrics.verdict import Verdict
from station.devices import Pixels
from station.minutiae import Template

__all__ = ["Comparison", "FaceLocator", "Matcher", "MinutiaeExtractor", "QualityScorer"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two prints are, on the matcher's own scale, and its decision."""

    score: float  # higher is more alike
    same: bool  # at or above the matcher's threshold
    matched: int = 0  # minutiae that agree; 0 where the matcher does not say


@runtime_checkable
class QualityScorer(Protocol):
    """Judges one fingerprint."""

    @property
    def algorithm(self) -> str:
        """Stable id, stored with every score: "nfiq2", "vendor.quality", ..."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same pixels may give another score."""
        ...

    def judge(self, image: Pixels, ppi: int) -> Verdict:
        """Return the verdict on a grey picture (h, w), ridges dark; called from any one thread at a time."""
        ...


@runtime_checkable
class MinutiaeExtractor(Protocol):
    """Finds the minutiae of one fingerprint."""

    @property
    def algorithm(self) -> str:
        """Stable id."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same pixels may give other minutiae."""
        ...

    def extract(self, image: Pixels, ppi: int) -> Template:
        """Return the minutiae at 500 ppi in the conventions of ``station.minutiae``."""
        ...


@runtime_checkable
class Matcher(Protocol):
    """Compares two prints by their minutiae."""

    @property
    def algorithm(self) -> str:
        """Stable id."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same templates may give another score."""
        ...

    @property
    def threshold(self) -> float:
        """The score from which two prints count as one finger."""
        ...

    @property
    def fmr(self) -> float:
        """The false match rate the threshold stands for, 0..1: as measured by the matcher's maker."""
        ...

    def compare(self, probe: Template, reference: Template) -> Comparison:
        """Return the comparison; the same whichever comes first."""
        ...
