"""Activation reports on their way: a card counts as issued once the centre has accepted one.

A report is signed text from the counter. It waits on a durable shelf under (card serial, transaction
counter); sending it twice has one effect.
"""

import base64
import binascii
import json
import logging
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from station.clock import CancelToken
from station.delivery.line import Line
from station.errors import CentreRefused, ReceiptRefused
from station.packet import canonical
from station.store.shelves import Shelf

log = logging.getLogger(__name__)

PATH: Final = "/v1/activations"
_MOST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class CarriedReport:
    """A report as it travels: the counter's signed text and the certificate it verifies with."""

    text: str = field(repr=False)
    certificate: x509.Certificate


def wrap_report(report: CarriedReport) -> bytes:
    """Return the request body."""
    certificate = report.certificate.public_bytes(Encoding.DER)
    return canonical.write(
        {"report": report.text, "certificate": base64.b64encode(certificate).decode()}
    )


def unwrap_report(body: bytes) -> CarriedReport:
    """Return what ``wrap_report`` wrote, nothing verified yet; ReceiptRefused."""
    if len(body) > _MOST:
        raise ReceiptRefused(reason="TOO_LARGE", purpose="activation")
    try:
        wire = json.loads(body)
        der = base64.b64decode(wire["certificate"], validate=True)
        return CarriedReport(str(wire["report"]), x509.load_der_x509_certificate(der))
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as cause:
        raise ReceiptRefused(reason="MALFORMED", purpose="activation") from cause


class ReportOutbox:
    """Reports that wait for the centre, and those it refused."""

    def __init__(self, waiting: Shelf, refused: Shelf, certificate: x509.Certificate) -> None:
        self._waiting = waiting
        self._refused = refused
        self._certificate = certificate

    def add(self, card_serial: str, tx_counter: int, text: str) -> None:
        """Keep a signed report durably; the same card and counter again changes nothing."""
        key = f"{card_serial}-{tx_counter}"
        if self._waiting.get(key) is None:
            self._waiting.put(key, wrap_report(CarriedReport(text, self._certificate)))

    def waiting(self) -> int:
        """Return how many cards are "aktif, laporan menunggu"."""
        return len(self._waiting.keys())

    def refused(self) -> int:
        """Return how many reports the centre refused: each needs a person."""
        return len(self._refused.keys())

    def send(self, line: Line, cancel: CancelToken) -> int:
        """Send everything that waits; return how many were accepted. Raises LineError, OperatorCancelled.

        A refused report is set aside, so that the others still go through.
        """
        accepted = 0
        for key, body in self._waiting.items():
            cancel.check()
            try:
                line.call("POST", PATH, headers={"Content-Type": "application/json"}, body=body)
                accepted += 1
            except CentreRefused as error:
                log.warning("activation report refused: %s", error.facts.get("reason"))
                self._refused.put(key, body)
            self._waiting.remove(key)
        return accepted
