"""The grade table: which models of devices may enrol, signed by the site's authority for device grades.

A JSON file and beside it, with ``.sig`` added to its name, the detached signature: again JSON, with the
signer's certificate and an ECDSA signature over a fixed label, a zero byte and the table's exact bytes. A
device's own claim is never enough, and no table makes an emulated device a real one.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from station.devices import Grade
from station.errors import KeyRefused, StationError
from station.keys.port import Signer
from station.keys.roles import Role, has_role, refuse_untrusted

FORMAT: Final = "rekam-grades-1"
SUFFIX: Final = ".sig"
_LABEL: Final = FORMAT.encode() + b"\0"
_LARGEST: Final = 1 << 20
_FIELDS: Final = ("driver", "make", "model", "firmware")
_GRANTED: Final = frozenset({Grade.ENROLMENT, Grade.VERIFICATION})

Grades = Mapping[tuple[str, str, str, str], Grade]


class GradesRefused(StationError):
    """The grade table is unsigned, damaged or signed by somebody else: no device may enrol.

    ``reason``: FILE_MISSING, SIGNATURE_MISSING, FORMAT, SIGNER, SIGNATURE, CONTENT.
    """

    code = "GRADES"


def load_grades(path: Path, authority: x509.Certificate, at: dt.datetime) -> Grades:
    """Return the grades of (driver, make, model, firmware) in a signed file; GradesRefused.

    ``authority`` must have issued the signer's certificate, in the role of device grades, valid at ``at``.
    """
    table = _bytes_of(path, "FILE_MISSING")
    signature = _bytes_of(path.with_name(path.name + SUFFIX), "SIGNATURE_MISSING")
    _verify(table, signature, authority, at)
    try:
        raw = json.loads(table)
        if raw["format"] != FORMAT:
            raise GradesRefused(reason="FORMAT")
        return dict(_rows(raw["grades"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise GradesRefused(reason="CONTENT") from cause


def sign_grades(table: bytes, signer: Signer) -> bytes:
    """Return the detached signature of a table: the site authority's half."""
    signed = {
        "format": FORMAT,
        "certificate": base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode(),
        "signature": base64.b64encode(signer.sign(_digest(table))).decode(),
    }
    return json.dumps(signed).encode()


def _digest(table: bytes) -> bytes:
    return hashlib.sha256(_LABEL + table).digest()


def _bytes_of(path: Path, missing: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as cause:
        raise GradesRefused(reason=missing) from cause
    if len(data) > _LARGEST:
        raise GradesRefused(reason="FORMAT")
    return data


def _verify(table: bytes, signature: bytes, authority: x509.Certificate, at: dt.datetime) -> None:
    try:
        signed = json.loads(signature)
        certificate = x509.load_der_x509_certificate(
            base64.b64decode(signed["certificate"], validate=True)
        )
        given = base64.b64decode(signed["signature"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, x509.InvalidVersion) as cause:
        raise GradesRefused(reason="FORMAT") from cause
    try:
        refuse_untrusted(certificate, authority, at)
    except KeyRefused as cause:
        raise GradesRefused(reason="SIGNER", why=str(cause.facts["reason"])) from cause
    key = certificate.public_key()
    if not has_role(certificate, Role.DEVICE_GRADES) or not isinstance(
        key, ec.EllipticCurvePublicKey
    ):
        raise GradesRefused(reason="SIGNER", why="ROLE")
    try:
        key.verify(given, _digest(table), ec.ECDSA(Prehashed(hashes.SHA256())))
    except InvalidSignature as cause:
        raise GradesRefused(reason="SIGNATURE") from cause


def _rows(grades: list[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str, str, str], Grade]]:
    for row in grades:
        names = tuple(row[name] for name in _FIELDS)
        grade = Grade(row["grade"])
        if not all(isinstance(name, str) and name for name in names) or grade not in _GRANTED:
            raise GradesRefused(reason="CONTENT")
        driver, make, model, firmware = names
        yield (driver, make, model, firmware), grade
