"""Making certificates: a small authority for rehearsals, tests and a site's first installation."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from station.keys.roles import Role

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_AGREES: Final = frozenset({Role.DESK, Role.RECIPIENT, Role.ESCROW})
_ISSUES: Final = frozenset({Role.AUTHORITY, Role.COUNTRY_SIGNER})
RSA_BITS: Final = 3072


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key with its certificate."""

    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when."""

    start: dt.datetime
    end: dt.datetime

    @classmethod
    def around(cls, now: dt.datetime, days: int) -> "Validity":
        """Begin a day before ``now``, so that a slightly slow clock accepts it, and last ``days``."""
        return cls(now - dt.timedelta(days=1), now + dt.timedelta(days=days))


def new_ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """Return a new key, P-256 unless told otherwise."""
    return ec.generate_private_key(curve or ec.SECP256R1())


def new_rsa_key() -> rsa.RSAPrivateKey:
    """Return a new RSA key of 3072 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def _name(common: str, role: Role, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role.value),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(role: Role, *, rsa_key: bool) -> x509.KeyUsage:
    opens = role in _AGREES
    return x509.KeyUsage(
        digital_signature=not opens and role not in _ISSUES,
        content_commitment=role in {Role.OPERATOR, Role.SUPERVISOR},
        key_encipherment=opens and rsa_key,
        data_encipherment=False,
        key_agreement=opens and not rsa_key,
        key_cert_sign=role in _ISSUES,
        crl_sign=role in _ISSUES,
        encipher_only=False,
        decipher_only=False,
    )


def issue(
    common: str,
    role: Role,
    key: PrivateKey,
    validity: Validity,
    *,
    organisation: str,
    issuer: KeyPair | None = None,
) -> KeyPair:
    """Return the key with a certificate for this role; self-signed when there is no issuer."""
    subject = _name(common, role, organisation)
    public = key.public_key()
    by_key = issuer.key if issuer else key
    by_certificate = issuer.certificate if issuer else None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by_certificate.subject if by_certificate else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.start)
        .not_valid_after(validity.end)
        .add_extension(x509.BasicConstraints(ca=role in _ISSUES, path_length=None), critical=True)
        .add_extension(_usage(role, rsa_key=isinstance(key, rsa.RSAPrivateKey)), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False
        )
    )
    if role is Role.MACHINE:
        client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(client, critical=False)
    return KeyPair(key, builder.sign(by_key, hashes.SHA256()))
