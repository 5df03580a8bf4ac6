"""What a key may be used for, written into its certificate and checked by every reader."""

import datetime as dt
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from station.errors import KeyRefused


class Role(StrEnum):
    """The organisational unit of the certificate's subject."""

    AUTHORITY = "rekam-authority"
    MACHINE = "rekam-machine"
    OPERATOR = "rekam-operator"
    SUPERVISOR = "rekam-supervisor"
    DESK = "rekam-desk"  # receives data sealed for this desk
    RECIPIENT = "rekam-recipient"  # the data centre
    ESCROW = "rekam-escrow"
    RECEIPT_SIGNER = "rekam-receipt-signer"
    COUNTRY_SIGNER = "rekam-country-signer"
    DOCUMENT_SIGNER = "rekam-document-signer"
    DEVICE_GRADES = "rekam-device-grades"  # says which models of devices may enrol


# Certificates of a rehearsal say so in their organisation; the rehearsal authority signs no others.
REHEARSAL_ORGANISATION: Final = "Rekam Latihan"


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(str(item.value) for item in certificate.subject.get_attributes_for_oid(oid))


def has_role(certificate: x509.Certificate, role: Role) -> bool:
    """Return whether the certificate names exactly this role."""
    return _subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME) == (role.value,)


def holder(certificate: x509.Certificate) -> str:
    """Return the common name: operator id, station id or key name."""
    names = _subject(certificate, NameOID.COMMON_NAME)
    return names[0] if names else ""


def is_rehearsal(certificate: x509.Certificate) -> bool:
    """Return whether this certificate belongs to a rehearsal."""
    return REHEARSAL_ORGANISATION in _subject(certificate, NameOID.ORGANIZATION_NAME)


def key_id(certificate: x509.Certificate) -> str:
    """Return the subject key identifier in lower-case hex; KeyRefused when there is none."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound as cause:
        raise KeyRefused(reason="NO_KEY_ID") from cause
    return found.value.digest.hex()


def refuse_untrusted(
    certificate: x509.Certificate, authority: x509.Certificate, at: dt.datetime
) -> None:
    """Raise KeyRefused unless the authority issued the certificate and both are valid at that time."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature) as cause:
        raise KeyRefused(reason="UNTRUSTED") from cause
    # Only now are the certificate's fields those somebody answers for.
    for item, reason in ((authority, "AUTHORITY_EXPIRED"), (certificate, "EXPIRED")):
        if not item.not_valid_before_utc <= at <= item.not_valid_after_utc:
            raise KeyRefused(reason=reason)
