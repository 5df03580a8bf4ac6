"""``python -m tests.pictures.slap FILE``: a drawn right hand with the boxes and names that are found."""

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from drivers.emulation.scenes.slap import RIGHT_FOUR, SlapPress, draw_slap
from station.biometrics.finger.slap import segment
from ui.biometrics.slap import drawn

_HEIGHT = 420  # pixels of the picture


def main(target: Path) -> None:
    """Draw, segment and write the picture."""
    slap = draw_slap(60, RIGHT_FOUR, 3, SlapPress(rotation=10, lower=True), height=1100).image
    shown = drawn(slap, segment(slap, 500, RIGHT_FOUR))
    factor = _HEIGHT / shown.shape[0]
    small = cv2.resize(shown, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    picture = Image.fromarray(np.ascontiguousarray(small[..., ::-1]))
    picture.quantize(64).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
