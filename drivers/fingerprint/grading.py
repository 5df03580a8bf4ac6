"""How our emulated fingerprint modules declare themselves, and what a module's samples may be used for."""

from drivers.contract import Site
from station.devices import EMULATOR_MARK, Grade


def grade_of(site: Site, driver: str, make: str, model: str, firmware: str) -> Grade:
    """Return the grade of a module: EMULATED by the mark in firmware (SFM) or model (ZFM), else what the site has signed."""
    if EMULATOR_MARK in model or EMULATOR_MARK in firmware:
        return Grade.EMULATED
    return site.grade(driver, make, model, firmware)
