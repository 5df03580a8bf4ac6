"""A packet as the centre sees it once it is open, verified and read."""

import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import wsq  # noqa: F401 - registers the WSQ decoder with Pillow
from PIL import Image, UnidentifiedImageError

from drivers.emulation.centre.keys import CentreKeys
from station.capture import events as ev
from station.capture.enrolment import replay
from station.capture.plan import CapturePlan
from station.capture.slots import CAPTURE_ORDER, FINGER_OF, Slot
from station.devices import FingerPosition, Pixels
from station.errors import PacketRefused, StoreCorrupt
from station.packet import payload
from station.packet.archive import DATA
from station.packet.manifest import ACCEPTED, WAIVED
from station.packet.opened import OpenedPacket
from station.packet.opened import open_packet as open_and_verify
from station.packet.routing import read_routing
from station.person.nik import is_nik_shaped

_FULL: Final = frozenset({ACCEPTED, WAIVED})  # entries about a slot that is filled all the same
_MOST_PIXELS: Final = 4_000_000
_REGENCY: Final = 5  # "61.01"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the examination needs. Personal throughout: never logged."""

    record_id: str
    nik: str = field(repr=False)
    person: Mapping[str, Any] = field(repr=False)  # the register's record as the station saw it
    station_area: str
    attempt: int
    print_from: dt.date | None
    missing: tuple[str, ...]  # slots with neither a file nor a reason
    files: Mapping[str, bytes] = field(repr=False)
    ppi: Mapping[Slot, int] = field(repr=False)
    chip_slots: tuple[Slot, ...]

    @property
    def area(self) -> str:
        """The regency where this person was recorded."""
        return self.station_area[:_REGENCY]

    def sample(self, slot: Slot) -> bytes:
        """Return the bytes of a slot, b'' when it is empty."""
        for suffix in payload.SUFFIX.values():
            if data := self.files.get(f"{DATA}{slot.value}{suffix}"):
                return data
        return b""

    def finger_images(self) -> Mapping[FingerPosition, tuple[Pixels, int]]:
        """Return the decoded fingers with their resolution; PacketRefused when one cannot be read."""
        return {
            position: (_grey(data), self.ppi.get(slot, 500))
            for slot, position in FINGER_OF.items()
            if (data := self.sample(slot))
        }


def open_packet(
    sealed: bytes, routing: bytes, keys: CentreKeys, received_at: dt.datetime
) -> Opened:
    """Open, verify and read a packet; PacketRefused or KeyRefused, ``reason`` names the rule."""
    packet = open_and_verify(sealed, keys.opener, keys.authority, received_at)
    index = read_routing(routing)
    if (
        index.packet_id != packet.manifest.packet_id
        or index.station_id != packet.manifest.station_id
    ):
        raise PacketRefused(reason="ROUTING_OTHER_PACKET")
    try:
        facts = json.loads(packet.files[payload.PERSON])
        person = facts["person"]
        nik = person["nik"]
        day = facts["print_from"]
        print_from = dt.date.fromisoformat(day) if day else None
        state = replay(packet.events())
    except (KeyError, TypeError, ValueError, StoreCorrupt) as cause:
        raise PacketRefused(reason="PERSON") from cause
    if not isinstance(nik, str) or not is_nik_shaped(nik):
        raise PacketRefused(reason="NIK")
    return Opened(
        record_id=packet.manifest.record_id,
        nik=nik,
        person=MappingProxyType(person),
        station_area=index.station_area,
        attempt=index.attempt,
        print_from=print_from,
        missing=_missing(packet),
        files=packet.files,
        ppi=_resolutions(packet),
        chip_slots=state.chip_fingers(CapturePlan()),
    )


def _missing(packet: OpenedPacket) -> tuple[str, ...]:
    excused = {item.slot for item in packet.manifest.exceptions if item.kind not in _FULL}
    stems = {name.removeprefix(DATA).rpartition(".")[0] for name in packet.files}
    return tuple(
        slot.value
        for slot in CAPTURE_ORDER
        if slot.value not in stems and slot.value not in excused
    )


def _resolutions(packet: OpenedPacket) -> Mapping[Slot, int]:
    return {
        event.sample.slot: event.sample.ppi
        for event in packet.events()
        if isinstance(event, ev.AttemptTaken) and event.sample.ppi
    }


def _grey(data: bytes) -> Pixels:
    try:
        with Image.open(io.BytesIO(data), formats=["WSQ", "PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise PacketRefused(reason="IMAGE_SIZE")
            return np.asarray(picture.convert("L"), dtype=np.uint8)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as cause:
        raise PacketRefused(reason="IMAGE") from cause
