"""Judging a photo: the quick live judgement of each frame, and the full one of the still.

Directions in guidance are the applicant's own. The camera picture is not mirrored: the applicant's right
side is on the left of the picture, so a face too far right in the picture is told to move right.
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np

from station.biometrics.face.locator import Box, EyePair, FaceFound, FaceLocator
from station.biometrics.face.measure import (
    HUES,
    BackdropColour,
    backdrop_deviation,
    light_of,
    sharpness_of,
)
from station.biometrics.face.portrait import EYE_LINE, HEAD_PER_IED, portrait_crop, portrait_frame
from station.biometrics.verdict import Measure, Told, Verdict, guidance_of
from station.devices import Pixels
from station.guidance import Guidance

ALGORITHM, VERSION = "rekam.face", "1"
_LIVE_LINES, _STILL_LINES = 360, 540
_SEARCH_EVERY = 3


class FaceMode(Enum):
    """Where the photo is taken; outdoors the backdrop is measured but gates nothing."""

    STUDIO = "studio"
    OUTDOOR = "outdoor"


@dataclass(frozen=True, slots=True)
class FaceLimits:
    """Gates of the photo; a site may change them."""

    head_share: tuple[float, float] = (70.0, 80.0)  # chin to crown, % of the frame's height
    centre: float = 0.07  # of the frame's width or height
    roll_deg: float = 8.0
    inter_eye_px: float = 90.0
    luminance: tuple[float, float] = (0.22, 0.80)
    dark_share: float = 0.35
    bright_share: float = 0.12
    evenness: float = 0.72
    sharpness: float = 55.0


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """A verdict with the places it speaks of, all in pixels of the judged picture."""

    verdict: Verdict
    frame: Box  # the fixed 3:4 frame to fill
    crop: Box  # what would be stored as the portrait
    box: Box | None = None
    eyes: EyePair | None = None

    @property
    def usable(self) -> bool:
        """Whether every gate holds."""
        return self.verdict.usable


class LiveJudge:
    """Judges a stream of frames of one camera; remembers only where the face was."""

    def __init__(
        self,
        locator: FaceLocator,
        backdrop: BackdropColour,
        mode: FaceMode = FaceMode.STUDIO,
        limits: FaceLimits | None = None,
    ) -> None:
        self._locator, self._backdrop, self._mode = locator, backdrop, mode
        self._limits = limits or FaceLimits()
        self._since_search = _SEARCH_EVERY
        self._last: tuple[FaceFound, ...] = ()

    def judge(self, frame: Pixels) -> FaceVerdict:
        """Judge one full-resolution BGR frame; every third is searched whole, in the others the eyes are followed."""
        small, factor = _reduced(frame, _LIVE_LINES)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
        self._since_search += 1
        faces: tuple[FaceFound, ...] = ()
        if len(self._last) == 1 and self._since_search < _SEARCH_EVERY:
            followed = self._locator.follow(grey, self._last[0])
            faces = () if followed is None else (followed,)
        if not faces:
            faces, self._since_search = self._locator.find(grey), 0
        self._last = faces
        return _judged(frame, small, grey, factor, faces, self._backdrop, self._mode, self._limits)


def judge_still(
    locator: FaceLocator,
    still: Pixels,
    backdrop: BackdropColour,
    mode: FaceMode = FaceMode.STUDIO,
    limits: FaceLimits | None = None,
) -> FaceVerdict:
    """Judge a full-resolution BGR still by itself, on a finer picture than the live view."""
    small, factor = _reduced(still, _STILL_LINES)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    faces = locator.find(grey)
    return _judged(still, small, grey, factor, faces, backdrop, mode, limits or FaceLimits())


def _judged(
    full: Pixels,
    small: Pixels,
    grey: Pixels,
    factor: float,
    faces: tuple[FaceFound, ...],
    backdrop: BackdropColour,
    mode: FaceMode,
    limits: FaceLimits,
) -> FaceVerdict:
    height, width = full.shape[:2]
    frame = portrait_frame(width, height)
    count = Measure("faces", len(faces), "", 1, 1)
    if len(faces) != 1:
        told = (Guidance.SEVERAL_FACES,) if faces else (Guidance.NO_FACE,)
        return FaceVerdict(Verdict(ALGORITHM, VERSION, 0, (count,), told), frame, frame)
    face = faces[0]
    eyes = face.eyes.scaled(factor)
    hue = HUES[backdrop].tolerance if mode is FaceMode.STUDIO else None
    light = light_of(grey, face.eyes)
    off_x = (eyes.middle[0] - frame.x - frame.width / 2) / frame.width
    off_y = (eyes.middle[1] - frame.y) / frame.height - EYE_LINE
    measures = (
        count,
        Measure(
            "head_share", 100 * HEAD_PER_IED * eyes.distance / frame.height, "%", *limits.head_share
        ),
        Measure("inter_eye_px", eyes.distance, "px", limits.inter_eye_px),
        Measure("centre_x", off_x, "", -limits.centre, limits.centre),
        Measure("centre_y", off_y, "", -limits.centre, limits.centre),
        Measure("roll_deg", eyes.roll_deg, "°", -limits.roll_deg, limits.roll_deg),
        Measure("luminance", light.mean, "", *limits.luminance),
        Measure("dark_share", light.dark_share, "", None, limits.dark_share),
        Measure("bright_share", light.bright_share, "", None, limits.bright_share),
        Measure("evenness", light.evenness, "", limits.evenness),
        Measure("eyes_open", float(face.eyes_seen), "", 1),
        Measure("sharpness", sharpness_of(full, eyes), "", limits.sharpness),
        Measure(
            "backdrop_deviation",
            backdrop_deviation(small, frame.scaled(1 / factor), backdrop),
            "°",
            None,
            hue,
        ),
    )
    verdict = Verdict(ALGORITHM, VERSION, _score(measures), measures, guidance_of(measures, _TOLD))
    return FaceVerdict(
        verdict, frame, portrait_crop(eyes, width, height), face.box.scaled(factor), eyes
    )


# What to say when a measure is out of its band, in the order in which it is said.
_TOLD: Told = (
    ("head_share", lambda m: Guidance.COME_CLOSER if m.too_low else Guidance.MOVE_BACK),
    ("inter_eye_px", lambda _: Guidance.COME_CLOSER),
    ("centre_x", lambda m: Guidance.MOVE_LEFT if m.too_low else Guidance.MOVE_RIGHT),
    ("centre_y", lambda m: Guidance.MOVE_DOWN if m.too_low else Guidance.MOVE_UP),
    ("roll_deg", lambda _: Guidance.STRAIGHTEN_HEAD),
    ("luminance", lambda m: Guidance.MORE_LIGHT if m.too_low else Guidance.LESS_LIGHT),
    ("dark_share", lambda _: Guidance.MORE_LIGHT),
    ("bright_share", lambda _: Guidance.LESS_LIGHT),
    ("evenness", lambda _: Guidance.MORE_LIGHT),
    ("eyes_open", lambda _: Guidance.OPEN_EYES),
    ("sharpness", lambda _: Guidance.BLURRED),
    ("backdrop_deviation", lambda _: Guidance.BACKDROP_COLOUR),
)


def _score(measures: tuple[Measure, ...]) -> int:
    """Return the mean of per-measure scores (ISO/IEC 29794-5 shapes where it has one), 0..100."""
    value = {measure.name: measure.value for measure in measures}

    def rise(x: float, middle: float, width: float) -> float:
        return float(1 / (1 + np.exp(np.clip((middle - x) / width, -60, 60))))

    parts = (
        rise(value["inter_eye_px"], 70, 20),
        max(0.0, 1 - abs(value["head_share"] - 75) / 40),
        max(0.0, 1 - 4 * float(np.hypot(value["centre_x"], value["centre_y"]))),
        max(0.0, float(np.cos(np.radians(value["roll_deg"])))) ** 2,
        rise(value["luminance"], 0.2, 0.05) * (1 - rise(value["luminance"], 0.8, 0.05)),
        value["evenness"] ** 0.3,
        value["eyes_open"],
        rise(value["sharpness"], 50, 7),
    )
    return round(100 * sum(parts) / len(parts))


def _reduced(picture: Pixels, lines: int) -> tuple[Pixels, float]:
    """Return the picture at most ``lines`` high, and the factor back to full size."""
    height, width = picture.shape[:2]
    if height <= lines:
        return picture, 1.0
    size = (max(1, round(width * lines / height)), lines)
    small = picture
    if height >= 2 * lines:  # halving is the quick reduction; the rest is too little to alias
        half = (width // 2, height // 2)
        small = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    way = cv2.INTER_LINEAR if small is not picture else cv2.INTER_AREA
    return np.asarray(cv2.resize(small, size, interpolation=way), np.uint8), height / lines
