"""A software issuer (country signing and document signing keys) for rehearsals; refuses production."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from station.card.sod import CardTrust
from station.clock import Clock
from station.errors import KeyRefused

_ROOT_YEARS: Final = 10
_SIGNER_YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A P-256 key in memory that signs deterministically."""

    certificate: bytes
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Return the DER ECDSA signature with SHA-256; the same data give the same bytes (RFC 6979)."""
        return self.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


@dataclass(frozen=True, slots=True)
class RehearsalIssuer:
    """Country signing certificate and document signer of a rehearsal."""

    csca: bytes
    signer: SoftwareSigner

    @property
    def trust(self) -> CardTrust:
        """What cards of this issuer verify against."""
        return CardTrust((self.csca,))

    def to_pem(self) -> bytes:
        """Return root certificate, signer certificate and signer key, unencrypted: rehearsal only."""
        certificates = b"".join(
            x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.PEM)
            for der in (self.csca, self.signer.certificate)
        )
        return certificates + self.signer.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @classmethod
    def from_pem(cls, pem: bytes) -> "RehearsalIssuer":
        """Read what ``to_pem`` wrote; KeyRefused when it is something else."""
        try:
            root, signer = x509.load_pem_x509_certificates(pem)
            at = pem.index(b"-----BEGIN PRIVATE KEY")
            key = serialization.load_pem_private_key(pem[at:], None)
        except ValueError as cause:
            raise KeyRefused(reason="card_issuer") from cause
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyRefused(reason="card_issuer")
        der = serialization.Encoding.DER
        return cls(root.public_bytes(der), SoftwareSigner(signer.public_bytes(der), key))


def make_rehearsal_issuer(clock: Clock, *, production: bool = False) -> RehearsalIssuer:
    """Make fresh keys, the root 10 years and the signer 5 years valid; KeyRefused in production."""
    if production:
        raise KeyRefused(reason="software_issuer_in_production")
    start = clock.now() - dt.timedelta(days=1)
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name("CSCA Latihan")
    root = (
        _builder(root_name, root_name, root_key.public_key(), start, _ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signing=False), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False
        )
        .add_extension(_authority(root_key), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    signer = (
        _builder(_name("DS Latihan"), root_name, key.public_key(), start, _SIGNER_YEARS)
        .add_extension(_usage(signing=True), critical=True)
        .add_extension(_authority(root_key), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    return RehearsalIssuer(root.public_bytes(der), SoftwareSigner(signer.public_bytes(der), key))


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    start: dt.datetime,
    years: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number() >> 96)  # 63 bits: every byte in the SOD counts
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=365 * years))
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signing,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signing,
        crl_sign=not signing,
        encipher_only=False,
        decipher_only=False,
    )
