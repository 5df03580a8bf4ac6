"""Keys as encrypted files in a folder: for development and rehearsal, never for production."""

import logging
import os
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from station.errors import KeyRefused
from station.keys.certificates import KeyPair
from station.keys.roles import Role, holder

_LOG = logging.getLogger(__name__)

_AUTHORITY: Final = "authority.crt"
_RECIPIENTS: Final = "recipients"
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
_DIGEST: Final = ec.ECDSA(utils.Prehashed(hashes.SHA256()))


class Profile(StrEnum):
    """What the installation is for."""

    DEVELOPMENT = "development"
    REHEARSAL = "rehearsal"
    PRODUCTION = "production"


class SoftSigner:
    """An ECDSA P-256 key in memory."""

    def __init__(self, pair: KeyPair) -> None:
        if not isinstance(pair.key, ec.EllipticCurvePrivateKey):
            raise KeyRefused(reason="KIND")
        self._key = pair.key
        self.certificate = pair.certificate

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest; return DER."""
        return self._key.sign(digest, _DIGEST)


class SoftOpener:
    """A recipient's RSA or EC key in memory."""

    def __init__(self, pair: KeyPair) -> None:
        self._key = pair.key
        self.certificate = pair.certificate

    def decrypt(self, wrapped: bytes) -> bytes:
        """Return the content key of an RSA recipient."""
        if not isinstance(self._key, rsa.RSAPrivateKey):
            raise KeyRefused(reason="KIND")
        try:
            return self._key.decrypt(wrapped, _OAEP)
        except ValueError as cause:
            raise KeyRefused(reason="NOT_FOR_THIS_KEY") from cause

    def agree(self, peer: ec.EllipticCurvePublicKey) -> bytes:
        """Return the shared secret of an EC recipient."""
        if not isinstance(self._key, ec.EllipticCurvePrivateKey):
            raise KeyRefused(reason="KIND")
        try:
            return self._key.exchange(ec.ECDH(), peer)
        except ValueError as cause:
            raise KeyRefused(reason="CURVE") from cause


class SoftKeyStore:
    """A folder of ``<role>[.<person>].key`` (PKCS#8, encrypted) and ``.crt`` files."""

    def __init__(self, folder: Path, passphrase: bytes, profile: Profile) -> None:
        """Use a folder; KeyRefused in a production profile."""
        if profile is Profile.PRODUCTION:
            raise KeyRefused(reason="SOFTWARE_KEYS_IN_PRODUCTION")
        _LOG.warning("software keys in use, profile=%s: never for real people", profile.value)
        self.folder = folder
        self._passphrase = passphrase
        self._pairs: dict[str, KeyPair] = {}

    def signer(self, role: Role, person: str = "") -> SoftSigner:
        """Return a signing key; KeyRefused when there is none."""
        return SoftSigner(self._pair(role, person))

    def opener(self, role: Role) -> SoftOpener:
        """Return a decryption key; KeyRefused when there is none."""
        return SoftOpener(self._pair(role))

    def pair(self, role: Role, person: str = "") -> KeyPair:
        """Return key and certificate, for TLS contexts and rehearsal tools; KeyRefused."""
        return self._pair(role, person)

    def recipients(self) -> tuple[x509.Certificate, ...]:
        """Return the certificates packets are sealed to, by file name."""
        paths = sorted((self.folder / _RECIPIENTS).glob("*.crt"))
        return tuple(_certificate(path) for path in paths)

    def authority(self) -> x509.Certificate:
        """Return the trust anchor."""
        return _certificate(self.folder / _AUTHORITY)

    def certificate(self, role: Role, person: str = "") -> x509.Certificate:
        """Return a certificate this folder knows, with or without its key; KeyRefused."""
        return _certificate(self.folder / f"{_stem(role, person)}.crt")

    def people(self, role: Role) -> tuple[str, ...]:
        """Return whose keys of a role lie here."""
        return tuple(
            holder(_certificate(path)) for path in sorted(self.folder.glob(f"{role.value}.*.crt"))
        )

    def wrap(self, store_key: bytes) -> bytes:
        """Return the store key wrapped (RFC 3394) by a key derived from the desk's own."""
        return aes_key_wrap(self._wrapping_key(), store_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the store key; KeyRefused when it was wrapped elsewhere or is damaged."""
        try:
            return aes_key_unwrap(self._wrapping_key(), wrapped)
        except (InvalidUnwrap, ValueError) as cause:
            raise KeyRefused(reason="STORE_KEY") from cause

    def _wrapping_key(self) -> bytes:
        key = self._pair(Role.DESK).key
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyRefused(reason="KIND")
        secret = key.private_numbers().private_value.to_bytes(66, "big")
        return HKDFExpand(hashes.SHA256(), 32, b"rekam wrap store key").derive(secret)

    def _pair(self, role: Role, person: str = "") -> KeyPair:
        stem = _stem(role, person)
        if stem not in self._pairs:
            self._pairs[stem] = self._load(stem)
        return self._pairs[stem]

    def _load(self, stem: str) -> KeyPair:
        certificate = _certificate(self.folder / f"{stem}.crt")
        try:
            data = (self.folder / f"{stem}.key").read_bytes()
            key = serialization.load_pem_private_key(data, self._passphrase)
        except FileNotFoundError as cause:
            raise KeyRefused(reason="ABSENT", key=stem.partition(".")[0]) from cause
        except (ValueError, TypeError) as cause:
            raise KeyRefused(reason="PASSPHRASE") from cause
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise KeyRefused(reason="KIND")
        if key.public_key() != certificate.public_key():
            raise KeyRefused(reason="MISMATCH")
        return KeyPair(key, certificate)


def save_pair(folder: Path, pair: KeyPair, role: Role, passphrase: bytes, person: str = "") -> None:
    """Write key and certificate into a software key folder."""
    pem = pair.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    path = folder / f"{_stem(role, person)}.key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    save_certificate(folder, pair.certificate, role, person)


def save_certificate(
    folder: Path, certificate: x509.Certificate, role: Role, person: str = ""
) -> None:
    """Write a certificate whose key lies elsewhere."""
    _write_pem(folder / f"{_stem(role, person)}.crt", certificate)


def save_authority(folder: Path, certificate: x509.Certificate) -> None:
    """Write the trust anchor."""
    _write_pem(folder / _AUTHORITY, certificate)


def save_recipient(folder: Path, certificate: x509.Certificate, name: str) -> None:
    """Add a certificate to the packets' recipients."""
    (folder / _RECIPIENTS).mkdir(exist_ok=True)
    _write_pem(folder / _RECIPIENTS / f"{name}.crt", certificate)


def _write_pem(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError as cause:
        raise KeyRefused(reason="ABSENT", key=path.stem.partition(".")[0]) from cause
    except ValueError as cause:
        raise KeyRefused(reason="CERTIFICATE", key=path.stem.partition(".")[0]) from cause


def _stem(role: Role, person: str) -> str:
    if person and not person.isalnum():
        raise KeyRefused(reason="NAME")
    return f"{role.value}.{person}" if person else role.value
