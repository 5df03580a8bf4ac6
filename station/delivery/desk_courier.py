"""Puts the rooms of delivery together for one desk, from what the application was given."""

import ssl
from dataclasses import dataclass, field

from cryptography import x509

from station.clock import Clock
from station.delivery.backoff import Backoff
from station.delivery.courier import Courier, Tell
from station.delivery.feed import StatusFeed
from station.delivery.line import Line, LineTimeouts
from station.delivery.reports import ReportOutbox
from station.delivery.resend import Resend
from station.delivery.sender import Sender
from station.delivery.signed import Trust
from station.delivery.uploader import TusUploader
from station.keys.port import Signer
from station.store.store import Store


@dataclass(frozen=True, slots=True)
class DeskLine:
    """Which centre, as which desk, and whose word counts there."""

    url: str
    station_id: str
    station_area: str
    centre: x509.Certificate  # of the key that signs receipts and feed
    machine: Signer = field(repr=False)
    timeouts: LineTimeouts = field(default_factory=LineTimeouts)
    tls: ssl.SSLContext | None = None
    idle_s: float = 20.0  # between two looks at the status feed when nothing is to be sent
    longest_wait_s: float = 300.0

    def trust(self) -> Trust:
        """Return the trust in the centre's signatures."""
        return Trust.of([self.centre])

    def open(self) -> Line:
        """Return a new line to the centre."""
        return Line(self.url, self.timeouts, self.tls, self.station_id)


def report_outbox(store: Store, machine: x509.Certificate) -> ReportOutbox:
    """Return the desk's durable activation reports."""
    return ReportOutbox(store.shelf("reports"), store.shelf("reports.refused"), machine)


def desk_courier(desk: DeskLine, store: Store, tell: Tell, clock: Clock) -> Courier:
    """Return the courier of a desk; ``Courier.run(cancel)`` belongs into one worker thread."""
    line = desk.open()
    backoff = Backoff(longest_s=desk.longest_wait_s)
    return Courier(
        line,
        Sender(store, line, TusUploader(line), desk.trust(), clock, backoff),
        StatusFeed(line, desk.trust(), store, desk.station_id),
        report_outbox(store, desk.machine.certificate),
        Resend(store, desk.machine, desk.station_area, clock),
        tell,
        clock,
        idle_s=desk.idle_s,
        backoff=backoff,
    )
