"""Judging a near-infrared picture of one eye: measures of ISO/IEC 29794-6:2015, gates, guidance."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.biometrics.iris.geometry import Circle, EyeGeometry, Mask, find_eye, rings
from station.biometrics.verdict import Measure, Told, Verdict, guidance_of
from station.devices import Eye, Pixels
from station.guidance import Guidance

ALGORITHM, VERSION = "rekam.iris", "1"

_QUARTER = (
    (0, 1, 1, 2, 2),
    (1, 2, 4, 5, 5),
    (1, 4, 5, 3, 0),
    (2, 5, 3, -12, -24),
    (2, 5, 0, -24, -40),
)
_HALF = np.hstack([np.array(_QUARTER), np.array(_QUARTER)[:, 3::-1]])
_FOCUS = np.vstack([_HALF, _HALF[3::-1]]).astype(np.float32)  # 9x9 band-pass of 29794-6


@dataclass(frozen=True, slots=True)
class IrisLimits:
    """Gates of an iris picture; a site may change them."""

    iris_radius_px: tuple[float, float] = (
        103.0,
        165.0,
    )  # 210 px across, less 2 % of measuring error
    pupil_ratio: tuple[float, float] = (20.0, 70.0)
    usable_area: float = 70.0
    sclera_contrast: float = 5.0
    pupil_contrast: float = 30.0
    concentricity: float = 90.0
    grey_bits: float = 4.5  # 6 in the standard, for the whole-image histogram many tools use
    margin: float = 80.0
    sharpness: float = 25.0  # of the iris alone; a blur of 5 px at 220 px across falls below
    gaze_off: float = 0.20
    mean_level: float = 35.0


@dataclass(frozen=True, slots=True)
class IrisVerdict:
    """A verdict with the circles it speaks of; ``geometry`` None when no eye was found."""

    verdict: Verdict
    eye: Eye
    geometry: EyeGeometry | None

    @property
    def usable(self) -> bool:
        """Whether every gate holds."""
        return self.verdict.usable


def judge(grey: Pixels, eye: Eye, limits: IrisLimits | None = None) -> IrisVerdict:
    """Judge one (h, w) uint8 picture, 640x480 or more; never raises on odd pixels."""
    limits = limits or IrisLimits()
    level = Measure("mean_level", float(grey.mean()) if grey.size else 0.0, "", limits.mean_level)
    geometry = find_eye(grey) if level.ok else None
    if geometry is None:
        told = _without_eye(grey, level)
        found = Measure("eye_found", 0.0, "", 1.0)
        return IrisVerdict(Verdict(ALGORITHM, VERSION, 0, (level, found), (told,)), eye, None)
    measures = (level, Measure("eye_found", 1.0, "", 1.0), *_measures(grey, geometry, limits))
    verdict = Verdict(ALGORITHM, VERSION, _score(measures), measures, guidance_of(measures, _TOLD))
    return IrisVerdict(verdict, eye, geometry)


def _measures(grey: Pixels, geometry: EyeGeometry, limits: IrisLimits) -> tuple[Measure, ...]:
    pupil, iris, visible = geometry.pupil, geometry.iris, geometry.visible
    full, iris_only = grey, visible
    grey, visible = grey[::2, ::2], visible[::2, ::2]  # every other pixel: medians and shares
    from_pupil, from_iris = rings(full.shape, pupil, 2), rings(full.shape, iris, 2)
    annulus = (from_pupil > 1.0) & (from_iris < 1.0)
    area = 100 * float((annulus & visible).sum()) / max(1, int(annulus.sum()))
    inner = (1 + pupil.radius / iris.radius) / 2
    dark = _median(grey, from_pupil < 0.8)
    ring = _median(grey, (from_iris > inner) & (from_iris < 0.9) & visible)
    white = _median(grey, (from_iris > 1.1) & (from_iris < 1.2) & visible)
    divisor = white + ring - 2 * dark
    weber = max(0.0, (ring - dark) / (20 + dark))
    off = float(np.hypot(pupil.x - iris.x, pupil.y - iris.y)) / iris.radius
    levels = np.bincount(grey[annulus & visible], minlength=256).astype(np.float64)
    share = levels[levels > 0] / max(1.0, levels.sum())
    gaze = 0.0
    if geometry.glint is not None:
        gaze = (
            float(np.hypot(geometry.glint[0] - pupil.x, geometry.glint[1] - pupil.y)) / iris.radius
        )
    return (
        Measure("iris_radius_px", iris.radius, "px", *limits.iris_radius_px),
        Measure("pupil_ratio", 100 * pupil.radius / iris.radius, "%", *limits.pupil_ratio),
        Measure("usable_area", area, "%", limits.usable_area),
        Measure(
            "sclera_contrast",
            100 * (white - ring) / divisor if divisor > 0 else 0.0,
            "",
            limits.sclera_contrast,
        ),
        Measure("pupil_contrast", 100 * weber / (0.75 + weber), "", limits.pupil_contrast),
        Measure("concentricity", 100 * max(0.0, 1 - off), "%", limits.concentricity),
        Measure("grey_bits", float(-(share * np.log2(share)).sum()), "bit", limits.grey_bits),
        Measure("margin", _margin(full.shape, iris), "%", limits.margin),
        Measure("gaze_off", gaze, "", None, limits.gaze_off),
        Measure("pupil_aspect", geometry.pupil_aspect, ""),  # a lid can flatten it too: no gate
        Measure(
            "sharpness",
            sharpness(full, _whole(annulus, full.shape) & iris_only),
            "",
            limits.sharpness,
        ),
    )


def _whole(thin: Mask, shape: tuple[int, ...]) -> Mask:
    """Return the mask of every other pixel as one of all pixels."""
    return np.asarray(np.repeat(np.repeat(thin, 2, axis=0), 2, axis=1)[: shape[0], : shape[1]])


def sharpness(grey: Pixels, where: Mask) -> float:
    """Return the focus value of 29794-6, 0..100: power of a band-pass on every fourth pixel.

    Unlike the standard only visible iris counts: lashes in focus say nothing of the iris.
    """
    mask = where.astype(np.uint8)
    left, top, width, height = cv2.boundingRect(mask)
    left, top = left // 4 * 4, top // 4 * 4  # every fourth pixel of the picture, not of the box
    box = (slice(top, top + height + 4), slice(left, left + width + 4))
    inner = cv2.erode(mask[box], np.ones((9, 9), np.uint8))[::4, ::4] > 0
    if not inner.any():
        return 0.0
    response = cv2.filter2D(grey[box], cv2.CV_32F, _FOCUS)[::4, ::4][inner]
    power = float((response.astype(np.float64) ** 2).mean())
    return 100 * power**2 / (power**2 + 180_000.0**2)


def _margin(shape: tuple[int, ...], iris: Circle) -> float:
    height, width = shape[:2]
    sides = (iris.x - iris.radius, width - iris.x - iris.radius)
    ends = (iris.y - iris.radius, height - iris.y - iris.radius)
    worst = min(min(sides) / (0.6 * iris.radius), min(ends) / (0.2 * iris.radius), 1.0)
    return 100 * max(0.0, worst)


# What to say when a measure is out of its band, in the order in which it is said.
_TOLD: Told = (
    ("mean_level", lambda _: Guidance.MORE_LIGHT),
    ("iris_radius_px", lambda m: Guidance.EYE_CLOSER if m.too_low else Guidance.EYE_BACK),
    ("margin", lambda _: Guidance.LOOK_AT_CAMERA),
    ("gaze_off", lambda _: Guidance.LOOK_AT_CAMERA),
    ("usable_area", lambda _: Guidance.OPEN_LIDS),
    ("concentricity", lambda _: Guidance.LOOK_AT_CAMERA),
    ("sharpness", lambda _: Guidance.BLURRED),
    ("pupil_ratio", lambda m: Guidance.LESS_LIGHT if m.too_low else Guidance.MORE_LIGHT),
    ("sclera_contrast", lambda _: Guidance.MORE_LIGHT),
    ("pupil_contrast", lambda _: Guidance.MORE_LIGHT),
    ("grey_bits", lambda _: Guidance.MORE_LIGHT),
)


def _without_eye(grey: Pixels, level: Measure) -> Guidance:
    """Say why no eye was found: no light, nothing there, or shut lids."""
    if not level.ok:
        return Guidance.MORE_LIGHT
    soft = cv2.GaussianBlur(grey, (0, 0), 3)
    structure = float(soft.std())
    return Guidance.OPEN_LIDS if structure > 8 else Guidance.NO_SUBJECT


def _median(grey: Pixels, where: np.ndarray) -> float:
    return float(np.median(grey[where])) if where.any() else 0.0


def _score(measures: tuple[Measure, ...]) -> int:
    """Return the mean of the measures as shares of what the standard recommends, 0..100."""
    value = {measure.name: measure.value for measure in measures}
    parts = (
        min(1.0, value["usable_area"] / 90),
        min(1.0, value["iris_radius_px"] / 105),
        min(1.0, max(0.0, value["sclera_contrast"]) / 20),
        min(1.0, value["pupil_contrast"] / 50),
        value["concentricity"] / 100,
        min(1.0, value["grey_bits"] / 6),
        value["margin"] / 100,
        max(0.0, 1 - value["gaze_off"] / 0.6),
        min(1.0, value["sharpness"] / 20),
    )
    return round(100 * sum(parts) / len(parts))
