"""``python -m tests.bench.iris_pictures``: draw the picture of docs/biometrics/iris.md anew."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from drivers.emulation.scenes.eye import ContactLens, EyeIdentity, EyePose, render
from station.biometrics.iris.judge import judge
from station.devices import Eye
from ui.biometrics import draw

TARGET = Path("docs/pictures/iris-geometri.png")
_EYES = (
    (EyeIdentity(1, Eye.RIGHT), EyePose()),
    (EyeIdentity(7, Eye.LEFT), EyePose(lids=0.62)),
    (EyeIdentity(5, Eye.RIGHT), EyePose(gaze_x=0.8)),
    (EyeIdentity(6, Eye.RIGHT), EyePose(motion=18, motion_deg=20)),
    (EyeIdentity(3, Eye.LEFT), EyePose(glasses=1)),
    (EyeIdentity(4, Eye.RIGHT), EyePose(lens=ContactLens.SOFT)),
)


def picture() -> Image.Image:
    """Return six drawn eyes with what the engine sees in them, score and first word to the person."""
    tiles = []
    for identity, pose in _EYES:
        grey = render(identity, pose)
        judged = judge(grey, identity.eye)
        told = (*judged.verdict.guidance, *judged.verdict.advice)
        tile = cv2.resize(
            draw.iris(grey, judged.geometry), (280, 210), interpolation=cv2.INTER_AREA
        )
        text = f"{judged.verdict.score} {told[0].value if told else 'READY'}"
        cv2.putText(tile, text, (6, 205), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
        tiles.append(tile)
    sheet = np.vstack([np.hstack(tiles[:3]), np.hstack(tiles[3:])])
    return Image.fromarray(cv2.cvtColor(sheet, cv2.COLOR_BGR2RGB)).quantize(40)


if __name__ == "__main__":
    picture().save(TARGET, optimize=True)
