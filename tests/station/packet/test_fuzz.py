"""Whatever arrives, only our typed errors leave the readers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.errors import KeyRefused, PacketRefused
from station.keys.roles import Role, refuse_untrusted
from station.packet import archive, envelope, manifest, routing, signed
from station.packet.opened import open_packet
from station.packet.seal import seal
from tests.station.packet.builders import NOW, PLAN, complete_story, context

TYPED = (PacketRefused, KeyRefused)
QUICK = settings(max_examples=250, deadline=None)


class Parts(tuple):
    """Bytes of one packet, with a short name in hypothesis' reports."""

    __slots__ = ()

    def __repr__(self):
        return "Parts"


@pytest.fixture(scope="module")
def parts(keys):
    story = complete_story(size=40)
    sealing = seal(story.events, story.read, PLAN, context(keys))
    sealed = sealing.check(sealing.data)
    inner = envelope.open_with(sealing.data, keys.centre.opener(Role.RECIPIENT))
    return Parts((sealing.data, inner, archive.unpack(inner), sealed.routing))


edits = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.integers(0, 255), st.sampled_from(["set", "cut", "add"])),
    min_size=1,
    max_size=4,
)


def mutated(data, changes):
    out = bytearray(data)
    for place, value, how in changes:
        at = place % max(1, len(out))
        if how == "set" and out:
            out[at] = value
        elif how == "cut":
            del out[at : at + value]
        else:
            out[at:at] = bytes([value])
    return bytes(out)


@QUICK
@given(changes=edits, role=st.sampled_from([Role.RECIPIENT, Role.ESCROW]))
def test_a_mutated_packet_opens_as_it_was_or_not_at_all(parts, keys, changes, role):
    data = mutated(parts[0], [(place % 1400, value, how) for place, value, how in changes])
    try:
        packet = open_packet(data, keys.centre.opener(role), keys.authority, NOW)
    except TYPED:
        return
    assert packet.manifest == manifest.from_bytes(parts[2][archive.MANIFEST])


@QUICK
@given(changes=edits)
def test_a_mutated_archive_is_refused_or_equal(parts, changes):
    data = mutated(parts[1], changes)
    try:
        members = archive.unpack(data)
    except TYPED:
        return
    assert archive.pack(members) == data


@QUICK
@given(changes=edits)
def test_a_mutated_signature_never_verifies_for_other_signers(parts, keys, changes):
    raw, signature = parts[2][archive.MANIFEST], parts[2][archive.SIGNATURES]
    honest = signed.signers(raw, signature)
    try:
        found = signed.signers(raw, mutated(signature, changes))
    except TYPED:
        return
    for certificate in found:
        # A bent certificate may still carry the key, but then its own authority does not know it.
        if certificate not in honest:
            with pytest.raises(KeyRefused):
                refuse_untrusted(certificate, keys.authority, NOW)


@QUICK
@given(changes=edits)
def test_mutated_manifests_and_indexes_raise_only_typed_errors(parts, changes):
    for read, data in (
        (manifest.from_bytes, parts[2][archive.MANIFEST]),
        (routing.read_routing, parts[3].data),
    ):
        try:
            read(mutated(data, changes))
        except TYPED:
            continue


@QUICK
@given(data=st.binary(max_size=400))
def test_noise_raises_only_typed_errors(parts, keys, data):
    opener = keys.centre.opener(Role.ESCROW)
    for read in (
        lambda: envelope.open_with(data, opener),
        lambda: archive.unpack(data),
        lambda: signed.signers(b"", data),
        lambda: manifest.from_bytes(data),
        lambda: routing.read_routing(data),
    ):
        with pytest.raises(TYPED):
            read()
