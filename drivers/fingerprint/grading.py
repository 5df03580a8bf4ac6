"""How our emulated fingerprint modules declare themselves, and what a module's samples may be used for."""

from typing import Final

from drivers.contract import Site
from station.devices import Grade

# Our emulators carry this in the firmware (SFM) or model (ZFM) they report on the wire. A real device
# that happened to report it would lose its grade, never gain one.
EMULATOR_MARK: Final = "EMU"


def grade_of(site: Site, driver: str, make: str, model: str, firmware: str) -> Grade:
    """Return the grade of a module: EMULATED by the mark, else what the site has signed."""
    if EMULATOR_MARK in model or EMULATOR_MARK in firmware:
        return Grade.EMULATED
    return site.grade(driver, make, model, firmware)
