"""The centre's way with a packet: open, check, search, print. One thread, one table of steps."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.emulation.centre.identity import Identities, Known, Templates, templates_of
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.ledger import Ledger, PacketEntry
from drivers.emulation.centre.opened import Opened, open_packet
from drivers.emulation.centre.printing import WEST_INDONESIA, prepare_card
from drivers.emulation.centre.reception import ARRIVED, packet_file
from station.clock import Clock
from station.delivery.feed import first_area_reason
from station.errors import FormatError, KeyRefused, PacketRefused, StationError
from station.lifecycle.status import Reason, Status
from station.person.bundle import load_demo_bundle

log = logging.getLogger(__name__)

SILENT: Final = "NIK_KNOWN"  # in life such a packet is never heard of again
_HELD_LOOK_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """What a step decided: the next stage, and what the desk is told (None = nothing)."""

    stage: str
    status: Status | None
    reason: str = ""


class Examination:
    """The worker. Everything it decides is in the ledger before anyone hears of it."""

    def __init__(
        self,
        ledger: Ledger,
        keys: CentreKeys,
        clock: Clock,
        *,
        packets: Path,
        pace: float,
        gallery: Sequence[Known],
        station_areas: Mapping[str, str],
    ) -> None:
        self._ledger = ledger
        self._keys = keys
        self._clock = clock
        self._packets = packets
        self._pace = pace
        self._gallery = tuple(gallery)
        self._areas = station_areas
        self._identities = Identities(ledger)
        self._master = load_demo_bundle()
        self._last: tuple[str, Templates] = ("", {})
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._due: dict[str, float] = {}
        self._held: set[str] = set()  # waiting for a day, or for the desk
        self._thread = threading.Thread(target=self._run, name="examination", daemon=True)
        self._steps: Mapping[str, Callable[[PacketEntry], Step | None]] = {
            ARRIVED: self._arrived,
            Status.RECEIVED_AT_CENTRAL: self._received,
            Status.ENROLL_FAILURE_AT_REGIONAL: self._ask_again,
            Status.PACKET_ENTRY: self._sent_again,
            Status.SENT_FOR_DEDUP: self._search,
            Status.PRINT_READY_RECORD: self._print_list,
            Status.SENT_FOR_CARD_PRINTING: self._print,
        }

    def start(self) -> None:
        """Begin, first with the gallery."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step in hand."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look at the ledger now."""
        self._wake.set()

    def ready(self) -> bool:
        """Return whether the gallery is enrolled."""
        return self._ready.is_set()

    def publish(
        self, entry: PacketEntry, status: Status, reason: str = "", source: str = "centre"
    ) -> None:
        """Move a packet and tell its station, in one transaction."""
        announced = self._ledger.announced(entry.packet_id)
        attempt = announced.attempt if announced else entry.attempt
        event = {
            "record_id": entry.record_id,  # "" while the packet could not be opened
            "packet_id": entry.packet_id,
            "attempt": attempt,
            "status": status.value,
            "reason": reason,
            "source": source,
            "event_time": self._clock.now().isoformat(),
        }
        station = announced.station_id if announced else ""
        self._ledger.move(entry.packet_id, status.value, station, event)

    def _run(self) -> None:
        for known in self._gallery:
            if self._stop.is_set():
                return
            if not self._identities.knows(known.nik):
                self._identities.enrol(known.nik, known.area, templates_of(known.draw()))
        self._ready.set()
        while not self._stop.is_set():
            self._wake.clear()
            wait = self._round()
            if self._wake.wait(wait):
                for packet_id in self._held:
                    self._due.pop(packet_id, None)
                self._held.clear()

    def _round(self) -> float | None:
        """Do every step that is due; return the seconds to the next one, None when nothing waits."""
        waits = []
        for entry in self._ledger.packets():
            if entry.stage not in self._steps or self._stop.is_set():
                continue
            left = self._due.setdefault(entry.packet_id, time.monotonic() + self._pace)
            if (left := left - time.monotonic()) > 0:
                waits.append(left)
                continue
            del self._due[entry.packet_id]
            waits.append(self._advance(entry))
        return min(waits, default=None)

    def _advance(self, entry: PacketEntry) -> float:
        """Do one step; return the seconds until this packet wants to be looked at again."""
        try:
            step = self._steps[entry.stage](entry)
        except (StationError, OSError):
            # The centre's own trouble, with disk or keys: the packet stays and is looked at again.
            log.exception("examination of packet %d failed", entry.dc_seq)
            step = None
        if step is None:
            self._due[entry.packet_id] = time.monotonic() + _HELD_LOOK_S
            self._held.add(entry.packet_id)
            return _HELD_LOOK_S
        if step.status is None:
            self._ledger.move(entry.packet_id, step.stage)
        else:
            entry = self._ledger.packet(entry.packet_id) or entry
            self.publish(entry, step.status, step.reason)
        return 0.0

    def _open(self, entry: PacketEntry) -> Opened:
        """Open and verify; PacketRefused, FormatError."""
        announced = self._ledger.announced(entry.packet_id)
        sealed = packet_file(self._packets, entry.packet_id).read_bytes()
        at = dt.datetime.fromisoformat(entry.received_at)
        return open_packet(sealed, announced.routing if announced else b"", self._keys, at)

    def _fingers(self, entry: PacketEntry, opened: Opened) -> Templates:
        """Return the minutiae of a packet's fingers; the last packet's are remembered."""
        if self._last[0] != entry.packet_id:
            self._last = (entry.packet_id, templates_of(opened.finger_images()))
        return self._last[1]

    def _arrived(self, entry: PacketEntry) -> Step:
        try:
            opened = self._open(entry)
        except (PacketRefused, KeyRefused):
            return Step(Status.RECEIVED_AT_CENTRAL, Status.RECEIVED_AT_CENTRAL)
        known = self._identities.knows(opened.nik) or any(
            other.packet_id != entry.packet_id for other in self._ledger.of_nik(opened.nik)
        )
        self._ledger.keep_opened(
            entry.packet_id,
            {
                "record_id": opened.record_id,
                "nik": opened.nik,
                "area": opened.area,
                "attempt": opened.attempt,
                "print_from": opened.print_from.isoformat() if opened.print_from else "",
            },
        )
        if known:
            return Step(SILENT, None)
        return Step(Status.RECEIVED_AT_CENTRAL, Status.RECEIVED_AT_CENTRAL)

    def _received(self, entry: PacketEntry) -> Step:
        try:
            opened = self._open(entry)
            self._fingers(entry, opened)
        except (PacketRefused, KeyRefused, FormatError) as error:
            log.info("packet %d does not open: %s", entry.dc_seq, error.facts.get("reason"))
            return _failed(Status.ENROLL_FAILURE_AT_CENTRAL, Reason.UNREADABLE)
        if opened.missing:
            return _failed(Status.ENROLL_FAILURE_AT_CENTRAL, Reason.INCOMPLETE)
        announced = self._ledger.announced(entry.packet_id)
        wanted = self._areas.get(announced.station_id if announced else "", opened.station_area)
        if wanted != opened.station_area:
            return _failed(Status.ENROLL_FAILURE_AT_REGIONAL, Reason.AREA_CODE)
        return Step(Status.SENT_FOR_DEDUP, Status.SENT_FOR_DEDUP)

    def _ask_again(self, entry: PacketEntry) -> Step:
        del entry
        return Step(Status.PACKET_ENTRY, Status.PACKET_ENTRY, "AREA_CODE")

    def _sent_again(self, entry: PacketEntry) -> Step | None:
        announced = self._ledger.announced(entry.packet_id)
        if announced is None or announced.attempt <= entry.attempt:
            return None
        self._ledger.keep_attempt(entry.packet_id, announced.attempt)
        return Step(Status.RECEIVED_AT_CENTRAL, Status.RECEIVED_AT_CENTRAL)

    def _search(self, entry: PacketEntry) -> Step:
        opened = self._open(entry)
        fingers = self._fingers(entry, opened)
        twin = self._identities.find_twin(opened.nik, fingers)
        if twin is not None:
            reason = first_area_reason(twin.area)
            return Step(Status.DUPLICATE_RECORD, Status.DUPLICATE_RECORD, reason)
        self._identities.enrol(opened.nik, opened.area, fingers)
        return Step(Status.PRINT_READY_RECORD, Status.PRINT_READY_RECORD)

    def _print_list(self, entry: PacketEntry) -> Step | None:
        today = self._clock.now().astimezone(WEST_INDONESIA).date()
        if entry.print_from and dt.date.fromisoformat(entry.print_from) > today:
            return None  # AGE_17: printed on the day and not before
        return Step(Status.SENT_FOR_CARD_PRINTING, Status.SENT_FOR_CARD_PRINTING)

    def _print(self, entry: PacketEntry) -> Step:
        opened = self._open(entry)
        fingers = self._fingers(entry, opened)
        sealed = prepare_card(opened, fingers, self._keys, self._master, self._clock.now())
        self._ledger.keep_card(opened.record_id, entry.packet_id, sealed)
        return Step(Status.CARD_PRINTED, Status.CARD_PRINTED)


def _failed(status: Status, reason: Reason) -> Step:
    return Step(status, status, reason.value)
