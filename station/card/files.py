"""The chip as a set of files: select, read, update, the control record, and the secure channel."""

from types import TracebackType
from typing import Final, Protocol

from station.card.apdu import UPDATE_BINARY, CardLink, Command, refuse
from station.card.control import CC_BYTES, Control, current_control
from station.card.profile import AID, CHUNK_BYTES, FILES, Fid, KeySet
from station.card.sam import SamChannel, SamPort
from station.devices import CardReader
from station.errors import CardError, UnknownCard

_SELECT: Final = 0xA4
_READ_BINARY: Final = 0xB0


class Sender(Protocol):
    """What can carry a command: the plain link or the secure channel."""

    def send(self, command: Command) -> bytes:
        """Send a command, return its data; CardError."""
        ...


class SecureChannel:
    """Commands through one SCP03 session; made by ``open_channel``."""

    def __init__(self, link: CardLink, channel: SamChannel) -> None:
        self._link = link
        self._channel = channel

    def send(self, command: Command) -> bytes:
        """Wrap, send, unwrap; a wrong answer MAC is CardOutcomeUnknown and ends the channel."""
        data, sw = self._link.exchange(self._channel.wrap(command), protected=True)
        plain = self._channel.unwrap(data, sw)
        refuse(sw, command.ins)
        if len(plain) > (command.le or 0):
            raise CardError(reason="answer_too_long", bytes=len(plain), asked=command.le or 0)
        return plain


def open_channel(link: CardLink, sam: SamPort, serial: bytes, key_set: KeySet) -> SecureChannel:
    """Authenticate both ways with one key set; CardVerificationFailed. Never retried: the card counts."""
    channel = sam.begin(serial, key_set)
    answer = link.send(channel.initialize())
    link.send(channel.open(answer))
    return SecureChannel(link, channel)


class Connected:
    """A card on the reader, the profile selected and its control record read; closes on exit."""

    def __init__(self, reader: CardReader) -> None:
        """Connect exclusively; NoCard, UnknownCard when the chip is of another kind, CardDamaged."""
        self._transport = reader.connect()
        try:
            self.link = CardLink(self._transport)
            select_application(self.link)
            self.control = read_control(self.link)
        except BaseException:
            self._transport.close()
            raise

    def __enter__(self) -> "Connected":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transport.close()


def select_application(sender: Sender) -> None:
    """Select our profile by its identifier; UnknownCard when the chip does not have it."""
    try:
        sender.send(Command(0x00, _SELECT, 0x04, 0x00, AID, le=256))
    except UnknownCard:
        raise
    except CardError as cause:
        if "sw" not in cause.facts:  # not a refusal by the chip
            raise
        raise UnknownCard(reason="no_application", sw=cause.facts["sw"]) from cause


def select_file(sender: Sender, fid: Fid) -> None:
    """Select one file of the profile."""
    sender.send(Command(0x00, _SELECT, 0x00, 0x0C, int(fid).to_bytes(2)))


def read_selected(sender: Sender, offset: int, size: int) -> bytes:
    """Read exactly ``size`` bytes at an absolute offset of the selected file."""
    data = sender.send(Command(0x00, _READ_BINARY, offset >> 8, offset & 0xFF, le=size))
    if len(data) != size:
        raise CardError(reason="short_read", bytes=len(data), asked=size)
    return data


def write_selected(sender: Sender, offset: int, data: bytes) -> None:
    """Write at an absolute offset of the selected file; repeating it does no harm."""
    sender.send(Command(0x00, UPDATE_BINARY, offset >> 8, offset & 0xFF, data))


def read_file(sender: Sender, fid: Fid) -> bytes:
    """Select and read a whole file."""
    select_file(sender, fid)
    size = FILES[fid].size
    return b"".join(
        read_selected(sender, at, min(CHUNK_BYTES, size - at)) for at in range(0, size, CHUNK_BYTES)
    )


def write_file(sender: Sender, fid: Fid, data: bytes, offset: int = 0) -> None:
    """Select and write a short piece of a file (one chunk)."""
    select_file(sender, fid)
    write_selected(sender, offset, data)


def read_control(sender: Sender) -> Control:
    """Read both copies of CC and return the current one; CardDamaged when both are broken."""
    copies: list[bytes] = []
    for fid in (Fid.CC_A, Fid.CC_B):
        select_file(sender, fid)
        copies.append(read_selected(sender, 0, CC_BYTES))
    return current_control(*copies)


def write_control(sender: Sender, control: Control) -> None:
    """Write one copy of CC where the record says it stands."""
    write_file(sender, control.slot, control.encode())
