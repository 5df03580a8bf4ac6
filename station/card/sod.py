"""EF.SOD: CMS SignedData over an LDS security object (hashes of the data groups), as in Doc 9303-10."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from station.card.tlv import read_tlv
from station.clock import Clock
from station.errors import CardVerificationFailed, FormatError

_LDS_OID: Final = "2.23.136.1.1.1"
# asn1crypto and cryptography answer broken DER with any of these
_BROKEN: Final = (
    FormatError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    UnsupportedAlgorithm,
)
_SHA256: Final = {"algorithm": "sha256"}


class DocumentSigner(Protocol):
    """The document signer's key, wherever it lives; must sign deterministically (RFC 6979)."""

    @property
    def certificate(self) -> bytes:
        """Its certificate, DER."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the DER ECDSA signature with SHA-256 over ``data``."""
        ...


class _AlgorithmId(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    _fields = [("algorithm", core.ObjectIdentifier), ("parameters", core.Null, {"optional": True})]  # noqa: RUF012 - asn1crypto's way


class _GroupHash(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012 - asn1crypto's way


class _GroupHashes(core.SequenceOf):  # type: ignore[misc] # asn1crypto is untyped
    _child_spec = _GroupHash


class _SecurityObject(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("version", core.Integer),
        ("algorithm", _AlgorithmId),
        ("hashes", _GroupHashes),
    ]


@dataclass(frozen=True, slots=True)
class CardTrust:
    """What a card is verified against: the country signing certificates, DER."""

    csca: tuple[bytes, ...]


def build_sod(group_hashes: Mapping[int, bytes], signer: DocumentSigner) -> bytes:
    """Return the CMS, DER: content type and message digest as signed attributes, certificate inside."""
    body = _SecurityObject(
        {
            "version": 0,
            "algorithm": {"algorithm": "2.16.840.1.101.3.4.2.1"},
            "hashes": [{"number": n, "value": value} for n, value in sorted(group_hashes.items())],
        }
    ).dump()
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [_LDS_OID]},
            {"type": "message_digest", "values": [hashlib.sha256(body).digest()]},
        ]
    )
    certificate = asn1_x509.Certificate.load(signer.certificate)
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [_SHA256],
            "encap_content_info": {
                "content_type": _LDS_OID,
                "content": core.ParsableOctetString(body),
            },
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": _SHA256,
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": signer.sign(attributes.dump()),
                }
            ],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def verify_sod(sod_file: bytes, trust: CardTrust, clock: Clock) -> Mapping[int, bytes]:
    """Verify signature and chain of EF.SOD and return the signed hash of each data group.

    Raises CardVerificationFailed with reason ``sod_format``, ``sod_digest``, ``sod_signature``,
    ``sod_chain`` or ``sod_validity``.
    """
    try:
        signed, info, certificate = _open(sod_file)
        key = certificate.public_key()
        body = bytes(signed["encap_content_info"]["content"])
        attributes = info["signed_attrs"]
        claims = {item["type"].native: item["values"].native for item in attributes}
        digest_ok = claims.get("message_digest") == [hashlib.sha256(body).digest()]
        type_ok = claims.get("content_type") == [
            signed["encap_content_info"]["content_type"].native
        ]
        signature = info["signature"].native
        to_sign = attributes.untag().dump(force=True)
        found = {
            int(entry["number"].native): bytes(entry["value"].native)
            for entry in _SecurityObject.load(body, strict=True)["hashes"]
        }
    except _BROKEN as cause:
        raise CardVerificationFailed(reason="sod_format") from cause
    if not digest_ok or not type_ok:
        raise CardVerificationFailed(reason="sod_digest")
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise CardVerificationFailed(reason="sod_signature")
    try:
        key.verify(signature, to_sign, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as cause:
        raise CardVerificationFailed(reason="sod_signature") from cause
    _verify_chain(certificate, trust, clock)
    return found


def _open(sod_file: bytes) -> tuple[cms.SignedData, cms.SignerInfo, x509.Certificate]:
    outer = read_tlv(sod_file)
    if outer.tag != 0x77:
        raise FormatError(what="sod_tag")
    content = cms.ContentInfo.load(outer.value, strict=True)
    if content["content_type"].native != "signed_data":
        raise FormatError(what="sod_kind")
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != _LDS_OID:
        raise FormatError(what="sod_content")
    infos, certificates = signed["signer_infos"], signed["certificates"]
    if len(infos) != 1 or len(certificates) != 1:
        raise FormatError(what="sod_signers")
    return signed, infos[0], x509.load_der_x509_certificate(certificates[0].chosen.dump())


def _verify_chain(signer: x509.Certificate, trust: CardTrust, clock: Clock) -> None:
    now = clock.now()
    for der in trust.csca:
        root = x509.load_der_x509_certificate(der)
        try:
            signer.verify_directly_issued_by(root)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        for certificate in (signer, root):
            if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
                raise CardVerificationFailed(reason="sod_validity")
        if not _may_sign(signer):
            raise CardVerificationFailed(reason="sod_chain")
        return
    raise CardVerificationFailed(reason="sod_chain")


def _may_sign(signer: x509.Certificate) -> bool:
    try:
        return signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except (x509.ExtensionNotFound, ValueError):
        return False
