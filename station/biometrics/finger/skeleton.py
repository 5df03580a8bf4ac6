"""Binary ridges to one-pixel lines: cleaning, thinning by look-up table, crossing number.

A pixel's eight neighbours make a code 0..255, clockwise from north, bit 0 first. Thinning is the two-step
rule of Zhang and Suen (1984), each step one table; OpenCV's own thinning lives in contrib, which is not
shipped.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]

_WEIGHTS = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], dtype=np.float32)
_MAX_ROUNDS = 20  # ridges of more than 40 px are not ridges


def without_specks(ridges: Bits, smallest: int) -> Bits:
    """Return the picture without ridge pieces and holes of fewer than ``smallest`` pixels."""
    out = ridges.copy()
    for value in (1, 0):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            (out == value).astype(np.uint8), connectivity=8 if value else 4
        )
        small = (stats[:count, cv2.CC_STAT_AREA] < smallest).astype(np.uint8)
        small[0] = 0
        out ^= small[labels]
    return out


def thin(ridges: Bits) -> Bits:
    """Return the skeleton (0/1) of a 0/1 picture; lines stay connected."""
    out = ridges.copy()
    out[[0, -1], :] = 0
    out[:, [0, -1]] = 0
    left = int(cv2.countNonZero(out))
    for _ in range(_MAX_ROUNDS):
        before = left
        for table in (_FIRST, _SECOND):
            out = _without(out, table)
        left = int(cv2.countNonZero(out))
        if left == before:
            break
    # Zhang and Suen leave two-pixel stairs; taking their corners makes crossing numbers exact.
    for table in _STAIRS:
        out = _without(out, table)
    return out


def _without(picture: Bits, table: Bits) -> Bits:
    return np.asarray(cv2.subtract(picture, cv2.LUT(neighbours(picture), table)), dtype=np.uint8)


def neighbours(picture: Bits) -> Bits:
    """Return the neighbour code of every pixel of a 0/1 picture."""
    code = cv2.filter2D(picture, cv2.CV_8U, _WEIGHTS, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(code, dtype=np.uint8)


def crossings(skeleton: Bits) -> Bits:
    """Return the crossing number on skeleton pixels, 0 elsewhere: 1 an end, 2 a line, 3 a fork."""
    return np.asarray(cv2.LUT(neighbours(skeleton), _CROSSING) * skeleton, dtype=np.uint8)


def _bits(code: int) -> list[int]:
    return [code >> bit & 1 for bit in range(8)]


def _rises(bits: list[int]) -> int:
    return sum(bits[i] == 0 and bits[(i + 1) % 8] == 1 for i in range(8))


def _zhang_suen(*, first: bool) -> Bits:
    table = np.zeros(256, dtype=np.uint8)
    for code in range(256):
        bits = _bits(code)
        north, east, south, west = bits[0], bits[2], bits[4], bits[6]
        if not (2 <= sum(bits) <= 6 and _rises(bits) == 1):
            continue
        if first:
            table[code] = not (north and east and south) and not (east and south and west)
        else:
            table[code] = not (north and east and west) and not (north and south and west)
    return table


def _stairs(first: int, second: int) -> Bits:
    """Mark corners whose two edge neighbours already touch diagonally and that bind nothing else."""
    table = np.zeros(256, dtype=np.uint8)
    for code in range(256):
        bits = _bits(code)
        opposite = (max(first, second) + 3) % 8 if {first, second} != {0, 6} else 3
        free = [(opposite + offset) % 8 for offset in (-1, 0, 1)]
        table[code] = bool(
            bits[first] and bits[second] and not any(bits[i] for i in free) and _rises(bits) <= 1
        )
    return table


_FIRST = _zhang_suen(first=True)
_SECOND = _zhang_suen(first=False)
_STAIRS = tuple(_stairs(a, b) for a, b in ((0, 2), (2, 4), (4, 6), (6, 0)))
_CROSSING = np.array([_rises(_bits(code)) for code in range(256)], dtype=np.uint8)
