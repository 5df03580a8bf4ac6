"""Judging a photo: the quick live judgement of each frame, and the full one of the still.

Directions in guidance are the applicant's own. The camera picture is not mirrored: the applicant's right
side is on the left of the picture, so a face too far right in the picture is told to move right.
"""

from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np

from station.biometrics.face.components import component, sigmoid
from station.biometrics.face.eyes import openness
from station.biometrics.face.locator import Box, EyePair, FaceFound, FaceLocator, FivePoints
from station.biometrics.face.measure import (
    HUES,
    BackdropColour,
    backdrop_deviation,
    light_of,
    sharpness_of,
)
from station.biometrics.face.portrait import EYE_LINE, HEAD_PER_IED, portrait_crop, portrait_frame
from station.biometrics.face.still import DARK_EYES, StillLimits, full_set, missing
from station.biometrics.verdict import Measure, Told, Verdict, guidance_of
from station.devices import Pixels
from station.guidance import Guidance

ALGORITHM, VERSION = "rekam.face", "2"
_LIVE_LINES, _STILL_LINES = 360, 540
_SEARCH_EVERY = 4


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
    luminance: tuple[float, float] = (0.15, 0.80)  # dark skin in good light has 0.2
    dark_share: float = 0.35
    bright_share: float = 0.12
    evenness: float = 0.72
    sharpness: float = 55.0
    eyes_open: float = 0.24
    still: StillLimits = field(default_factory=StillLimits)


@dataclass(frozen=True, slots=True)
class FaceVerdict:
    """A verdict with the places it speaks of, all in pixels of the judged picture."""

    verdict: Verdict
    frame: Box  # the fixed 3:4 frame to fill
    crop: Box  # what would be stored as the portrait
    box: Box | None = None
    eyes: EyePair | None = None
    points: FivePoints | None = None  # where the locator knows nose and mouth

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
        self._locator = locator
        self._setting = _Setting(backdrop, mode, limits or FaceLimits())
        self._since_search = _SEARCH_EVERY
        self._last: tuple[FaceFound, ...] = ()

    def judge(self, frame: Pixels) -> FaceVerdict:
        """Judge one full-resolution BGR frame; every fourth is searched whole, in the others the eyes are followed.

        While there is not exactly one face, the frames between two searches repeat the last answer: a
        newcomer is seen a tenth of a second later, and an empty chair costs no search of every frame.
        """
        view = _View.of(frame, _LIVE_LINES)
        self._since_search += 1
        faces: tuple[FaceFound, ...] = ()
        if self._since_search < _SEARCH_EVERY:
            if len(self._last) != 1:
                return _judged(view, self._last, self._setting, still=False)
            followed = self._locator.follow(view.grey, self._last[0])
            faces = () if followed is None else (followed,)
        if not faces:
            faces, self._since_search = self._locator.find(view.grey), 0
        self._last = faces
        return _judged(view, faces, self._setting, still=False)


def judge_still(
    locator: FaceLocator,
    still: Pixels,
    backdrop: BackdropColour,
    mode: FaceMode = FaceMode.STUDIO,
    limits: FaceLimits | None = None,
) -> FaceVerdict:
    """Judge a full-resolution still (BGR or grey) by itself: the live measures and the full set."""
    view = _View.of(still, _STILL_LINES)
    setting = _Setting(backdrop, mode, limits or FaceLimits())
    return _judged(view, locator.find(view.grey), setting, still=True)


@dataclass(frozen=True, slots=True)
class _Setting:
    backdrop: BackdropColour
    mode: FaceMode
    limits: FaceLimits


@dataclass(frozen=True, slots=True)
class _View:
    """A picture with the small one it is searched and mostly measured in."""

    full: Pixels
    small: Pixels  # BGR
    grey: Pixels
    factor: float  # from the small picture to the full one

    @classmethod
    def of(cls, picture: Pixels, lines: int) -> "_View":
        full = _colour(picture)
        small, factor = _reduced(full, lines)
        if small.size == 0:
            return cls(full, small, np.zeros(small.shape[:2], np.uint8), factor)
        return cls(
            full, small, np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8), factor
        )


