"""The SAM port: whoever holds the card keys wraps and unwraps; a software SAM for rehearsals."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from station.card.apdu import Command
from station.card.profile import KeySet
from station.card.scp03 import INITIALIZE_UPDATE, HostSession, KeyTriple, cmac
from station.errors import CardError, KeyRefused

_LABEL: Final = b"RekamSAM"
_ACT_MAC: Final = 0xF0
MASTER_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class SamIdentity:
    """Which SAM answers; shown to the operator and kept in the report."""

    name: str
    serial: str
    emulated: bool


class SamChannel(Protocol):
    """One secure channel to one card; the keys never leave the SAM."""

    def initialize(self) -> Command:
        """Return the INITIALIZE UPDATE command with a fresh host challenge."""
        ...

    def open(self, answer: bytes) -> Command:
        """Check the card's answer and return EXTERNAL AUTHENTICATE; CardVerificationFailed."""
        ...

    def wrap(self, command: Command) -> Command:
        """Protect one command (C-MAC and encryption)."""
        ...

    def unwrap(self, data: bytes, sw: int) -> bytes:
        """Check and decrypt one answer; CardOutcomeUnknown when its MAC is wrong."""
        ...


class SamPort(Protocol):
    """A secure access module: a PC/SC slot, a remote HSM, or the software one of a rehearsal."""

    def identify(self) -> SamIdentity:
        """Return who it is; CardError when it is absent."""
        ...

    def begin(self, card_serial: bytes, key_set: KeySet) -> SamChannel:
        """Start a channel with the keys of one card."""
        ...

    def activation_mac(self, card_serial: bytes, data: bytes) -> bytes:
        """Return the 16-byte MAC that makes an ACT record genuine."""
        ...


def derive_card_keys(master: bytes, card_serial: bytes, key_set: KeySet) -> KeyTriple:
    """Derive the static keys of one card: AES-CMAC(master, 01 | label | 00 | set | purpose | serial | 0080)."""
    return KeyTriple(*(_derive(master, card_serial, key_set, purpose) for purpose in (1, 2, 3)))


def _derive(master: bytes, card_serial: bytes, key_set: int, purpose: int) -> bytes:
    context = bytes((key_set, purpose)) + card_serial
    return cmac(master, b"\x01" + _LABEL + b"\x00" + context + b"\x00\x80")


class SoftwareSam:
    """A SAM in memory for emulated cards. It refuses to exist in a production build."""

    def __init__(
        self,
        master: bytes,
        *,
        production: bool = False,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if production:
            raise KeyRefused(reason="software_sam_in_production")
        if len(master) != MASTER_BYTES:
            raise KeyRefused(reason="sam_master", bytes=len(master))
        self._master = master
        self._random = random

    def identify(self) -> SamIdentity:
        """Return the name of the rehearsal SAM and a check value of its master key."""
        check = cmac(self._master, b"identify")[:4].hex().upper()
        return SamIdentity("SAM latihan", check, emulated=True)

    def begin(self, card_serial: bytes, key_set: KeySet) -> SamChannel:
        """Start a channel with the keys derived for that card."""
        keys = derive_card_keys(self._master, card_serial, key_set)
        return _SoftwareChannel(keys, key_set, self._random(8))

    def activation_mac(self, card_serial: bytes, data: bytes) -> bytes:
        """Return AES-CMAC over serial and data with a key of its own."""
        key = _derive(self._master, card_serial, KeySet.ACT, _ACT_MAC)
        return cmac(key, card_serial + data)


class _SoftwareChannel:
    def __init__(self, keys: KeyTriple, key_set: KeySet, challenge: bytes) -> None:
        self._keys = keys
        self._key_set = key_set
        self._challenge = challenge
        self._session: HostSession | None = None

    def initialize(self) -> Command:
        return Command(0x80, INITIALIZE_UPDATE, self._key_set, 0x00, self._challenge, le=256)

    def open(self, answer: bytes) -> Command:
        self._session = HostSession(self._keys, self._challenge, answer)
        return self._session.authenticate()

    def wrap(self, command: Command) -> Command:
        return self._opened().wrap(command)

    def unwrap(self, data: bytes, sw: int) -> bytes:
        return self._opened().unwrap(data, sw)

    def _opened(self) -> HostSession:
        if self._session is None:
            raise CardError(reason="channel_not_open")
        return self._session
