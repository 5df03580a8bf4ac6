"""One against many: which of the enrolled people has these fingers.

``search`` compares with everyone and suits some hundred people; ``index.Index`` finds the few worth comparing
among many thousand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station.biometrics.finger.decision import FEWEST_MATCHED, THRESHOLD
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.prepared import Prepared, prepare
from station.devices import FingerPosition
from station.minutiae import Template

Prints = Mapping[FingerPosition, Template | Prepared]

_ENOUGH = 3  # fingers that agree: further ones cannot change the answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """One enrolled person who may be the searched one."""

    subject: str  # the caller's key of the person; an opaque id, never a NIK in logs
    score: float  # sum of the agreeing fingers' scores, in thresholds
    fingers: tuple[FingerPosition, ...]  # those that agree


def search(
    probes: Prints, gallery: Iterable[tuple[str, Prints]], *, limit: int = 10
) -> tuple[Candidate, ...]:
    """Return the people with at least one agreeing finger, best first.

    Compares finger with the same finger; the best-covered fingers come first and three that agree
    settle a person, so a full ten-print search costs little more than three comparisons per hit and
    ten per miss. Templates that are ``prepared`` already are compared faster.
    """
    ready = ordered(probes)
    found = [candidate(subject, ready, prints) for subject, prints in gallery]
    return ranked(found, limit)


def ordered(probes: Prints) -> dict[FingerPosition, Prepared]:
    """Return the probes made ready, those with the most minutiae first."""
    order = sorted(probes, key=lambda position: -len(probes[position]))
    return {position: _ready(probes[position]) for position in order}


def candidate(
    subject: str, probes: Mapping[FingerPosition, Prepared], prints: Prints
) -> Candidate | None:
    """Return the person as a candidate, or None where no finger agrees."""
    score, agreeing = 0.0, []
    for position, probe in probes.items():
        if position not in prints:
            continue
        match = compare(probe, prints[position])
        if match.score >= THRESHOLD and match.matched >= FEWEST_MATCHED:
            score += match.score / THRESHOLD
            agreeing.append(position)
            if len(agreeing) == _ENOUGH:
                break
    return Candidate(subject, round(score, 3), tuple(agreeing)) if agreeing else None


def ranked(found: Iterable[Candidate | None], limit: int) -> tuple[Candidate, ...]:
    """Return the best candidates, best first."""
    there = [each for each in found if each is not None]
    there.sort(key=lambda each: (-each.score, each.subject))
    return tuple(there[:limit])


def _ready(print_: Template | Prepared) -> Prepared:
    return print_ if isinstance(print_, Prepared) else prepare(print_)
