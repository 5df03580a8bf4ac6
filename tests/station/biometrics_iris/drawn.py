"""Pictures of known levels and circles, on which the formulas can be worked out by hand."""

import numpy as np

from station.biometrics.iris.geometry import Circle, EyeGeometry

PUPIL, IRIS = Circle(320.0, 240.0, 40.0), Circle(320.0, 240.0, 100.0)


def discs(pupil=PUPIL, iris=IRIS, levels=(20, 90, 160), shape=(480, 640)):
    """Return a picture of flat pupil, iris and sclera."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    picture = np.full(shape, levels[2], np.uint8)
    picture[np.hypot(x - iris.x, y - iris.y) < iris.radius] = levels[1]
    picture[np.hypot(x - pupil.x, y - pupil.y) < pupil.radius] = levels[0]
    return picture


def geometry(pupil=PUPIL, iris=IRIS, shape=(480, 640), visible=None):
    """Return the geometry such a picture has."""
    seen = np.ones(shape, bool) if visible is None else visible
    return EyeGeometry(pupil, iris, 1.0, None, seen)
