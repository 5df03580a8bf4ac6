"""The worker's loop of the photo step: paint all, judge some, keep the very frame that was judged."""

import threading

import numpy as np

from station.biometrics.verdict import Measure, Verdict
from station.capture.coach import PhotoCoach
from station.clock import CancelToken
from station.devices import Frame
from ui.presenters.photo_loop import watch


def pixels(level, size=(54, 96)):
    return np.full((*size, 3), level, np.uint8)


class Judge:
    def __init__(self):
        self.seen = []

    def judge(self, picture):
        self.seen.append(picture)
        good = int(picture[0, 0, 0]) >= 100
        return Verdict("t", "1", 90 if good else 10, (Measure("gate", int(good), "", 1),), ())


class Full:
    """A camera with full frames only."""

    def __init__(self, frames):
        self._frames = frames

    def frames(self, _cancel):
        yield from self._frames


class Half(Full):
    """A camera with previews, at 30 a second; remembers which were decoded whole."""

    def __init__(self, levels, damaged=()):
        self.whole = []
        self._levels, self._damaged = levels, damaged

    def previews(self, _cancel):
        for number, level in enumerate(self._levels, 1):
            yield Frame(number, pixels(level), number / 30, lambda n=number, v=level: self._decode(n, v))  # fmt: skip

    def _decode(self, number, level):
        self.whole.append(number)
        return None if number in self._damaged else pixels(level, (108, 192))


def run(camera, judge, take_now=None, hold_s=0.5):
    put = []
    loop = watch(camera, judge, lambda: (48, 54), PhotoCoach(hold_s), take_now)
    loop(CancelToken(), put.append)
    return put


def test_every_preview_is_shown_and_ten_a_second_are_judged():
    camera, judge = Half([50] * 31), Judge()
    put = run(camera, judge)
    shown = {id(live.pixels) for live in put}
    assert len(shown) == 31
    assert 10 <= len(judge.seen) <= 12
    assert all(picture.shape == (108, 192, 3) for picture in judge.seen)
    assert put[0].pixels.shape == (54, 48, 4)


def test_the_still_is_the_judged_frame_at_full_size():
    camera, judge = Half([50] * 5 + [200] * 40), Judge()
    put = run(camera, judge)
    still = put[-1].still
    assert still.pixels is judge.seen[-1]
    assert still.id == camera.whole[-1]
    assert put[-1].verdict.score == 90
    assert all(live.still is None for live in put[:-1])


def test_take_now_keeps_the_very_next_frame():
    now = threading.Event()
    camera, judge = Half([50] * 10), Judge()
    now.set()
    put = run(camera, judge, now)
    assert put[-1].still.id == 1


def test_a_frame_that_turns_out_damaged_is_neither_judged_nor_kept():
    camera, judge = Half([50] * 8, damaged={1, 2}), Judge()
    put = run(camera, judge)
    assert camera.whole[:3] == [1, 2, 3]
    assert len(put) == len({id(live.pixels) for live in put}) + len(judge.seen) - 1


def test_a_camera_without_previews_has_every_frame_judged():
    frames = [Frame(n, pixels(50), n / 30) for n in range(1, 7)]
    judge = Judge()
    put = run(Full(frames), judge)
    assert [p is f.pixels for p, f in zip(judge.seen, frames, strict=True)] == [True] * 6
    assert len({id(live.pixels) for live in put}) == 6
