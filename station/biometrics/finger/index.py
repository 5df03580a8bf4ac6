"""Everyone recorded at this site, by fingers: add, remove, and find the same person again among thousands.

Two stages: the 64-bit words of ``neighbourhood`` rank all people at once over all fingers of the query,
then the matcher compares the few best. A person is told when two fingers agree, or one beyond doubt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.decision import FEWEST_MATCHED, THRESHOLD, threshold_for
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.neighbourhood import Words, likeness, words
from station.biometrics.finger.prepared import BEST, Floats, Prepared, prepare
from station.biometrics.finger.search import Candidate, Prints, ordered, ranked
from station.devices import FingerPosition
from station.minutiae import Template

SHORTLIST: Final = 20  # people compared in full
ALONE: Final = threshold_for(
    1e-8
)  # one finger alone must say so, against all fingers of all people
_TRIED = 4  # fingers of a person, the most alike first, before giving the person up
_ENOUGH = 2
_GRAIN = 8  # steps per pixel
_STEPS = 256  # directions

ROW: Final = np.dtype([("x", "<i2"), ("y", "<i2"), ("angle", "u1")])
Rows = NDArray[np.void]  # (n,) of ROW


@dataclass(frozen=True, slots=True)
class Kept:
    """One print as the index keeps it: at most 40 minutiae and the word of each."""

    rows: Rows = field(repr=False)
    words: Words = field(repr=False)  # (n,)

    def prepared(self) -> Prepared:
        """Return the print ready for comparison."""
        none = np.zeros(len(self.rows), np.uint8)
        x, y = (self.rows[name].astype(np.float32) * np.float32(1 / _GRAIN) for name in ("x", "y"))
        angle = self.rows["angle"].astype(np.float32) * np.float32(2 * np.pi / _STEPS)
        return prepare(Template(x, -y, angle, none, none, 0, 0))


def keep(print_: Prepared) -> Kept:
    """Return a print as the index keeps it: places to 1/8 pixel, angles to 1.4 degrees."""
    rows = np.empty(len(print_), ROW)
    rows["x"], rows["y"] = np.rint(print_.x * _GRAIN), np.rint(print_.y * _GRAIN)
    rows["angle"] = np.rint(print_.angle * (_STEPS / (2 * np.pi))).astype(np.int32) % _STEPS
    return Kept(rows, words(print_)[: len(print_)])


class Index:
    """The fingers of many people in memory; not safe for use by two threads at once."""

    def __init__(self) -> None:
        self._shelves = {position: _Shelf() for position in FingerPosition}
        self._people: dict[str, dict[FingerPosition, Kept]] = {}

    def __len__(self) -> int:
        return len(self._people)

    def __contains__(self, subject: str) -> bool:
        return subject in self._people

    def __iter__(self) -> Iterator[tuple[str, Mapping[FingerPosition, Kept]]]:
        """Yield everyone, in the order they were added."""
        yield from self._people.items()

    def add(self, subject: str, prints: Prints) -> None:
        """Take in a person's fingers; those without minutiae are left out.

        Raises:
            ValueError: the subject is there already.
        """
        ready = ordered(prints)
        self.put(subject, {where: keep(found) for where, found in ready.items() if len(found)})

    def put(self, subject: str, kept: Mapping[FingerPosition, Kept]) -> None:
        """Take in prints that are in the index's own form; as ``add``."""
        if subject in self._people:
            message = "this subject is in the index already"
            raise ValueError(message)
        self._people[subject] = dict(kept)
        for position, print_ in kept.items():
            self._shelves[position].add(subject, print_.words)

    def remove(self, subject: str) -> None:
        """Forget a person; KeyError when there is none of that name."""
        for position in self._people.pop(subject):
            self._shelves[position].remove(subject)

    def search(
        self, probes: Prints, *, but: str = "", limit: int = 10, shortlist: int = SHORTLIST
    ) -> tuple[Candidate, ...]:
        """Return the people who have these fingers, best first; ``but`` is left out of the answer.

        Each finger is looked for among the same fingers of everybody.
        """
        ready = ordered({where: found for where, found in probes.items() if len(found) > 2})
        alike = self._alike(ready)
        alike.pop(but, None)
        total = {who: _joint(fingers) for who, fingers in alike.items()}
        first = sorted(total, key=lambda who: (-total[who], who))[:shortlist]
        return ranked((self._compared(who, ready, alike[who]) for who in first), limit)

    def _alike(
        self, probes: Mapping[FingerPosition, Prepared]
    ) -> dict[str, dict[FingerPosition, float]]:
        found: dict[str, dict[FingerPosition, float]] = {}
        for position, probe in probes.items():
            shelf = self._shelves[position]
            for subject, value in zip(shelf.subjects, shelf.likeness(probe).tolist(), strict=True):
                found.setdefault(subject, {})[position] = value
        return found

    def _compared(
        self,
        subject: str,
        probes: Mapping[FingerPosition, Prepared],
        alike: Mapping[FingerPosition, float],
    ) -> Candidate | None:
        score, best, agreeing = 0.0, 0.0, []
        held = self._people[subject]
        for position in sorted(alike, key=lambda where: (-alike[where], where.value))[:_TRIED]:
            match = compare(probes[position], held[position].prepared())
            if match.score >= THRESHOLD and match.matched >= FEWEST_MATCHED:
                score += match.score / THRESHOLD
                best = max(best, match.score)
                agreeing.append(position)
                if len(agreeing) == _ENOUGH:
                    break
        if len(agreeing) < _ENOUGH and best < ALONE:
            return None
        return Candidate(subject, round(score, 3), tuple(agreeing))


def _joint(fingers: Mapping[FingerPosition, float]) -> float:
    """Return one figure for all fingers, fair between people with many and with few."""
    return float(sum(fingers.values()) / len(fingers) ** 0.5)


class _Shelf:
    """The words of one finger of everybody, as columns that grow; a removed one is filled by the last."""

    def __init__(self) -> None:
        self.subjects: list[str] = []
        self._column: dict[str, int] = {}
        self._words = np.zeros((BEST, 16), np.uint64)

    def add(self, subject: str, found: Words) -> None:
        at = len(self.subjects)
        if at == self._words.shape[1]:
            self._words = np.concatenate([self._words, np.zeros_like(self._words)], axis=1)
        self._words[: len(found), at] = found
        self._words[len(found) :, at] = found[0]
        self.subjects.append(subject)
        self._column[subject] = at

    def remove(self, subject: str) -> None:
        at, last = self._column.pop(subject), self.subjects.pop()
        if last != subject:
            self._words[:, at] = self._words[:, len(self.subjects)]
            self.subjects[at] = last
            self._column[last] = at

    def likeness(self, probe: Prepared) -> Floats:
        if not self.subjects:
            return np.zeros(0, np.float32)
        return likeness(words(probe)[: len(probe)], self._words[:, : len(self.subjects)])
