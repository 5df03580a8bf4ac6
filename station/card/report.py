"""The signed activation report: what the centre must accept before a card counts as issued."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from station.errors import CardVerificationFailed, FormatError

Sign = Callable[[bytes], bytes]  # DER ECDSA with SHA-256


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What a report says. ``finger`` 0 = exception route; no NIK, no name, no template."""

    card_serial: str
    tx: int
    record_id: str
    profile: str
    station: str
    operator: str
    second_operator: str
    reason: str
    finger: int
    band: int
    tries: int
    activated_at: str
    sam: str

    def canonical(self) -> bytes:
        """Return the JSON that is signed: sorted keys, no blanks, UTF-8."""
        facts = {name: getattr(self, name) for name in self.__slots__}
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()


@dataclass(frozen=True, slots=True)
class ActivationReport:
    """Canonical JSON and its signature. Idempotent at the centre on (card serial, tx)."""

    facts: ReportFacts
    signature: bytes

    def encode(self) -> str:
        """Return one line of ASCII for journal and outbox."""
        body = base64.b64encode(self.facts.canonical()).decode()
        return f"{body}.{base64.b64encode(self.signature).decode()}"


def parse_report(text: str) -> ActivationReport:
    """Read what ``encode`` wrote; FormatError."""
    try:
        body, signature = (base64.b64decode(part, validate=True) for part in text.split("."))
        facts = json.loads(body)
        report = ActivationReport(ReportFacts(**facts), signature)
    except (ValueError, TypeError, binascii.Error) as cause:
        raise FormatError(what="activation_report") from cause
    if report.facts.canonical() != body:
        raise FormatError(what="activation_report_form")
    return report


def verify_report(report: ActivationReport, certificate: bytes) -> None:
    """Check the signature with the station's certificate (DER); CardVerificationFailed."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise CardVerificationFailed(reason="report_key")
    try:
        key.verify(report.signature, report.facts.canonical(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as cause:
        raise CardVerificationFailed(reason="report_signature") from cause
