"""What lies over the face: glare on skin and lenses, dark glasses, an open mouth."""

import cv2
import numpy as np

from station.biometrics.face.region import CHIN, IED, FaceRegion

_GLARE = (
    242  # all three channels at least: light thrown back as from a mirror, colour of the skin gone
)
_CATCHLIGHT = 0.004  # share of an eye's window that the lamp's image in a healthy cornea fills


def glare_on_skin(region: FaceRegion) -> float:
    """Return the share of the face, eyes and mouth aside, that shines white, 0..1."""
    skin = region.skin.copy()
    for eye in region.eyes:
        skin[eye] = False
    skin[region.part(-0.6, 0.85, 0.6, 1.45)] = False  # teeth are white
    if not skin.any():
        return 0.0
    return float((region.colour.min(axis=2) >= _GLARE)[skin].mean())


def glare_on_eyes(region: FaceRegion) -> float:
    """Return the larger share of one eye's window that shines white beyond a catchlight, 0..1."""
    shares = [float((region.colour[eye].min(axis=2) >= _GLARE).mean()) for eye in region.eyes]
    return max(0.0, max(shares) - _CATCHLIGHT)


def eyes_darkened(region: FaceRegion) -> float:
    """Return how much darker than the cheeks the windows of both eyes are, 0 (not) to 1 (black).

    Median luminance in the brighter of the two windows against the median of the cheeks: an eye with
    brow and shadow leaves most of its window skin, a dark lens does not.
    """
    cheeks = np.concatenate([region.luminance[part].ravel() for part in region.cheeks])
    skin = float(np.median(cheeks)) if cheeks.size else 0.0
    if skin < 4:
        return 0.0
    windows = [float(np.median(region.luminance[part])) for part in region.eyes]
    return float(np.clip(1 - max(windows) / skin, 0, 1))


def lip_gap(region: FaceRegion) -> float:
    """Return the height of the dark cavity between the lips over the distance eye line to chin.

    Looked for as rows much darker than the cheeks (a quarter of their luminance) in a column under the
    nose. Advice only: a beard or strong lipstick may be as dark, and teeth are not dark.
    """
    cheeks = np.concatenate([region.luminance[part].ravel() for part in region.cheeks])
    skin = float(np.median(cheeks)) if cheeks.size else 0.0
    if skin < 8:
        return 0.0
    column = region.luminance[region.part(-0.12, 0.85, 0.12, 1.50)].astype(np.float32)
    rows = cv2.GaussianBlur(column, (0, 0), 1.0).mean(axis=1) < 0.25 * skin
    return _longest(rows) / IED / CHIN


def _longest(rows: np.ndarray) -> int:
    best = run = 0
    for row in rows:
        run = run + 1 if row else 0
        best = max(best, run)
    return best
