"""The address of a near-infrared scanner: one text that names its camera and its lamp."""

import re
from dataclasses import dataclass
from typing import Final

from drivers.camera.places import without_password

_PAIR: Final = re.compile(r"(?:^|;)\s*(camera|lamp|eyes|bits)=")
_BITS: Final = (8, 10, 12, 16)


@dataclass(frozen=True, slots=True)
class IrisAddress:
    """Where the two halves are, and how the camera looks."""

    camera: str  # index, device path or stream URL
    lamp: str  # serial device or pyserial URL
    eyes: int = 1  # seen at once: 2 = the applicant's right eye in the left half of the picture
    bits: int = 16  # of grey levels in a sixteen-bit format: 10 for a Y16 that holds ten

    @classmethod
    def of(cls, text: str) -> "IrisAddress":
        """Return the address of ``camera=PLACE;lamp=PORT[;eyes=2][;bits=10]``; ValueError."""
        words = _PAIR.split(text.strip())
        pairs = dict(zip(words[1::2], words[2::2], strict=True))
        if (
            words[0].strip()
            or len(pairs) != len(words) // 2
            or not {"camera", "lamp"} <= set(pairs)
        ):
            raise ValueError("camera and lamp")
        named = {name: value.strip().rstrip(";") for name, value in pairs.items()}
        eyes, bits = int(named.get("eyes", "1")), int(named.get("bits", "16"))
        if eyes not in {1, 2} or bits not in _BITS or not (named["camera"] and named["lamp"]):
            raise ValueError("eyes, bits or an empty place")
        return cls(named["camera"], named["lamp"], eyes, bits)

    def __str__(self) -> str:
        """Return the address as it is shown and stored: without the password of a stream."""
        return f"camera={without_password(self.camera)};lamp={without_password(self.lamp)};eyes={self.eyes}"