def _judged(
    view: _View, faces: tuple[FaceFound, ...], setting: _Setting, *, still: bool
) -> FaceVerdict:
    height, width = view.full.shape[:2]
    frame = portrait_frame(width, height)
    count = Measure("faces", len(faces), "", 1, 1)
    if len(faces) != 1:
        told = (Guidance.SEVERAL_FACES,) if faces else (Guidance.NO_FACE,)
        measures: tuple[Measure, ...] = (count,)
        if still and faces:
            second = _area(faces[1].box) / max(1e-6, _area(faces[0].box))
            measures = (count, _scored("single_face", min(1.0, second), ""))
        return FaceVerdict(Verdict(ALGORITHM, VERSION, 0, measures, told), frame, frame)
    face = faces[0]
    eyes = face.eyes.scaled(view.factor)
    crop = portrait_crop(eyes, width, height)
    measures = (count, *_live_set(view, face, eyes, frame, setting))
    if still:
        stored = crop.scaled(1 / view.factor)
        measures += full_set(view.small, view.grey, face, stored, setting.limits.still)
    verdict = Verdict(
        ALGORITHM,
        VERSION,
        _score(measures),
        measures,
        _asked(measures),
        advice=_advice(measures),
        not_measured=missing(measures) if still else (),
    )
    return FaceVerdict(
        verdict,
        frame,
        crop,
        face.box.scaled(view.factor),
        eyes,
        None if face.points is None else face.points.scaled(view.factor),
    )


def _live_set(
    view: _View, face: FaceFound, eyes: EyePair, frame: Box, setting: _Setting
) -> tuple[Measure, ...]:
    """What an operator can act on at once: distance, place, tilt, light, eyes, sharpness, backdrop."""
    limits = setting.limits
    hue = HUES[setting.backdrop].tolerance if setting.mode is FaceMode.STUDIO else None
    light = light_of(view.grey, face.eyes)
    off_x = (eyes.middle[0] - frame.x - frame.width / 2) / frame.width
    off_y = (eyes.middle[1] - frame.y) / frame.height - EYE_LINE
    share = 100 * HEAD_PER_IED * eyes.distance / frame.height
    deviation = backdrop_deviation(view.small, frame.scaled(1 / view.factor), setting.backdrop)
    return (
        Measure("head_share", share, "%", *limits.head_share),
        _scored("inter_eye_px", eyes.distance, "px", limits.inter_eye_px),
        Measure("centre_x", off_x, "", -limits.centre, limits.centre),
        Measure("centre_y", off_y, "", -limits.centre, limits.centre),
        _scored("roll_deg", eyes.roll_deg, "°", -limits.roll_deg, limits.roll_deg),
        Measure("luminance", light.mean, "", *limits.luminance),
        Measure("dark_share", light.dark_share, "", None, limits.dark_share),
        Measure("bright_share", light.bright_share, "", None, limits.bright_share),
        Measure("evenness", light.evenness, "", limits.evenness),
        Measure("eyes_open", openness(view.grey, face.eyes), "", limits.eyes_open),
        Measure("sharpness", sharpness_of(view.full, eyes), "", limits.sharpness),
        Measure("backdrop_deviation", deviation, "°", None, hue),
    )


def _scored(
    name: str, value: float, unit: str, low: float | None = None, high: float | None = None
) -> Measure:
    return Measure(name, value, unit, low, high, component(name, value))


def _asked(measures: tuple[Measure, ...]) -> tuple[Guidance, ...]:
    """Return what to ask for; who wears dark glasses cannot help it by opening the eyes."""
    dark = any(m.name == "eyes_darkened" and m.value >= DARK_EYES for m in measures)
    told = guidance_of(measures, _TOLD)
    if not dark:
        return told
    swapped = (Guidance.TAKE_OFF_GLASSES if g is Guidance.OPEN_EYES else g for g in told)
    return tuple(dict.fromkeys(swapped))


