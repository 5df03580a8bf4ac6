"""Code tables of ISO/IEC 19794, keyed by part and edition: the same number means other things elsewhere."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Coding(StrEnum):
    """How an image stands in a record."""

    RAW = "raw"
    PACKED = "raw, bit-packed"
    WSQ = "wsq"
    JPEG = "jpeg"
    JP2 = "jp2"  # the edition does not tell lossy from lossless
    JP2_LOSSY = "jp2 lossy"
    JP2_LOSSLESS = "jp2 lossless"
    PNG = "png"


# (part, edition) -> code -> coding. Parts 4 and 6 have shifted between the editions.
CODINGS: Final[Mapping[tuple[int, int], Mapping[int, Coding]]] = {
    (4, 2005): {0: Coding.RAW, 1: Coding.PACKED, 2: Coding.WSQ, 3: Coding.JPEG, 4: Coding.JP2, 5: Coding.PNG},
    (4, 2011): {0: Coding.RAW, 1: Coding.PACKED, 2: Coding.WSQ, 3: Coding.JPEG, 4: Coding.JP2_LOSSY, 5: Coding.JP2_LOSSLESS, 6: Coding.PNG},
    (5, 2005): {0: Coding.JPEG, 1: Coding.JP2},
    (5, 2011): {0: Coding.JPEG, 1: Coding.JP2_LOSSY, 2: Coding.JP2_LOSSLESS, 3: Coding.PNG},
    (6, 2005): {0x0002: Coding.RAW, 0x0006: Coding.JPEG, 0x000E: Coding.JP2},
    (6, 2011): {0x02: Coding.RAW, 0x0A: Coding.JP2, 0x0E: Coding.PNG},
}  # fmt: skip

# Impressions: 0/1 live plain, rolled; 2/3 not live; 7 latent; 8 swipe; 24 contactless; 28 other; 29 unknown.
# Part 2 of 2005 keeps them in four bits.
IMPRESSIONS: Final[Mapping[tuple[int, int], frozenset[int]]] = {
    (2, 2005): frozenset({0, 1, 2, 3, 7, 8}),
    (2, 2011): frozenset({0, 1, 2, 3, 7, 8, 24, 28, 29}),
    (4, 2005): frozenset({0, 1, 2, 3, 7, 8, 24, 28, 29}),
    (4, 2011): frozenset({0, 1, 2, 3, 7, 8, 24, 28, 29}),
}

FINGERS: Final = frozenset(range(11))  # 0 unknown, 1-5 right thumb..little, 6-10 left thumb..little
SLAPS: Final = frozenset({13, 14, 15})  # right four, left four, both thumbs
EYES: Final = frozenset({0, 1, 2})  # 0 unknown, 1 right, 2 left
ACQUISITION_LEVELS: Final = frozenset({10, 20, 30, 31, 35, 40, 41})


def code_of(part: int, edition: int, coding: Coding) -> int | None:
    """Return the number of a coding; None when that edition does not have it."""
    found = (code for code, known in CODINGS[part, edition].items() if known is coding)
    return next(found, None)
