"""The worker's side of the photo step: every picture is shown, ten a second are judged, one is kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from station.biometrics.verdict import Verdict
from station.capabilities import Previewing
from station.capture.coach import Coaching, PhotoCoach
from station.capture.engine import LivePhotoJudge
from station.clock import CancelToken
from station.devices import Camera, Frame, Pixels
from station.formats import preview

# A face does not change faster; judging each of thirty frames would cost half a core.
_JUDGE_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class LivePhoto:
    """One frame as the page shows it; ``still`` is the full frame when it is the one to keep.

    ``verdict`` and ``coaching`` are of the newest judged frame; a still is always its own verdict's frame.
    """

    pixels: Pixels
    verdict: Verdict
    coaching: Coaching
    still: Frame | None


def watch(
    camera: Camera,
    judge: LivePhotoJudge,
    room: Callable[[], tuple[int, int]],
    coach: PhotoCoach | None = None,
    take_now: threading.Event | None = None,
) -> Callable[[CancelToken, Callable[[LivePhoto], object]], object]:
    """Return a loop for ``Tasks.stream``; ``room`` is how large the page paints, width and height."""
    guide = coach or PhotoCoach(0.5)
    now = take_now or threading.Event()

    def loop(cancel: CancelToken, put: Callable[[LivePhoto], object]) -> None:
        last: LivePhoto | None = None
        due = 0.0
        for frame in _frames(camera, cancel):
            small = preview.covering(frame.pixels, *room())
            if last is not None:
                put(replace(last, pixels=small))  # shown first: judging takes a while
            if frame.whole is not None and frame.t_mono < due and not now.is_set():
                continue
            full = frame.full()
            if full is None:
                continue
            verdict = judge.judge(full.pixels)
            coaching = guide.feed(verdict, full.t_mono)
            taken = coaching.take or now.is_set()
            last = LivePhoto(small, verdict, coaching, full if taken else None)
            put(last)
            if taken:
                return
            due = frame.t_mono + _JUDGE_EVERY_S

    return loop


def _frames(camera: Camera, cancel: CancelToken) -> Iterator[Frame]:
    return camera.previews(cancel) if isinstance(camera, Previewing) else camera.frames(cancel)
