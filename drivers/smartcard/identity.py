"""Which reader is which: serial numbers, what it can blink with, and whose card lies in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from drivers.smartcard.scard import PcscContext
from station.errors import NoReader, StationError


class Role(StrEnum):
    """What a reader is for. The two are never exchanged, whatever names say."""

    APPLICANT = "applicant"
    SAM = "sam"


# Historical bytes of the rehearsal SAM's answer to reset; a real module's belong into the site's settings.
SAM_MARK: Final = b"REKAMSAM"
# "Gemalto USB Shell Token V2 (2E8A1D34) 00 00": the CCID driver appends a USB serial number in parentheses.
_IN_NAME: Final = re.compile(r"\(([0-9A-Za-z-]{4,32})\) \d\d \d\d$")
_SLOT: Final = re.compile(r" \d\d \d\d$")
_VIRTUAL: Final = "Virtual PCD"


@dataclass(frozen=True, slots=True)
class ReaderIdentity:
    """Who a reader is, as far as it tells."""

    make: str
    model: str
    serial: str
    firmware: str
    serial_is_told: bool  # else ``serial`` is the name the service gave it


def is_sam(atr: bytes) -> bool:
    """Whether an answer to reset is a rehearsal SAM's."""
    return SAM_MARK in atr


def is_virtual(name: str) -> bool:
    """Whether a reader is vpcd's: what lies in it is emulated."""
    return name.startswith(_VIRTUAL)


def serial_in(name: str) -> str:
    """Return the serial number a reader's name holds; '' when it holds none."""
    found = _IN_NAME.search(name)
    return found.group(1) if found else ""


def choose(context: PcscContext, pattern: str, serial: str, role: Role) -> str:
    """Return the name of the reader for a role; NoReader with the reason.

    Readers are told apart by the pattern in their name, then by their serial number, then by what their card
    answers: a reader that holds a SAM is never the applicant's, and the SAM's is one that holds a SAM.
    """
    names = [name for name in context.readers() if pattern in name]
    if serial:
        names = [name for name in names if _answers_to(context, name, serial)]
    if not names:
        raise NoReader(reason="no_such_reader", pattern=pattern)
    slots = context.slots(names)
    fit = [slot.name for slot in slots if is_sam(slot.atr) is (role is Role.SAM)]
    if not fit:
        raise NoReader(reason="no_sam" if role is Role.SAM else "only_sam_readers", pattern=pattern)
    if role is Role.SAM and len(fit) > 1:
        raise NoReader(reason="several_sams", pattern=pattern)
    return fit[0]


def identify(context: PcscContext, name: str) -> ReaderIdentity:
    """Return who a reader is: its own attributes where the driver offers them, else what its name says."""
    scard = context.scard
    card = _direct(context, name)
    try:
        serial = _text(scard, card, scard.SCARD_ATTR_VENDOR_IFD_SERIAL_NO)
        make = _text(scard, card, scard.SCARD_ATTR_VENDOR_NAME)
        firmware = _version(scard, card)
    finally:
        if card is not None:
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    serial = serial or serial_in(name)
    model = _SLOT.sub("", name)
    if not make:
        make = "vpcd" if is_virtual(name) else "PC/SC"
    return ReaderIdentity(make, model, serial or name, firmware, serial_is_told=bool(serial))


def _answers_to(context: PcscContext, name: str, serial: str) -> bool:
    try:
        return identify(context, name).serial == serial
    except StationError:
        return False


def _direct(context: PcscContext, name: str) -> Any:  # noqa: ANN401 - an opaque SWIG number
    """Connect to the reader itself, beside whoever holds its card; None when that is not possible."""
    scard = context.scard
    any_protocol = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    code, card, _ = scard.SCardConnect(context.handle, name, scard.SCARD_SHARE_DIRECT, any_protocol)
    return None if code else card


def _attribute(scard: Any, card: Any, number: int) -> bytes:  # noqa: ANN401
    if card is None:
        return b""
    code, value = scard.SCardGetAttrib(card, number)
    return b"" if code else bytes(value)


def _text(scard: Any, card: Any, number: int) -> str:  # noqa: ANN401
    raw = _attribute(scard, card, number).rstrip(b"\x00")[:64]
    text = raw.decode("ascii", "replace").strip()
    return text if text.isprintable() and "\ufffd" not in text else raw.hex().upper()


def _version(scard: Any, card: Any) -> str:  # noqa: ANN401
    """Return the firmware, coded as 0xMMmmbbbb in the machine's byte order; '-' when not told."""
    raw = _attribute(scard, card, scard.SCARD_ATTR_VENDOR_IFD_VERSION)
    if len(raw) != 4:
        return "-"
    value = int.from_bytes(raw, "little")
    return f"{value >> 24}.{value >> 16 & 0xFF}.{value & 0xFFFF}"


# Escape commands that blink and beep, from makers' public manuals; none was ever sent to a real reader by us.
_BLINK: Final[Sequence[tuple[str, bytes]]] = (
    ("ACR122", bytes.fromhex("FF00405004 05050201".replace(" ", ""))),
    ("ACR1252", bytes.fromhex("E00000280120")),
)
_ESCAPE_LINUX: Final = 0x42000001  # SCARD_CTL_CODE(1): CCID escape of pcsc-lite's driver


def blink_command(name: str) -> bytes | None:
    """Return the escape that makes a reader of this name blink or beep; None when none is known."""
    return next((command for model, command in _BLINK if model in name), None)


def send_escape(context: PcscContext, name: str, command: bytes) -> bool:
    """Send an escape command to a reader; whether its driver let it through."""
    scard = context.scard
    card = _direct(context, name)
    if card is None:
        return False
    try:
        code, _ = scard.SCardControl(card, _ESCAPE_LINUX, list(command))
        return not code
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
