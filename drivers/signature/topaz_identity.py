"""Who a Topaz pad says it is: INFO packets have no checksum, so the most frequent word counts."""

from collections import Counter
from dataclasses import replace
from typing import Final

from drivers.signature.topaz_models import EMULATOR_MODEL_CODE
from drivers.signature.topaz_packets import PadPacket
from station.devices import DeviceInfo, Grade

_MOST_NAMES: Final = 16  # different words kept; a pad has one, the others are damage
_SURE: Final = 2  # times a pad must say another name than the one it is known by


class PadIdentity:
    """Collects INFO packets over the time a pad is open."""

    def __init__(self) -> None:
        self._said: Counter[tuple[int, int]] = Counter()

    def hear(self, packet: PadPacket) -> None:
        """Take one INFO packet."""
        name = (packet.model_code, packet.serial)
        if name in self._said or len(self._said) < _MOST_NAMES:
            self._said[name] += 1

    def told(self, known: str) -> str:
        """Return the serial number the pad is believed to have said; "" when it has said none for sure.

        One packet is enough while no other number is known, or when it says the known one.
        """
        if not self._said:
            return ""
        (_, serial), times = self._said.most_common(1)[0]
        return str(serial) if times >= _SURE or known in ("", str(serial)) else ""

    def applied_to(self, info: DeviceInfo) -> DeviceInfo:
        """Return ``info`` with what the pad has said.

        Any packet with our mark makes the pad an emulated one: a doubtful sample must not pass as a real one.
        """
        info = replace(info, serial=self.told(info.serial) or info.serial)
        if any(code == EMULATOR_MODEL_CODE for code, _ in self._said):
            info = replace(info, grade=Grade.EMULATED)
        return info
