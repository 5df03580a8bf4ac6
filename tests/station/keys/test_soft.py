import datetime as dt
import hashlib
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from station.clock import FixedClock
from station.errors import KeyRefused
from station.keys.rehearsal import OPERATORS, PASSPHRASE, SUPERVISORS, make_rehearsal_keys
from station.keys.roles import Role, has_role, holder, is_rehearsal, key_id, refuse_untrusted
from station.keys.soft import Profile, SoftKeyStore

NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return make_rehearsal_keys(tmp_path_factory.mktemp("keys"), FixedClock(NOW))


def test_a_whole_rehearsal_pki_is_made_in_under_two_seconds(tmp_path):
    start = time.perf_counter()
    make_rehearsal_keys(tmp_path, FixedClock(NOW))
    assert time.perf_counter() - start < 2


def test_a_second_start_finds_the_same_keys_until_they_expire(tmp_path):
    first = make_rehearsal_keys(tmp_path, FixedClock(NOW))
    again = make_rehearsal_keys(tmp_path, FixedClock(NOW + dt.timedelta(days=30)))
    late = make_rehearsal_keys(tmp_path, FixedClock(NOW + dt.timedelta(days=4000)))
    assert again.authority == first.authority
    assert late.authority != first.authority


@pytest.mark.parametrize("left", ["", "2026-03-01T01:00:00+00:00 2029-02-28"])
def test_a_making_that_a_power_cut_ended_is_done_again(tmp_path, left):
    make_rehearsal_keys(tmp_path, FixedClock(NOW))
    (tmp_path / "complete").write_text(left)
    again = make_rehearsal_keys(tmp_path, FixedClock(NOW))
    assert again.desk.signer(Role.MACHINE).sign(hashlib.sha256(b"manifest").digest())


def test_software_keys_refuse_a_production_profile(tmp_path):
    with pytest.raises(KeyRefused) as refused:
        SoftKeyStore(tmp_path, PASSPHRASE, Profile.PRODUCTION)
    assert refused.value.facts["reason"] == "SOFTWARE_KEYS_IN_PRODUCTION"


@pytest.mark.parametrize(
    ("role", "people"),
    [(Role.MACHINE, ("",)), (Role.OPERATOR, OPERATORS), (Role.SUPERVISOR, SUPERVISORS)],
)
def test_every_signer_of_the_desk_signs_with_its_certificates_key(keys, role, people):
    digest = hashlib.sha256(b"manifest").digest()
    for person in people:
        signer = keys.desk.signer(role, person)
        signature = signer.sign(digest)
        signer.certificate.public_key().verify(signature, b"manifest", ec.ECDSA(hashes.SHA256()))
        assert has_role(signer.certificate, role)
        assert holder(signer.certificate) == (person or "desk-latihan-1")
        refuse_untrusted(signer.certificate, keys.authority, NOW)


def test_the_desk_owns_no_key_that_opens_a_packet(keys):
    for role in (Role.RECIPIENT, Role.ESCROW):
        with pytest.raises(KeyRefused):
            keys.desk.opener(role)
        assert keys.centre.opener(role).certificate in keys.desk.recipients()


def test_recipients_carry_role_and_key_identifier_and_the_rehearsal_mark(keys):
    recipients = keys.desk.recipients()
    assert len(recipients) == 2
    assert any(has_role(item, Role.RECIPIENT) for item in recipients)
    assert any(has_role(item, Role.ESCROW) for item in recipients)
    assert all(len(key_id(item)) == 40 and is_rehearsal(item) for item in recipients)


def test_the_store_key_unwraps_only_where_it_was_wrapped(keys, tmp_path):
    wrapped = keys.desk.wrap(b"k" * 32)
    assert keys.desk.unwrap(wrapped) == b"k" * 32
    other = make_rehearsal_keys(tmp_path, FixedClock(NOW))
    with pytest.raises(KeyRefused):
        other.desk.unwrap(wrapped)
    with pytest.raises(KeyRefused):
        keys.desk.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]))


def test_a_wrong_passphrase_and_an_unknown_person_are_typed(keys):
    wrong = SoftKeyStore(keys.desk.folder, b"salah", Profile.REHEARSAL)
    with pytest.raises(KeyRefused) as refused:
        wrong.signer(Role.MACHINE)
    assert refused.value.facts["reason"] == "PASSPHRASE"
    for name in ("nobody", "../escape"):
        with pytest.raises(KeyRefused):
            keys.desk.signer(Role.OPERATOR, name)


def test_private_keys_on_disk_are_encrypted_and_readable_by_the_owner_only(keys):
    files = list(keys.desk.folder.glob("*.key"))
    assert len(files) == 5
    for path in files:
        assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_a_certificate_of_another_authority_or_time_is_refused(keys, tmp_path):
    other = make_rehearsal_keys(tmp_path, FixedClock(NOW))
    certificate = keys.desk.signer(Role.MACHINE).certificate
    with pytest.raises(KeyRefused):
        refuse_untrusted(certificate, other.authority, NOW)
    with pytest.raises(KeyRefused):
        refuse_untrusted(certificate, keys.authority, NOW + dt.timedelta(days=4000))


def test_the_document_signer_leads_to_the_country_signer(keys):
    country = keys.desk.certificate(Role.COUNTRY_SIGNER)
    signer = keys.centre.signer(Role.DOCUMENT_SIGNER)
    refuse_untrusted(signer.certificate, country, NOW)
    with pytest.raises(KeyRefused):
        refuse_untrusted(signer.certificate, keys.authority, NOW)
