"""Speed of the finger's judge, whether it names the right cause, and what its score is worth.

``REKAM_DEV_DATA`` may name a folder with ``finger/nfiq2.csv`` (NFIQ 2 scores and native features) and the pictures
it lists; then the station quality is set against them. No figure here was used to choose anything but the
shapes told in docs/biometrics/finger-quality.md.
"""

import csv
import itertools
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.features import Features, measure
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.quality import judge, verdict_on
from station.biometrics.finger.reasons import Reason
from station.devices import FingerPosition, Pixels
from station.minutiae import Template
from tests.bench.rows import BenchRow, timed, wilson

_POSITIONS = tuple(FingerPosition)[:10]
_FAULTS: Mapping[Reason, Mapping[str, float]] = {
    Reason.TOO_LIGHT: {"pressure": 0.1},
    Reason.TOO_WET: {"pressure": 0.8, "dryness": 0.0},
    Reason.TOO_DRY: {"dryness": 1.0},
    Reason.OFF_CENTRE: {"dx": 90, "dy": 110},
    Reason.PARTIAL: {"contact": 0.3},
}
# Our measure against NFIQ 2's native one, both as a mean over the print.
_NATIVE: Mapping[str, str] = {
    "certainty": "OCL_Bin10_Mean",
    "clarity": "LCS_Bin10_Mean",
    "coherence": "OrientationMap_ROIFilter_CoherenceRel",
    "clear_mm2": "OrientationMap_ROIFilter_CoherenceSum",
    "band": "FDA_Bin10_Mean",
    "spread": "RVUP_Bin10_StdDev",
    "flow_deg": "OF_Bin10_Mean",
}
_DISCARD = 0.2
_FAILING = 0.1  # the matcher's threshold is set to fail this share of genuine pairs


@dataclass(frozen=True, slots=True)
class _Print:
    finger: object
    score: int
    template: Template


