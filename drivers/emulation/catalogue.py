"""Which emulators there are: a name and where its ``build(order)`` is, loaded when first asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final, cast

from drivers.emulation.emulated import Builder, Emulated, Order

# "stage" stands apart: all devices of a rehearsal in one process, led by JSON lines.
STAGE: Final = "stage"

CATALOGUE: Final[Mapping[str, str]] = {
    "camera": "drivers.emulation.webcam:build",
    "iris.uvc": "drivers.emulation.nir:build",
    "card": "drivers.emulation.card.emulator:build_card",
    "sam": "drivers.emulation.card.emulator:build_sam",
    "finger.sfm": "drivers.emulation.finger_modules:build_sfm",
    "finger.zfm": "drivers.emulation.finger_modules:build_zfm",
    "sbi": "drivers.emulation.sbi_order:build",
    "signature.stu": "drivers.emulation.pads:build_stu",
    "signature.topaz": "drivers.emulation.pads:build_topaz",
}


class UnknownEmulator(ValueError):
    """No emulator has this name; the message names those there are."""


def build(name: str, order: Order) -> Emulated:
    """Return the emulator, not yet started; UnknownEmulator, ValueError for an option it does not know."""
    place = CATALOGUE.get(name)
    if place is None:
        raise UnknownEmulator(", ".join((*CATALOGUE, STAGE)))
    module, function = place.split(":")
    builder = cast(Builder, getattr(import_module(module), function))
    return builder(order)
