"""Comparing fingers 1:1 and searching 1:N: speed, errors at the rates a site can set, recall and false alarms.

``REKAM_DEV_DATA`` may name a folder of real pictures (``finger/*/<finger>_<impression>.png``, grey, 500 ppi); then
errors on those are told too. ``REKAM_BENCH_INDEXED`` sets how many people are searched (10000).
"""

import itertools
import os
import time
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.finger import FingerIdentity, impression
from drivers.emulation.scenes.finger_pattern import draw_class, draw_flow
from station.biometrics.finger import index_file
from station.biometrics.finger.decision import same_finger, threshold_for
from station.biometrics.finger.index import Index
from station.biometrics.finger.matcher import Match, compare
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.prepared import Prepared, prepare
from station.devices import FingerPosition
from station.minutiae import Template
from tests.bench.rows import BenchRow, timed, wilson

_BODIES, _IMPRESSIONS = (70, 71, 72, 73), 3
_POSITIONS = tuple(FingerPosition)[:10]
_PEOPLE = int(os.environ.get("REKAM_BENCH_INDEXED", "10000"))
_RATES = (1e-2, 1e-3, 1e-4)
Prints = Sequence[tuple[Hashable, Prepared]]
Hand = dict[FingerPosition, Prepared]


def rows() -> list[BenchRow]:
    """Return speed, errors, and search; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        drawn, real = _synthetic(), _real()
        prepared = [(who, prepare(found)) for who, found in drawn]
        return [
            *_speed(drawn),
            *_errors("synthetic", prepared, _pairs(prepared)),
            *(_real_errors(real) if real else ()),
            *_search(prepared, real),
        ]
    finally:
        cv2.setNumThreads(threads)


def _speed(drawn: Sequence[tuple[Hashable, Template]]) -> Iterator[BenchRow]:
    rich = [(who, found.best(40)) for who, found in drawn if len(found) >= 40]
    turn = itertools.cycle(itertools.combinations([found for _, found in rich], 2))
    ready = itertools.cycle(itertools.combinations([prepare(found) for _, found in rich], 2))
    note = "templates of 40 minutiae, different pairs"
    yield timed("compare 1:1", 3, lambda: compare(*next(turn)), note=note, runs=100)
    note = "the same, templates prepared before"
    yield timed("compare prepared 1:1", 3, lambda: compare(*next(ready)), note=note, runs=100)
    yield timed("prepare a template", 1, lambda: prepare(rich[0][1]), runs=100)


def _synthetic() -> list[tuple[Hashable, Template]]:
    return [
        ((body, position), extract(impression(FingerIdentity(body, position), seed), 500))
        for body in _BODIES
        for position in _POSITIONS
        for seed in range(_IMPRESSIONS)
    ]


def _real() -> dict[tuple[str, str], tuple[Prepared, Prepared]]:
    """Return every real print and its mirror image, by finger and impression."""
    folder = os.environ.get("REKAM_DEV_DATA")
    found = {}
    for path in sorted(Path(folder).glob("finger/*/[0-9]*_[0-9]*.png")) if folder else ():
        picture = np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)
        finger, number = path.stem.split("_")
        mirrored = np.ascontiguousarray(picture[:, ::-1])
        found[finger, number] = prepare(extract(picture, 500)), prepare(extract(mirrored, 500))
    return found


def _real_errors(real: dict[tuple[str, str], tuple[Prepared, Prepared]]) -> Iterator[BenchRow]:
    prints = [(finger, upright) for (finger, _), (upright, _) in real.items()]
    mirrored = [mirror for _, mirror in real.values()]
    genuine, impostor = _pairs(prints)
    # A mirrored print is a finger that nobody here has: as honest an impostor, and many more of them.
    impostor += [compare(upright, mirror) for _, upright in prints for mirror in mirrored]
    yield from _errors("plain optical, impostors also mirrored", prints, (genuine, impostor))


def _pairs(prints: Prints) -> tuple[list[Match], list[Match]]:
    genuine, impostor = [], []
    for (one, first), (other, second) in itertools.combinations(prints, 2):
        (genuine if one == other else impostor).append(compare(first, second))
    return genuine, impostor


def _errors(
    name: str, prints: Prints, pairs: tuple[list[Match], list[Match]]
) -> Iterator[BenchRow]:
    genuine, impostor = pairs
    own, foreign = (np.array([m.score for m in part]) for part in pairs)
    for rate in _RATES:
        refused = sum(not same_finger(match, rate) for match in genuine)
        accepted = sum(same_finger(match, rate) for match in impostor)
        label = f"{name}, rate {rate:g} (score {threshold_for(rate):g})"
        yield BenchRow(
            f"{label}: FNMR", "%", 100 * refused / len(genuine), None, None,
            _share(refused, len(genuine)),
        )  # fmt: skip
        yield BenchRow(
            f"{label}: FMR", "%", 100 * accepted / len(impostor), None, None,
            _share(accepted, len(impostor)),
        )  # fmt: skip
    source = f"{len(prints)} prints, {len(own)} and {len(foreign)} pairs"
    yield BenchRow(f"{name}: equal error rate", "%", 100 * _equal_error(own, foreign), note=source)
    yield BenchRow(f"{name}: highest impostor score", "", float(foreign.max()), note=source)
    yield BenchRow(f"{name}: lowest genuine score", "", float(own.min()), note=source)


def _search(
    drawn: Prints, real: dict[tuple[str, str], tuple[Prepared, Prepared]]
) -> Iterator[BenchRow]:
    """Fill an index with many people and look for those, for people of pictures, and for strangers."""
    rng = np.random.default_rng(11)
    flows = _flows(rng)
    begin = time.thread_time()
    pool = [prepare(_invented(rng, flows)) for _ in range(_PEOPLE)]
    index = Index()
    turns = [rng.permutation(_PEOPLE) for _ in _POSITIONS]
    hands = [_hand(pool, turns, person) for person in range(_PEOPLE)]
    for person, hand in enumerate(hands):
        index.add(f"{person}", hand)
    note = f"{_PEOPLE} people of ten fingers; minutiae invented along drawn flows"
    yield BenchRow("search: making and indexing", "s CPU", time.thread_time() - begin, note=note)
    size = len(index_file.encode(index)) / _PEOPLE
    yield BenchRow("search: one person of ten fingers as bytes", "byte", size, note=note)
    whole = _again(rng, hands[0])
    yield timed("search: ten fingers", 1000, lambda: index.search(whole), note=note, runs=10)
    for fingers, count in ((10, 20), (4, 60), (2, 60)):
        found = alarms = 0
        for person in rng.choice(_PEOPLE, count, replace=False):
            some = rng.choice(10, fingers, replace=False)
            probes = _again(rng, {_POSITIONS[n]: hands[person][_POSITIONS[n]] for n in some})
            names = [each.subject for each in index.search(probes)]
            found += f"{person}" in names
            alarms += any(name != f"{person}" for name in names)
        yield _found(f"search: recall, {fingers} fingers pressed again", found, count)
        yield _found(f"search: somebody else named, {fingers} fingers", alarms, count)
    strangers = 100
    alarms = 0
    for _ in range(strangers):
        probes = {where: prepare(_invented(rng, flows)) for where in _POSITIONS[:4]}
        alarms += bool(index.search(probes))
    yield _found("search: strangers of four fingers taken for somebody", alarms, strangers)
    yield from _pictured(index, drawn, real)


def _pictured(
    index: Index, drawn: Prints, real: dict[tuple[str, str], tuple[Prepared, Prepared]]
) -> Iterator[BenchRow]:
    """Look for people whose two impressions are pictures, among all the others."""
    hands: dict[str, list[Hand]] = {}
    for number, ((body, position), found) in enumerate(drawn):
        rounds = hands.setdefault(f"drawn {body}", [{} for _ in range(_IMPRESSIONS)])
        rounds[number % _IMPRESSIONS][position] = found
    yield from _second_time(index, "synthetic pictures, ten fingers", hands)
    fingers = sorted({finger for finger, _ in real})
    numbers = sorted({number for _, number in real})
    whole = [f for f in fingers if all((f, number) in real for number in numbers)]
    for count in (len(whole), 2) if whole else ():
        hands = {}
        for start in range(len(whole) - count + 1):
            chosen = list(zip(_POSITIONS, whole[start : start + count], strict=False))
            hands[f"real {start}"] = [
                {where: real[finger, number][0] for where, finger in chosen} for number in numbers
            ]
        yield from _second_time(index, f"real pictures, {count} fingers", hands)


def _second_time(index: Index, name: str, hands: dict[str, list[Hand]]) -> Iterator[BenchRow]:
    found = alarms = tries = 0
    for subject, rounds in hands.items():
        for number, hand in enumerate(rounds):
            index.add(subject, hand)
            for probes in rounds[:number] + rounds[number + 1 :]:
                names = [each.subject for each in index.search(probes)]
                tries += 1
                found += subject in names
                alarms += any(each != subject for each in names)
            index.remove(subject)
    yield _found(f"search: recall, {name}", found, tries)
    yield _found(f"search: somebody else named, {name}", alarms, tries)


def _hand(pool: list[Prepared], turns: list[np.ndarray], person: int) -> Hand:
    """Give a person ten prints; every print is one person's at each position."""
    return {where: pool[int(turn[person])] for where, turn in zip(_POSITIONS, turns, strict=True)}


