"""Detached CMS SignedData with several ECDSA P-256 signers (RFC 5652), made through the Signer port."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Final

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from station.errors import PacketRefused
from station.keys.port import Signer

MOST_BYTES: Final = 65_536
# asn1crypto parses lazily and reports malformed DER by these.
MALFORMED: Final = (
    x509.InvalidVersion,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)


def asn1_certificate(certificate: x509.Certificate) -> Any:  # noqa: ANN401 - asn1crypto has no types
    """Return the certificate as asn1crypto has it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def issuer_and_serial(certificate: x509.Certificate) -> Any:  # noqa: ANN401 - asn1crypto has no types
    """Return the certificate's name in CMS."""
    found = asn1_certificate(certificate)
    return cms.IssuerAndSerialNumber({"issuer": found.issuer, "serial_number": found.serial_number})


def sign(data: bytes, signers: Sequence[Signer], at: dt.datetime) -> bytes:
    """Return a detached signature of all signers over the bytes, in DER."""
    infos = [_signer_info(data, signer, at) for signer in signers]
    certificates = [asn1_certificate(signer.certificate) for signer in signers]
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": infos,
        }
    )
    content = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(content.dump())


def _signer_info(data: bytes, signer: Signer, at: dt.datetime) -> Any:  # noqa: ANN401 - asn1crypto has no types
    moment = at.astimezone(dt.UTC).replace(microsecond=0)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [hashlib.sha256(data).digest()]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": moment})]},
        ]
    )
    # Signed is the SET (tag 0x31), not the [0] that goes into the message.
    digest = hashlib.sha256(attributes.dump()).digest()
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": issuer_and_serial(signer.certificate)},
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signer.sign(digest),
        }
    )


def signers(data: bytes, signature: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates whose keys signed these bytes; PacketRefused when one does not verify.

    Says nothing of trust, role or number: the caller must ask for exactly the signers it needs.
    """
    if len(signature) > MOST_BYTES:
        raise PacketRefused(reason="SIGNATURE_SIZE")
    try:
        return _verified(data, signature)
    except MALFORMED as cause:
        raise PacketRefused(reason="SIGNATURE_FORM") from cause


def _verified(data: bytes, signature: bytes) -> tuple[x509.Certificate, ...]:
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise PacketRefused(reason="SIGNATURE_FORM")
    signed = content["content"]
    inner = signed["encap_content_info"]
    if inner["content_type"].native != "data" or not isinstance(inner["content"], core.Void):
        raise PacketRefused(reason="SIGNATURE_NOT_DETACHED")
    known = {}
    for choice in signed["certificates"]:
        certificate = x509.load_der_x509_certificate(choice.chosen.dump())
        known[issuer_and_serial(certificate).dump()] = certificate
    found = []
    for info in signed["signer_infos"]:
        name = info["sid"].chosen
        wanted = known.get(name.dump()) if info["sid"].name == "issuer_and_serial_number" else None
        if wanted is None:
            raise PacketRefused(reason="SIGNER_UNKNOWN")
        _verify_one(data, info, wanted)
        found.append(wanted)
    return tuple(found)


def _verify_one(data: bytes, info: Any, certificate: x509.Certificate) -> None:  # noqa: ANN401 - asn1crypto has no types
    attributes = {}
    for attribute in info["signed_attrs"]:
        if attribute["type"].native in attributes or len(attribute["values"]) != 1:
            raise PacketRefused(reason="SIGNATURE_FORM")
        attributes[attribute["type"].native] = attribute["values"][0].native
    if attributes.get("content_type") != "data":
        raise PacketRefused(reason="SIGNATURE_FORM")
    if attributes.get("message_digest") != hashlib.sha256(data).digest():
        raise PacketRefused(reason="SIGNATURE_DIGEST")
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError) as cause:  # a key of a kind or shape nobody knows
        raise PacketRefused(reason="SIGNATURE_FORM") from cause
    named = (info["digest_algorithm"]["algorithm"].native, info["signature_algorithm"]["algorithm"].native)  # fmt: skip
    if named != ("sha256", "sha256_ecdsa") or not isinstance(key, ec.EllipticCurvePublicKey):
        raise PacketRefused(reason="SIGNATURE_ALGORITHM")
    signed = b"\x31" + info["signed_attrs"].dump()[1:]
    try:
        key.verify(info["signature"].native, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as cause:
        raise PacketRefused(reason="SIGNATURE") from cause
