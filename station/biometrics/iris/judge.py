"""Judging a near-infrared picture of one eye: measures of ISO/IEC 29794-6:2015, gates, guidance, advice."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.biometrics.iris import measure
from station.biometrics.iris.focus import EdgeFocus, edge_focus
from station.biometrics.iris.gaze import Gaze, gaze
from station.biometrics.iris.geometry import EyeGeometry, find_eye
from station.biometrics.iris.lens import LensSigns, lens_signs
from station.biometrics.verdict import Measure, Told, Verdict, guidance_of
from station.devices import Eye, Pixels
from station.guidance import Guidance

ALGORITHM, VERSION = "rekam.iris", "2"

_NO_FOCUS = 0.02  # sharpness of a picture in which not even lashes are in focus


@dataclass(frozen=True, slots=True)
class IrisLimits:
    """Gates of an iris picture; a site may change them."""

    iris_radius_px: tuple[float, float] = (
        103.0,
        165.0,
    )  # 210 px across, less 2 % of measuring error
    pupil_ratio: tuple[float, float] = (20.0, 70.0)
    usable_area: float = 40.0  # 70 for full marks: half of the lids of real eyes never open so far
    sclera_contrast: float = 5.0
    pupil_contrast: float = 30.0
    concentricity: float = 90.0
    grey_bits: float = 4.0  # 6 in the standard, for the whole-image histogram many tools use
    margin: float = 80.0
    iris_sharpness: float = 25.0  # a blur of 5 px at 220 px across falls below
    pupil_seen: float = 72.0  # of its edge: a lid over more than a quarter spoils every circle
    motion_px: float = 4.0  # still eyes of two sensors stay below 3.4
    gaze_off: float = 0.22  # 18 degrees off a lamp beside the lens
    mean_level: float = 35.0


@dataclass(frozen=True, slots=True)
class IrisVerdict:
    """A verdict with what it speaks of; ``geometry`` and the rest None when no eye was found."""

    verdict: Verdict
    eye: Eye
    geometry: EyeGeometry | None
    gaze: Gaze | None = None
    focus: EdgeFocus | None = None
    lens: LensSigns | None = None

    @property
    def usable(self) -> bool:
        """Whether every gate holds."""
        return self.verdict.usable


def judge(grey: Pixels, eye: Eye, limits: IrisLimits | None = None) -> IrisVerdict:
    """Judge one (h, w) uint8 picture, best of 640x480 or more; never raises on odd pixels."""
    limits = limits or IrisLimits()
    level = Measure("mean_level", float(grey.mean()) if grey.size else 0.0, "", limits.mean_level)
    geometry = find_eye(grey) if level.ok else None
    if geometry is None:
        why = _without_eye(grey, level)
        found = Measure("eye_found", 0.0, "", 1.0)
        return IrisVerdict(Verdict(ALGORITHM, VERSION, 0, (level, found), (why,)), eye, None)
    looks, focus, lens = gaze(geometry), edge_focus(grey, geometry), lens_signs(grey, geometry)
    found = Measure("eye_found", 1.0, "", 1.0)
    measures = (
        level,
        found,
        *_of_standard(grey, geometry, limits),
        *_of_pose(geometry, looks, focus, limits),
        Measure("lens_rim", lens.rim, ""),
        Measure("lens_print", lens.printed, ""),
    )
    advice = (Guidance.REMOVE_LENSES,) if lens.suspected else ()
    told = guidance_of(measures, _TOLD)
    verdict = Verdict(ALGORITHM, VERSION, _score(measures), measures, told, advice)
    return IrisVerdict(verdict, eye, geometry, looks, focus, lens)


def _of_standard(grey: Pixels, geometry: EyeGeometry, limits: IrisLimits) -> tuple[Measure, ...]:
    """Return the measures of ISO/IEC 29794-6; ``sharpness`` and ``pupil_circularity`` gate nothing."""
    levels = measure.levels(grey, geometry)
    iris_sharpness = measure.iris_sharpness(grey, geometry)
    return (
        Measure("iris_radius_px", geometry.iris.radius, "px", *limits.iris_radius_px),
        Measure("pupil_ratio", measure.pupil_ratio(geometry), "%", *limits.pupil_ratio),
        Measure("usable_area", measure.usable_area(geometry), "%", limits.usable_area),
        Measure("sclera_contrast", levels.sclera_contrast, "", limits.sclera_contrast),
        Measure("pupil_contrast", levels.pupil_contrast, "", limits.pupil_contrast),
        Measure("concentricity", measure.concentricity(geometry), "%", limits.concentricity),
        Measure("grey_bits", measure.grey_bits(grey, geometry), "bit", limits.grey_bits),
        Measure("margin", measure.margin(grey.shape, geometry.iris), "%", limits.margin),
        Measure("sharpness", measure.sharpness(grey), ""),
        Measure("iris_sharpness", iris_sharpness, "", limits.iris_sharpness),
        Measure("pupil_circularity", measure.pupil_circularity(grey, geometry), ""),
    )


def _of_pose(
    geometry: EyeGeometry, looks: Gaze, focus: EdgeFocus | None, limits: IrisLimits
) -> tuple[Measure, ...]:
    """Return gaze and motion; what the picture does not show is no measure rather than a zero."""
    found = []
    if looks.off is not None:
        found.append(Measure("gaze_off", looks.off, "", None, limits.gaze_off))
    if looks.turned_deg is not None:
        found.append(Measure("turned", looks.turned_deg, "deg"))  # a lid can flatten it: no gate
    if focus is not None:
        found.append(Measure("edge_px", focus.width, "px"))
        found.append(Measure("motion_px", focus.smear, "px", None, limits.motion_px))
    seen = 100 * geometry.pupil_seen
    found.append(Measure("pupil_seen", seen, "%", limits.pupil_seen))
    found.append(Measure("limbus_strength", geometry.limbus_strength, ""))
    return tuple(found)


# What to say when a measure is out of its band, in the order in which it is said.
_TOLD: Told = (
    ("mean_level", lambda _: Guidance.MORE_LIGHT),
    ("pupil_seen", lambda _: Guidance.OPEN_LIDS),
    ("iris_radius_px", lambda m: Guidance.EYE_CLOSER if m.too_low else Guidance.EYE_BACK),
    ("margin", lambda _: Guidance.LOOK_AT_CAMERA),
    ("gaze_off", lambda _: Guidance.LOOK_AT_CAMERA),
    ("usable_area", lambda _: Guidance.OPEN_LIDS),
    ("concentricity", lambda _: Guidance.LOOK_AT_CAMERA),
    ("motion_px", lambda _: Guidance.HOLD_STILL),
    ("iris_sharpness", lambda _: Guidance.BLURRED),
    ("pupil_ratio", lambda m: Guidance.LESS_LIGHT if m.too_low else Guidance.MORE_LIGHT),
    ("sclera_contrast", lambda _: Guidance.MORE_LIGHT),
    ("pupil_contrast", lambda _: Guidance.MORE_LIGHT),
    ("grey_bits", lambda _: Guidance.MORE_LIGHT),
)


def _without_eye(grey: Pixels, level: Measure) -> Guidance:
    """Say why no eye was found: no light, nothing there, far out of focus, or shut lids."""
    if not level.ok:
        return Guidance.MORE_LIGHT
    soft = cv2.GaussianBlur(grey, (0, 0), 3)
    if float(soft.std()) <= 8:
        return Guidance.NO_SUBJECT
    return Guidance.BLURRED if measure.sharpness(grey) < _NO_FOCUS else Guidance.OPEN_LIDS


@dataclass(frozen=True, slots=True)
class _Part:
    """How one measure enters the score: nothing left at ``none``, all of it from ``full`` on."""

    name: str
    none: float
    full: float

    def share(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.none) / (self.full - self.none)))


# Each tells which share of a perfect iris' texture is there to compare: how much of it shows, how finely
# it is resolved, how far it stands out of pupil and sclera, that is: how certain its borders are. Shares
# of the same thing multiply. ``full`` is what the standard recommends.
_PARTS = (
    _Part("usable_area", 0.0, 70.0),
    _Part("iris_radius_px", 30.0, 100.0),
    _Part("iris_sharpness", 0.0, 25.0),
    _Part("sclera_contrast", -5.0, 5.0),
    _Part("pupil_contrast", 0.0, 30.0),
    _Part("grey_bits", 1.0, 4.5),
    _Part("concentricity", 60.0, 90.0),
    _Part("margin", 0.0, 80.0),
    _Part("gaze_off", 0.75, 0.20),
    _Part("motion_px", 16.0, 4.0),
)


def _score(measures: tuple[Measure, ...]) -> int:
    """Return the product of the shares that were measured, 0..100."""
    value = {measure.name: measure.value for measure in measures}
    shares = [part.share(value[part.name]) for part in _PARTS if part.name in value]
    return round(100 * float(np.prod(shares)))
