import dataclasses
import hashlib
import json

import pytest

from station.capture import events as ev
from station.capture.exemption import Exemption, ExemptionKind
from station.capture.slots import Slot
from station.devices import Grade
from station.errors import PacketRefused, StoreCorrupt
from station.keys.roles import Role
from station.packet import archive, canonical, envelope, manifest, routing, signed
from station.packet.context import Limits
from station.packet.opened import open_packet, verify_packet
from station.packet.seal import seal
from tests.station.packet.builders import NOW, PLAN, complete_story, context


@pytest.fixture(scope="module")
def story():
    return complete_story()


@pytest.fixture(scope="module")
def sealing(keys, story):
    return seal(story.events, story.read, PLAN, context(keys, seq=4, prev_packet_sha256="b" * 64))


def opened(data, keys):
    return open_packet(data, keys.centre.opener(Role.ESCROW), keys.authority, NOW)


def test_the_packet_carries_every_sample_the_record_and_its_events(sealing, story, keys):
    packet = opened(sealing.data, keys)
    assert len(packet.files) == 17  # 14 samples, pen points, person, events
    for event in story.events:
        if isinstance(event, ev.AttemptTaken):
            stem = f"data/{event.sample.slot.value}."
            name = next(name for name in packet.files if name.startswith(stem))
            assert packet.files[name] == story.read(event.sample.sha256)
    assert packet.files["data/sign_points.json"] == b'{"points":[]}'
    assert packet.events() == tuple(story.events)
    person = json.loads(packet.files["data/person.json"])
    assert (person["record_id"], person["recording_no"], person["hold"]) == ("record-1", 1, "")
    assert person["person"]["nik"] == "6101015203050001"


def test_the_manifest_binds_station_sequence_recipients_and_audit(sealing, keys):
    content = opened(sealing.data, keys).manifest
    assert (content.seq, content.prev_packet_sha256) == (4, "b" * 64)
    assert (content.audit_root, content.audit_seq) == ("a" * 64, 7)
    assert content.operator == "rina"
    assert content.emulated
    assert len(content.recipients) == 2
    assert manifest.from_bytes(manifest.to_bytes(content)) == content


def test_the_read_back_must_be_the_same_to_the_last_bit_and_the_key_is_used_once(keys, story):
    sealing = seal(story.events, story.read, PLAN, context(keys))
    bad = bytearray(sealing.data)
    bad[-40] ^= 4
    with pytest.raises(StoreCorrupt):
        sealing.check(bytes(bad))
    with pytest.raises(PacketRefused):
        sealing.check(sealing.data)  # forgotten with the first try


def test_the_routing_index_names_the_sealed_bytes_and_nothing_personal(keys, story):
    sealing = seal(story.events, story.read, PLAN, context(keys))
    sealed = sealing.check(sealing.data)
    data, signature = sealed.routing.data, sealed.routing.signature
    index = verify_packet(sealing.data, data, signature, keys.authority, NOW)
    assert index.sha256 == hashlib.sha256(sealing.data).hexdigest()
    assert index.attempt == 1
    assert b"6101015203050001" not in data
    assert b"PENANDA" not in data
    with pytest.raises(PacketRefused):
        verify_packet(sealing.data + b"x", data, signature, keys.authority, NOW)
    with pytest.raises(PacketRefused):
        verify_packet(sealing.data[:-1] + b"x", data, signature, keys.authority, NOW)


def test_a_wrong_area_code_is_cured_by_a_new_index_over_the_same_bytes(keys, story):
    sealing = seal(story.events, story.read, PLAN, context(keys))
    first = sealing.check(sealing.data).routing
    machine = keys.desk.signer(Role.MACHINE)
    again = routing.reissue(first.data, machine, NOW, station_area="61.02")
    index = verify_packet(sealing.data, again.data, again.signature, keys.authority, NOW)
    assert (index.attempt, index.station_area) == (2, "61.02")
    assert index.packet_id == sealing.packet_id
    with pytest.raises(PacketRefused):
        routing.reissue(first.data, machine, NOW, station_area="nowhere")


def test_an_index_signed_by_anyone_but_the_machine_is_refused(keys, story):
    sealing = seal(story.events, story.read, PLAN, context(keys))
    data = sealing.check(sealing.data).routing.data
    forged = signed.sign(data, [keys.desk.signer(Role.OPERATOR, "rina")], NOW)
    with pytest.raises(PacketRefused):
        routing.verify_routing(data, forged, keys.authority, NOW)


def exempted(approved_by="budi"):
    story = complete_story(seed=3)
    gone = Exemption(
        Slot.LEFT_LITTLE, ExemptionKind.MISSING_PERMANENT, "AMPUTASI", "rina", NOW, approved_by
    )
    lost = [
        event
        for event in story.events
        if not (isinstance(event, ev.AttemptTaken) and event.sample.slot is Slot.LEFT_LITTLE)
    ]
    story.events = [*lost[:-1], ev.ExemptionGiven(gone), lost[-1]]
    return story


def test_an_approved_exception_needs_and_carries_the_supervisors_signature(keys):
    story = exempted()
    with pytest.raises(PacketRefused):
        seal(story.events, story.read, PLAN, context(keys))
    boss = keys.desk.signer(Role.SUPERVISOR, "budi")
    sealing = seal(story.events, story.read, PLAN, context(keys, supervisor=boss))
    packet = opened(sealing.data, keys)
    assert packet.supervisor == boss.certificate
    assert [item.slot for item in packet.manifest.exceptions] == ["fp_left_little"]
    assert "data/fp_left_little.wsq" not in packet.files


