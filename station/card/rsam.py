"""RSAM/1: the commands of a rehearsal SAM behind a card reader, as seen from both sides.

An own, open set of commands for rehearsals: whoever holds the module may use it, no host authenticates itself and
plain commands cross the reader's cable. A production module has its maker's commands and its own answer to
the port ``station.card.sam.SamPort``.

Commands and answers longer than a short APDU are chained (ISO/IEC 7816-4: class bit 10, GET RESPONSE).
"""

from enum import IntEnum, unique
from typing import Final

AID: Final = b"\xf0REKAMSAM"
CLA: Final = 0x80
MORE: Final = 0x10  # class bit: another piece of the same command follows
LONGEST: Final = 1024  # bytes of a whole chained command


@unique
class Ins(IntEnum):
    """Instruction bytes."""

    IDENTIFY = 0xCA  # answers check value of the master key (4 bytes), then the name in UTF-8
    BEGIN = 0x10  # P1 key set, data: card serial; answers INITIALIZE UPDATE for the card
    OPEN = 0x12  # data: the card's answer; answers EXTERNAL AUTHENTICATE
    WRAP = 0x14  # data: a plain command; answers the protected one
    UNWRAP = 0x16  # data: status word (2), then the card's data; answers the plain data
    ACTIVATION_MAC = 0x18  # data: card serial, then the record; answers 16 bytes


# Status words beside 9000.
NO_CHANNEL: Final = 0x6985
WRONG_DATA: Final = 0x6A80
CRYPTOGRAM: Final = 0x6300  # the card did not prove itself: CardVerificationFailed
RESPONSE_MAC: Final = 0x6988  # what the card did is not known: CardOutcomeUnknown
