"""The whole key material of a rehearsal, made in one go: authority, centre, desk, operators, card signer."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from station.clock import Clock
from station.keys import soft
from station.keys.certificates import KeyPair, PrivateKey, Validity, issue, new_ec_key, new_rsa_key
from station.keys.roles import REHEARSAL_ORGANISATION, Role

PASSPHRASE: Final = b"latihan"  # known to everyone on purpose: these keys protect nothing
STATION: Final = "desk-latihan-1"
OPERATORS: Final = ("rina", "sari")
SUPERVISORS: Final = ("budi",)
_DAYS: Final = 3 * 365
_MARK: Final = "complete"


@dataclass(frozen=True, slots=True)
class RehearsalKeys:
    """Both ends of a rehearsal."""

    folder: Path
    desk: soft.SoftKeyStore
    centre: soft.SoftKeyStore
    authority: x509.Certificate


@dataclass(frozen=True, slots=True)
class _Office:
    """The rehearsal's authority at work."""

    validity: Validity
    authority: KeyPair = field(repr=False)

    def certify(
        self, common: str, role: Role, key: PrivateKey, by: KeyPair | None = None
    ) -> KeyPair:
        return issue(
            common,
            role,
            key,
            self.validity,
            organisation=REHEARSAL_ORGANISATION,
            issuer=by or self.authority,
        )


def make_rehearsal_keys(folder: Path, clock: Clock) -> RehearsalKeys:
    """Make the keys under ``folder/centre`` and ``folder/desk``, or open those that are there and valid."""
    if not _complete(folder, clock.now()):
        _make(folder, clock.now())
    desk = soft.SoftKeyStore(folder / "desk", PASSPHRASE, soft.Profile.REHEARSAL)
    centre = soft.SoftKeyStore(folder / "centre", PASSPHRASE, soft.Profile.REHEARSAL)
    return RehearsalKeys(folder, desk, centre, desk.authority())


def _complete(folder: Path, now: dt.datetime) -> bool:
    try:
        start, end = map(dt.datetime.fromisoformat, (folder / _MARK).read_text("ascii").split(" "))
        valid = start <= now <= end
    except (FileNotFoundError, ValueError, TypeError):  # not there, or cut short by a power cut
        return False
    return valid


def _make(folder: Path, now: dt.datetime) -> None:
    validity = Validity.around(now, _DAYS)
    authority = issue(
        "Rekam Latihan CA",
        Role.AUTHORITY,
        new_ec_key(),
        validity,
        organisation=REHEARSAL_ORGANISATION,
    )
    office = _Office(validity, authority)
    desk, centre = folder / "desk", folder / "centre"
    for place in (desk, centre):
        place.mkdir(parents=True, exist_ok=True)
        soft.save_authority(place, authority.certificate)
    soft.save_pair(centre, authority, Role.AUTHORITY, PASSPHRASE)
    _make_centre(office, desk, centre)
    _make_desk(office, desk, centre)
    mark = f"{validity.start.isoformat()} {validity.end.isoformat()}"
    (folder / _MARK).write_text(mark, "ascii")


def _make_centre(office: _Office, desk: Path, centre: Path) -> None:
    country = issue(
        "CSCA Latihan",
        Role.COUNTRY_SIGNER,
        new_ec_key(),
        office.validity,
        organisation=REHEARSAL_ORGANISATION,
    )
    pairs = {
        Role.RECIPIENT: office.certify("pusat-latihan", Role.RECIPIENT, new_rsa_key()),
        Role.ESCROW: office.certify("escrow-latihan", Role.ESCROW, new_ec_key(ec.SECP384R1())),
        Role.RECEIPT_SIGNER: office.certify("tanda-terima", Role.RECEIPT_SIGNER, new_ec_key()),
        Role.DEVICE_GRADES: office.certify("kelas-alat", Role.DEVICE_GRADES, new_ec_key()),
        Role.COUNTRY_SIGNER: country,
        Role.DOCUMENT_SIGNER: office.certify(
            "penanda-kartu", Role.DOCUMENT_SIGNER, new_ec_key(), by=country
        ),
    }
    for role, pair in pairs.items():
        soft.save_pair(centre, pair, role, PASSPHRASE)
    for role in (Role.RECIPIENT, Role.ESCROW):
        soft.save_recipient(desk, pairs[role].certificate, role.value)
    for role in (Role.RECEIPT_SIGNER, Role.COUNTRY_SIGNER, Role.DOCUMENT_SIGNER):
        soft.save_certificate(desk, pairs[role].certificate, role)


def _make_desk(office: _Office, desk: Path, centre: Path) -> None:
    soft.save_pair(
        desk, office.certify(STATION, Role.MACHINE, new_ec_key()), Role.MACHINE, PASSPHRASE
    )
    own = office.certify(STATION, Role.DESK, new_ec_key())
    soft.save_pair(desk, own, Role.DESK, PASSPHRASE)
    soft.save_certificate(centre, own.certificate, Role.DESK)
    for role, people in ((Role.OPERATOR, OPERATORS), (Role.SUPERVISOR, SUPERVISORS)):
        for person in people:
            pair = office.certify(person, role, new_ec_key())
            soft.save_pair(desk, pair, role, PASSPHRASE, person)