def _flows(rng: np.random.Generator) -> list[np.ndarray]:
    """Return ridge flows (h, w) of fingers of all classes, in the shares in which people have them."""
    return [
        draw_flow(draw_class(position, rng), 9.0, rng).angle
        for position in _POSITIONS
        for _ in range(6)
    ]


def _invented(rng: np.random.Generator, flows: list[np.ndarray]) -> Template:
    """Return a print that nobody has: minutiae at chance places, a ridge apart, along a flow as ridges run."""
    flow = flows[int(rng.integers(len(flows)))]
    height, width = flow.shape
    places = rng.uniform((70, 90), (width - 70, height - 90), (70, 2))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    crowded = (np.tril(apart < 13, -1)).any(axis=1)
    x, y = places[~crowded][: int(rng.integers(25, 46))].T
    way = flow[y.astype(int), x.astype(int)] + np.pi * rng.integers(0, 2, len(x))
    return _pressed(rng, x, -y, way, px=0.0)


def _again(rng: np.random.Generator, hand: Hand) -> Hand:
    """Press fingers again: turned, shifted, stretched, a fifth of the minutiae lost, as many false ones."""
    again = {}
    for where, part in hand.items():
        kept = rng.random(len(part)) > 0.2
        false = int((~kept).sum())
        x = np.concatenate([part.x[kept], rng.uniform(-120, 120, false)])
        y = np.concatenate([part.y[kept], rng.uniform(-160, 160, false)])
        angle = np.concatenate([part.angle[kept], rng.uniform(0, 6.28, false)])
        turn = rng.normal(0, 0.2)
        bend = 4 * np.sin(y / 80 + rng.uniform(0, 6)), 4 * np.sin(x / 80 + rng.uniform(0, 6))
        x, y = x + bend[0], y + bend[1]
        x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        again[where] = prepare(_pressed(rng, x, y, angle + turn, px=2.5))
    return again


def _pressed(
    rng: np.random.Generator, x: np.ndarray, y: np.ndarray, angle: np.ndarray, px: float
) -> Template:
    count = len(x)
    codes = np.full(count, 50, np.uint8)
    return Template(
        (x + rng.normal(0, px, count)).astype(np.float32),
        (-y + rng.normal(0, px, count)).astype(np.float32),
        (angle + rng.normal(0, 0.08, count)).astype(np.float32),
        codes, codes, 0, 0,
    )  # fmt: skip


def _found(name: str, hits: int, of: int) -> BenchRow:
    return BenchRow(name, "%", 100 * hits / of, note=_share(hits, of))


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits} of {of}; 95 % between {100 * low:.2f} and {100 * high:.2f} %"


def _equal_error(genuine: np.ndarray, impostor: np.ndarray) -> float:
    steps = np.unique(np.concatenate([genuine, impostor]))
    missed = np.searchsorted(np.sort(genuine), steps) / len(genuine)
    false = 1 - np.searchsorted(np.sort(impostor), steps) / len(impostor)
    at = int(np.argmin(np.abs(missed - false)))
    return float(missed[at] + false[at]) / 2
