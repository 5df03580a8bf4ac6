"""Identifiers: time-ordered UUIDs (RFC 9562 version 7) and short codes that people read aloud."""

import secrets
import uuid

from station.clock import Clock

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: a code is read over a counter and typed on a phone.
_ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"


def uuid7(clock: Clock) -> uuid.UUID:
    """Return a version-7 UUID: 48 bits of Unix milliseconds, then random bits."""
    millis = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
    value = (millis << 80) | (0x7 << 76) | (secrets.randbits(12) << 64)
    value |= (0b10 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


def short_code(packet_id: uuid.UUID) -> str:
    """Return a seven-character code ``XXX-XXXX`` for the receipt, derived from the random bits."""
    number = packet_id.int & ((1 << 62) - 1)
    letters = []
    for _ in range(7):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters[:3]) + "-" + "".join(letters[3:])
