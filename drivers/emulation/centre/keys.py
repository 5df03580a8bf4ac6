"""The centre's own keys: it opens packets, signs receipts and feed, and signs card contents."""

from dataclasses import dataclass, field
from typing import Self

from cryptography import x509

from station.keys.port import Opener, Signer
from station.keys.roles import Role
from station.keys.soft import SoftKeyStore


@dataclass(frozen=True, slots=True)
class CentreKeys:
    """What a data centre needs; ``desk`` is whom prepared card contents are sealed to."""

    opener: Opener = field(repr=False)
    receipts: Signer = field(repr=False)
    documents: Signer = field(repr=False)
    desk: x509.Certificate
    authority: x509.Certificate

    @classmethod
    def of(cls, keys: SoftKeyStore) -> Self:
        """Return the keys in a centre's key folder; KeyRefused when one is missing."""
        return cls(
            opener=keys.opener(Role.RECIPIENT),
            receipts=keys.signer(Role.RECEIPT_SIGNER),
            documents=keys.signer(Role.DOCUMENT_SIGNER),
            desk=keys.certificate(Role.DESK),
            authority=keys.authority(),
        )
