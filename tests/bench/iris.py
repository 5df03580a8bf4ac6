"""Iris: speed, drawn eyes against what was drawn, and real eyes where ``REKAM_DEV_DATA`` names them.

Real pictures lie in ``iris/<set>/``; of ``001_2_3`` the eye is ``001``, of ``010203`` it is ``0102``, a
person's second pair of digits telling the side: 01 where the inner corner is on the right.
"""

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.eye import ContactLens, EyeIdentity, EyePose, render, truth
from station.biometrics.iris import side
from station.biometrics.iris.code import SAME_EYE_BELOW, IrisCode, compare, encode
from station.biometrics.iris.geometry import EyeGeometry, find_eye
from station.biometrics.iris.judge import judge
from station.biometrics.iris.lens import lens_signs
from station.devices import Eye, Pixels
from tests.bench.rows import BenchRow, timed, wilson

_POSES = (
    EyePose(),
    EyePose(lids=0.65),
    EyePose(gaze_x=0.5),
    EyePose(pupil=0.58, dx=40),
    EyePose(blur=3),
    EyePose(lamp=0.3, noise=3),
    EyePose(glasses=1),
    EyePose(distance=1.3, roll=10),
)
_RESAMPLED = 200


def rows() -> list[BenchRow]:
    """Return speed, then accuracy; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_speed(), *_drawn(), *_lenses(), *_real()]
    finally:
        cv2.setNumThreads(threads)


def _speed() -> Iterator[BenchRow]:
    picture = render(EyeIdentity(1, Eye.RIGHT), EyePose())
    found = find_eye(picture)
    if found is None:
        return
    code = encode(picture, found)
    yield timed("iris judge 640x480", 60, lambda: judge(picture, Eye.RIGHT))
    yield timed("iris geometry 640x480", 40, lambda: find_eye(picture))
    yield timed("iris code", 10, lambda: encode(picture, found))
    yield timed("iris compare, 25 rotations", 5, lambda: compare(code, code))


def _drawn() -> Iterator[BenchRow]:
    centres, radii, overlaps, sides = [], [], [], []
    for body, pose in itertools.product(range(40, 46), _POSES):
        identity = EyeIdentity(body, Eye.RIGHT if body % 2 else Eye.LEFT)
        drawn, picture = truth(identity, pose), render(identity, pose)
        found = find_eye(picture)
        if found is None:
            continue
        for circle, (x, y, radius) in ((found.pupil, drawn.pupil), (found.iris, drawn.iris)):
            centres.append(float(np.hypot(circle.x - x, circle.y - y)))
            radii.append(abs(circle.radius - radius))
        overlaps.append(_overlap(found, drawn.visible))
        sides.append(side.guess(picture, found).eye in {None, identity.eye})
    note = f"{len(overlaps)} of {6 * len(_POSES)} drawn eyes found; p95 beside it"
    yield BenchRow("drawn: centre error", "px", *_middle(centres), 5, note)
    yield BenchRow("drawn: radius error", "px", *_middle(radii), 5, note)
    yield BenchRow("drawn: mask overlap", "%", 100 * float(np.median(overlaps)), None, None, note)
    wrong = len(sides) - sum(sides)
    yield BenchRow(
        "drawn: wrong side", "%", 100 * wrong / len(sides), None, None, _share(wrong, len(sides))
    )


def _overlap(found: EyeGeometry, drawn: np.ndarray) -> float:
    y, x = np.mgrid[0 : drawn.shape[0], 0 : drawn.shape[1]]
    pupil, iris = found.pupil, found.iris
    ring = np.hypot(x - iris.x, y - iris.y) < iris.radius
    ring &= np.hypot(x - pupil.x, y - pupil.y) > pupil.radius
    mine = ring & found.visible
    return float((mine & drawn).sum()) / max(1, int((mine | drawn).sum()))


def _lenses() -> Iterator[BenchRow]:
    for name, lens in (
        ("none", None),
        ("soft", ContactLens.SOFT),
        ("printed", ContactLens.PRINTED),
    ):
        seen = 0
        for body in range(50, 60):
            picture = render(EyeIdentity(body, Eye.LEFT), EyePose(lens=lens, dx=body - 55))
            found = find_eye(picture)
            seen += found is not None and lens_signs(picture, found).suspected
        yield BenchRow(
            f"drawn: lens suspected, {name} worn", "%", 10.0 * seen, None, None, _share(seen, 10)
        )


def _real() -> Iterator[BenchRow]:
    folder = os.environ.get("REKAM_DEV_DATA")
    for path in sorted(Path(folder).glob("iris/*/")) if folder else ():
        files = sorted(file for file in path.iterdir() if file.stem.replace("_", "").isdigit())
        pictures = [cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in files]
        if len(pictures) > 1:
            grey = [np.asarray(picture, np.uint8) for picture in pictures]
            yield from _set_of([file.stem for file in files], grey)


def _set_of(names: Sequence[str], pictures: Sequence[Pixels]) -> Iterator[BenchRow]:
    height, width = pictures[0].shape
    label = f"real {width}x{height}"
    eyes, codes, suspected, told, wrong = [], [], 0, 0, 0
    for name, picture in zip(names, pictures, strict=True):
        found = find_eye(picture)
        if found is None:
            continue
        eyes.append(name.split("_", maxsplit=1)[0] if "_" in name else name[:4])
        codes.append(encode(picture, found))
        suspected += lens_signs(picture, found).suspected
        if "_" not in name:
            guess = side.guess(picture, found).eye
            told += guess is not None
            wrong += guess not in {None, Eye.RIGHT if name[2:4] == "01" else Eye.LEFT}
    lost = len(names) - len(eyes)
    yield BenchRow(
        f"{label}: eye not found", "%", 100 * lost / len(names), None, 2, _share(lost, len(names))
    )
    yield BenchRow(
        f"{label}: lens suspected",
        "%",
        100 * suspected / len(eyes),
        None,
        5,
        _share(suspected, len(eyes)),
    )
    if told:
        yield BenchRow(
            f"{label}: wrong side",
            "%",
            100 * wrong / told,
            None,
            None,
            f"{_share(wrong, told)}; not sure of {len(eyes) - told}",
        )
    yield from _separation(label, eyes, codes)


def _separation(label: str, eyes: Sequence[str], codes: Sequence[IrisCode]) -> Iterator[BenchRow]:
    names = sorted(set(eyes))
    number = np.array([names.index(eye) for eye in eyes])
    one, other = np.triu_indices(len(codes), 1)
    distances = np.array(
        [compare(codes[a], codes[b]).distance for a, b in zip(one, other, strict=True)]
    )
    first, second = number[one], number[other]
    same = first == second
    own, foreign = distances[same], distances[~same]
    apart = abs(foreign.mean() - own.mean()) / np.sqrt((own.var() + foreign.var()) / 2)
    rng = np.random.default_rng(1)
    spread = []
    for _ in range(_RESAMPLED):
        drawn = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        weight = np.where(same, drawn[first], drawn[first] * drawn[second])
        spread.append(_equal_error(distances, same, weight.astype(float)))
    low, high = np.percentile(spread, (2.5, 97.5))
    eer = _equal_error(distances, same, np.ones(len(distances)))
    source = f"{len(names)} eyes, {len(own)} genuine, {len(foreign)} impostor pairs"
    note = f"{source}; 95 % between {100 * low:.2f} and {100 * high:.2f} %, resampled by eye"
    yield BenchRow(f"{label}: equal error rate", "%", 100 * eer, None, None, note)
    yield BenchRow(f"{label}: d'", "", float(apart), None, None, source)
    refused, accepted = int((own >= SAME_EYE_BELOW).sum()), int((foreign < SAME_EYE_BELOW).sum())
    yield BenchRow(
        f"{label}: FNMR at {SAME_EYE_BELOW}",
        "%",
        100 * refused / len(own),
        None,
        None,
        _share(refused, len(own)),
    )
    yield BenchRow(
        f"{label}: FMR at {SAME_EYE_BELOW}",
        "%",
        100 * accepted / len(foreign),
        None,
        0.1,
        _share(accepted, len(foreign)),
    )
    yield _held_back(label, distances, same, first, second)


def _held_back(
    label: str, distances: np.ndarray, same: np.ndarray, first: np.ndarray, second: np.ndarray
) -> BenchRow:
    """Set a threshold at FMR 0.1 % on one half of the eyes, refuse by it on the other, both ways."""
    refused = tried = 0
    for half in (0, 1):
        learnt = ~same & (first % 2 == half) & (second % 2 == half)
        threshold = float(np.quantile(distances[learnt], 0.001))
        held = distances[same & (first % 2 != half)]
        refused, tried = refused + int((held >= threshold).sum()), tried + len(held)
    note = f"threshold from the other half of the eyes; {_share(refused, tried)}"
    name = f"{label}: FNMR at FMR 0.1 %, held back"
    return BenchRow(name, "%", 100 * refused / tried, None, None, note)


def _equal_error(distances: np.ndarray, same: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(distances)
    own, foreign = (weight * same)[order], (weight * ~same)[order]
    missed = 1 - np.cumsum(own) / own.sum()
    false = np.cumsum(foreign) / foreign.sum()
    at = int(np.argmin(np.abs(missed - false)))
    return float(missed[at] + false[at]) / 2


def _middle(values: Sequence[float]) -> tuple[float, float]:
    return float(np.median(values)), float(np.percentile(values, 95))


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits} of {of}; 95 % between {100 * low:.2f} and {100 * high:.2f} %"