def test_the_supervisors_signature_cannot_be_taken_off(keys):
    story = exempted()
    boss = keys.desk.signer(Role.SUPERVISOR, "budi")
    sealing = seal(story.events, story.read, PLAN, context(keys, supervisor=boss))
    opener = keys.centre.opener(Role.RECIPIENT)
    members = dict(archive.unpack(envelope.open_with(sealing.data, opener)))
    two = [keys.desk.signer(Role.OPERATOR, "rina"), keys.desk.signer(Role.MACHINE)]
    members[archive.SIGNATURES] = signed.sign(members[archive.MANIFEST], two, NOW)
    data, _ = envelope.seal(archive.pack(members), keys.desk.recipients())
    with pytest.raises(PacketRefused) as refused:
        opened(data, keys)
    assert refused.value.facts["reason"] == "SIGNERS"


def resealed(sealing, keys, change):
    opener = keys.centre.opener(Role.RECIPIENT)
    members = dict(archive.unpack(envelope.open_with(sealing.data, opener)))
    change(members)
    data, _ = envelope.seal(archive.pack(members), keys.desk.recipients())
    return data


def test_files_must_be_exactly_those_of_the_manifest(sealing, keys):
    def drop(members):
        del members["data/photo.jpg"]

    def add(members):
        members["data/more.jpg"] = b"x"

    def swap(members):
        members["data/photo.jpg"] = members["data/iris_left.jp2"]

    for change, reason in ((drop, "FILES"), (add, "FILES"), (swap, "FILE_HASH")):
        with pytest.raises(PacketRefused) as refused:
            opened(resealed(sealing, keys, change), keys)
        assert refused.value.facts["reason"] == reason


def test_a_changed_manifest_no_longer_fits_its_signatures(sealing, keys):
    def renumber(members):
        members[archive.MANIFEST] = members[archive.MANIFEST].replace(b'"seq":4', b'"seq":5')

    with pytest.raises(PacketRefused) as refused:
        opened(resealed(sealing, keys, renumber), keys)
    assert refused.value.facts["reason"] == "SIGNATURE_DIGEST"


def test_a_manifest_that_hides_emulation_is_found_out_by_its_events(sealing, keys, monkeypatch):
    def hide(members):
        raw = members[archive.MANIFEST].replace(b'"emulated":true', b'"emulated":false')
        both = [keys.desk.signer(Role.OPERATOR, "rina"), keys.desk.signer(Role.MACHINE)]
        members[archive.MANIFEST] = raw
        members[archive.SIGNATURES] = signed.sign(raw, both, NOW)

    data = resealed(sealing, keys, hide)
    assert opened(data, keys).manifest.emulated is False
    monkeypatch.setattr("station.packet.opened.is_rehearsal", lambda _certificate: False)
    with pytest.raises(PacketRefused) as refused:
        opened(data, keys)
    assert refused.value.facts["reason"] == "EMULATED_FOR_PRODUCTION"


def test_a_packet_of_a_verification_device_is_refused_where_real_people_are_enrolled(
    keys, monkeypatch
):
    trainees = Limits(real_devices_in_rehearsal=True)
    story = complete_story(grade=Grade.VERIFICATION)
    data = seal(story.events, story.read, PLAN, context(keys, limits=trainees)).data
    assert opened(data, keys).manifest.emulated is False
    monkeypatch.setattr("station.packet.opened.is_rehearsal", lambda _certificate: False)
    with pytest.raises(PacketRefused) as refused:
        opened(data, keys)
    assert refused.value.facts["reason"] == "GRADE"


def test_archives_are_reproducible_and_refuse_every_other_form():
    members = {"manifest.json": b"{}", "manifest.p7s": b"x", "data/photo.jpg": b"y"}
    data = archive.pack(members)
    assert data == archive.pack(dict(reversed(members.items())))
    assert archive.unpack(data) == members
    for bad in (data + b"x", b"x" + data, data[:-1], b""):
        with pytest.raises(PacketRefused):
            archive.unpack(bad)
    for name in ("../evil.jpg", "data/../x.jpg", "/data/x.jpg", "data/sub/x.jpg", "other.json"):
        with pytest.raises(PacketRefused):
            archive.unpack(archive.pack({name: b"x"}))


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', '{"a":1.0}', '{"a": 1}', '{"b":1,"a":1}', "NaN", "[", '"\\u0061"']
)
def test_json_that_is_not_canonical_is_refused(text):
    with pytest.raises(PacketRefused):
        canonical.read(text.encode(), "test")


def test_a_bare_sample_of_a_real_device_never_goes_to_rehearsal_keys_unasked(keys):
    story = complete_story(grade=Grade.ENROLMENT)
    with pytest.raises(PacketRefused) as refused:
        seal(story.events, story.read, PLAN, context(keys))
    assert refused.value.facts["code"] == "REAL_FOR_REHEARSAL"
    given = context(keys)
    staff = dataclasses.replace(
        given, limits=dataclasses.replace(given.limits, real_devices_in_rehearsal=True)
    )
    assert not opened(seal(story.events, story.read, PLAN, staff).data, keys).manifest.emulated
