"""What the station asks of keys: sign a digest, open a content key, wrap the store key. Never a private key."""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import Certificate

from station.keys.roles import Role


class Signer(Protocol):
    """A P-256 signing key that may live in a token."""

    @property
    def certificate(self) -> Certificate:
        """The certificate of the key."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes); return the ECDSA signature in DER. KeyRefused."""
        ...


class Opener(Protocol):
    """A recipient's key that may live in an HSM; each key offers the one call its kind can do."""

    @property
    def certificate(self) -> Certificate:
        """The certificate of the key."""
        ...

    def decrypt(self, wrapped: bytes) -> bytes:
        """Return the content key from RSAES-OAEP with SHA-256; KeyRefused."""
        ...

    def agree(self, peer: EllipticCurvePublicKey) -> bytes:
        """Return the ECDH shared secret (x coordinate) with a public key of the same curve; KeyRefused."""
        ...


class KeyStore(Protocol):
    """The keys of one machine."""

    def signer(self, role: Role, person: str = "") -> Signer:
        """Return a signing key; ``person`` names the operator or supervisor. KeyRefused when absent."""
        ...

    def opener(self, role: Role) -> Opener:
        """Return a decryption key; KeyRefused when this machine has none of the role."""
        ...

    def recipients(self) -> tuple[Certificate, ...]:
        """Return whom packets are sealed to: data centre and escrow, in the overlap old and new."""
        ...

    def authority(self) -> Certificate:
        """Return the certificate every other one must lead to."""
        ...

    def wrap(self, store_key: bytes) -> bytes:
        """Return the store key wrapped by a key that stays here."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the store key; KeyRefused when it was wrapped elsewhere or damaged."""
        ...
