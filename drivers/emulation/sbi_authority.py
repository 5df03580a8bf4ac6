"""The emulated services' own certificate authority: a root, the device's key, the trust module's key."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.sbi import jws

_ROOT: Final = "Rekam EMU Root"
_YEARS: Final = dt.timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class EmulatedAuthority:
    """Keys and certificates; anybody could make such an authority, so no desk may provision its root."""

    root: x509.Certificate
    root_key: rsa.RSAPrivateKey
    device_key: rsa.RSAPrivateKey
    device: x509.Certificate
    module_key: rsa.RSAPrivateKey
    module: x509.Certificate

    @classmethod
    def make(cls, now: dt.datetime) -> "EmulatedAuthority":
        """Return a fresh authority; about 0.3 s."""
        root_key, key, module_key = (_key() for _ in range(3))
        root = certificate(_ROOT, root_key.public_key(), _ROOT, root_key, now)
        return cls(
            root,
            root_key,
            key,
            certificate("Rekam EMU Device", key.public_key(), _ROOT, root_key, now),
            module_key,
            certificate("Rekam EMU FTM", module_key.public_key(), _ROOT, root_key, now),
        )

    def sign(self, payload: dict[str, Any]) -> str:
        """Return a statement of the device."""
        return jws.sign(payload, self.device_key, [self.device])

    def vouch(self, payload: dict[str, Any], level: str) -> str:
        """Return an identity: of the trust module at L1, of the device itself at L0."""
        if level == "L1":
            return jws.sign(payload, self.module_key, [self.module])
        return self.sign(payload)

    @property
    def root_pem(self) -> bytes:
        """What a rehearsal desk provisions."""
        return self.root.public_bytes(Encoding.PEM)


def certificate(
    name: str,
    public: rsa.RSAPublicKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    now: dt.datetime,
    valid: dt.timedelta = _YEARS,
) -> x509.Certificate:
    """Return a certificate from yesterday on; only one that names itself the issuer may issue others."""

    def x500(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    return (
        x509.CertificateBuilder()
        .subject_name(x500(name))
        .issuer_name(x500(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + valid)
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)
