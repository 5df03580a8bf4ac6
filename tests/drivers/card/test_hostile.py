"""Hostile cards and hostile counters: each row of the table of cases is refused the way it must be."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.card.chip import ATR, Chip, ForeignChip
from drivers.emulation.card.faults import (
    AlterAnswer,
    AnswerWith,
    LyingRead,
    Mute,
    RawAnswer,
)
from drivers.emulation.card.rack import make_chip
from station.card.apdu import CardLink, Command, parse_command
from station.card.contents import build_contents
from station.card.control import Control, Lifecycle, current_control, parse_control
from station.card.files import Connected, open_channel, read_control, write_control, write_file
from station.card.issuer import make_rehearsal_issuer
from station.card.personalise import personalise
from station.card.profile import CONTENT_ORDER, Fid, KeySet
from station.card.register import CardState
from station.card.report import parse_report, verify_report
from station.card.sam import SoftwareSam
from station.card.tlv import encode_tlv, read_tlv, walk_tlv
from station.card.verify import verify_card
from station.errors import (
    ApprovalRefused,
    CardDamaged,
    CardError,
    CardOutcomeUnknown,
    CardStateRefused,
    CardVerificationFailed,
    FormatError,
    HolderRefused,
    KeyRefused,
    NoCard,
    UnknownCard,
)
from tests.drivers.card.world import CONTENTS, ISSUER, RECORD, World
from tests.station.card.sample import MASTER, a_record


def finished() -> World:
    world = World()
    world.personalise()
    world.activate()
    return world


def check(world: World):
    counter = world.counter
    return verify_card(world.reader, sam=counter.sam, trust=counter.trust, clock=world.clock)


# -- who may be written ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["unknown", "foreign"])
def test_an_unknown_blank_and_a_foreign_card_are_refused_with_no_write_command(name: str) -> None:
    world = World()
    chip = world.rack.insert(name)
    with pytest.raises(UnknownCard):
        world.personalise()
    assert chip.updates == 0


def test_an_empty_reader_says_so() -> None:
    world = World()
    world.rack.remove()
    with pytest.raises(NoCard):
        world.personalise()


def test_a_blank_of_another_record_is_refused_with_no_write_command() -> None:
    world = World()
    world.register.assign(world.serial, "rec-other")
    with pytest.raises(CardStateRefused, match="other_record"):
        world.personalise()
    assert world.chip.updates == 0


def test_a_finished_card_is_not_written_again() -> None:
    world = finished()
    before = world.chip.updates
    with pytest.raises(CardStateRefused):
        world.personalise()
    assert world.chip.updates == before


def test_a_second_program_on_the_card_is_named() -> None:
    world = World()
    with Connected(world.reader), pytest.raises(CardError, match="sharing"):
        world.reader.connect()


def test_a_sam_with_other_keys_gives_one_clear_error_and_one_count() -> None:
    world = World()
    counter = replace(world.counter, sam=SoftwareSam(bytes(16)))
    with pytest.raises(CardVerificationFailed, match="card_cryptogram"):
        personalise(world.reader, CONTENTS, counter)
    assert world.chip.updates == 0


def test_the_software_sam_refuses_production() -> None:
    with pytest.raises(KeyRefused):
        SoftwareSam(MASTER, production=True)


# -- what the chip answers -------------------------------------------------------------------------
def test_a_mute_card_ends_with_an_unknown_outcome_within_the_watchdog() -> None:
    world = World()
    world.chip.arm(Mute(30))
    with pytest.raises(CardOutcomeUnknown, match="mute"):
        world.personalise()
    world.lay_again()
    world.personalise()


@pytest.mark.parametrize(
    ("sw", "error"),
    [
        (0x6581, CardDamaged),
        (0x6A84, CardError),
        (0x6982, CardStateRefused),
        (0x6985, CardStateRefused),
        (0x6988, CardVerificationFailed),
        (0x6F00, CardError),
    ],
)
def test_a_status_word_is_told_by_its_row_and_not_retried(sw: int, error: type) -> None:
    world = World()
    world.chip.arm(AnswerWith(30, sw))
    with pytest.raises(error):
        world.personalise()
    assert world.chip.commands == 31
    failed = world.register.entry(world.serial).state is CardState.CHIP_FAIL
    assert failed is (error is CardDamaged)


def test_an_altered_answer_drops_the_channel_with_unknown_outcome_and_the_card_resumes() -> None:
    world = World()
    world.chip.arm(AlterAnswer(70))
    with pytest.raises(CardOutcomeUnknown, match="response_mac"):
        world.personalise()
    world.lay_again()
    assert world.personalise().resumed


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_an_answer_without_status_word_is_an_unknown_outcome(answer: bytes) -> None:
    world = World()
    world.chip.arm(RawAnswer(3, answer))
    with pytest.raises(CardOutcomeUnknown, match="no_status"):
        world.personalise()


def test_an_answer_longer_than_asked_is_refused() -> None:
    world = World()
    world.chip.arm(RawAnswer(2, bytes(60) + b"\x90\x00"))
    with pytest.raises(CardError, match="answer_too_long"):
        world.personalise()


@given(raw=st.binary(max_size=40), k=st.integers(0, 8))
@settings(max_examples=60, deadline=None)
def test_garbage_at_any_point_is_a_typed_error(raw: bytes, k: int) -> None:
    world = World()
    world.chip.arm(RawAnswer(k, raw))
    try:
        world.personalise()
    except CardError:
        return


def test_a_card_that_chains_its_answers_is_read_to_the_end() -> None:
    world = World()
    serial = bytes.fromhex(world.serial)
    keys = {k: world.counter.sam and _keys(serial, k) for k in KeySet}
    world.rack.cards[world.serial] = Chip(serial, keys, chained=True)
    world.lay_again()
    world.personalise()
    assert world.chip.control.state is Lifecycle.PERSONALISED


def _keys(serial: bytes, key_set: KeySet):
    from station.card.sam import derive_card_keys

    return derive_card_keys(MASTER, serial, key_set)


class _Scripted:
    """A transport with fixed answers."""

    reader, atr = "scripted", ATR

    def __init__(self, *answers: tuple[bytes, int], last: tuple[bytes, int] = (b"", 0x9000)):
        self.sent: list[bytes] = []
        self._answers = list(answers)
        self._last = last

    def exchange(self, command: bytes) -> tuple[bytes, int]:
        self.sent.append(command)
        return self._answers.pop(0) if self._answers else self._last

    def close(self) -> None: ...


READ = Command(0, 0xB0, 0, 0, le=200)


def test_a_wrong_length_is_asked_again_with_the_exact_one() -> None:
    line = _Scripted((b"", 0x6C10), (bytes(16), 0x9000))
    assert CardLink(line).send(READ) == bytes(16)
    assert line.sent[1][-1] == 0x10


def test_endless_chaining_ends() -> None:
    line = _Scripted(last=(b"", 0x6101))
    with pytest.raises(CardError, match="endless_chain"):
        CardLink(line).send(READ)
    assert len(line.sent) < 20


def test_a_repeated_wrong_length_is_an_error() -> None:
    with pytest.raises(CardError):
        CardLink(_Scripted(last=(b"", 0x6C10))).send(READ)


@pytest.mark.parametrize("le", [0, 257, 65536])
def test_an_answer_that_cannot_be_carried_is_never_asked_for(le: int) -> None:
    with pytest.raises(CardError, match="le"):
        replace(READ, le=le).encode()


def test_the_chip_refuses_le_65536_and_raises_nothing() -> None:
    world = World()
    world.chip.power_on()
    assert world.chip.transmit(bytes.fromhex("00B00000000000")) == b"\x67\x00"


@given(raw=st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_make_the_chip_raise(raw: bytes) -> None:
    chip = make_chip(MASTER, bytes(8))
    chip.power_on()
    assert len(chip.transmit(raw)) >= 2


@given(data=st.binary(max_size=60), p1=st.integers(0, 255), le=st.sampled_from([None, 1, 255, 256]))
def test_a_command_parses_as_it_was_encoded(data: bytes, p1: int, le: int | None) -> None:
    command = Command(0x00, 0xB0, p1, 7, data, le)
    assert parse_command(command.encode()) == command


def test_a_lying_card_is_repeated_once_and_then_marked_failed() -> None:
    world = World()
    world.chip.arm(LyingRead(Fid.DG2, 300, times=9))
    with pytest.raises(CardDamaged, match="read_back"):
        world.personalise()
    entry = world.register.entry(world.serial)
    assert entry.state is CardState.CHIP_FAIL
    assert world.chip.control.state is Lifecycle.PERSO_OPEN


def test_a_card_that_read_wrong_once_is_written_once_more_and_accepted() -> None:
    world = World()
    world.chip.arm(LyingRead(Fid.DG2, 300, times=1))
    world.personalise()
    assert world.chip.control.state is Lifecycle.PERSONALISED


# -- control record --------------------------------------------------------------------------------
def test_one_broken_control_copy_leaves_the_other_and_two_are_a_damaged_card() -> None:
    world = World()
    world.personalise()
    control = world.chip.control
    world.chip.eeprom.update(control.slot, 10, b"\xee")
    with Connected(world.reader) as card:
        assert card.control.tx == control.tx - 1
    other = Fid.CC_A if control.slot is Fid.CC_B else Fid.CC_B
    world.chip.eeprom.update(other, 10, b"\xee")
    with pytest.raises(CardDamaged):
        Connected(world.reader)


def test_a_control_record_of_another_profile_is_an_unknown_card() -> None:
    import zlib

    raw = bytearray(Control(bytes(8), Lifecycle.BLANK, 1, Fid.CC_A).encode())
    raw[4] = 0x80
    raw[-4:] = zlib.crc32(bytes(raw[:-4])).to_bytes(4)
    with pytest.raises(UnknownCard):
        parse_control(bytes(raw), Fid.CC_A)


@given(a=st.binary(max_size=60), b=st.binary(max_size=60))
def test_random_control_copies_are_damage_never_a_crash(a: bytes, b: bytes) -> None:
    with pytest.raises(CardDamaged):
        current_control(a, b)


@pytest.mark.parametrize(
    ("key_set", "state"),
    [
        (KeySet.PERSO, Lifecycle.ACTIVE),
        (KeySet.PERSO, Lifecycle.TERMINATED),
        (KeySet.ACT, Lifecycle.SUSPENDED),
        (KeySet.AUTH, Lifecycle.ACTIVE),
        (KeySet.ADMIN, Lifecycle.ACTIVE),
    ],
)
def test_the_chip_itself_refuses_a_step_outside_the_table(
    key_set: KeySet, state: Lifecycle
) -> None:
    world = World()
    world.personalise()
    held = world.chip.control
    slot = Fid.CC_A if held.slot is Fid.CC_B else Fid.CC_B
    forged = Control(held.serial, state, held.tx + 1, slot)
    with Connected(world.reader) as card:
        channel = open_channel(card.link, world.counter.sam, held.serial, key_set)
        with pytest.raises(CardStateRefused):
            write_control(channel, forged)
        assert read_control(card.link) == held


@pytest.mark.parametrize("change", ["counter", "serial", "slot"])
def test_the_chip_refuses_a_step_that_skips_the_counter_changes_the_serial_or_overwrites_itself(
    change: str,
) -> None:
    world = World()
    with Connected(world.reader) as card:
        held = card.control
        channel = open_channel(card.link, world.counter.sam, held.serial, KeySet.PERSO)
        forged = {
            "counter": replace(held.next(Lifecycle.PERSO_OPEN), tx=held.tx + 2),
            "serial": replace(held.next(Lifecycle.PERSO_OPEN), serial=bytes(8)),
            "slot": replace(held.next(Lifecycle.PERSO_OPEN), slot=held.slot),
        }[change]
        with pytest.raises(CardStateRefused):
            write_control(channel, forged)
        assert read_control(card.link) == held


def test_the_chip_refuses_active_without_an_activation_record() -> None:
    world = World()
    world.personalise()
    with Connected(world.reader) as card:
        channel = open_channel(card.link, world.counter.sam, card.control.serial, KeySet.ACT)
        with pytest.raises(CardStateRefused):
            write_control(channel, card.control.next(Lifecycle.ACTIVE))


def test_the_activation_record_is_locked_once_the_card_is_active() -> None:
    world = finished()
    with Connected(world.reader) as card:
        channel = open_channel(card.link, world.counter.sam, card.control.serial, KeySet.ACT)
        with pytest.raises(CardStateRefused):
            write_file(channel, Fid.ACT, bytes(128))


@pytest.mark.parametrize("fid", [Fid.DG1, Fid.DG2, Fid.DG3, Fid.DG7, Fid.ACT, Fid.JRN, Fid.KEYS])
def test_what_is_protected_cannot_be_read_without_a_channel(fid: Fid) -> None:
    from station.card.files import read_file

    world = finished()
    with Connected(world.reader) as card, pytest.raises(CardStateRefused):
        read_file(card.link, fid)


def test_keys_are_read_by_nobody_and_fingers_not_by_the_perso_key_after_the_commit() -> None:
    from station.card.files import read_file

    world = finished()
    for key_set in KeySet:
        with Connected(world.reader) as card:
            serial = card.control.serial
            channel = open_channel(card.link, world.counter.sam, serial, key_set)
            for fid in {Fid.KEYS} | (set() if key_set is KeySet.AUTH else {Fid.DG3}):
                with pytest.raises(CardStateRefused):
                    read_file(channel, fid)


# -- verification ----------------------------------------------------------------------------------
def test_a_finished_card_verifies_and_says_what_was_written() -> None:
    chip = check(finished())
    assert chip.biodata == RECORD.biodata
    assert chip.photo_jpeg == RECORD.photo_jpeg
    assert chip.fingers == RECORD.fingers
    assert chip.activation is not None


def test_a_personalised_card_fails_verification_because_it_is_not_active() -> None:
    world = World()
    world.personalise()
    with pytest.raises(CardVerificationFailed) as failed:
        check(world)
    assert failed.value.facts["reason"] == "belum aktif"


def test_a_clone_without_keys_fails() -> None:
    world = finished()
    clone = make_chip(bytes(16), bytes.fromhex(world.serial))
    for fid, data in world.chip.eeprom.dump().items():
        if fid != Fid.KEYS:
            clone.eeprom.update(fid, 0, data)
    world.rack.cards[world.serial] = clone
    world.lay_again()
    with pytest.raises(CardVerificationFailed, match="card_cryptogram"):
        check(world)


@pytest.mark.parametrize("fid", [Fid.DG1, Fid.DG2, Fid.DG3, Fid.DG7])
def test_an_altered_data_group_fails_by_its_hash(fid: Fid) -> None:
    world = finished()
    old = world.chip.eeprom.read(fid, 20, 1)
    world.chip.eeprom.update(fid, 20, bytes((old[0] ^ 1,)))
    with pytest.raises(CardVerificationFailed, match="dg_hash"):
        check(world)


def test_the_signed_object_of_another_card_fails() -> None:
    world = finished()
    other = build_contents(a_record("rec-2", seed=9), ISSUER.signer)
    world.chip.eeprom.update(Fid.SOD, 0, other.files[Fid.SOD])
    with pytest.raises(CardVerificationFailed, match="dg_hash"):
        check(world)


def test_contents_of_another_issuer_are_refused_before_the_card_is_touched() -> None:
    world = World()
    foreign = build_contents(RECORD, make_rehearsal_issuer(world.clock).signer)
    with pytest.raises(CardVerificationFailed, match="sod_chain"):
        world.personalise(foreign)
    assert world.chip.control.state is Lifecycle.BLANK
    assert world.chip.updates == 0


def test_an_activation_record_copied_from_another_card_fails() -> None:
    world = finished()
    act = bytearray(world.chip.eeprom.read(Fid.ACT, 0, 128))
    act[5] = 7
    world.chip.eeprom.update(Fid.ACT, 0, bytes(act))
    with pytest.raises(CardVerificationFailed, match="act_mac"):
        check(world)


# -- the holder ------------------------------------------------------------------------------------
def test_four_wrong_fingers_over_both_positions_return_the_card_and_it_stays_inactive() -> None:
    world = World()
    world.personalise()
    right, left = (finger.position for finger in RECORD.fingers)
    session = world.activation()
    session.examine()
    for position in (right, left, right):
        assert not session.try_finger(position, b"wrong")
        world.lay_again()  # lifting the card does not reset the count
        session = world.activation()
        session.examine()
    assert session.tries_left == 1
    updates = world.chip.updates
    with pytest.raises(HolderRefused):
        session.try_finger(left, b"wrong")
    with pytest.raises(HolderRefused):
        session.commit(ISSUER.signer.sign)
    with pytest.raises(HolderRefused):
        session.try_finger(right, RECORD.fingers[0].minutiae)
    assert world.register.entry(world.serial).state is CardState.RETURNED
    assert world.chip.control.state is Lifecycle.PERSONALISED
    assert world.chip.updates == updates
    with pytest.raises(CardStateRefused):
        world.activation().examine()


def test_another_persons_card_is_refused_before_the_chip_is_read() -> None:
    world = World()
    world.personalise()
    with pytest.raises(CardStateRefused, match="other_record"):
        world.activation(a_record("rec-2")).examine()


def test_an_old_card_must_be_voided_before_the_new_one_becomes_active() -> None:
    world = finished()
    old, new = world.rack.serials
    world.rack.insert(new)
    world.personalise()
    with pytest.raises(CardStateRefused, match="old_card_not_voided"):
        world.activate()
    world.register.move(old, CardState.VOIDED)
    world.activate()
    assert world.rack.chip(new).control.state is Lifecycle.ACTIVE


def test_without_a_finger_only_a_second_person_opens_the_way() -> None:
    world = World()
    world.personalise(build_contents(replace(RECORD, fingers=()), ISSUER.signer))
    session = world.activation()
    assert session.examine().fingers == ()
    with pytest.raises(HolderRefused):
        session.commit(ISSUER.signer.sign)
    with pytest.raises(ApprovalRefused):
        session.approve_exception("amputasi", "op-1")
    with pytest.raises(ApprovalRefused):
        session.approve_exception(" ", "op-2")
    session.approve_exception("amputasi", "op-2")
    report = session.commit(ISSUER.signer.sign)
    assert (report.facts.finger, report.facts.band) == (0, 0)
    assert report.facts.second_operator == "op-2"
    assert check(world).activation is not None


def test_the_report_is_made_once_and_verifies() -> None:
    world = World()
    world.personalise()
    session = world.activation()
    session.examine()
    session.try_finger(RECORD.fingers[0].position, RECORD.fingers[0].minutiae)
    first = session.commit(ISSUER.signer.sign)
    second = session.commit(lambda _: b"never called")
    assert first == second
    again = parse_report(first.encode())
    verify_report(again, ISSUER.signer.certificate)
    forged = replace(again, facts=replace(again.facts, record_id="rec-9"))
    with pytest.raises(CardVerificationFailed):
        verify_report(forged, ISSUER.signer.certificate)


def test_nothing_personal_reaches_the_journal() -> None:
    world = finished()
    text = repr(world.journal_shelf.entries(world.serial))
    for secret in (RECORD.biodata.nik, RECORD.biodata.name, RECORD.fingers[0].minutiae.hex()):
        assert secret not in text


# -- parser ----------------------------------------------------------------------------------------
@given(raw=st.binary(max_size=200))
def test_the_parser_answers_garbage_with_its_typed_error_only(raw: bytes) -> None:
    try:
        list(walk_tlv(raw))
    except FormatError:
        return


def test_deep_nesting_and_overrun_are_refused() -> None:
    deep = b"\x04\x00"
    for _ in range(20):
        deep = encode_tlv(0x30, deep)
    with pytest.raises(FormatError, match="tlv_depth"):
        list(walk_tlv(deep))
    with pytest.raises(FormatError, match="tlv_overrun"):
        read_tlv(b"\x61\x82\xff\xff\x00")


@given(tag=st.sampled_from([0x61, 0x5F2E, 0x80]), value=st.binary(max_size=400))
def test_an_object_reads_as_it_was_written(tag: int, value: bytes) -> None:
    item = read_tlv(encode_tlv(tag, value) + b"\x00\x00")
    assert (item.tag, item.value) == (tag, value)


def test_every_file_of_a_finished_card_equals_the_plan() -> None:
    files = finished().chip.eeprom.dump()
    assert all(files[fid] == CONTENTS.files[fid] for fid in CONTENT_ORDER)


def test_a_foreign_chip_counts_who_tries_to_write() -> None:
    chip = ForeignChip()
    chip.transmit(b"\x00\xd6\x00\x00\x01\x00")
    assert chip.updates == 1
