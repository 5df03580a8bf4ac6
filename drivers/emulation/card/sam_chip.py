"""The emulated rehearsal SAM: a software SAM behind the commands of RSAM/1."""

import hashlib
import random
import threading
from typing import Final

from station.card import rsam
from station.card.apdu import Command, parse_command
from station.card.profile import SERIAL_BYTES, KeySet
from station.card.sam import MASTER_BYTES, SamChannel, SoftwareSam
from station.errors import (
    CardError,
    CardOutcomeUnknown,
    CardVerificationFailed,
    FormatError,
)

# Historical bytes "REKAMSAM"; T=1 over T=CL as PC/SC part 3 describes it, with its check byte.
_BODY: Final = bytes.fromhex("3B888001") + b"REKAMSAM"
_OK: Final = 0x9000


def _checked(body: bytes) -> bytes:
    check = 0
    for byte in body[1:]:
        check ^= byte
    return body + bytes((check,))


ATR: Final = _checked(_BODY)


def master_of(seed: int) -> bytes:
    """Return the master key of a seed's rehearsal: the emulated cards of the same seed belong to it."""
    return hashlib.sha256(f"rekam-sam {seed}".encode()).digest()[:MASTER_BYTES]


class SamChip:
    """One module, one channel at a time; power off forgets the channel. Not thread-safe."""

    def __init__(self, master: bytes, *, seed: int = 1) -> None:
        """Load the master key; the seed draws the host challenges."""
        self.atr = ATR
        self.serial = b""
        self.commands = 0
        self.updates = 0
        self.removed = threading.Event()
        self._sam = SoftwareSam(master, random=random.Random(seed).randbytes)
        self._forget()

    def power_on(self) -> None:
        """Enter the reader."""
        self._forget()

    def power_off(self) -> None:
        """Leave the reader."""
        self._forget()

    def reset(self) -> None:
        """Warm reset."""
        self._forget()

    def transmit(self, raw: bytes) -> bytes:
        """Process one command APDU and return the answer with status word."""
        self.commands += 1
        data, sw = self._answer(raw)
        return data + sw.to_bytes(2)

    def _forget(self) -> None:
        self._selected = False
        self._channel: SamChannel | None = None
        self._pieces = b""
        self._waiting = b""

    def _answer(self, raw: bytes) -> tuple[bytes, int]:
        try:
            command = parse_command(raw)
        except FormatError:
            return b"", 0x6700
        if command.ins == 0xC0:
            return self._more(command)
        self._waiting = b""
        if command.ins == 0xA4 and command.cla == 0x00:
            self._selected = command.p1 == 0x04 and command.data == rsam.AID
            return b"", _OK if self._selected else 0x6A82
        if not self._selected:
            return b"", 0x6985
        if command.cla & ~rsam.MORE != rsam.CLA:
            return b"", 0x6E00
        if len(self._pieces) + len(command.data) > rsam.LONGEST:
            self._pieces = b""
            return b"", 0x6700
        self._pieces += command.data
        if command.cla & rsam.MORE:
            return b"", _OK
        whole, self._pieces = self._pieces, b""
        return self._first(*self._obey(command, whole))

    def _obey(self, command: Command, data: bytes) -> tuple[bytes, int]:
        try:
            return self._run(command, data), _OK
        except CardVerificationFailed:
            return b"", rsam.CRYPTOGRAM
        except CardOutcomeUnknown:
            self._channel = None
            return b"", rsam.RESPONSE_MAC
        except (FormatError, CardError, ValueError):
            return b"", rsam.WRONG_DATA
        except _NoChannel:
            return b"", rsam.NO_CHANNEL
        except KeyError:
            return b"", 0x6D00

    def _run(self, command: Command, data: bytes) -> bytes:
        match command.ins:
            case rsam.Ins.IDENTIFY:
                who = self._sam.identify()
                return bytes.fromhex(who.serial) + who.name.encode()
            case rsam.Ins.BEGIN:
                if len(data) != SERIAL_BYTES:
                    raise ValueError
                self._channel = self._sam.begin(data, KeySet(command.p1))
                return self._channel.initialize().encode()
            case rsam.Ins.OPEN:
                return self._open().open(data).encode()
            case rsam.Ins.WRAP:
                return self._open().wrap(parse_command(data)).encode()
            case rsam.Ins.UNWRAP:
                if len(data) < 2:
                    raise ValueError
                return self._open().unwrap(data[2:], int.from_bytes(data[:2]))
            case rsam.Ins.ACTIVATION_MAC:
                if len(data) <= SERIAL_BYTES:
                    raise ValueError
                return self._sam.activation_mac(data[:SERIAL_BYTES], data[SERIAL_BYTES:])
        raise KeyError(command.ins)

    def _open(self) -> SamChannel:
        if self._channel is None:
            raise _NoChannel
        return self._channel

    def _first(self, data: bytes, sw: int) -> tuple[bytes, int]:
        if len(data) <= 256:
            return data, sw
        self._waiting = data[256:]
        return data[:256], 0x6100 | min(len(self._waiting), 0xFF)

    def _more(self, command: Command) -> tuple[bytes, int]:
        size = min(command.le or 256, 256)
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        if not data:
            return b"", 0x6985
        return data, 0x6100 | min(len(self._waiting), 0xFF) if self._waiting else _OK


class _NoChannel(Exception):
    """OPEN, WRAP or UNWRAP before BEGIN."""
