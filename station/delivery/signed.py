"""Signed statements between desk and centre: canonical JSON, an ECDSA signature and the key's name.

Wire form, itself JSON: ``{"payload": base64, "key": hex, "signature": base64}``. The signature (ECDSA,
SHA-256, DER) covers a purpose line and the payload's bytes as received; nothing is serialised again before
it is verified. The purpose keeps a receipt from being taken for a feed page.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from station.errors import ReceiptRefused
from station.keys.port import Signer
from station.keys.roles import key_id
from station.packet import canonical

MAX_STATEMENT: Final = 8 * 1024 * 1024  # bytes; a feed page of 500 events is about 200 kB


def _digest(purpose: str, payload: bytes) -> bytes:
    return hashlib.sha256(f"rekam {purpose} 1\n".encode() + payload).digest()


def sign_statement(purpose: str, payload: Mapping[str, Any], signer: Signer) -> bytes:
    """Return the statement in its wire form."""
    body = canonical.write(payload)
    return canonical.write(
        {
            "payload": base64.b64encode(body).decode(),
            "key": key_id(signer.certificate),
            "signature": base64.b64encode(signer.sign(_digest(purpose, body))).decode(),
        }
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified statement and the key that signed it."""

    payload: Mapping[str, Any]
    key: str


@dataclass(frozen=True, slots=True)
class Trust:
    """The certificates whose word counts, by key identifier."""

    certificates: Mapping[str, x509.Certificate]

    @classmethod
    def of(cls, certificates: Iterable[x509.Certificate]) -> Self:
        """Return the trust in exactly these certificates."""
        return cls(MappingProxyType({key_id(each): each for each in certificates}))

    def read(self, purpose: str, data: bytes) -> Statement:
        """Return the verified statement; ReceiptRefused with a reason otherwise."""
        if len(data) > MAX_STATEMENT:
            raise ReceiptRefused(reason="TOO_LARGE", purpose=purpose)
        try:
            wire = json.loads(data)
            body = base64.b64decode(wire["payload"], validate=True)
            signature = base64.b64decode(wire["signature"], validate=True)
            signer = str(wire["key"])
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as cause:
            raise ReceiptRefused(reason="MALFORMED", purpose=purpose) from cause
        certificate = self.certificates.get(signer)
        if certificate is None:
            raise ReceiptRefused(reason="UNKNOWN_KEY", purpose=purpose)
        public = certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise ReceiptRefused(reason="WRONG_KEY_TYPE", purpose=purpose)
        try:
            public.verify(signature, _digest(purpose, body), ec.ECDSA(Prehashed(hashes.SHA256())))
        except InvalidSignature as cause:
            raise ReceiptRefused(reason="BAD_SIGNATURE", purpose=purpose) from cause
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError) as cause:
            raise ReceiptRefused(reason="MALFORMED", purpose=purpose) from cause
        if not isinstance(payload, dict):
            raise ReceiptRefused(reason="MALFORMED", purpose=purpose)
        return Statement(MappingProxyType(payload), signer)
