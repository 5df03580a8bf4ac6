"""One data centre: its ledger, its door's rooms and the single thread that examines packets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from drivers.emulation.centre.blanks import DEFAULT_BLANKS, Blank, sign_blanks
from drivers.emulation.centre.examination import Examination
from drivers.emulation.centre.faults import Fault, Faults
from drivers.emulation.centre.identity import Known
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.ledger import Announced, Ledger
from drivers.emulation.centre.reception import Reception
from station.card.report import parse_report, verify_report
from station.clock import Clock
from station.delivery.feed import PURPOSE as FEED
from station.delivery.reports import unwrap_report
from station.delivery.signed import sign_statement
from station.errors import PacketRefused, ReceiptRefused
from station.keys.roles import Role, has_role, refuse_untrusted
from station.lifecycle.status import Status
from station.packet.routing import verify_routing


@dataclass(frozen=True, slots=True)
class CentreOptions:
    """How this centre behaves. ``pace`` is the seconds between two statuses of one packet."""

    pace: float = 0.0
    gallery: tuple[Known, ...] = ()
    faults: tuple[Fault, ...] = ()
    blanks: tuple[Blank, ...] = DEFAULT_BLANKS
    station_areas: Mapping[str, str] = field(default_factory=dict)  # station id -> its area code


class Centre:
    """The centre at work. The same folder and keys go on where they stopped."""

    def __init__(
        self, folder: Path, keys: CentreKeys, clock: Clock, options: CentreOptions
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.faults = Faults(options.faults)
        self.ledger = Ledger(folder / "centre.db")
        self._keys = keys
        self._clock = clock
        self._options = options
        packets = folder / "packets"
        self._examination = Examination(
            self.ledger,
            keys,
            clock,
            packets=packets,
            pace=options.pace,
            gallery=options.gallery,
            station_areas=options.station_areas,
        )
        self.reception = Reception(
            packets, self.ledger, keys, clock, self.faults, self._examination.wake
        )

    def start(self) -> None:
        """Begin to examine; goes on with what an earlier run left."""
        self._examination.start()

    def stop(self) -> None:
        """End the work in hand and close the ledger."""
        self._examination.stop()
        self.ledger.close()

    def read_routing(self, routing: bytes, signature: bytes) -> Announced:
        """Return a routing index signed by its own station's machine key; PacketRefused, KeyRefused."""
        index = verify_routing(routing, signature, self._keys.authority, self._clock.now())
        return Announced(
            packet_id=index.packet_id,
            sha256=index.sha256,
            size=index.size,
            routing=routing,
            station_id=index.station_id,
            attempt=index.attempt,
        )

    def feed_page(self, station_id: str, after: int, limit: int) -> bytes:
        """Return one signed page of a station's status feed."""
        events, head = self.ledger.events(station_id, after, limit)
        if events and self.faults.take(Fault.GAP):
            events = events[1:]
        last = events[-1]["server_seq"] if events else after
        page = {
            "station": station_id,
            "after": after,
            "events": events,
            "next": last,
            "head": head,
        }
        return sign_statement(FEED, page, self._keys.receipts)

    def blanks_list(self, station_id: str) -> bytes:
        """Return the signed list of blanks issued to a desk."""
        return sign_blanks(self._options.blanks, station_id, self._clock.now(), self._keys.receipts)

    def accept_activation(self, body: bytes) -> None:
        """Take a signed activation report: the first makes the record CARD_ISSUED, a repeat changes nothing."""
        carried = unwrap_report(body)
        if not has_role(carried.certificate, Role.MACHINE):
            raise ReceiptRefused(reason="WRONG_ROLE")
        refuse_untrusted(carried.certificate, self._keys.authority, self._clock.now())
        report = parse_report(carried.text)
        verify_report(report, carried.certificate.public_bytes(Encoding.DER))
        facts = report.facts
        entry = self.ledger.of_record(facts.record_id)
        if entry is None or entry.stage not in {Status.CARD_PRINTED, Status.CARD_ISSUED}:
            raise PacketRefused(reason="NOT_PRINTED")
        if self.ledger.activate(facts.record_id, facts.card_serial, facts.tx):
            self._examination.publish(entry, Status.CARD_ISSUED, source="counter")

    @property
    def ready(self) -> bool:
        """Whether the gallery is enrolled: from then on a duplicate is found."""
        return self._examination.ready()

    def counts(self) -> dict[str, int]:
        """Return how many packets are at each stage."""
        found: dict[str, int] = {}
        for entry in self.ledger.packets():
            found[entry.stage] = found.get(entry.stage, 0) + 1
        return found
