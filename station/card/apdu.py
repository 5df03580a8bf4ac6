"""Command and response APDUs of ISO/IEC 7816-4, and the link that follows chaining to its end."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from station.devices import CardTransport
from station.errors import (
    CardDamaged,
    CardError,
    CardOutcomeUnknown,
    CardStateRefused,
    CardVerificationFailed,
    FormatError,
)

_LOG = logging.getLogger(__name__)

OK: Final = 0x9000
_GET_RESPONSE: Final = 0xC0
UPDATE_BINARY: Final = 0xD6
_CHAIN_ROUNDS: Final = 16  # 16 x 256 B: more than any file of the profile
_SHORT_LE: Final = 256


class Refusal(NamedTuple):
    """How one status word is told: error type and stable reason."""

    error: type[CardError]
    reason: str


REFUSALS: Final[Mapping[int, Refusal]] = {
    0x6300: Refusal(CardVerificationFailed, "authentication"),
    0x6581: Refusal(CardDamaged, "memory"),
    0x6700: Refusal(CardError, "length"),
    0x6982: Refusal(CardStateRefused, "security"),
    0x6983: Refusal(CardStateRefused, "key_blocked"),
    0x6985: Refusal(CardStateRefused, "conditions"),
    0x6988: Refusal(CardVerificationFailed, "secure_messaging"),
    0x6A80: Refusal(CardError, "data"),
    0x6A82: Refusal(CardError, "file_not_found"),
    0x6A84: Refusal(CardError, "no_space"),
    0x6A86: Refusal(CardError, "parameters"),
    0x6A88: Refusal(CardStateRefused, "no_such_key"),
    0x6B00: Refusal(CardError, "offset"),
    0x6D00: Refusal(CardError, "instruction"),
    0x6E00: Refusal(CardError, "class"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``le`` None = no answer expected, 1..256 = at most so many bytes."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def header(self, *, cla: int | None = None) -> bytes:
        """Return CLA INS P1 P2, with another class byte when asked."""
        return bytes((self.cla if cla is None else cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """Return the short form; CardError when data or Le do not fit it (Le 65536 cannot be answered)."""
        if len(self.data) > 255:
            raise CardError(reason="command_too_long", bytes=len(self.data))
        if self.le is not None and not 1 <= self.le <= _SHORT_LE:
            raise CardError(reason="le", le=self.le)
        raw = self.header()
        if self.data:
            raw += bytes((len(self.data),)) + self.data
        if self.le is not None:
            raw += bytes((self.le & 0xFF,))
        return raw


def parse_command(raw: bytes) -> Command:
    """Parse a command as a card does, short or extended length; FormatError when it is neither."""
    if len(raw) < 4:
        raise FormatError(offset=len(raw), what="apdu_header")
    head, body = raw[:4], raw[4:]
    if not body:
        return Command(head[0], head[1], head[2], head[3])
    if len(body) == 1:
        return Command(head[0], head[1], head[2], head[3], le=body[0] or _SHORT_LE)
    if body[0]:
        return _with_data(head, body[1:], body[0], le_width=1)
    if len(body) == 3:
        return Command(head[0], head[1], head[2], head[3], le=int.from_bytes(body[1:]) or 65536)
    if len(body) > 3:
        return _with_data(head, body[3:], int.from_bytes(body[1:3]), le_width=2)
    raise FormatError(offset=4, what="apdu_length")


def _with_data(head: bytes, rest: bytes, lc: int, *, le_width: int) -> Command:
    data, tail = rest[:lc], rest[lc:]
    if len(data) < lc or not lc or len(tail) not in {0, le_width}:
        raise FormatError(offset=4, what="apdu_lc")
    le = (int.from_bytes(tail) or 1 << (8 * le_width)) if tail else None
    return Command(head[0], head[1], head[2], head[3], data, le)


def refuse(sw: int, ins: int) -> None:
    """Return for 9000; raise the typed error of any other status word."""
    if sw == OK:
        return
    if sw & 0xFFF0 == 0x63C0:  # counter in the last digit: never repeat such a command blindly
        raise CardVerificationFailed(reason="authentication", tries_left=sw & 0xF)
    error, reason = REFUSALS.get(sw, Refusal(CardError, "status"))
    raise error(reason=reason, sw=f"{sw:04X}", ins=f"{ins:02X}")


class CardLink:
    """Commands over one exclusive connection: 61xx and 6Cxx followed, bounded; writes counted."""

    def __init__(self, transport: CardTransport) -> None:
        self._transport = transport
        self.exchanges = 0
        self.writes = 0

    @property
    def reader(self) -> str:
        """Name of the reader, for messages."""
        return self._transport.reader

    def send(self, command: Command) -> bytes:
        """Send a plain command and return its data; CardError (typed by status word) or unknown outcome."""
        data, sw = self.exchange(command)
        refuse(sw, command.ins)
        return data

    def exchange(self, command: Command, *, protected: bool = False) -> tuple[bytes, int]:
        """Send a command, follow 61xx and 6Cxx, return all data and the last status word.

        The answer to a ``protected`` command may be longer than Le by padding and MAC; such a command is
        not sent again on 6Cxx, since it would need a new MAC.
        """
        data, sw = self._once(command, protected=protected)
        if sw >> 8 == 0x6C and not protected:
            if command.le is None:
                raise CardError(reason="exact_le_for_a_command_without_answer", sw=f"{sw:04X}")
            command = Command(
                command.cla,
                command.ins,
                command.p1,
                command.p2,
                command.data,
                (sw & 0xFF) or _SHORT_LE,
            )
            data, sw = self._once(command)
        rounds = 0
        while sw >> 8 == 0x61:
            rounds += 1
            if rounds > _CHAIN_ROUNDS:
                raise CardError(reason="endless_chain", rounds=rounds)
            more, sw = self._once(Command(0x00, _GET_RESPONSE, 0, 0, le=(sw & 0xFF) or _SHORT_LE))
            data += more
        return data, sw

    def _once(self, command: Command, *, protected: bool = False) -> tuple[bytes, int]:
        raw = command.encode()
        self.exchanges += 1
        self.writes += command.ins == UPDATE_BINARY
        data, sw = self._transport.exchange(raw)
        _LOG.debug("INS %02X P1P2 %02X%02X -> %04X", command.ins, command.p1, command.p2, sw)
        if not 0x6000 <= sw <= 0x9FFF:
            raise CardOutcomeUnknown(reason="status_word", sw=f"{sw:04X}")
        asked = _SHORT_LE if protected else command.le or 0
        if len(data) > asked:
            raise CardError(reason="answer_too_long", bytes=len(data), asked=asked)
        return data, sw
