"""Rendered samples for pictures and tests: faces, eyes, prints and ink of nobody."""

from functools import cache

import cv2
import numpy as np

from drivers.emulation.scenes import eye, face, finger, pen
from station.devices import Eye, FingerPosition
from station.formats import preview

WOMAN = face.FaceIdentity(7, hijab=True)


@cache
def live(scale=1.0, backdrop="red"):
    """A camera frame as the worker hands it over."""
    return preview.shrink(face.render(WOMAN, face.Pose(scale=scale, backdrop=backdrop)), 1138, 640)


@cache
def portrait(backdrop="red"):
    """The 3:4 portrait cut from a frame."""
    frame = face.render(WOMAN, face.Pose(backdrop=backdrop))
    height, width = frame.shape[:2]
    left = (width - height * 3 // 4) // 2
    return preview.shrink(frame[:, left : left + height * 3 // 4], 600, 800)


@cache
def printed(name, seed=1):
    """A print of one finger."""
    identity = finger.FingerIdentity(7, FingerPosition[name])
    return finger.impression(identity, seed, dx=0, dy=0, rotation=0)


@cache
def iris(name, lids=1.0):
    """One eye, 640 x 480 grey."""
    return eye.render(eye.EyeIdentity(7, Eye[name]), eye.EyePose(lids=lids))


def both_eyes():
    """The preview of the iris scanner: the person's right eye at the left."""
    return preview.shrink(np.hstack([iris("RIGHT"), iris("LEFT")]), 960, 360)


@cache
def points():
    """A signature as the pad sends it."""
    return pen.signature(7, "Nur Aini")


@cache
def signed():
    """The same signature as a picture."""
    paper = np.full((260, 600), 255, np.uint8)
    last = None
    for point in points():
        spot = (round(point.x_um * 600 / 124_000), round(point.y_um * 260 / 54_000))
        if point.down and last is not None:
            cv2.line(paper, last, spot, 20, 3, cv2.LINE_AA)
        last = spot if point.down else None
    return paper
