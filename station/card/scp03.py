"""SCP03 of GlobalPlatform Amendment D: AES-128, S8, i = 0x70, security level 0x33 and nothing lower.

The arithmetic is shared by both ends; ``HostSession`` is the host's end. The card's end lives with the
emulated chip.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.constant_time import bytes_eq

from station.card.apdu import Command
from station.errors import CardError, CardOutcomeUnknown, CardVerificationFailed

LEVEL: Final = 0x33  # C-MAC 01 + C-DEC 02 + R-MAC 10 + R-ENC 20
OPTION: Final = 0x70
MAC_BYTES: Final = 8
MAX_PLAIN: Final = 239  # 240 encrypted + 8 MAC fit a short APDU
INITIALIZE_UPDATE: Final = 0x50
EXTERNAL_AUTHENTICATE: Final = 0x82
SM_BIT: Final = 0x04
_ZEROS: Final = bytes(16)


@dataclass(frozen=True, slots=True)
class KeyTriple:
    """Static AES-128 keys of one key set."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    dek: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """Keys of one session and the two cryptograms both sides must agree on."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    rmac: bytes = field(repr=False)
    card_cryptogram: bytes = field(repr=False)
    host_cryptogram: bytes = field(repr=False)


def cmac(key: bytes, data: bytes) -> bytes:
    """Return the 16-byte AES-CMAC (RFC 4493)."""
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()


def derive(key: bytes, constant: int, bits: int, context: bytes) -> bytes:
    """Derive up to 128 bits: NIST SP 800-108 counter mode as Amendment D, 4.1.5 lays it out."""
    block = bytes(11) + bytes((constant, 0)) + bits.to_bytes(2) + b"\x01" + context
    return cmac(key, block)[: bits // 8]


def session_keys(static: KeyTriple, host_challenge: bytes, card_challenge: bytes) -> SessionKeys:
    """Derive everything of one session from the static keys and the two 8-byte challenges."""
    context = host_challenge + card_challenge
    mac = derive(static.mac, 0x06, 128, context)
    return SessionKeys(
        enc=derive(static.enc, 0x04, 128, context),
        mac=mac,
        rmac=derive(static.mac, 0x07, 128, context),
        card_cryptogram=derive(mac, 0x00, 64, context),
        host_cryptogram=derive(mac, 0x01, 64, context),
    )


def pad(data: bytes) -> bytes:
    """Return ISO/IEC 9797-1 method 2 padding to 16 bytes; empty data stays empty."""
    if not data:
        return b""
    return data + b"\x80" + bytes(-(len(data) + 1) % 16)


def unpad(data: bytes) -> bytes | None:
    """Return the data without padding, or None when the padding is broken."""
    if not data:
        return b""
    plain = data.rstrip(b"\x00")
    if not plain.endswith(b"\x80") or len(data) - len(plain) >= 16:
        return None
    return plain[:-1]


def command_mac(keys: SessionKeys, chaining: bytes, command: Command, data: bytes) -> bytes:
    """Return the full 16-byte C-MAC; Lc counts the MAC that will follow the data."""
    header = command.header(cla=command.cla | SM_BIT) + bytes((len(data) + MAC_BYTES,))
    return cmac(keys.mac, chaining + header + data)


def response_mac(keys: SessionKeys, chaining: bytes, data: bytes, sw: int) -> bytes:
    """Return the 8-byte R-MAC over encrypted data and status word."""
    return cmac(keys.rmac, chaining + data + sw.to_bytes(2))[:MAC_BYTES]


def encrypt(keys: SessionKeys, counter: int, data: bytes, *, response: bool = False) -> bytes:
    """Encrypt padded data of command or response number ``counter``."""
    encryptor = Cipher(
        algorithms.AES(keys.enc), _mode(keys, counter, response=response)
    ).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(keys: SessionKeys, counter: int, data: bytes, *, response: bool = False) -> bytes:
    """Decrypt data of command or response number ``counter``; a multiple of 16 bytes."""
    decryptor = Cipher(
        algorithms.AES(keys.enc), _mode(keys, counter, response=response)
    ).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _mode(keys: SessionKeys, counter: int, *, response: bool) -> modes.CBC:
    block = counter.to_bytes(16)
    if response:
        block = b"\x80" + block[1:]
    # One AES block, the way Amendment D makes its ICV; nothing is ever encrypted in ECB beyond it.
    single = Cipher(algorithms.AES(keys.enc), modes.ECB()).encryptor()  # noqa: S305 - see above
    return modes.CBC(single.update(block) + single.finalize())


class HostSession:
    """The host's end: made from both challenges, opened by EXTERNAL AUTHENTICATE, then wraps and unwraps."""

    def __init__(self, static: KeyTriple, host_challenge: bytes, answer: bytes) -> None:
        """Check the card's cryptogram of an INITIALIZE UPDATE answer; CardVerificationFailed."""
        if len(answer) != 32 or answer[11:13] != bytes((0x03, OPTION)):
            raise CardVerificationFailed(reason="channel_kind")
        self._keys = session_keys(static, host_challenge, answer[13:21])
        if not bytes_eq(self._keys.card_cryptogram, answer[21:29]):
            raise CardVerificationFailed(reason="card_cryptogram")
        self._chaining = _ZEROS
        self._counter = 0
        self._open = True

    def authenticate(self) -> Command:
        """Return the EXTERNAL AUTHENTICATE command for level 0x33."""
        plain = Command(0x80, EXTERNAL_AUTHENTICATE, LEVEL, 0x00)
        data = self._keys.host_cryptogram
        return self._protect(plain, data)

    def wrap(self, command: Command) -> Command:
        """Encrypt and authenticate one command; at most 239 plain bytes."""
        if not self._open:
            raise CardOutcomeUnknown(reason="channel_closed")
        if len(command.data) > MAX_PLAIN:
            raise CardError(reason="command_too_long", bytes=len(command.data))
        self._counter += 1
        data = pad(command.data)
        return self._protect(command, encrypt(self._keys, self._counter, data) if data else b"")

    def unwrap(self, data: bytes, sw: int) -> bytes:
        """Check and decrypt one answer; a wrong R-MAC closes the channel: outcome unknown.

        An error status comes without data and MAC (Amendment D, 6.2.5) and is left to the caller.
        """
        if sw != 0x9000 and sw >> 8 not in {0x62, 0x63} and not data:
            return b""
        body, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
        if not bytes_eq(mac, response_mac(self._keys, self._chaining, body, sw)):
            self._open = False
            raise CardOutcomeUnknown(reason="response_mac")
        if not body:
            return b""
        plain = None
        if len(body) % 16 == 0:
            plain = unpad(decrypt(self._keys, self._counter, body, response=True))
        if plain is None:
            self._open = False
            raise CardOutcomeUnknown(reason="response_padding")
        return plain

    def _protect(self, command: Command, data: bytes) -> Command:
        self._chaining = command_mac(self._keys, self._chaining, command, data)
        cla, mac = command.cla | SM_BIT, self._chaining[:MAC_BYTES]
        # Le stays as it was: it counts plain bytes, the answer is longer by padding and MAC.
        return Command(cla, command.ins, command.p1, command.p2, data + mac, command.le)
