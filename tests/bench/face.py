"""Speed and accuracy of the photo's judge, on rendered people and, with ``REKAM_DEV_DATA``, on photographs.

``REKAM_DEV_DATA/face/*.png`` are portraits of one person each.
"""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.face import FaceIdentity, Pose, landmarks, render, render_people
from drivers.emulation.scenes.face_play import performance
from station.biometrics.face.backdrop_replacement import replace_backdrop
from station.biometrics.face.judge import LiveJudge, judge_still
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import make_portrait
from tests.bench.rows import BenchRow, timed, wilson

_RED = BackdropColour.RED
_PEOPLE = [
    FaceIdentity(body, hijab=body % 2 == 0, sex=sex, glasses=body % 5 == 0, tone=(1.0, 0.7, 0.5)[body % 3])
    for body in range(10)
    for sex in ("female", "male")
]  # fmt: skip
_POSES = [
    Pose(), Pose(scale=0.7, dx=0.15), Pose(roll=8, dy=0.03), Pose(roll=-12, scale=0.9), Pose(yaw=9),
    Pose(light=0.5), Pose(blur=3), Pose(side_light=0.7), Pose(backdrop="blue"), Pose(backdrop="room"),
]  # fmt: skip


def rows() -> list[BenchRow]:
    """Return speed first, then accuracy; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_speed(), *_synthetic(), *_photographs()]
    finally:
        cv2.setNumThreads(threads)


def _speed() -> Iterator[BenchRow]:
    yield _live()
    still = render(FaceIdentity(1, hijab=True), Pose())
    small = cv2.resize(still, (640, 360), interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    locator = HaarLocator()
    found = locator.find(grey)[0]
    yield timed("face still 1080p, full set", 60, lambda: judge_still(locator, still, _RED))
    yield timed("face find, 360 lines", 20, lambda: locator.find(grey))
    yield timed("face follow, 360 lines", 3, lambda: locator.follow(grey, found))
    empty = np.asarray(cv2.cvtColor(render_empty(), cv2.COLOR_BGR2GRAY), np.uint8)
    yield timed("face find in an empty room, 360 lines", 60, lambda: locator.find(empty))
    eyes = judge_still(locator, still, _RED).eyes
    if eyes is not None:
        portrait = make_portrait(still, eyes)
        cut = timed(
            "face backdrop replaced (off by default)", 2000,
            lambda: replace_backdrop(portrait, _RED), runs=5,
        )  # fmt: skip
        yield cut


def render_empty() -> np.ndarray:
    """Return the room without anybody, 360 lines."""
    return np.asarray(cv2.resize(render_people([]), (640, 360), interpolation=cv2.INTER_AREA))


def _live() -> BenchRow:
    """Judge six seconds of one person who comes, settles, sways and blinks, ten frames a second."""
    person = FaceIdentity(1, hijab=True)
    play = performance(person, 3)
    frames = [render(person, play(float(t))) for t in np.arange(0, 6, 0.1)]
    judge, took = LiveJudge(HaarLocator(), _RED), []
    for number, frame in enumerate(itertools.chain(frames[:4], frames)):
        start = time.thread_time()
        judge.judge(frame)
        if number >= 4:
            took.append(1000 * (time.thread_time() - start))
    note = f"mean over {len(frames)} frames of a rendered arrival; p95 is of single frames"
    return BenchRow(
        "face live 1080p, per frame", "ms CPU", float(np.mean(took)),
        float(np.quantile(took, 0.95)), 10, note,
    )  # fmt: skip


def _synthetic() -> Iterator[BenchRow]:
    locator, errors, rolls, one, asked = HaarLocator(), [], [], 0, 0
    for person, pose in itertools.product(_PEOPLE, _POSES):
        frame, true = render(person, pose, 640, 360), landmarks(person, pose, 640, 360)
        found = locator.find(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8))
        asked += 1
        one += len(found) == 1
        if found:
            ied = np.hypot(*np.subtract(true.left_eye, true.right_eye))
            pairs = (
                (found[0].eyes.left_in_picture, true.right_eye),
                (found[0].eyes.right_in_picture, true.left_eye),
            )
            errors.append(max(float(np.hypot(*np.subtract(a, b))) / ied for a, b in pairs))
            across, down = np.subtract(true.left_eye, true.right_eye)
            rolls.append(abs(found[0].eyes.roll_deg - np.degrees(np.arctan2(down, across))))
    low, high = wilson(one, asked)
    note = (
        f"{one} of {asked} rendered pictures; 95 % between {100 * low:.1f} and {100 * high:.1f} %"
    )
    yield BenchRow("synthetic: exactly one face", "%", 100 * one / asked, None, None, note)
    late = float(np.quantile(errors, 0.95))
    note = f"worse eye, share of the inter-eye distance, n = {len(errors)}"
    yield BenchRow("synthetic: eye error", "IED", float(np.median(errors)), late, None, note)
    yield BenchRow(
        "synthetic: roll error", "°", float(np.median(rolls)), float(np.quantile(rolls, 0.95)),
        None, f"n = {len(rolls)}",
    )  # fmt: skip


def _photographs() -> Iterator[BenchRow]:
    folder = os.environ.get("REKAM_DEV_DATA")
    pictures = sorted(Path(folder).glob("face/*.png")) if folder else []
    if not pictures:
        return
    locator, one = HaarLocator(), 0
    for path in pictures:
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        one += judge_still(locator, picture, _RED).box is not None
    low, high = wilson(one, len(pictures))
    note = f"{one} of {len(pictures)}; 95 % between {100 * low:.0f} and {100 * high:.0f} %"
    yield BenchRow(
        "photographs: exactly one face", "%", 100 * one / len(pictures), None, None, note
    )
