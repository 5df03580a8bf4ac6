"""Signed activation reports: a card counts as issued once the centre has accepted one.

Reports wait on a durable shelf under (card serial, transaction counter); sending one twice has one effect.
"""

import base64
import binascii
import datetime as dt
import json
import logging
from dataclasses import asdict, dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import TypeAdapter, ValidationError

from station.clock import CancelToken
from station.delivery.line import Line
from station.delivery.signed import Trust, canonical_json, sign_statement
from station.errors import CentreRefused, ReceiptRefused
from station.keys.port import Signer
from station.keys.roles import Role, has_role, refuse_untrusted
from station.store.shelves import Shelf

log = logging.getLogger(__name__)

PURPOSE: Final = "activation"
PATH: Final = "/v1/activations"


@dataclass(frozen=True, slots=True)
class ActivationReport:
    """What the counter states about one activated card. Holds no biometric data and no NIK."""

    record_id: str
    card_serial: str  # hex
    tx_counter: int  # of the chip's control file when it became active
    station_id: str
    operator: str
    activated_at: dt.datetime
    finger: int  # ISO 19794-2 position that matched; 0 = second-operator route
    score: int  # 1:1 score, our own scale
    approved_by: str = ""  # the second operator, where no finger could be matched
    sod_sha256: str = ""

    @property
    def key(self) -> str:
        """What makes a report unique."""
        return f"{self.card_serial}-{self.tx_counter}"


_REPORT: Final = TypeAdapter(ActivationReport)


def sign_report(report: ActivationReport, signer: Signer) -> bytes:
    """Return the report signed by the machine, with the machine's certificate beside it."""
    payload = asdict(report) | {"activated_at": report.activated_at.isoformat()}
    certificate = signer.certificate.public_bytes(Encoding.DER)
    return canonical_json(
        {
            "statement": base64.b64encode(sign_statement(PURPOSE, payload, signer)).decode(),
            "certificate": base64.b64encode(certificate).decode(),
        }
    )


def read_report(data: bytes, authority: x509.Certificate, at: dt.datetime) -> ActivationReport:
    """Return a verified report (the centre's side); ReceiptRefused, KeyRefused."""
    try:
        wire = json.loads(data)
        statement = base64.b64decode(wire["statement"], validate=True)
        certificate = x509.load_der_x509_certificate(
            base64.b64decode(wire["certificate"], validate=True)
        )
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as cause:
        raise ReceiptRefused(reason="MALFORMED", purpose=PURPOSE) from cause
    if not has_role(certificate, Role.MACHINE):
        raise ReceiptRefused(reason="WRONG_ROLE", purpose=PURPOSE)
    refuse_untrusted(certificate, authority, at)
    payload = Trust.of([certificate]).read(PURPOSE, statement).payload
    try:
        return _REPORT.validate_python(dict(payload))
    except ValidationError as cause:
        raise ReceiptRefused(reason="MALFORMED", purpose=PURPOSE) from cause


class ReportOutbox:
    """Reports that wait for the centre, and those it has accepted."""

    def __init__(self, waiting: Shelf, refused: Shelf, signer: Signer) -> None:
        self._waiting = waiting
        self._refused = refused
        self._signer = signer

    def add(self, report: ActivationReport) -> None:
        """Sign and keep a report durably; the same report again changes nothing."""
        if self._waiting.get(report.key) is None:
            self._waiting.put(report.key, sign_report(report, self._signer))

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
