"""What minutiae add to a still's verdict: too slow for the live view, worth telling of a kept picture."""

from dataclasses import replace
from typing import Final

from station.biometrics.verdict import Measure, Verdict
from station.minutiae import Template

_SURE: Final = 40  # minutia quality from which both this extractor's and other matchers rely on it


def with_minutiae(verdict: Verdict, template: Template) -> Verdict:
    """Return the verdict with the number of minutiae, of sure ones and their mean quality; no gate, same score."""
    count = len(template)
    told = (
        Measure("minutiae", float(count), ""),
        Measure("minutiae_sure", float((template.quality >= _SURE).sum()), ""),
        Measure(
            "minutiae_quality", round(float(template.quality.mean()), 1) if count else 0.0, "0..100"
        ),
    )
    return replace(verdict, measures=verdict.measures + told)
