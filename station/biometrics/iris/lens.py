"""Signs of a contact lens, as advice only: its rim on the sclera, or a printed pattern in the iris."""

from dataclasses import dataclass

import cv2
import numpy as np

from station.biometrics.iris.circle import Floats, rays
from station.biometrics.iris.geometry import EyeGeometry
from station.devices import Pixels

# A soft lens is 13.8 to 14.5 mm across, an iris 11.8 mm: its rim is a fine line this far out.
_RIM = (1.07, 1.34)  # iris radii
_SIDES = (
    np.deg2rad(np.arange(-24, 38, 2)).astype(np.float32),
    np.deg2rad(np.arange(142, 204, 2)).astype(np.float32),
)
_RIM_SUSPECT = 0.55  # share of rays that show the line at one radius
_LEAST_RAYS = 12
_LINE = 2.5  # grey levels by which a line must stand out on one ray
_PRINT_SUSPECT = 100.0  # times the power around it
_FINE = (32, 160)  # repeats once round: finer than the structure of an iris itself
_COLUMNS, _ROWS = 512, 48


@dataclass(frozen=True, slots=True)
class LensSigns:
    """How strongly a picture hints at a lens; no probabilities."""

    rim: float  # 0..1, share of the visible sclera rays with a line at a common radius
    rim_radius: float  # iris radii at which it is
    printed: (
        float  # how many times the strongest repeated pattern in the ring exceeds what is round it
    )

    @property
    def suspected(self) -> bool:
        """Whether the operator should ask for a lens."""
        return self.rim >= _RIM_SUSPECT or self.printed >= _PRINT_SUSPECT


def lens_signs(grey: Pixels, geometry: EyeGeometry) -> LensSigns:
    """Look for a lens in an (h, w) uint8 picture whose geometry is known."""
    rim, radius = _rim(grey, geometry)
    return LensSigns(rim, radius, _printed(grey, geometry))


def _rim(grey: Pixels, geometry: EyeGeometry) -> tuple[float, float]:
    iris = geometry.iris
    top, left = max(0, int(iris.y - 1.5 * iris.radius)), max(0, int(iris.x - 1.5 * iris.radius))
    box = (
        slice(top, int(iris.y + 1.5 * iris.radius) + 1),
        slice(left, int(iris.x + 1.5 * iris.radius) + 1),
    )
    soft = cv2.GaussianBlur(grey[box], (0, 0), max(0.8, 0.008 * iris.radius)).astype(np.float32)
    near = cv2.erode(geometry.visible[box].astype(np.uint8), np.ones((5, 5), np.uint8))
    radii = np.arange(_RIM[0] * iris.radius, _RIM[1] * iris.radius, 1.0, dtype=np.float32)
    lag = max(2, round(0.025 * iris.radius))
    if len(radii) < 2 * lag + 5:
        return 0.0, 0.0
    centre = (np.array([iris.x - left], np.float32), np.array([iris.y - top], np.float32))
    best = (0.0, 0.0)
    for angles in _SIDES:
        ring = rays(np.asarray(soft, np.float32), *centre, radii, angles)[0]
        seen = rays(near.astype(np.float32), *centre, radii, angles)[0].min(axis=0) > 0.9
        if int(seen.sum()) < _LEAST_RAYS:
            continue
        best = max(best, _common_line(ring[:, seen], radii, lag, iris.radius))
    return best


def _common_line(ring: Floats, radii: Floats, lag: int, unit: float) -> tuple[float, float]:
    """Return the share of rays with a line at one radius, and that radius in iris radii."""
    line = ring[lag:-lag] - 0.5 * (ring[2 * lag :] + ring[: -2 * lag])
    share, at = 0.0, 0
    for signed in (line, -line):
        # The line may run a little off the circle: the best of three neighbours counts.
        near = np.maximum(np.maximum(signed[:-2], signed[1:-1]), signed[2:])
        shares = (near > _LINE).mean(axis=1)
        top = int(np.argmax(shares))
        # Skin and vessels show lines at every radius: only what stands out counts.
        stands = float(shares[top]) - float(np.median(shares))
        if stands > share:
            share, at = stands, top
    return share, float(radii[lag + 1 + at]) / unit


def _printed(grey: Pixels, geometry: EyeGeometry) -> float:
    """Return how far one fine regular structure stands out in the ring's spectrum."""
    pupil, iris = geometry.pupil, geometry.iris
    turn = np.linspace(0, 2 * np.pi, _COLUMNS, endpoint=False, dtype=np.float32)[None, :]
    share = np.linspace(0.25, 0.9, _ROWS, dtype=np.float32)[:, None]
    x = (1 - share) * (pupil.x + pupil.radius * np.cos(turn)) + share * (
        iris.x + iris.radius * np.cos(turn)
    )
    y = (1 - share) * (pupil.y + pupil.radius * np.sin(turn)) + share * (
        iris.y + iris.radius * np.sin(turn)
    )
    ring = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.remap(geometry.visible.astype(np.uint8), x, y, cv2.INTER_NEAREST) > 0
    level = ring.astype(np.float32)
    even = np.where(seen, level - cv2.blur(level, (25, 13)), 0).astype(np.float32)
    if seen.mean() < 0.25:
        return 0.0
    power = np.abs(np.fft.rfft2(even)) ** 2
    # Fibres run from pupil to limbus and repeat round the eye only; dots repeat both ways.
    fine = power[2:-1, _FINE[0] : _FINE[1]].astype(np.float32)
    # Against the geometric mean round it, which a few strong cells hardly lift.
    floor = np.exp(cv2.blur(np.log(fine + 1e-3 * float(fine.mean()) + 1e-6), (25, 15)))
    cell = cv2.blur(fine, (3, 3))
    return float((cell / floor).max())
