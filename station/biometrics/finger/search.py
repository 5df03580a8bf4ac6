"""One against many: which of the enrolled people has these fingers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station.biometrics.finger.decision import THRESHOLD, same_finger
from station.biometrics.finger.matcher import compare
from station.devices import FingerPosition
from station.minutiae import Template

Prints = Mapping[FingerPosition, Template]

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
    ten per miss, about 4 ms each.
    """
    order = sorted(probes, key=lambda position: -len(probes[position]))
    found = []
    for subject, prints in gallery:
        candidate = _candidate(subject, probes, prints, order)
        if candidate is not None:
            found.append(candidate)
    found.sort(key=lambda candidate: (-candidate.score, candidate.subject))
    return tuple(found[:limit])


def _candidate(
    subject: str, probes: Prints, prints: Prints, order: list[FingerPosition]
) -> Candidate | None:
    score, agreeing = 0.0, []
    for position in order:
        if position not in prints:
            continue
        match = compare(probes[position], prints[position])
        if same_finger(match):
            score += match.score / THRESHOLD
            agreeing.append(position)
            if len(agreeing) == _ENOUGH:
                break
    return Candidate(subject, round(score, 3), tuple(agreeing)) if agreeing else None
