"""How slow the emulated card is: per command, per byte over the air, per EEPROM page."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds; the emulator waits them on the card's side."""

    name: str
    per_apdu: float
    per_byte: float
    per_page: float

    def of(self, wire_bytes: int, pages: int) -> float:
        """Return the seconds one exchange takes."""
        return self.per_apdu + wire_bytes * self.per_byte + pages * self.per_page


INSTANT: Final = Delay("instant", 0.0, 0.0, 0.0)
# 106 kbit/s is about 76 us per byte; the base is tuned so that one personalisation takes about 10 s, the
# time people saw at the public demonstration of 2013.
NFC106: Final = Delay("nfc106", 0.070, 0.000085, 0.005)
PROFILES: Final = {profile.name: profile for profile in (INSTANT, NFC106)}
