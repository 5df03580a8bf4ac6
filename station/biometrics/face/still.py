"""The full set of the still: every measure of ISO/IEC 29794-5 that needs no network."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from station.biometrics.face.background import background_uniformity
from station.biometrics.face.components import NOT_MEASURED, component, illumination_uniformity
from station.biometrics.face.cover import eyes_darkened, glare_on_eyes, glare_on_skin, lip_gap
from station.biometrics.face.locator import Box, FaceFound
from station.biometrics.face.pose import HeadPose, pose_of_points, pose_of_symmetry
from station.biometrics.face.region import CHIN, FaceRegion, region_of
from station.biometrics.face.tone import intersection, natural_colour, tone_of
from station.biometrics.verdict import Measure
from station.devices import Pixels

DARK_EYES: Final = 0.65  # from here on the eyes are taken to be behind dark lenses
_MEASURED_WHERE_SEEN: Final = ("yaw_deg", "pitch_deg", "background_uniformity")


@dataclass(frozen=True, slots=True)
class StillLimits:
    """Gates of the still that the live picture does not have."""

    glare_eyes: float = 0.02  # share of one lens
    glare_skin: float = 0.06  # share of the face
    yaw_deg: float = 8.0  # held against five points only; from two eyes yaw is advice
    pitch_deg: float = 15.0


def full_set(
    small: Pixels, grey: Pixels, face: FaceFound, portrait: Box, limits: StillLimits
) -> tuple[Measure, ...]:
    """Measure a BGR picture (and its grey) in which the face was found.

    ``portrait`` is what will be stored, in pixels of this picture: framing is measured in it.
    """
    region = region_of(small, face.eyes)
    pose = (
        pose_of_points(face.points)
        if face.points is not None
        else pose_of_symmetry(grey, face.eyes)
    )
    even = background_uniformity(small, face.eyes)
    background = () if even is None else (_told("background_uniformity", even, ""),)
    return (
        *_framing(portrait, face),
        *_turned(pose, limits),
        *_light(region),
        *background,
        Measure("glare_skin", glare_on_skin(region), "", None, limits.glare_skin),
        Measure("glare_eyes", glare_on_eyes(region), "", None, limits.glare_eyes),
        Measure("eyes_darkened", eyes_darkened(region), ""),
        _told("lip_gap", lip_gap(region), ""),
        _told("single_face", 0.0, ""),
    )


def missing(measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """Return what the standard asks and these measures do not answer."""
    taken = {measure.name for measure in measures}
    return (*NOT_MEASURED, *(name for name in _MEASURED_WHERE_SEEN if name not in taken))


def _framing(portrait: Box, face: FaceFound) -> tuple[Measure, ...]:
    """Shares and multiples, so the size of the picture does not matter."""
    (left_x, _), (right_x, _) = face.eyes.left_in_picture, face.eyes.right_in_picture
    ied = max(1e-6, face.eyes.distance)
    chin, eye_y = CHIN * ied, face.eyes.middle[1] - portrait.y
    return (
        _told("head_size", chin / max(1e-6, portrait.height), ""),
        _told("crop_left", (left_x - portrait.x) / ied, ""),
        _told("crop_right", (portrait.x + portrait.width - right_x) / ied, ""),
        _told("margin_above", eye_y / chin, ""),
        _told("margin_below", (portrait.height - eye_y) / chin, ""),
    )


def _turned(pose: HeadPose, limits: StillLimits) -> tuple[Measure, ...]:
    if pose.coarse:
        return (Measure("yaw_coarse_deg", pose.yaw_deg, "°"),)
    yaw = _told("yaw_deg", pose.yaw_deg, "°", limits.yaw_deg)
    pitch = pose.pitch_deg
    return (yaw,) if pitch is None else (yaw, _told("pitch_deg", pitch, "°", limits.pitch_deg))


def _light(region: FaceRegion) -> tuple[Measure, ...]:
    tone = tone_of(region.luminance[region.skin])
    left, right = (region.luminance[part] for part in region.cheeks)
    both = [region.colour[part].reshape(-1, 3) for part in region.cheeks]
    same = intersection(left, right)
    return (
        _told("luminance_mean", tone.mean, ""),
        _told("luminance_variance", tone.variance, ""),
        _told("under_exposure", tone.dark_share, ""),
        _told("over_exposure", tone.bright_share, ""),
        _told("dynamic_range", tone.dynamic_range, "bit"),
        Measure("illumination_uniformity", same, "", component=illumination_uniformity(same)),
        _told("natural_colour", natural_colour(np.concatenate(both)), ""),
    )


def _told(name: str, value: float, unit: str, within: float | None = None) -> Measure:
    low = None if within is None else -within
    return Measure(name, value, unit, low, within, component(name, value))
