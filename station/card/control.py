"""CC, the chip's control record: lifecycle and counter in two copies, of which one is always whole."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from station.card.profile import PROFILE_ID, PROFILE_VERSION, SERIAL_BYTES, Fid, KeySet
from station.errors import CardDamaged, CardStateRefused, FormatError, UnknownCard

CC_BYTES: Final = 48
_MAGIC: Final = b"RKCC"


class Lifecycle(IntEnum):
    """States of the chip; the values are ours, ``FCP_STATE`` maps them to ISO/IEC 7816-4."""

    BLANK = 0x01
    PERSO_OPEN = 0x03
    PERSONALISED = 0x04
    ACTIVE = 0x05
    SUSPENDED = 0x06
    TERMINATED = 0x0C


FCP_STATE: Final[Mapping[Lifecycle, int]] = {
    Lifecycle.BLANK: 0x01,
    Lifecycle.PERSO_OPEN: 0x03,
    Lifecycle.PERSONALISED: 0x04,
    Lifecycle.ACTIVE: 0x05,
    Lifecycle.SUSPENDED: 0x04,
    Lifecycle.TERMINATED: 0x0C,
}

# From state to (next state, key set that may cause it). What is not here, card and host refuse.
STEPS: Final[Mapping[Lifecycle, Mapping[Lifecycle, KeySet]]] = {
    Lifecycle.BLANK: {Lifecycle.PERSO_OPEN: KeySet.PERSO},
    Lifecycle.PERSO_OPEN: {
        Lifecycle.PERSO_OPEN: KeySet.PERSO,
        Lifecycle.PERSONALISED: KeySet.PERSO,
    },
    Lifecycle.PERSONALISED: {Lifecycle.ACTIVE: KeySet.ACT},
    Lifecycle.ACTIVE: {Lifecycle.SUSPENDED: KeySet.ADMIN, Lifecycle.TERMINATED: KeySet.ADMIN},
    Lifecycle.SUSPENDED: {},
    Lifecycle.TERMINATED: {},
}


@dataclass(frozen=True, slots=True)
class Control:
    """The content of one CC copy."""

    serial: bytes
    state: Lifecycle
    tx: int
    slot: Fid  # CC_A or CC_B: where this copy stands

    @property
    def serial_text(self) -> str:
        """The card serial as the register writes it: 16 upper-case hex digits."""
        return self.serial.hex().upper()

    def encode(self) -> bytes:
        """Return the 48 bytes: magic, profile, version, serial, state, slot bit, counter, zeros, CRC-32."""
        body = _MAGIC + bytes((PROFILE_ID, PROFILE_VERSION)) + self.serial
        body += bytes((self.state, self.slot == Fid.CC_B)) + self.tx.to_bytes(4)
        body = body.ljust(CC_BYTES - 4, b"\x00")
        return body + zlib.crc32(body).to_bytes(4)

    def next(self, state: Lifecycle) -> "Control":
        """Return the record for the other copy; CardStateRefused for a step outside the table."""
        if state not in STEPS[self.state]:
            raise CardStateRefused(reason="lifecycle", state=self.state.name, wanted=state.name)
        other = Fid.CC_B if self.slot == Fid.CC_A else Fid.CC_A
        return replace(self, state=state, tx=self.tx + 1, slot=other)


def parse_control(data: bytes, slot: Fid) -> Control:
    """Parse one copy; FormatError when it is not whole, UnknownCard when it is of another profile."""
    if len(data) != CC_BYTES or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:]):
        raise FormatError(what="cc_crc")
    if not data.startswith(_MAGIC) or data[4] != PROFILE_ID or data[5] != PROFILE_VERSION:
        raise UnknownCard(reason="profile")
    if data[15] != (slot == Fid.CC_B):
        raise FormatError(what="cc_slot")
    try:
        state = Lifecycle(data[14])
    except ValueError as cause:
        raise FormatError(what="cc_state") from cause
    return Control(data[6 : 6 + SERIAL_BYTES], state, int.from_bytes(data[16:20]), slot)


def current_control(copy_a: bytes, copy_b: bytes) -> Control:
    """Return the whole copy with the higher counter; CardDamaged when both are broken."""
    found: list[Control] = []
    for data, slot in ((copy_a, Fid.CC_A), (copy_b, Fid.CC_B)):
        try:
            found.append(parse_control(data, slot))
        except FormatError:
            continue  # a torn copy is what the other one is there for
    if not found:
        raise CardDamaged(reason="control_copies")
    if len({control.serial for control in found}) > 1:
        raise CardDamaged(reason="control_serials")
    return max(found, key=lambda control: control.tx)
