"""What a fingerprint module's samples may be used for, and how our emulators declare themselves."""

from collections.abc import Mapping
from typing import Final

from station.devices import Grade

# Our emulators carry this in the firmware (SFM) or model (ZFM) they report on the wire. A real device
# that happened to report it would lose its grade, never gain one.
EMULATOR_MARK: Final = "EMU"

GradedModels = Mapping[tuple[str, str], Grade]  # (model, firmware) from signed configuration


def grade_of(model: str, firmware: str, graded: GradedModels) -> Grade:
    """Return the grade of a module: VERIFICATION unless it is emulated or listed."""
    if EMULATOR_MARK in model or EMULATOR_MARK in firmware:
        return Grade.EMULATED
    listed = graded.get((model, firmware), Grade.VERIFICATION)
    return Grade.VERIFICATION if listed is Grade.EMULATED else listed
