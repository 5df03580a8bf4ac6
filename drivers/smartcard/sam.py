"""A SAM behind a card reader: the port ``SamPort`` over an exclusive connection (RSAM/1, rehearsal only)."""

from collections.abc import Callable
from typing import Final

from station.card import rsam
from station.card.apdu import CardLink, Command, parse_command, refuse
from station.card.profile import KeySet
from station.card.sam import SamChannel, SamIdentity
from station.devices import CardReader
from station.errors import CardError, CardOutcomeUnknown, FormatError

_PIECE: Final = 255
_SELECT: Final = Command(0x00, 0xA4, 0x04, 0x00, rsam.AID)


class CardSam:
    """One module in one reader, one channel at a time.

    The connection is made when it is first needed and made again after it was lost; a channel does not outlive
    its connection. A reader that holds an applicant's card is refused by ``connect`` before anything is sent.
    """

    def __init__(self, reader: CardReader) -> None:
        """Take an opened reader with the role SAM."""
        self._reader = reader
        self._link: CardLink | None = None
        self._close: Callable[[], None] = _nothing

    def identify(self) -> SamIdentity:
        """Return who it is; CardError when it is absent or no SAM."""
        answer = self.ask(rsam.Ins.IDENTIFY)
        if len(answer) < 4:
            raise CardError(reason="sam_identity")
        return SamIdentity(
            answer[4:].decode("utf-8", "replace"), answer[:4].hex().upper(), emulated=True
        )

    def begin(self, card_serial: bytes, key_set: KeySet) -> SamChannel:
        """Start a channel with the keys of one card; ends the one before."""
        return _Channel(self, self.ask(rsam.Ins.BEGIN, card_serial, key_set))

    def activation_mac(self, card_serial: bytes, data: bytes) -> bytes:
        """Return the 16-byte MAC of an activation record."""
        return self.ask(rsam.Ins.ACTIVATION_MAC, card_serial + data)

    def close(self) -> None:
        """Release the module; its channel is gone. Never raises."""
        self._link = None
        self._close()
        self._close = _nothing

    def ask(self, ins: rsam.Ins, data: bytes = b"", p1: int = 0) -> bytes:
        """Send one command, in pieces where it is long; CardError.

        A lost module is ``sam_lost``: nothing of it has reached the applicant's card.
        """
        try:
            data, sw = self._exchange(self._connected(), ins, data, p1)
        except CardOutcomeUnknown as cause:
            self.close()
            raise CardError(reason="sam_lost", cause=str(cause.facts.get("reason", ""))) from cause
        if sw == rsam.RESPONSE_MAC and ins is rsam.Ins.UNWRAP:
            raise CardOutcomeUnknown(reason="response_mac")
        refuse(sw, ins)
        return data

    def _connected(self) -> CardLink:
        if self._link is None:
            transport = self._reader.connect()
            link = CardLink(transport)
            try:
                link.send(_SELECT)
            except BaseException:
                transport.close()
                raise
            self._link, self._close = link, transport.close
        return self._link

    def _exchange(self, link: CardLink, ins: int, data: bytes, p1: int) -> tuple[bytes, int]:
        while len(data) > _PIECE:
            piece, data = data[:_PIECE], data[_PIECE:]
            _, sw = link.exchange(Command(rsam.CLA | rsam.MORE, ins, p1, 0, piece))
            refuse(sw, ins)
        return link.exchange(Command(rsam.CLA, ins, p1, 0, data, le=256))


class _Channel:
    """One secure channel: the module holds its keys, counter and chaining value."""

    def __init__(self, sam: CardSam, initialize: bytes) -> None:
        self._sam = sam
        self._initialize = initialize

    def initialize(self) -> Command:
        return _command(self._initialize)

    def open(self, answer: bytes) -> Command:
        return _command(self._sam.ask(rsam.Ins.OPEN, answer))

    def wrap(self, command: Command) -> Command:
        return _command(self._sam.ask(rsam.Ins.WRAP, command.encode()))

    def unwrap(self, data: bytes, sw: int) -> bytes:
        try:
            return self._sam.ask(rsam.Ins.UNWRAP, sw.to_bytes(2) + data)
        except CardOutcomeUnknown:
            raise
        except CardError as cause:  # the card has acted; only we cannot read its answer
            raise CardOutcomeUnknown(
                reason="sam", cause=str(cause.facts.get("reason", ""))
            ) from cause


def _nothing() -> None:
    """Close what is not open."""


def _command(raw: bytes) -> Command:
    try:
        return parse_command(raw)
    except FormatError as cause:
        raise CardError(reason="sam_answer") from cause
