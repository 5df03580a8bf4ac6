"""How the head is turned: from the five points of a model, or coarsely from the symmetry of the face."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.eyes import upright
from station.biometrics.face.geometry import EyePair, FivePoints
from station.devices import Pixels

# A grown head in mm, x right in the picture, y down, z towards the camera; the eyes' middle is 0.
_HEAD = np.array([[-31.5, 0, 0], [31.5, 0, 0], [0, 36, 30], [-25, 72, 6], [25, 72, 6]], np.float64)
_IED = 48.0  # of the patch in which symmetry is sought
_REACH = 0.31  # inter-eye distances the axis is sought to each side
_DEPTH = 0.40  # how far the nostrils stand before the eyes, in inter-eye distances


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees: yaw towards the right of the picture, pitch down, roll clockwise are positive.

    ``pitch_deg`` is None where it was not measured; ``coarse`` says that yaw is advice only.
    """

    yaw_deg: float
    pitch_deg: float | None
    roll_deg: float
    coarse: bool


def pose_of_points(points: FivePoints) -> HeadPose:
    """Return the pose that makes a rigid head fit the five points best (scaled orthography)."""
    eyes = points.eyes
    flat = np.array(
        [
            eyes.left_in_picture,
            eyes.right_in_picture,
            points.nose,
            points.mouth_left_in_picture,
            points.mouth_right_in_picture,
        ],
        np.float64,
    )
    head = _HEAD - _HEAD.mean(axis=0)
    rows = np.linalg.lstsq(head, flat - flat.mean(axis=0), rcond=None)[0].T  # 2x3: scaled rotation
    left, size, right = np.linalg.svd(rows, full_matrices=False)
    if size[1] <= 1e-9:
        return HeadPose(0.0, None, eyes.roll_deg, coarse=True)
    across, down = left @ right
    ahead = np.cross(across, down)  # how the axes x, y, z of the head contribute to depth
    # Turn order: roll in the picture, pitch, yaw. The nose points along the third column.
    nose = np.array([across[2], down[2], ahead[2]])
    roll = float(np.degrees(np.arctan2(down[0], across[0])))
    turn = np.radians(-roll)
    x = float(np.cos(turn) * nose[0] - np.sin(turn) * nose[1])
    y = float(np.sin(turn) * nose[0] + np.cos(turn) * nose[1])
    yaw = float(np.degrees(np.arctan2(x, nose[2])))
    pitch = float(np.degrees(np.arctan2(y, np.hypot(x, nose[2]))))
    return HeadPose(yaw, pitch, roll, coarse=False)


def pose_of_symmetry(grey: Pixels, eyes: EyePair) -> HeadPose:
    """Return roll from the eye line and a coarse yaw from where the nostrils mirror best.

    They stand before the eyes: turned by yaw, their axis of symmetry leaves the middle between the eyes
    by about 0.40 sin(yaw) inter-eye distances. Pitch cannot be told from two points.
    """
    if not 2.0 <= eyes.distance <= 20_000.0:
        return HeadPose(0.0, None, 0.0, coarse=True)
    return HeadPose(_yaw(grey, eyes), None, eyes.roll_deg, coarse=True)


def _yaw(grey: Pixels, eyes: EyePair) -> float:
    wide, high = 128, 160
    patch = upright(grey, eyes, wide, high, _IED)
    part = patch[high // 2 + int(0.60 * _IED) : high // 2 + int(0.95 * _IED)]
    part = cv2.GaussianBlur(part, (0, 0), 1.5) - cv2.GaussianBlur(part, (0, 0), 6.0)
    half = int(0.30 * _IED)
    shifts = np.arange(-int(_REACH * _IED), int(_REACH * _IED) + 1)
    likeness = np.array([_mirror(part, wide // 2 + int(shift), half) for shift in shifts])
    likeness -= 2.0 * (shifts / _IED) ** 2  # without evidence the head looks ahead
    best = int(likeness.argmax())
    place = float(shifts[best])
    if 0 < best < len(shifts) - 1:  # the top of a parabola through three values
        a, b, c = likeness[best - 1 : best + 2]
        bend = a - 2 * b + c
        place += float(0.5 * (a - c) / bend) if bend < 0 else 0.0
    sine = float(np.clip(place / _IED / _DEPTH, -1, 1))
    return float(np.degrees(np.arcsin(sine)))


def _mirror(part: NDArray[np.float32], axis: int, half: int) -> float:
    """Return the correlation of the left of an axis with the mirrored right, -1..1."""
    left, right = part[:, axis - half : axis], part[:, axis + 1 : axis + half + 1][:, ::-1]
    energy = float(np.sqrt((left * left).sum() * (right * right).sum()))
    return float((left * right).sum()) / energy if energy > 1e-3 else 0.0
