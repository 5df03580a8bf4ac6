"""The measures of ISO/IEC 29794-6:2015, 6.2, of one picture whose circles and mask are known."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.iris.circle import rays
from station.biometrics.iris.geometry import Circle, EyeGeometry, Floats, Mask, rings
from station.devices import Pixels

_QUARTER = (
    (0, 1, 1, 2, 2),
    (1, 2, 4, 5, 5),
    (1, 4, 5, 3, 0),
    (2, 5, 3, -12, -24),
    (2, 5, 0, -24, -40),
)
_HALF = np.hstack([np.array(_QUARTER), np.array(_QUARTER)[:, 3::-1]])
FOCUS_KERNEL = np.vstack([_HALF, _HALF[3::-1]]).astype(np.float32)  # F of 6.2.10: 9x9, sum 0
_HALF_POWER = 180_000.0
_BOUNDARY_ANGLES = 256  # n of 6.2.4
_COEFFICIENTS = 16


@dataclass(frozen=True, slots=True)
class Levels:
    """Median greys over what is visible: pupil (r < 0.8), iris ring, sclera ring (1.1 to 1.2)."""

    pupil: float
    iris: float
    sclera: float

    @property
    def sclera_contrast(self) -> float:
        """6.2.2, 0..100, negative where the sclera is darker; 0 if the divisor is not positive."""
        divisor = self.sclera + self.iris - 2 * self.pupil
        return 100 * (self.sclera - self.iris) / divisor if divisor > 0 else 0.0

    @property
    def pupil_contrast(self) -> float:
        """6.2.3, 0..100."""
        weber = max(0.0, (self.iris - self.pupil) / (20 + self.pupil))
        return 100 * weber / (0.75 + weber)


def levels(grey: Pixels, geometry: EyeGeometry) -> Levels:
    """Return the medians that both contrasts are made of, over every other pixel of every other row."""
    pupil, iris = geometry.pupil, geometry.iris
    thin, visible = grey[::2, ::2], geometry.visible[::2, ::2]
    from_pupil, from_iris = rings(grey.shape, pupil, 2), rings(grey.shape, iris, 2)
    inner = (1 + pupil.radius / iris.radius) / 2
    return Levels(
        _median(thin, (from_pupil < 0.8) & visible),
        _median(thin, (from_iris > inner) & (from_iris < 0.9) & visible),
        _median(thin, (from_iris > 1.1) & (from_iris < 1.2) & visible),
    )


def usable_area(geometry: EyeGeometry) -> float:
    """Return the share of the ring between pupil and limbus that is not covered, percent (6.2.1).

    What lies outside the picture is covered.
    """
    pupil, iris = geometry.pupil, geometry.iris
    shape = geometry.visible.shape
    ring = (rings(shape, pupil, 2) > 1.0) & (rings(shape, iris, 2) < 1.0)
    whole = np.pi * (iris.radius**2 - pupil.radius**2) / 4
    seen = int((ring & geometry.visible[::2, ::2]).sum())
    return float(min(100.0, 100 * seen / max(whole, float(ring.sum()), 1.0)))


def pupil_ratio(geometry: EyeGeometry) -> float:
    """Return pupil over iris radius, percent (6.2.6)."""
    return 100 * geometry.pupil.radius / geometry.iris.radius


def concentricity(geometry: EyeGeometry) -> float:
    """Return how near the two centres are, 0..100 (6.2.8)."""
    pupil, iris = geometry.pupil, geometry.iris
    apart = float(np.hypot(pupil.x - iris.x, pupil.y - iris.y))
    return 100 * max(0.0, 1 - apart / iris.radius)


def grey_bits(grey: Pixels, geometry: EyeGeometry) -> float:
    """Return the entropy of the greys of the visible iris, bits 0..8 (6.2.5)."""
    ring = (rings(grey.shape, geometry.pupil, 2) > 1.0) & (
        rings(grey.shape, geometry.iris, 2) < 1.0
    )
    return entropy(grey[::2, ::2][ring & geometry.visible[::2, ::2]])


def entropy(greys: NDArray[np.uint8]) -> float:
    """Return the entropy of the histogram of some greys, bits 0..8."""
    counts = np.bincount(greys, minlength=256).astype(np.float64)
    share = counts[counts > 0] / max(1.0, counts.sum())
    return float(abs((share * np.log2(share)).sum()))


def margin(shape: tuple[int, ...], iris: Circle) -> float:
    """Return whether the iris has room to the picture's edges, 0..100 (6.2.9).

    0.6 radii at the sides and 0.2 above and below are enough.
    """
    height, width = shape[:2]
    sides = min(iris.x - iris.radius, width - iris.x - iris.radius) / (0.6 * iris.radius)
    ends = min(iris.y - iris.radius, height - iris.y - iris.radius) / (0.2 * iris.radius)
    return 100 * max(0.0, min(1.0, sides, ends))


def sharpness(grey: Pixels) -> float:
    """Return the focus of the whole picture, 0..100 (6.2.10).

    Squares of the response to ``F`` at every fourth pixel of every fourth row, those the kernel fits
    on; their sum over width times height is the power.
    """
    height, width = grey.shape
    if min(height, width) < 9:
        return 0.0
    response = _response(grey)
    return focus_of_power(float((response.astype(np.float64) ** 2).sum()) / (height * width))


def _response(grey: Pixels) -> NDArray[np.int32]:
    """Return the response to ``F`` at rows and columns 4, 8, .. that it fits on; exact whole numbers.

    Folded along both axes of symmetry first: a fifteenth of the work of filtering every pixel.
    """
    height, width = grey.shape
    rows = [
        grey[4 + d : height - 4 + d : 4].astype(np.int32)
        + (grey[4 - d : height - 4 - d : 4] if d else 0)
        for d in range(5)
    ]
    total = np.zeros((len(rows[0]), len(range(4, width - 4, 4))), np.int32)
    for down, row in enumerate(rows):
        for across in range(5):
            weight = int(FOCUS_KERNEL[4 + down, 4 + across])
            if weight:
                both = row[:, 4 + across : width - 4 + across : 4]
                if across:
                    both = both + row[:, 4 - across : width - 4 - across : 4]
                total += weight * both
    return total


def focus_of_power(power: float) -> float:
    """Return 100·p²/(p² + 180000²)."""
    return 100 * power**2 / (power**2 + _HALF_POWER**2)


def iris_sharpness(grey: Pixels, geometry: EyeGeometry) -> float:
    """Return the focus of the visible iris alone, 0..100: lashes in focus say nothing of the iris.

    The mean square of the response to ``F`` over every fourth pixel whose kernel sees only iris.
    """
    iris, pupil = geometry.iris, geometry.pupil
    height, width = grey.shape
    top, left = (
        max(0, int(iris.y - iris.radius)) // 4 * 4,
        max(0, int(iris.x - iris.radius)) // 4 * 4,
    )
    bottom, right = int(iris.y + iris.radius) + 5, int(iris.x + iris.radius) + 5
    box = (slice(top, min(height, bottom)), slice(left, min(width, right)))
    if box[0].stop - top < 9 or box[1].stop - left < 9:
        return 0.0
    shape = (box[0].stop - top, box[1].stop - left)
    near = Circle(iris.x - left, iris.y - top, iris.radius)
    hole = Circle(pupil.x - left, pupil.y - top, pupil.radius)
    mask = (rings(shape, hole) > 1.0) & (rings(shape, near) < 1.0) & geometry.visible[box]
    inner = cv2.erode(mask.astype(np.uint8), np.ones((9, 9), np.uint8))
    seen = inner[4 : shape[0] - 4 : 4, 4 : shape[1] - 4 : 4] > 0
    if not seen.any():
        return 0.0
    return focus_of_power(float((_response(grey[box])[seen].astype(np.float64) ** 2).mean()))


def pupil_circularity(grey: Pixels, geometry: EyeGeometry) -> float:
    """Return how round the pupil's boundary is, 0..100 (6.2.4), from radii every 1.4 degrees.

    Angles under a lid, at a glint or without an edge are left out, as the standard leaves them out.
    """
    return circularity(pupil_radii(grey, geometry))


def circularity(radii: NDArray[np.float64]) -> float:
    """Return max(0, 100 - sum of squares of the first 16 Fourier coefficients / n); 0 of under 32 radii."""
    if len(radii) < 2 * _COEFFICIENTS:
        return 0.0
    power = np.abs(np.fft.fft(radii)[1 : _COEFFICIENTS + 1]) ** 2
    return max(0.0, 100 - float(power.sum()) / len(radii))


def pupil_radii(grey: Pixels, geometry: EyeGeometry) -> NDArray[np.float64]:
    """Return the radii in px at which grey rises steepest across the pupil's boundary."""
    pupil = geometry.pupil
    angles = np.linspace(0, 2 * np.pi, _BOUNDARY_ANGLES, endpoint=False).astype(np.float32)
    reach = max(4.0, 0.2 * pupil.radius)
    radii = np.arange(max(1.0, pupil.radius - reach), pupil.radius + reach, 0.5, dtype=np.float32)
    box, centre = _around(grey, pupil, 1.5)
    soft = cv2.GaussianBlur(box, (0, 0), max(1.0, 0.02 * pupil.radius)).astype(np.float32)
    ring = rays(np.asarray(soft, np.float32), *centre, radii, angles)[0]
    rise = ring[4:] - ring[:-4]
    at = np.argmax(rise, axis=0)
    every = np.arange(len(angles))
    height = float(np.median(ring[-2:]) - np.median(ring[:2]))
    edge = radii[at + 2]
    x = np.clip(np.round(pupil.x + 1.1 * edge * np.cos(angles)), 0, grey.shape[1] - 1).astype(int)
    y = np.clip(np.round(pupil.y + 1.1 * edge * np.sin(angles)), 0, grey.shape[0] - 1).astype(int)
    clear = (rise[at, every] > 0.25 * max(height, 4.0)) & geometry.visible[y, x]
    return np.asarray(edge[clear], np.float64)


def _around(grey: Pixels, circle: Circle, reach: float) -> tuple[Pixels, tuple[Floats, Floats]]:
    """Return the part of the picture round a circle and the circle's centre in it."""
    wide = reach * circle.radius + 4
    top, left = max(0, int(circle.y - wide)), max(0, int(circle.x - wide))
    box = grey[top : int(circle.y + wide) + 1, left : int(circle.x + wide) + 1]
    return box, (np.array([circle.x - left], np.float32), np.array([circle.y - top], np.float32))


def _median(grey: Pixels, where: Mask) -> float:
    return float(np.median(grey[where])) if where.any() else 0.0
