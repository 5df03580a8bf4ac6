"""Draws docs/pictures/foto-ukur.png: what the judge sees on rendered people. ``python -m tests.bench.face_pictures``."""

from pathlib import Path

import cv2
import numpy as np

from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from station.biometrics.face.judge import judge_still
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from ui.biometrics import draw

TARGET = Path("docs/pictures/foto-ukur.png")
_MAN = FaceIdentity(2, sex="male")
_SHOWN = (
    (_MAN, Pose()),
    (FaceIdentity(1, hijab=True), Pose(roll=9, scale=0.9)),
    (FaceIdentity(2, sex="male", sunglasses=True), Pose()),
    (_MAN, Pose(mouth_open=0.75)),
)


def main() -> None:
    """Draw the picture."""
    tiles = []
    for person, pose in _SHOWN:
        still = render(person, pose, 960, 540)
        seen = draw.face(still, judge_still(HaarLocator(), still, BackdropColour.RED))
        tiles.append(cv2.resize(seen[:, 240:720], (200, 225), interpolation=cv2.INTER_AREA))
    few = np.hstack(tiles) & 0xF8  # fewer colours: a smaller file
    cv2.imwrite(str(TARGET), few, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