def _advice(measures: tuple[Measure, ...]) -> tuple[Guidance, ...]:
    values = {measure.name: measure.value for measure in measures}
    given = (
        (Guidance.LOOK_STRAIGHT, abs(values.get("yaw_coarse_deg", 0.0)) > _COARSE_YAW),
        (Guidance.CLOSE_MOUTH, values.get("lip_gap", 0.0) > _OPEN_MOUTH),
        (Guidance.TAKE_OFF_GLASSES, values.get("eyes_darkened", 0.0) >= DARK_EYES),
    )
    return tuple(guidance for guidance, so in given if so)


def _area(box: Box) -> float:
    return box.width * box.height


# The standard's curves are best where the head fills less of the picture than this site's 70-80 %.
_OTHER_FRAMING = ("head_size", "margin_above", "margin_below")
_COARSE_YAW = 25.0  # degrees; less is within the error of the coarse estimate
_OPEN_MOUTH = 0.06  # of the distance eye line to chin

# What to say when a measure is out of its band, in the order in which it is said.
_TOLD: Told = (
    ("head_share", lambda m: Guidance.COME_CLOSER if m.too_low else Guidance.MOVE_BACK),
    ("inter_eye_px", lambda _: Guidance.COME_CLOSER),
    ("centre_x", lambda m: Guidance.MOVE_LEFT if m.too_low else Guidance.MOVE_RIGHT),
    ("centre_y", lambda m: Guidance.MOVE_DOWN if m.too_low else Guidance.MOVE_UP),
    ("roll_deg", lambda _: Guidance.STRAIGHTEN_HEAD),
    ("yaw_deg", lambda _: Guidance.LOOK_STRAIGHT),
    ("pitch_deg", lambda _: Guidance.LOOK_STRAIGHT),
    ("luminance", lambda m: Guidance.MORE_LIGHT if m.too_low else Guidance.LESS_LIGHT),
    ("dark_share", lambda _: Guidance.MORE_LIGHT),
    ("bright_share", lambda _: Guidance.LESS_LIGHT),
    ("evenness", lambda _: Guidance.MORE_LIGHT),
    ("glare_skin", lambda _: Guidance.GLARE),
    ("glare_eyes", lambda _: Guidance.GLARE),
    ("eyes_open", lambda _: Guidance.OPEN_EYES),
    ("sharpness", lambda _: Guidance.BLURRED),
    ("backdrop_deviation", lambda _: Guidance.BACKDROP_COLOUR),
)


def _score(measures: tuple[Measure, ...]) -> int:
    """Return the mean of all components 0..100: the standard's, and the station's own where it has none."""
    value = {measure.name: measure.value for measure in measures}
    own = (
        max(0.0, 1 - abs(value["head_share"] - 75) / 40),
        max(0.0, 1 - 4 * float(np.hypot(value["centre_x"], value["centre_y"]))),
        sigmoid(value["luminance"], 0.2, 0.05) * (1 - sigmoid(value["luminance"], 0.8, 0.05)),
        value["evenness"] ** 0.3,
        sigmoid(value["eyes_open"], 0.24, 0.04),
        sigmoid(value["sharpness"], 50, 7),
    )
    standard = [
        measure.component
        for measure in measures
        if measure.component is not None and measure.name not in _OTHER_FRAMING
    ]
    return round((100 * sum(own) + sum(standard)) / (len(own) + len(standard)))


def _colour(picture: Pixels) -> Pixels:
    """Return any uint8 picture as BGR: grey is repeated, a fourth channel is left out."""
    if picture.ndim == 3 and picture.shape[2] == 3:
        return picture
    grey = picture if picture.ndim == 2 else picture[..., 0]
    if picture.ndim == 3 and picture.shape[2] > 3:
        return np.ascontiguousarray(picture[..., :3])
    return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2))


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
