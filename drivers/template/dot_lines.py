"""Lines of DOT/1, the made-up protocol of the template: ``07 ROW n=3 hex=00ff*1D0F``.

    line = seq SP word *( SP name=value ) "*" CRC LF      at most 400 bytes, printable ASCII

``seq`` is two hex digits the answer copies, so an answer that comes late belongs to no later question. CRC is
CRC-16/CCITT-FALSE over everything before the star.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from station.errors import ChecksumError, ProtocolError

LONGEST: Final = 400
END: Final = b"\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One question or one answer."""

    seq: int
    word: str
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold part of a finger

    def encode(self) -> bytes:
        """Return the bytes, with checksum and line end."""
        text = " ".join(
            [f"{self.seq:02X} {self.word}", *(f"{k}={v}" for k, v in self.facts.items())]
        )
        return sealed(text.encode("ascii"))

    @classmethod
    def parse(cls, data: bytes) -> "Line":
        """Read a line with or without its end; ProtocolError, ChecksumError."""
        text, star, crc = data.rstrip(b"\r\n").rpartition(b"*")
        if not star or len(data) > LONGEST:
            raise ProtocolError(what="line", length=len(data))
        if crc != b"%04X" % binascii.crc_hqx(text, 0xFFFF):
            raise ChecksumError(what="line", length=len(data))
        words = text.decode("ascii", "replace").split(" ")
        try:
            facts = dict(word.split("=", 1) for word in words[2:])
            return cls(int(words[0], 16), words[1], facts)
        except (ValueError, IndexError):
            raise ProtocolError(what="line", length=len(data)) from None

    def number(self, name: str) -> int:
        """Return a fact as a number from 0; ProtocolError."""
        text = self.facts.get(name, "")
        if not text.isdecimal() or len(text) > 9:
            raise ProtocolError(what=name)
        return int(text)


def sealed(text: bytes) -> bytes:
    """Return the text with its checksum and the line end."""
    return text + b"*%04X" % binascii.crc_hqx(text, 0xFFFF) + END
