"""Whether the eye looks at the camera: by the lamp's reflection, and by how round pupil is seen."""

from dataclasses import dataclass

import numpy as np

from station.biometrics.iris.geometry import EyeGeometry

# The pupil lies 9.8 mm from the eye's centre of rotation, the cornea's own centre, where the reflection
# of a lamp beside the lens is seen, 5.6 mm; the iris is 5.9 mm in radius (Gullstrand's eye, rounded).
_REACH = (9.8 - 5.6) / 5.9
_ROUND_ENOUGH = 0.80  # of the pupil's edge that must show before its shape is believed


@dataclass(frozen=True, slots=True)
class Gaze:
    """Where the eye looks, as far as the picture tells; None where it does not."""

    off: float | None  # way from the lamp's reflection to the pupil's centre, iris radii
    off_deg: float | None  # the same as an angle, for a lamp beside the lens
    turned_deg: float | None  # from the pupil's axes: 0 when it is seen round


def gaze(geometry: EyeGeometry) -> Gaze:
    """Return the gaze of a geometry."""
    off = off_deg = turned = None
    if geometry.glint is not None:
        x, y = geometry.glint
        off = float(np.hypot(x - geometry.pupil.x, y - geometry.pupil.y)) / geometry.iris.radius
        off_deg = float(np.rad2deg(np.arcsin(min(1.0, off / _REACH))))
    if geometry.pupil_aspect is not None and geometry.pupil_seen >= _ROUND_ENOUGH:
        turned = float(np.rad2deg(np.arccos(min(1.0, max(0.0, geometry.pupil_aspect)))))
    return Gaze(off, off_deg, turned)
