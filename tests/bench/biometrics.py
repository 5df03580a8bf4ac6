"""Speed and accuracy of the built-in biometric engine.

``REKAM_DEV_DATA`` may name a folder of real pictures (``finger/*/<finger>_<impression>.png``, grey, 500
ppi); then the accuracy on those is told too. Without it everything is synthetic.
"""

import itertools
import os
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.decision import THRESHOLD, same_finger
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition
from station.minutiae import Template
from tests.bench.rows import BenchRow, timed, wilson

_BODIES, _IMPRESSIONS = (70, 71, 72, 73), 3
_POSITIONS = tuple(FingerPosition)[:10]
Prints = Sequence[tuple[Hashable, Template]]


def rows() -> list[BenchRow]:
    """Return speed first, then accuracy; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_finger(), *_accuracy("synthetic", _synthetic()), *_real()]
    finally:
        cv2.setNumThreads(threads)


def _finger() -> Iterator[BenchRow]:
    picture = impression(FingerIdentity(1, FingerPosition.RIGHT_INDEX), 1)
    one = extract(picture, 500)
    other = extract(impression(FingerIdentity(1, FingerPosition.RIGHT_INDEX), 2), 500)
    note = f"{len(one)} and {len(other)} minutiae"
    yield timed("finger compare", 4, lambda: compare(one, other), note=note)


def _synthetic() -> Prints:
    return [
        ((body, position), extract(impression(FingerIdentity(body, position), seed), 500))
        for body in _BODIES
        for position in _POSITIONS
        for seed in range(_IMPRESSIONS)
    ]


def _real() -> list[BenchRow]:
    folder = os.environ.get("REKAM_DEV_DATA")
    prints = []
    for path in sorted(Path(folder).glob("finger/*/[0-9]*_[0-9]*.png")) if folder else ():
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        prints.append((path.stem.split("_")[0], extract(np.asarray(picture, np.uint8), 500)))
    return list(_accuracy("plain optical", prints)) if prints else []


def _accuracy(name: str, prints: Prints) -> Iterator[BenchRow]:
    genuine, impostor = [], []
    for (one, first), (other, second) in itertools.combinations(prints, 2):
        (genuine if one == other else impostor).append(compare(first, second))
    own, foreign = (np.array([m.score for m in part]) for part in (genuine, impostor))
    refused = sum(not same_finger(match) for match in genuine)
    accepted = sum(same_finger(match) for match in impostor)
    source = f"{len(prints)} {name} prints"
    yield BenchRow(
        f"{name}: FNMR at threshold {THRESHOLD:g}",
        "%",
        100 * refused / len(genuine),
        None,
        3,
        _share(refused, len(genuine)),
    )
    yield BenchRow(
        f"{name}: FMR at threshold {THRESHOLD:g}",
        "%",
        100 * accepted / len(impostor),
        None,
        0,
        _share(accepted, len(impostor)),
    )
    yield BenchRow(
        f"{name}: equal error rate", "%", 100 * _equal_error(own, foreign), None, None, source
    )
    yield BenchRow(
        f"{name}: highest impostor score", "", float(foreign.max()), None, THRESHOLD, source
    )
    yield BenchRow(f"{name}: lowest genuine score", "", float(own.min()), None, None, source)


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits} of {of}; 95 % between {100 * low:.2f} and {100 * high:.2f} %"


def _equal_error(genuine: np.ndarray, impostor: np.ndarray) -> float:
    steps = np.unique(np.concatenate([genuine, impostor]))
    missed = np.array([(genuine < step).mean() for step in steps])
    false = np.array([(impostor >= step).mean() for step in steps])
    at = int(np.argmin(np.abs(missed - false)))
    return float(missed[at] + false[at]) / 2
