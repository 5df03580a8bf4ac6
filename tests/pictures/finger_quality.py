"""``python -m tests.pictures.finger_quality FILE``: drawn fingers, one per fault, with score, reason and map."""

import sys
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from drivers.emulation.scenes.finger import PAPER, FingerIdentity, bare_platen, impression
from station.biometrics.finger.quality import judge
from station.devices import FingerPosition, Pixels
from ui.biometrics.ridge_map import ridge_map

_FINGER = FingerIdentity(500, FingerPosition.RIGHT_INDEX)
_FAULTS: Mapping[str, Mapping[str, float]] = {
    "sound": {},
    "light": {"pressure": 0.1},
    "dry": {"dryness": 1.0},
    "wet": {"pressure": 0.8, "dryness": 0.0},
    "partial": {"contact": 0.3},
    "off centre": {"dx": 90, "dy": 110},
    "blurred": {"blur": 3.0},
}
_SCALE = 0.5


def pictures() -> Mapping[str, Pixels]:
    """Return the pictures by what is wrong with them."""
    drawn: dict[str, Pixels] = {
        name: impression(_FINGER, 1, **fault)  # type: ignore[arg-type]
        for name, fault in _FAULTS.items()
    }
    skin = PAPER - impression(_FINGER, 3, noise=0.0).astype(np.float32)
    drawn["old print"] = np.clip(bare_platen(1) - 0.13 * skin.clip(0), 0, 255).astype(np.uint8)
    return drawn


def _tile(name: str, picture: Pixels) -> Pixels:
    verdict = judge(picture, 500)
    small = cv2.resize(ridge_map(picture, 500), None, fx=_SCALE / 2, fy=_SCALE / 2)
    tile = cv2.copyMakeBorder(small, 4, 34, 4, 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    below = (f"{name}: {verdict.score}", ", ".join(verdict.reasons) or "usable")
    for line, text in enumerate(below):
        at = (5, tile.shape[0] - 20 + 15 * line)
        cv2.putText(tile, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    return np.asarray(tile, np.uint8)


def main(file: Path) -> None:
    """Write the picture: two rows of four."""
    tiles = [_tile(name, picture) for name, picture in pictures().items()]
    sheet = np.vstack([np.hstack(tiles[:4]), np.hstack(tiles[4:])])
    Image.fromarray(np.ascontiguousarray(sheet[..., ::-1])).quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
