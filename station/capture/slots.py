"""The fourteen things to capture of a person, their order and their groups."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from station.devices import Eye, FingerPosition


class Slot(StrEnum):
    """One thing to capture. The value is the stem of its file name in the packet."""

    FACE = "photo"
    SIGNATURE = "sign"
    RIGHT_THUMB = "fp_right_thumb"
    RIGHT_INDEX = "fp_right_index"
    RIGHT_MIDDLE = "fp_right_middle"
    RIGHT_RING = "fp_right_ring"
    RIGHT_LITTLE = "fp_right_little"
    LEFT_THUMB = "fp_left_thumb"
    LEFT_INDEX = "fp_left_index"
    LEFT_MIDDLE = "fp_left_middle"
    LEFT_RING = "fp_left_ring"
    LEFT_LITTLE = "fp_left_little"
    IRIS_RIGHT = "iris_right"
    IRIS_LEFT = "iris_left"


FINGER_OF: Final[Mapping[Slot, FingerPosition]] = MappingProxyType(
    {Slot[position.name]: position for position in FingerPosition}
)
SLOT_OF_FINGER: Final[Mapping[FingerPosition, Slot]] = MappingProxyType(
    {position: slot for slot, position in FINGER_OF.items()}
)
EYE_OF: Final[Mapping[Slot, Eye]] = MappingProxyType(
    {Slot.IRIS_RIGHT: Eye.RIGHT, Slot.IRIS_LEFT: Eye.LEFT}
)
SLOT_OF_EYE: Final[Mapping[Eye, Slot]] = MappingProxyType(
    {eye: slot for slot, eye in EYE_OF.items()}
)

# Right four, left four, then the thumbs: the order of 4-4-2, so a slap scanner asks in the same order.
FINGER_ORDER: Final[tuple[Slot, ...]] = (
    Slot.RIGHT_INDEX,
    Slot.RIGHT_MIDDLE,
    Slot.RIGHT_RING,
    Slot.RIGHT_LITTLE,
    Slot.LEFT_INDEX,
    Slot.LEFT_MIDDLE,
    Slot.LEFT_RING,
    Slot.LEFT_LITTLE,
    Slot.RIGHT_THUMB,
    Slot.LEFT_THUMB,
)
IRIS_ORDER: Final[tuple[Slot, ...]] = (Slot.IRIS_RIGHT, Slot.IRIS_LEFT)
CAPTURE_ORDER: Final[tuple[Slot, ...]] = (
    Slot.FACE,
    Slot.SIGNATURE,
    *FINGER_ORDER,
    *IRIS_ORDER,
)

# The two fingers meant for the chip: the index fingers, else the best of the same hand, then of the other.
CHIP_FIRST_CHOICE: Final[tuple[Slot, Slot]] = (Slot.RIGHT_INDEX, Slot.LEFT_INDEX)
HANDS: Final[Mapping[Slot, tuple[Slot, ...]]] = MappingProxyType(
    {
        Slot.RIGHT_INDEX: (
            Slot.RIGHT_INDEX,
            Slot.RIGHT_THUMB,
            Slot.RIGHT_MIDDLE,
            Slot.RIGHT_RING,
            Slot.RIGHT_LITTLE,
        ),
        Slot.LEFT_INDEX: (
            Slot.LEFT_INDEX,
            Slot.LEFT_THUMB,
            Slot.LEFT_MIDDLE,
            Slot.LEFT_RING,
            Slot.LEFT_LITTLE,
        ),
    }
)
