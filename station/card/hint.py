"""JRN, the chip's own note of how far personalisation came: saves reading, is never trusted."""

import zlib
from dataclasses import dataclass
from typing import Final

from station.card.profile import Fid

JRN_BYTES: Final = 64
_MAGIC: Final = b"RKJN"


@dataclass(frozen=True, slots=True)
class ResumeHint:
    """The file about to be written when the note was made, and the contents it belongs to."""

    step: int
    fid: Fid
    offset: int
    length: int
    digest: bytes  # first 16 bytes of the contents' digest

    def encode(self) -> bytes:
        """Return the 64 bytes with CRC-32."""
        body = _MAGIC + self.step.to_bytes(2) + self.fid.to_bytes(2)
        body += self.offset.to_bytes(2) + self.length.to_bytes(2) + self.digest
        body = body.ljust(JRN_BYTES - 4, b"\x00")
        return body + zlib.crc32(body).to_bytes(4)


def parse_hint(data: bytes) -> ResumeHint | None:
    """Return the note, or None when it is blank, torn or names no file."""
    if len(data) != JRN_BYTES or not data.startswith(_MAGIC):
        return None
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:]):
        return None
    step, fid, offset, length = (int.from_bytes(data[at : at + 2]) for at in (4, 6, 8, 10))
    if fid not in set(Fid):
        return None
    return ResumeHint(step, Fid(fid), offset, length, data[12:28])
