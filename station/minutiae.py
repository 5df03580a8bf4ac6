"""Minutiae as plain data: extracted and matched in biometrics, written and read by formats.

The one angle convention of the product: radians, counter-clockwise from +x with y up. An ending points
back along its ridge, a fork into the valley between its branches (ISO/IEC 19794-2). Places are pixels at
500 ppi from the top left, y down.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

OTHER, ENDING, FORK = 0, 1, 2  # type codes of ISO/IEC 19794-2


@dataclass(frozen=True, slots=True)
class Template:
    """Minutiae of one impression as equally long arrays, best quality first."""

    x: NDArray[np.float32] = field(repr=False)  # pixels at 500 ppi
    y: NDArray[np.float32] = field(repr=False)
    angle: NDArray[np.float32] = field(repr=False)  # radians 0..2 pi
    type: NDArray[np.uint8] = field(repr=False)  # 0 other, 1 ending, 2 fork
    quality: NDArray[np.uint8] = field(repr=False)  # 0..100
    width: int
    height: int

    def __len__(self) -> int:
        return int(self.x.size)

    def take(self, index: NDArray[np.intp]) -> "Template":
        """Return the template of the chosen minutiae, in that order."""
        return Template(
            self.x[index],
            self.y[index],
            self.angle[index],
            self.type[index],
            self.quality[index],
            self.width,
            self.height,
        )

    def best(self, limit: int) -> "Template":
        """Return at most ``limit`` minutiae: highest quality, ties nearest to the centre of mass."""
        if len(self) <= limit:
            return self
        distance = np.hypot(self.x - self.x.mean(), self.y - self.y.mean())
        order = np.lexsort((distance, -self.quality.astype(np.int32)))
        return self.take(order[:limit])