def rows() -> list[BenchRow]:
    """Return speed, causes and worth of the score; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_speed(), *_causes(), *_worth("drawn", _drawn()), *_real()]
    finally:
        cv2.setNumThreads(threads)


def _speed() -> Iterator[BenchRow]:
    identity = FingerIdentity(1, FingerPosition.RIGHT_INDEX)
    for width, height, ppi, goal in (
        (300, 400, 500, 8.0),
        (500, 500, 500, 15.0),
        (1000, 1000, 1000, 20.0),
    ):
        picture = impression(identity, 1, width=width, height=height, ppi=ppi, pressure=0.6)
        skin = judge(picture, ppi).measure("area_mm2").value
        note = f"{ppi} ppi, {skin:.0f} mm² of skin"
        yield timed(f"finger quality {width}x{height}", goal, _judging(picture, ppi), note=note)


def _judging(picture: Pixels, ppi: int) -> Callable[[], object]:
    return lambda: judge(picture, ppi)


def _causes() -> Iterator[BenchRow]:
    identities = [FingerIdentity(80 + body, position) for body in (0, 1) for position in _POSITIONS]
    for reason, fault in _FAULTS.items():
        named = [
            judge(impression(identity, 1, **fault), 500).reasons[:1] == (reason,)  # type: ignore[arg-type]
            for identity in identities
        ]
        yield _share_row(f"drawn {reason}: not named first", len(named) - sum(named), named, 20)
    refused = [not judge(impression(identity, 1), 500).usable for identity in identities]
    yield _share_row("drawn and sound: refused", sum(refused), refused, 5)


def _share_row(name: str, hits: int, of: Sequence[object], goal: float) -> BenchRow:
    low, high = wilson(hits, len(of))
    note = f"{hits} of {len(of)}; 95 % between {100 * low:.1f} and {100 * high:.1f} %"
    return BenchRow(name, "%", 100 * hits / len(of), None, goal, note)


def _drawn() -> list[_Print]:
    """Return twelve fingers, six impressions each, from sound to hardly legible."""
    prints = []
    for number in range(12):
        identity = FingerIdentity(90 + number, _POSITIONS[number % 10])
        rng = np.random.default_rng((5, number))
        for seed in range(6):
            picture = impression(
                identity,
                seed,
                pressure=float(rng.uniform(0.1, 0.95)),
                dryness=float(rng.uniform(0.0, 1.0)),
                contact=float(rng.uniform(0.3, 1.0)),
                blur=float(rng.choice([0.0, 0.0, 2.0])),
                noise=float(rng.uniform(3, 40)),
            )
            prints.append(_Print(number, judge(picture, 500).score, extract(picture, 500)))
    return prints


def _worth(name: str, prints: Sequence[_Print]) -> Iterator[BenchRow]:
    """Tell what discarding the worst fifth of the pictures does to the false non-match rate."""
    genuine = [
        (min(one.score, other.score), compare(one.template, other.template).score)
        for one, other in itertools.combinations(prints, 2)
        if one.finger == other.finger
    ]
    threshold = float(np.quantile([score for _, score in genuine], _FAILING))
    worst = float(np.quantile([each.score for each in prints], _DISCARD))
    kept = [score < threshold for quality, score in genuine if quality >= worst]
    gone = [score < threshold for quality, score in genuine if quality < worst]
    goal = 100 * _FAILING
    yield _share_row(f"{name}: genuine pairs failing, worst 20 % discarded", sum(kept), kept, goal)
    low, high = wilson(sum(gone), len(gone))
    note = f"{sum(gone)} of {len(gone)}; 95 % between {100 * low:.1f} and {100 * high:.1f} %"
    of_gone = 100 * sum(gone) / max(len(gone), 1)
    yield BenchRow(f"{name}: of the discarded pairs fail", "%", of_gone, None, None, note)


def _real() -> Iterator[BenchRow]:
    folder = os.environ.get("REKAM_DEV_DATA")
    table = Path(folder, "finger", "nfiq2.csv") if folder else None
    if table is None or not table.is_file():
        return
    with table.open(newline="") as lines:
        listed = list(csv.DictReader(lines))
    measured = [(line, _measured(table.parent / line["file"])) for line in listed]
    plain = [(line, told) for line, told in measured if line["file"][-6] == "_"]
    yield from _against_nfiq2(plain)
    note = "with the synthetic ones of the set"
    yield _rank_row("station quality and NFIQ 2, all", *_both(measured), None, note)
    prints = [
        _Print(Path(line["file"]).stem.split("_")[0], verdict_on(told).score, extract(picture, 500))
        for line, told in plain
        if (picture := _picture(table.parent / line["file"])) is not None
    ]
    yield from _worth("plain optical", prints)


def _picture(path: Path) -> Pixels:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)


def _measured(path: Path) -> Features:
    return measure(_picture(path))


Listed = Sequence[tuple[Mapping[str, str], Features]]


def _both(measured: Listed) -> tuple[list[float], list[float]]:
    ours = [float(verdict_on(told).score) for _, told in measured]
    return ours, [float(line["nfiq2"]) for line, _ in measured]


def _against_nfiq2(plain: Listed) -> Iterator[BenchRow]:
    yield _rank_row("station quality and NFIQ 2, plain optical", *_both(plain), 0.85, "")
    for name, native in _NATIVE.items():
        ours = [float(getattr(told, name)) for _, told in plain]
        theirs = [float(line[native]) for line, _ in plain]
        yield _rank_row(f"{name} and NFIQ 2's {native}", ours, theirs, None, "")


def _rank_row(
    name: str, ours: Sequence[float], theirs: Sequence[float], goal: float | None, note: str
) -> BenchRow:
    """Return 1 - Spearman's rank correlation, as goals are upper limits, with Fisher's interval."""
    rho = float(np.corrcoef(_ranks(ours), _ranks(theirs))[0, 1])
    half = 1.96 * math.sqrt(1.06 / (len(ours) - 3))
    low, high = (math.tanh(math.atanh(min(rho, 0.9999)) + side * half) for side in (-1, 1))
    told = f"rho {rho:.3f}; 95 % between {low:.2f} and {high:.2f}; n {len(ours)} {note}".strip()
    return BenchRow(f"1 - rho: {name}", "", 1 - rho, None, None if goal is None else 1 - goal, told)


def _ranks(values: Sequence[float]) -> np.ndarray:
    """Return ranks, ties sharing their mean."""
    array = np.asarray(values)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse])
