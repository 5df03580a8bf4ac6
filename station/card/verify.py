"""Verify a chip from the bytes read: signed object, chain, hashes, lifecycle, activation record."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from station.card.activation_record import ActivationRecord, parse_activation
from station.card.contents import (
    Biodata,
    CardFinger,
    content_of,
    parse_biodata,
    parse_com,
    parse_fingers,
    parse_photo,
    parse_signature,
)
from station.card.control import Control, Lifecycle
from station.card.counter import Progress, silent
from station.card.files import Connected, Sender, open_channel, read_file
from station.card.profile import CONTENT_ORDER, DATA_GROUPS, Fid, KeySet
from station.card.sam import SamPort
from station.card.sod import CardTrust, verify_sod
from station.clock import Clock
from station.devices import CardReader
from station.errors import CardVerificationFailed, FormatError

_NOT_ACTIVE: Final[Mapping[Lifecycle, str]] = {
    Lifecycle.BLANK: "belum dipersonalisasi",
    Lifecycle.PERSO_OPEN: "personalisasi belum selesai",
    Lifecycle.PERSONALISED: "belum aktif",
    Lifecycle.SUSPENDED: "ditangguhkan",
    Lifecycle.TERMINATED: "dimatikan",
}


@dataclass(frozen=True, slots=True)
class ChipContents:
    """What a verified chip says; personal, for memory only."""

    serial: str
    state: Lifecycle
    tx: int
    biodata: Biodata = field(repr=False)
    photo_jpeg: bytes = field(repr=False)
    fingers: tuple[CardFinger, ...] = field(repr=False)
    signature: bytes = field(repr=False)
    activation: ActivationRecord | None = None


def verify_files(files: Mapping[Fid, bytes], trust: CardTrust, clock: Clock) -> None:
    """Check signed object, chain, list of groups and every hash over the bytes given.

    Raises CardVerificationFailed with reason ``sod_*``, ``com_list``, ``dg_hash`` or ``file_format``.
    """
    signed = verify_sod(files[Fid.SOD], trust, clock)
    try:
        listed = parse_com(files[Fid.COM])
        actual = {
            n: hashlib.sha256(content_of(files[fid], fid)).digest()
            for n, fid in DATA_GROUPS.items()
        }
    except FormatError as cause:
        raise CardVerificationFailed(reason="file_format") from cause
    if set(listed) != set(signed) or set(signed) != set(actual):
        raise CardVerificationFailed(reason="com_list")
    for number, digest in actual.items():
        if signed[number] != digest:
            raise CardVerificationFailed(reason="dg_hash", group=number)


def read_contents(
    sender: Sender,
    control: Control,
    trust: CardTrust,
    clock: Clock,
    progress: Progress = silent,
) -> ChipContents:
    """Read all content files through the channel, verify them, and return what they say."""
    files: dict[Fid, bytes] = {}
    for done, fid in enumerate(CONTENT_ORDER):
        progress("read", done, len(CONTENT_ORDER))
        files[fid] = read_file(sender, fid)
    verify_files(files, trust, clock)
    progress("read", len(CONTENT_ORDER), len(CONTENT_ORDER))
    try:
        return ChipContents(
            serial=control.serial_text,
            state=control.state,
            tx=control.tx,
            biodata=parse_biodata(files[Fid.DG1]),
            photo_jpeg=parse_photo(files[Fid.DG2]),
            fingers=parse_fingers(files[Fid.DG3]),
            signature=parse_signature(files[Fid.DG7]),
        )
    except FormatError as cause:
        raise CardVerificationFailed(reason="file_format") from cause


def verify_card(
    reader: CardReader,
    *,
    sam: SamPort,
    trust: CardTrust,
    clock: Clock,
    progress: Progress = silent,
) -> ChipContents:
    """Verify a finished card and return what it says. Blocks; nothing is written.

    A card that is not ACTIVE fails with CardVerificationFailed, reason "belum aktif" or the like.
    """
    with Connected(reader) as card:
        control = card.control
        if control.state is not Lifecycle.ACTIVE:
            raise CardVerificationFailed(
                reason=_NOT_ACTIVE[control.state], serial=control.serial_text
            )
        channel = open_channel(card.link, sam, control.serial, KeySet.AUTH)
        contents = read_contents(channel, control, trust, clock, progress)
        activation = parse_activation(read_file(channel, Fid.ACT), control.serial, sam)
    if activation.tx != control.tx:
        raise CardVerificationFailed(reason="act_counter")
    return replace(contents, activation=activation)
