"""The card's end of SCP03: cryptograms, command check, answer protection."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.constant_time import bytes_eq

from station.card.apdu import Command
from station.card.scp03 import (
    LEVEL,
    MAC_BYTES,
    OPTION,
    KeyTriple,
    SessionKeys,
    command_mac,
    decrypt,
    encrypt,
    pad,
    response_mac,
    session_keys,
    unpad,
)


@dataclass(slots=True)
class CardSession:
    """One session on the chip; ``level`` 0 until EXTERNAL AUTHENTICATE succeeded."""

    key_set: int
    keys: SessionKeys = field(repr=False)
    chaining: bytes = field(default=bytes(16), repr=False)
    counter: int = 0
    level: int = 0


def begin(
    static: KeyTriple, key_set: int, host: bytes, card: bytes, sequence: int
) -> tuple[CardSession, bytes]:
    """Start a session and return it with the 32-byte answer to INITIALIZE UPDATE."""
    keys = session_keys(static, host, card)
    head = bytes(10) + bytes((key_set, 0x03, OPTION))
    answer = head + card + keys.card_cryptogram + (sequence & 0xFFFFFF).to_bytes(3)
    return CardSession(key_set, keys), answer


def authenticate(session: CardSession, command: Command) -> int:
    """Check EXTERNAL AUTHENTICATE; returns the status word and raises the level on success."""
    body, mac = command.data[:-MAC_BYTES], command.data[-MAC_BYTES:]
    full = command_mac(session.keys, session.chaining, command, body)
    if command.p1 != LEVEL or not bytes_eq(mac, full[:MAC_BYTES]):
        return 0x6988
    if not bytes_eq(body, session.keys.host_cryptogram):
        return 0x6300
    session.chaining, session.level = full, LEVEL
    return 0x9000


def open_command(session: CardSession, command: Command) -> Command | None:
    """Check and decrypt a protected command; None when its MAC or padding is wrong."""
    body, mac = command.data[:-MAC_BYTES], command.data[-MAC_BYTES:]
    full = command_mac(session.keys, session.chaining, command, body)
    if not bytes_eq(mac, full[:MAC_BYTES]):
        return None
    session.chaining = full
    session.counter += 1
    plain: bytes | None = b""
    if body:
        if len(body) % 16:
            return None
        plain = unpad(decrypt(session.keys, session.counter, body))
    if plain is None:
        return None
    return Command(command.cla & ~0x04, command.ins, command.p1, command.p2, plain, command.le)


def close_answer(session: CardSession, data: bytes, sw: int) -> bytes:
    """Encrypt and authenticate an answer; an error goes out bare."""
    if sw != 0x9000:
        return b""
    body = encrypt(session.keys, session.counter, pad(data), response=True) if data else b""
    return body + response_mac(session.keys, session.chaining, body, sw)
