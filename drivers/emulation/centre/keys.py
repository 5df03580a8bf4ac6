"""The centre's own keys: it opens packets, signs receipts and feed, and signs card contents."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from cryptography import x509

from station.card.issuer import RehearsalIssuer, make_rehearsal_issuer
from station.card.sod import CardTrust
from station.clock import Clock
from station.keys.port import Opener, Signer
from station.keys.roles import Role
from station.keys.soft import SoftKeyStore

_CARD_ISSUER: Final = "card-issuer.pem"


@dataclass(frozen=True, slots=True)
class CentreKeys:
    """What a data centre needs; ``desk`` is whom prepared card contents are sealed to."""

    opener: Opener = field(repr=False)
    receipts: Signer = field(repr=False)
    issuer: RehearsalIssuer = field(repr=False)  # of card contents
    desk: x509.Certificate
    authority: x509.Certificate

    @classmethod
    def of(cls, keys: SoftKeyStore, clock: Clock) -> Self:
        """Return the keys in a centre's key folder; KeyRefused when one is missing."""
        return cls(
            opener=keys.opener(Role.RECIPIENT),
            receipts=keys.signer(Role.RECEIPT_SIGNER),
            issuer=card_issuer(keys.folder, clock),
            desk=keys.certificate(Role.DESK),
            authority=keys.authority(),
        )

    @property
    def card_trust(self) -> CardTrust:
        """What cards of this centre verify against."""
        return self.issuer.trust


def card_issuer(folder: Path, clock: Clock) -> RehearsalIssuer:
    """Return the card signer kept in a folder, made the first time.

    Its certificates are smaller than those for packets: with longer names the chip's SOD would not fit.
    """
    path = folder / _CARD_ISSUER
    if path.exists():
        return RehearsalIssuer.from_pem(path.read_bytes())
    issuer = make_rehearsal_issuer(clock)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(issuer.to_pem())
    return issuer
