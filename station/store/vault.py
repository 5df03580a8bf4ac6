"""The keys of the store: one for the database, one that wraps each draft's own key."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from station.errors import StoreCorrupt, WrongStoreKey

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Vault:
    """What is derived from the store key (HKDF-Expand, SHA-256). The store key itself is not kept."""

    database_key: bytes = field(repr=False)
    wrapping_key: bytes = field(repr=False)
    check: str  # tells a wrong key from a damaged database; says nothing about the key

    @classmethod
    def of(cls, store_key: bytes) -> "Vault":
        """Derive the keys from 32 random bytes; WrongStoreKey for another length."""
        if len(store_key) != KEY_BYTES:
            raise WrongStoreKey(reason="LENGTH")

        def derived(purpose: bytes) -> bytes:
            return HKDFExpand(hashes.SHA256(), KEY_BYTES, purpose).derive(store_key)

        check = hmac.new(store_key, b"rekam store check", hashlib.sha256).hexdigest()[:32]
        return cls(derived(b"rekam store database"), derived(b"rekam store drafts"), check)

    def new_key(self) -> tuple["DraftKey", bytes]:
        """Return a fresh draft key and its wrapped form (AES key wrap, RFC 3394, 40 bytes)."""
        raw = secrets.token_bytes(KEY_BYTES)
        return DraftKey(raw), aes_key_wrap(self.wrapping_key, raw)

    def unwrap(self, wrapped: bytes) -> "DraftKey":
        """Return the draft key; StoreCorrupt when the wrapped form is damaged."""
        try:
            return DraftKey(aes_key_unwrap(self.wrapping_key, wrapped))
        except (InvalidUnwrap, ValueError) as cause:
            raise StoreCorrupt(what="draft key") from cause


@dataclass(frozen=True, slots=True)
class DraftKey:
    """One draft's AES-256-GCM key; the context binds bytes to their place."""

    raw: bytes = field(repr=False)

    def lock(self, data: bytes, context: bytes) -> bytes:
        """Return nonce, ciphertext and tag."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.raw).encrypt(nonce, data, context)

    def unlock(self, data: bytes, context: bytes) -> bytes:
        """Return the plain bytes; StoreCorrupt when a bit or the place is another."""
        try:
            return AESGCM(self.raw).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as cause:
            raise StoreCorrupt(what="draft", reason="TAG") from cause
