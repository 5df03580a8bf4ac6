"""Compact JWS with a certificate chain (RS256, x5c) as MOSIP device services sign their answers."""

import base64
import binascii
import datetime as dt
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from station.clock import Clock
from station.errors import AuthFailed, ProtocolError

_MAX_CHAIN: Final = 5
_MIN_KEY_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified statement: its payload and who signed it."""

    payload: dict[str, Any]
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Trust:
    """The provisioned roots, and the clock that certificates are judged by."""

    roots: tuple[x509.Certificate, ...]
    clock: Clock

    def verify(self, token: str) -> Signed:
        """Return the statement; AuthFailed, ProtocolError."""
        return verify(token, self.roots, self.clock.now())


def encode64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode64(text: str) -> bytes:
    """Return the bytes of base64url text, padded or not; ProtocolError otherwise."""
    try:
        bare = text.rstrip("=")
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError(what="base64url") from None


def sign(payload: dict[str, Any], key: rsa.RSAPrivateKey, chain: Sequence[x509.Certificate]) -> str:
    """Return the compact form over the payload; the leaf certificate comes first in the chain."""
    header = {
        "alg": "RS256",
        "typ": "JWT",
        "x5c": [
            base64.b64encode(item.public_bytes(serialization.Encoding.DER)).decode("ascii")
            for item in chain
        ],
    }
    body = ".".join(
        encode64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, payload)
    )
    signature = key.sign(body.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{encode64(signature)}"


def verify(token: str, roots: Sequence[x509.Certificate], now: dt.datetime) -> Signed:
    """Return the payload when signature, algorithm, dates and chain to a provisioned root hold.

    Raises AuthFailed for a wrong signature or chain, ProtocolError for a malformed token.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise ProtocolError(what="JWS parts")
    header, payload = read_json(parts[0]), read_json(parts[1])
    if header.get("alg") != "RS256":
        raise AuthFailed(what="JWS algorithm")
    if "crit" in header or header.get("b64", True) is not True:
        # A header that must be understood, or a payload signed in another form: neither is ours.
        raise AuthFailed(what="JWS header")
    listed = header.get("x5c")
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MAX_CHAIN:
        raise AuthFailed(what="JWS without certificate")
    chain = [_certificate(item) for item in listed]
    _verify_chain(chain, roots, now)
    try:
        public = chain[0].public_key()
    except (ValueError, UnsupportedAlgorithm) as cause:
        raise AuthFailed(what="JWS key type") from cause
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < _MIN_KEY_BITS:
        raise AuthFailed(what="JWS key type")
    try:
        public.verify(
            decode64(parts[2]),
            f"{parts[0]}.{parts[1]}".encode("ascii"),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except InvalidSignature as cause:
        raise AuthFailed(what="JWS signature") from cause
    return Signed(payload, chain[0])


def _verify_chain(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], now: dt.datetime
) -> None:
    for certificate in chain:
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise AuthFailed(what="certificate dates")
    for child, issuer in itertools.pairwise(chain):
        # Without the second half any device key under the root could make devices of its own.
        if not _issued(child, issuer) or not _may_issue(issuer):
            raise AuthFailed(what="certificate chain")
    above = [root for root in roots if _issued(chain[-1], root) or chain[-1] == root]
    if not above:
        raise AuthFailed(what="unknown root")
    if not any(root.not_valid_before_utc <= now <= root.not_valid_after_utc for root in above):
        raise AuthFailed(what="certificate dates")


def _issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
        ValueError,
    ):
        return False
    return found.value.ca


def _certificate(text: object) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(str(text), validate=True))
    except (binascii.Error, ValueError, x509.InvalidVersion) as cause:
        raise ProtocolError(what="x5c certificate") from cause


def read_json(part: str) -> dict[str, Any]:
    """Return the JSON object in a base64url part; ProtocolError otherwise."""
    try:
        value = json.loads(decode64(part), object_pairs_hook=without_twins)
    except (ValueError, RecursionError):
        # From None: the decoder's error holds the whole payload.
        raise ProtocolError(what="JWS JSON") from None
    if not isinstance(value, dict):
        raise ProtocolError(what="JWS JSON object")
    return value


def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of a JSON reader; ValueError when a name stands in it twice."""
    found = dict(pairs)
    if len(found) != len(pairs):  # two readers would take different ones
        message = "a name stands twice"
        raise ValueError(message)
    return found
