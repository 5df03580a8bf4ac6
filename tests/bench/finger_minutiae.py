"""Speed of the extractor, how well it finds drawn minutiae, and its agreement with reference minutiae.

``REKAM_DEV_DATA`` may name a folder with ``finger/mindtct/<print>.xyt`` (x, y up, direction in degrees, quality) and
the pictures of the same names; then the two extractors are set against each other, place by place and through
the same matcher. The constants of the extractor were chosen while looking at those prints, so they flatter it.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition, Pixels
from station.minutiae import OTHER, Template
from tests.bench.rows import BenchRow, timed, wilson
from tests.station.biometrics_finger.waves import Known, drawn, nearest

_NEAR_PX, _NEAR_DEG = 8.0, 20.0  # what counts as the same minutia
_MARGIN = 1.5  # error rate allowed, in those of the reference minutiae


def rows() -> list[BenchRow]:
    """Return speed, drawn minutiae, and with real prints the agreement; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_speed(), *_drawn(), *_real()]
    finally:
        cv2.setNumThreads(threads)


def _speed() -> Iterator[BenchRow]:
    identity = FingerIdentity(1, FingerPosition.RIGHT_INDEX)
    for width, height, goal in ((300, 400, 40.0), (500, 500, 60.0), (800, 750, 150.0)):
        picture = impression(identity, 1, width=width, height=height)
        note = f"drawn print, {len(extract(picture, 500))} minutiae"
        yield timed(f"finger minutiae {width}x{height}", goal, _extracting(picture), note=note)
    full = drawn(width=500, height=500, margin=-210)  # ridges up to every border
    yield timed("finger minutiae 500x500, ridges everywhere", 60.0, _extracting(full))


def _extracting(picture: Pixels) -> Callable[[], object]:
    return lambda: extract(picture, 500)


def _drawn() -> Iterator[BenchRow]:
    """Tell how many minutiae drawn at random places are found, and how many are found that are none."""
    rng = np.random.default_rng(11)
    for noise in (4.0, 60.0):
        hits = all_known = false = found_in_all = 0
        for _ in range(30):
            turn = float(rng.uniform(0, np.pi))
            known = [
                Known(x, y, turn + np.pi * rng.integers(2))
                for x, y in ((105, 130), (195, 135), (110, 225), (190, 220), (150, 175))
            ]
            found = extract(drawn(known, turn=turn, period=rng.uniform(6, 12), noise=noise), 500)
            mates = {nearest(found, each) for each in known} - {None}
            hits += len(mates)
            all_known += len(known)
            false += len(found) - len(mates)
            found_in_all += len(found)
        yield _share(f"drawn, noise {noise:g}: missed", all_known - hits, all_known, 5)
        yield _share(f"drawn, noise {noise:g}: false", false, found_in_all, 5)


def _real() -> Iterator[BenchRow]:
    folder = os.environ.get("REKAM_DEV_DATA")
    files = sorted(Path(folder).glob("finger/mindtct/*.xyt")) if folder else []
    pictures = {path.stem: path for path in Path(folder or ".").glob("finger/*/*.png")}
    own: dict[str, Template] = {}
    reference: dict[str, Template] = {}
    for file in files:
        if file.stem not in pictures:
            continue
        grey = cv2.imread(str(pictures[file.stem]), cv2.IMREAD_GRAYSCALE)
        own[file.stem] = extract(np.asarray(grey, np.uint8), 500)
        reference[file.stem] = _read(file, own[file.stem])
    if own:
        yield from _agreement(own, reference)
        yield from _rates(own, reference)


def _read(file: Path, like: Template) -> Template:
    x, up, degrees, quality = np.loadtxt(file, dtype=np.float32, ndmin=2).T
    order = np.argsort(-quality, kind="stable")
    return Template(
        x,
        np.float32(like.height) - up,
        np.mod(np.radians(degrees + 180), 2 * np.pi).astype(np.float32),
        np.full(x.shape, OTHER, np.uint8),
        np.clip(quality, 0, 100).astype(np.uint8),
        like.width,
        like.height,
    ).take(order)


def _agreement(
    own: Mapping[str, Template], reference: Mapping[str, Template]
) -> Iterator[BenchRow]:
    pairs = [(own[name], reference[name]) for name in own]
    for label, limit in (("of the reference's minutiae", None), ("of its best 20 per print", 20)):
        hits = total = 0
        for ours, theirs in pairs:
            wanted = theirs if limit is None else theirs.best(limit)
            hits += int(_met(wanted, ours).sum())
            total += len(wanted)
        yield _share(f"{label} not found within 8 px and 20°", total - hits, total, 50)
    met = np.concatenate([_met(ours.best(20), theirs) for ours, theirs in pairs])
    yield _share("of our best 20 per print not in the reference", int((~met).sum()), len(met), 50)


def _met(one: Template, other: Template) -> np.ndarray:
    far = np.hypot(one.x[:, None] - other.x, one.y[:, None] - other.y)
    twist = np.abs(np.angle(np.exp(1j * (one.angle[:, None] - other.angle))))
    met: np.ndarray = ((far <= _NEAR_PX) & (twist <= np.radians(_NEAR_DEG))).any(axis=1)
    return met


def _rates(own: Mapping[str, Template], reference: Mapping[str, Template]) -> Iterator[BenchRow]:
    rates = []
    for prints in (reference, own):
        genuine, impostor = [], []
        for one, other in itertools.combinations(sorted(prints), 2):
            same = one.split("_")[0] == other.split("_")[0]
            (genuine if same else impostor).append(compare(prints[one], prints[other]).score)
        rates.append(_equal_error(np.array(genuine), np.array(impostor)))
    note = f"{len(genuine)} genuine and {len(impostor)} impostor pairs, the station's matcher"
    yield BenchRow("equal error rate, reference minutiae", "%", 100 * rates[0], None, None, note)
    goal = 100 * _MARGIN * max(rates[0], 1 / len(genuine))
    yield BenchRow("equal error rate, our minutiae", "%", 100 * rates[1], None, goal, note)


def _equal_error(genuine: np.ndarray, impostor: np.ndarray) -> float:
    steps = np.unique(np.concatenate([genuine, impostor]))
    missed = np.array([(genuine < step).mean() for step in steps])
    false = np.array([(impostor >= step).mean() for step in steps])
    at = int(np.argmin(np.abs(missed - false)))
    return float(missed[at] + false[at]) / 2


def _share(name: str, hits: int, of: int, goal: float) -> BenchRow:
    low, high = wilson(hits, of)
    note = f"{hits} of {of}; 95 % between {100 * low:.1f} and {100 * high:.1f} %"
    return BenchRow(name, "%", 100 * hits / max(of, 1), None, goal, note)
