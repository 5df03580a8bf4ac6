"""The files of profile ``open-id-8k``: identifiers, sizes and who may do what. Our own, open layout.

LDS-like (file identifiers and tags of ICAO Doc 9303-10) without claiming conformance; it is not the
layout of the KTP-el chip, which belongs to the agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

PROFILE_NAME: Final = "open-id-8k"
PROFILE_ID: Final = 0x08
PROFILE_VERSION: Final = 1
AID: Final = b"\xf0REKAM-8K"  # unregistered: first nibble F
DF: Final = 0x3F08
EEPROM_BYTES: Final = 8192
HEADER_BYTES: Final = 32
PAGE_BYTES: Final = 64
CHUNK_BYTES: Final = 192  # whole pages, and with padding and MAC inside one short APDU
SERIAL_BYTES: Final = 8


class Fid(IntEnum):
    """File identifiers."""

    COM = 0x011E
    DG1 = 0x0101
    DG2 = 0x0102
    DG3 = 0x0103
    DG7 = 0x0107
    SOD = 0x011D
    CC_A = 0x6F00
    CC_B = 0x6F01
    ACT = 0x6F08
    JRN = 0x6F0F
    KEYS = 0x6F10


class KeySet(IntEnum):
    """Key sets of the chip; the value is the key version number of INITIALIZE UPDATE."""

    PERSO = 1
    AUTH = 2
    ACT = 3
    ADMIN = 4


class Access(Enum):
    """Who may read or write a file; the chip enforces it."""

    ALWAYS = "always"
    AUTH = "auth"  # AUTH channel after personalisation; PERSO channel while it is open
    PERSO = "perso"  # PERSO channel in BLANK and PERSO_OPEN
    CONTROL = "control"  # only a legal step to the other copy of CC
    ACT = "act"  # ACT channel while PERSONALISED
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One elementary file. ``tag`` 0 = no TLV; ``sfi`` 0 = none."""

    fid: Fid
    sfi: int
    tag: int
    size: int
    read: Access
    write: Access

    @property
    def pages(self) -> int:
        """EEPROM pages the body takes: files share none."""
        return -(-self.size // PAGE_BYTES)


_ROWS: Final = (
    FileSpec(Fid.CC_A, 0x00, 0x00, 48, Access.ALWAYS, Access.CONTROL),
    FileSpec(Fid.CC_B, 0x00, 0x00, 48, Access.ALWAYS, Access.CONTROL),
    FileSpec(Fid.COM, 0x1E, 0x60, 32, Access.ALWAYS, Access.PERSO),
    FileSpec(Fid.DG1, 0x01, 0x61, 512, Access.AUTH, Access.PERSO),
    FileSpec(Fid.DG2, 0x02, 0x75, 2600, Access.AUTH, Access.PERSO),
    FileSpec(Fid.DG3, 0x03, 0x63, 1024, Access.AUTH, Access.PERSO),
    FileSpec(Fid.DG7, 0x07, 0x67, 900, Access.AUTH, Access.PERSO),
    FileSpec(Fid.SOD, 0x1D, 0x77, 1024, Access.ALWAYS, Access.PERSO),
    FileSpec(Fid.ACT, 0x00, 0x00, 128, Access.AUTH, Access.ACT),
    FileSpec(Fid.JRN, 0x00, 0x00, 64, Access.PERSO, Access.PERSO),
    FileSpec(Fid.KEYS, 0x00, 0x00, 256, Access.NEVER, Access.NEVER),
)
FILES: Final[Mapping[Fid, FileSpec]] = {row.fid: row for row in _ROWS}

# Written in this order; SOD comes last, after it only the control copy.
CONTENT_ORDER: Final = (Fid.COM, Fid.DG1, Fid.DG2, Fid.DG3, Fid.DG7, Fid.SOD)
DATA_GROUPS: Final[Mapping[int, Fid]] = {1: Fid.DG1, 2: Fid.DG2, 3: Fid.DG3, 7: Fid.DG7}


def budget() -> tuple[int, int]:
    """Return (bytes with headers, bytes with bodies rounded up to pages); both must fit the EEPROM."""
    headers = HEADER_BYTES * (len(FILES) + 1)  # the DF has one too
    exact = sum(spec.size for spec in FILES.values()) + headers
    paged = sum(spec.pages * PAGE_BYTES for spec in FILES.values()) + headers
    return exact, paged
