"""What README promises: stock openssl opens and verifies a packet, and its known pitfalls are met."""

import dataclasses
import datetime as dt
import io
import shutil
import subprocess
import zipfile

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from station.clock import FixedClock
from station.errors import KeyRefused, PacketRefused
from station.keys.rehearsal import make_rehearsal_keys
from station.keys.roles import Role
from station.packet import archive, envelope, signed
from station.packet.opened import open_packet, verify_members
from station.packet.seal import seal
from tests.station.packet.builders import NOW, PLAN, complete_story, context

OPENSSL = shutil.which("openssl")
RECEIVED = NOW + dt.timedelta(days=2)
LATE = NOW + dt.timedelta(days=10_000)


def openssl(*words, **options):
    assert OPENSSL, "openssl must be installed: the promise is about it"
    words = [str(word) for word in words]
    return subprocess.run([OPENSSL, *words], capture_output=True, check=False, **options)


@pytest.fixture(scope="module")
def sealed(keys):
    story = complete_story()
    sealing = seal(story.events, story.read, PLAN, context(keys))
    sealing.check(sealing.data)
    return sealing.data


@pytest.fixture
def desk(tmp_path, keys):
    """Return a folder with the files a stranger with the centre's key would have."""
    (tmp_path / "ca.pem").write_bytes(keys.authority.public_bytes(Encoding.PEM))
    for role in (Role.RECIPIENT, Role.ESCROW, Role.DESK):
        pair = (keys.desk if role is Role.DESK else keys.centre).pair(role)
        pem = pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{role.value}.key").write_bytes(pem)
        (tmp_path / f"{role.value}.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
    return tmp_path


def decrypt(folder, data, role):
    (folder / "X.ktp").write_bytes(data)
    return openssl(
        "cms", "-decrypt", "-binary", "-inform", "DER", "-in", folder / "X.ktp",
        "-recip", folder / f"{role.value}.pem", "-inkey", folder / f"{role.value}.key",
        "-out", folder / "X.tmp",
    )  # fmt: skip


def verify(folder, *, at=RECEIVED):
    return openssl(
        "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "manifest.p7s",
        "-content", folder / "manifest.json", "-CAfile", folder / "ca.pem", "-purpose", "any",
        "-attime", int(at.timestamp()), "-signer", folder / "who.pem", "-out", "/dev/null",
    )  # fmt: skip


def unpack(folder):
    with zipfile.ZipFile(io.BytesIO((folder / "X.tmp").read_bytes())) as members:
        members.extractall(folder)


@pytest.mark.parametrize("role", [Role.RECIPIENT, Role.ESCROW])
def test_stock_openssl_opens_and_verifies_a_packet(desk, sealed, role):
    assert decrypt(desk, sealed, role).returncode == 0
    unpack(desk)
    answer = verify(desk)
    assert answer.returncode == 0, answer.stderr
    assert (desk / "who.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 2
    assert (desk / "data" / "photo.jpg").stat().st_size == 2_000


def test_what_openssl_extracts_is_what_the_centre_opens(desk, sealed, keys):
    decrypt(desk, sealed, Role.RECIPIENT)
    opened = open_packet(sealed, keys.centre.opener(Role.RECIPIENT), keys.authority, RECEIVED)
    members = archive.unpack((desk / "X.tmp").read_bytes())
    assert {
        name: data for name, data in members.items() if name.startswith("data/")
    } == opened.files


def test_a_tampered_packet_is_refused_by_openssl_and_by_us(desk, sealed, keys):
    bad = bytearray(sealed)
    bad[len(bad) // 2] ^= 1
    assert decrypt(desk, bytes(bad), Role.RECIPIENT).returncode == 4
    for role in (Role.RECIPIENT, Role.ESCROW):
        with pytest.raises(PacketRefused) as refused:
            open_packet(bytes(bad), keys.centre.opener(role), keys.authority, RECEIVED)
        assert refused.value.facts["reason"] == "TAG"


def test_openssl_may_leave_unverified_plaintext_so_only_status_zero_counts(desk, keys):
    content = bytes(3_000_000)
    data, _ = envelope.seal(content, keys.desk.recipients())
    bad = bytearray(data)
    bad[-1] ^= 1  # the tag itself: every byte of the content decrypts as it was
    answer = decrypt(desk, bytes(bad), Role.ESCROW)
    left = (desk / "X.tmp").read_bytes()
    # Some releases write nearly all of it before they notice; hence "rename only on status 0".
    assert answer.returncode == 4
    assert left == content[: len(left)]
    with pytest.raises(PacketRefused):
        envelope.open_with(bytes(bad), keys.centre.opener(Role.ESCROW))


def test_the_desk_cannot_open_its_own_packet(desk, sealed, keys):
    answer = decrypt(desk, sealed, Role.DESK)
    assert answer.returncode == 4
    assert not (desk / "X.tmp").exists() or (desk / "X.tmp").stat().st_size == 0
    with pytest.raises(PacketRefused) as refused:
        open_packet(sealed, keys.desk.opener(Role.DESK), keys.authority, RECEIVED)
    assert refused.value.facts["reason"] == "NOT_A_RECIPIENT"


def test_the_envelope_has_no_authenticated_attributes_and_ours_refuses_them(sealed, keys):
    content = cms.ContentInfo.load(sealed)
    inner = content["content"]
    assert inner["auth_attrs"].native is None
    assert inner["auth_encrypted_content_info"]["content_type"].native == "data"
    inner["auth_attrs"] = cms.CMSAttributes([{"type": "content_type", "values": ["data"]}])
    with pytest.raises(PacketRefused) as refused:
        envelope.open_with(content.dump(force=True), keys.centre.opener(Role.RECIPIENT))
    assert refused.value.facts["reason"] == "ENVELOPE_ATTRIBUTES"


def members_of(sealed, keys):
    return dict(archive.unpack(envelope.open_with(sealed, keys.centre.opener(Role.RECIPIENT))))


def resigned(members, signers):
    raw = members[archive.MANIFEST]
    return {**members, archive.SIGNATURES: signed.sign(raw, signers, NOW)}


@pytest.mark.parametrize("who", ["operator", "machine", "operator twice", "two operators", "extra"])
def test_openssl_is_content_with_fewer_signers_and_we_are_not(desk, sealed, keys, who):
    operator, machine = keys.desk.signer(Role.OPERATOR, "rina"), keys.desk.signer(Role.MACHINE)
    other, boss = keys.desk.signer(Role.OPERATOR, "sari"), keys.desk.signer(Role.SUPERVISOR, "budi")
    signers = {
        "operator": [operator],
        "machine": [machine],
        "operator twice": [operator, operator],
        "two operators": [operator, other, machine],
        "extra": [operator, machine, boss],
    }[who]
    members = resigned(members_of(sealed, keys), signers)
    (desk / "manifest.json").write_bytes(members[archive.MANIFEST])
    (desk / "manifest.p7s").write_bytes(members[archive.SIGNATURES])
    assert verify(desk).returncode == 0
    with pytest.raises(PacketRefused) as refused:
        verify_members(members, keys.authority, RECEIVED)
    assert refused.value.facts["reason"] == "SIGNERS"


def test_an_operator_who_did_not_make_the_packet_cannot_sign_it(sealed, keys):
    wrong = [keys.desk.signer(Role.OPERATOR, "sari"), keys.desk.signer(Role.MACHINE)]
    with pytest.raises(PacketRefused) as refused:
        verify_members(resigned(members_of(sealed, keys), wrong), keys.authority, RECEIVED)
    assert refused.value.facts["reason"] == "SIGNER_NAME"


def test_a_signature_is_judged_at_the_time_of_receipt_not_today(desk, sealed, keys):
    decrypt(desk, sealed, Role.RECIPIENT)
    unpack(desk)
    assert verify(desk, at=LATE).returncode == 4
    opener = keys.centre.opener(Role.RECIPIENT)
    with pytest.raises(KeyRefused):
        open_packet(sealed, opener, keys.authority, LATE)
    assert open_packet(sealed, opener, keys.authority, RECEIVED).manifest.seq == 1


def test_signers_of_another_authority_are_refused(sealed, keys, tmp_path):
    other = make_rehearsal_keys(tmp_path / "other", FixedClock(NOW))
    with pytest.raises(KeyRefused) as refused:
        open_packet(sealed, keys.centre.opener(Role.RECIPIENT), other.authority, RECEIVED)
    assert refused.value.facts["reason"] == "UNTRUSTED"


def test_a_packet_sealed_on_to_someone_else_is_refused(sealed, keys):
    inner = envelope.open_with(sealed, keys.centre.opener(Role.RECIPIENT))
    forwarded, _ = envelope.seal(inner, [keys.desk.certificate(Role.DESK)])
    with pytest.raises(PacketRefused) as refused:
        open_packet(forwarded, keys.desk.opener(Role.DESK), keys.authority, RECEIVED)
    assert refused.value.facts["reason"] == "FORWARDED"


def test_recipient_entries_of_unknown_kinds_are_passed_over(sealed, keys):
    content = cms.ContentInfo.load(sealed)
    infos = content["content"]["recipient_infos"]
    later = cms.OtherRecipientInfo(
        {"ori_type": "1.2.840.113549.1.9.16.13.3", "ori_value": cms.ContentType("data")}
    )
    content["content"]["recipient_infos"] = cms.RecipientInfos(
        [cms.RecipientInfo("ori", later), *infos]
    )
    extended = content.dump(force=True)
    assert envelope.recipient_count(extended) == 3
    for role in (Role.RECIPIENT, Role.ESCROW):
        inner = envelope.open_with(extended, keys.centre.opener(role))
        assert archive.MANIFEST in archive.unpack(inner)


def test_the_desk_receives_sealed_data_by_the_same_builder(keys):
    data, _ = envelope.seal(b"card data", [keys.desk.certificate(Role.DESK)])
    assert envelope.open_with(data, keys.desk.opener(Role.DESK)) == b"card data"


def test_a_signer_that_lives_in_a_token_needs_only_sign_a_digest(sealed, keys):
    class Token:
        def __init__(self, inner):
            self.certificate = inner.certificate
            self._inner = inner
            self.asked = []

        def sign(self, digest):
            self.asked.append(digest)
            return self._inner.sign(digest)

    operator, machine = (
        Token(keys.desk.signer(Role.OPERATOR, "rina")),
        Token(keys.desk.signer(Role.MACHINE)),
    )
    made = dataclasses.replace(context(keys), operator=operator, machine=machine)
    story = complete_story()
    sealing = seal(story.events, story.read, PLAN, made)
    open_packet(sealing.data, keys.centre.opener(Role.RECIPIENT), keys.authority, RECEIVED)
    assert all(len(digest) == 32 for digest in operator.asked + machine.asked)
