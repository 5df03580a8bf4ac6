"""The reader driver against the real PC/SC service: waits, roles, mute cards, a restarted service."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from drivers.contract import DriverRefused, Hints, Reference, Site
from drivers.emulation.card.chip import ATR
from drivers.emulation.card.emulator import CardEmulator, build_card, build_sam
from drivers.emulation.card.sam_chip import ATR as SAM_ATR
from drivers.emulation.card.sam_chip import SamChip, master_of
from drivers.emulation.card.vpcd import PORT
from drivers.emulation.emulated import Diary, Order
from drivers.registry import DriverRegistry
from drivers.smartcard.driver import DRIVER
from drivers.smartcard.identity import Role, is_sam, serial_in
from drivers.smartcard.pcsc import PcscReader
from drivers.smartcard.sam import CardSam
from drivers.smartcard.scard import told
from station.capabilities import Described, Identifiable
from station.card import rsam
from station.card.apdu import Command
from station.card.files import Connected, open_channel, write_file
from station.card.profile import Fid, KeySet
from station.card.sam import SoftwareSam
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import DeviceState, Grade, HealthState
from station.errors import (
    CardError,
    CardOutcomeUnknown,
    CardVerificationFailed,
    NoCard,
    NoReader,
    NotSupported,
    OperatorCancelled,
)

CLOCK = SystemClock()
SELECT = bytes.fromhex("00A4040009F052454B414D2D384B00")
NOBODY = "no reader has this name"


class Notes:
    def __init__(self):
        self.lines = []

    def write(self, text):
        self.lines.append(text)

    def flush(self):
        pass

    @property
    def text(self):
        return "".join(self.lines)


class Bench:
    """One emulator in each of vpcd's slots and whatever readers a test asks for; all ended at the end."""

    def __init__(self):
        self.notes = Notes()
        self.made = []

    def order(self, **more):
        return Order(CLOCK, Diary(self.notes, CLOCK), seed=3, **more)

    def card(self, slot=0, **options) -> CardEmulator:
        return self._started(build_card(self.order(port=PORT + slot, options=options)))

    def sam(self, slot=1) -> CardEmulator:
        return self._started(build_sam(self.order(port=PORT + slot)))

    def reader(self, pattern="Virtual PCD", seconds=3.0, **more) -> PcscReader:
        reader = PcscReader(pattern, **more)
        self.made.append(reader.close)
        reader.open(Deadline.after(seconds))
        return reader

    def _started(self, emulator):
        self.made.append(emulator.stop)
        return emulator.start()

    def end(self):
        for ending in reversed(self.made):
            ending()
        emptied()
        if (
            "sw=none" in self.notes.text
        ):  # after a tear the service needs this long, as vpcd.py says
            threading.Event().wait(0.6)


def emptied():
    """Wait until the service has seen both slots empty: a card back sooner is never reported."""
    for number in (0, 1):
        reader = PcscReader(f"Virtual PCD 00 {number:02d}", role=Role.APPLICANT)
        try:
            reader.open(Deadline.after(3))
            reader.wait_card(CancelToken(), Deadline.after(5), present=False)
        except NoReader:  # the service has ended
            return
        finally:
            reader.close()


@pytest.fixture
def bench(service) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.end()


def settled(reader):
    reader.wait_card(CancelToken(), Deadline.after(5))
    return reader


def later(seconds, call):
    timer = threading.Timer(seconds, call)
    timer.start()
    return timer


@pytest.mark.pcsc
def test_a_wait_for_a_card_ends_when_it_is_laid(bench):
    emulator = bench.card(card="none")
    reader = bench.reader()
    timer = later(0.2, lambda: emulator.insert(next(iter(emulator._chips))))
    states = []
    reader.watch(states.append)
    reader.wait_card(CancelToken(), Deadline.after(5))
    timer.join()
    assert states == [DeviceState.WAIT_SUBJECT, DeviceState.READY]
    assert reader.card_present()


@pytest.mark.pcsc
def test_a_wait_is_cancelled_within_a_quarter_second_and_the_next_one_works(bench):
    emulator = bench.card(card="none")
    reader = bench.reader()
    for delay in (0.0, 0.05, 0.3):
        token, cancelled = CancelToken(), []

        def cancel(token=token, cancelled=cancelled):
            cancelled.append(time.monotonic())
            token.cancel()

        timer = later(delay, cancel)
        with pytest.raises(OperatorCancelled):
            reader.wait_card(token, Deadline.after(10))
        assert time.monotonic() - cancelled[0] < 0.25
        timer.join()
    emulator.insert("unknown")
    settled(reader)


@pytest.mark.pcsc
def test_a_wait_ends_at_its_deadline_with_no_card(bench):
    bench.card(card="none")
    reader, started = bench.reader(), time.monotonic()
    with pytest.raises(NoCard):
        reader.wait_card(CancelToken(), Deadline.after(0.3))
    assert 0.3 <= time.monotonic() - started < 0.5


@pytest.mark.pcsc
def test_close_ends_a_wait_on_another_thread(bench):
    bench.card(card="none")
    reader, ends = bench.reader(), []

    def run():
        try:
            reader.wait_card(CancelToken(), Deadline.after(30))
        except OperatorCancelled as error:
            ends.append(error)

    worker = threading.Thread(target=run)
    waiting = threading.Event()
    reader.watch(lambda state: waiting.set() if state is DeviceState.WAIT_SUBJECT else None)
    worker.start()
    assert waiting.wait(5)
    started = time.monotonic()
    reader.close()
    assert time.monotonic() - started < 1.0
    worker.join(2)
    assert len(ends) == 1


@pytest.mark.pcsc
def test_close_ends_an_exchange_with_a_mute_card_and_lifting_it_frees_the_reader(bench):
    emulator = bench.card()
    reader = settled(bench.reader())
    transport = reader.connect()
    emulator.suffer("mute", "0")
    timer = later(0.2, reader.close)
    started = time.monotonic()
    with pytest.raises(CardOutcomeUnknown, match="closed"):
        transport.exchange(SELECT)
    assert time.monotonic() - started < 1.2
    timer.join()
    reader.open(Deadline.after(2))
    with pytest.raises(CardError, match="mute"):
        reader.connect()
    assert reader.self_test(Deadline.after(1)).state is HealthState.ATTENTION
    emulator.remove()
    reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    emulator.insert("unknown")
    settled(reader)
    transport = reader.connect()
    assert transport.exchange(SELECT)[1] == 0x9000
    transport.close()
    assert "pcsc-card" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.pcsc
@pytest.mark.parametrize(
    "fault", ["tear", "short", *(pytest.param(f, marks=pytest.mark.slow) for f in ("torn", "lost"))]
)
def test_a_cut_exchange_is_an_unknown_outcome_and_the_same_card_works_again(bench, fault):
    emulator = bench.card()
    reader = settled(bench.reader())
    transport = reader.connect()
    assert transport.exchange(SELECT)[1] == 0x9000
    emulator.suffer(fault, "0")
    with pytest.raises(CardOutcomeUnknown):
        transport.exchange(SELECT)
    with pytest.raises(CardOutcomeUnknown, match="connection_lost"):
        transport.exchange(SELECT)
    transport.close()
    emulator.remove()
    reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    emulator.insert("unknown")
    again = settled(reader).connect()
    assert again.exchange(SELECT)[1] == 0x9000
    again.close()


@pytest.mark.pcsc
def test_a_lifted_card_in_an_exchange_is_an_unknown_outcome(bench):
    emulator = bench.card()
    transport = settled(bench.reader()).connect()
    emulator.suffer("mute", "0")
    timer = later(0.2, emulator.remove)
    with pytest.raises(CardOutcomeUnknown):
        transport.exchange(SELECT)
    timer.join()
    transport.close()


@pytest.mark.pcsc
def test_two_readers_of_one_name_are_told_apart_by_what_lies_in_them(bench):
    bench.sam(slot=0)
    bench.card(slot=1)
    sam, applicant = bench.reader(role=Role.SAM), bench.reader()
    assert applicant.info.model == "Virtual PCD 00 01"
    assert sam.info.model == "Virtual PCD 00 00"


@pytest.mark.pcsc
def test_roles_are_never_exchanged_when_the_cards_are(bench):
    sams, cards = bench.sam(slot=0), bench.card(slot=1)
    sam, applicant = bench.reader(role=Role.SAM), settled(bench.reader())
    sams.remove()
    cards.remove()
    for reader in (applicant, sam):
        reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    bench.sam(slot=1)
    bench.card(slot=0)
    with pytest.raises(CardError, match="sam_card"):
        settled(applicant).connect()
    with pytest.raises(CardError, match="not_a_sam"):
        settled(sam).connect()
    assert "apdu" not in bench.notes.text
    assert applicant.state is DeviceState.REMOVED
    applicant.open(Deadline.after(2))
    sam.open(Deadline.after(2))
    assert applicant.info.model == "Virtual PCD 00 00"
    assert sam.info.model == "Virtual PCD 00 01"


@pytest.mark.pcsc
def test_a_reader_for_the_sam_is_not_found_without_one(bench):
    bench.card(slot=0)
    with pytest.raises(NoReader, match="no_sam"):
        bench.reader(seconds=0.3, role=Role.SAM)
    bench.sam(slot=1)
    assert bench.reader(role=Role.SAM).info.model == "Virtual PCD 00 01"


@pytest.mark.pcsc
def test_discovery_offers_each_reader_for_its_role_only(bench):
    bench.sam(slot=0)
    bench.card(slot=1)
    bench.reader(role=Role.SAM)  # the service has seen both by now

    def found(model=""):
        return [(r.address, r.model) for r in DRIVER.discover(Hints(("Virtual PCD",), model))]

    assert found() == [("Virtual PCD 00 01", "")]
    assert found("sam") == [("Virtual PCD 00 00", "sam")]
    assert list(DRIVER.discover(Hints((NOBODY,)))) == []


@pytest.mark.pcsc
def test_a_serial_number_that_is_asked_for_must_be_there(bench):
    with pytest.raises(NoReader, match="no_such_reader"):
        bench.reader(seconds=0.3, serial="4711")
    same = bench.reader(serial="Virtual PCD 00 01")
    assert same.info.serial == same.info.model == "Virtual PCD 00 01"
    assert same.capabilities.serial_is_configured


@pytest.mark.pcsc
def test_a_virtual_reader_is_emulated_whatever_the_table_says(bench):
    assert bench.reader(graded=lambda *_: Grade.ENROLMENT).info.grade is Grade.EMULATED


@pytest.mark.pcsc
def test_a_reader_without_a_known_light_says_so(bench):
    reader = bench.reader()
    assert isinstance(reader, Identifiable)
    assert isinstance(reader, Described)
    with pytest.raises(NotSupported):
        reader.identify(Deadline.after(1))


@pytest.mark.pcsc
def test_the_sam_opens_a_channel_to_the_card_and_keeps_its_keys(bench):
    bench.card(slot=0)
    bench.sam(slot=1)
    sam = CardSam(bench.reader(role=Role.SAM))
    assert sam.identify() == SoftwareSam(master_of(3)).identify()
    with Connected(settled(bench.reader())) as card:
        channel = open_channel(card.link, sam, card.control.serial, KeySet.PERSO)
        with pytest.raises(CardError):  # the channel is open, the state of a blank is not
            write_file(channel, Fid.COM, b"\x01" * 239)
    assert sam.activation_mac(b"12345678", b"x" * 600) == SoftwareSam(master_of(3)).activation_mac(
        b"12345678", b"x" * 600
    )
    sam.close()


@pytest.mark.pcsc
def test_a_sam_that_is_pulled_is_told_and_used_again_when_it_is_back(bench):
    emulator = bench.sam()
    reader = bench.reader(role=Role.SAM)
    sam = CardSam(reader)
    sam.identify()
    emulator.remove()
    with pytest.raises(CardError, match="sam_lost"):
        sam.identify()
    reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    with pytest.raises(NoCard):
        sam.identify()
    emulator.insert("sam")
    settled(reader)
    assert sam.identify().emulated
    sam.close()


def test_the_diary_holds_headers_and_status_words_and_no_data():
    notes = Notes()
    order = Order(CLOCK, Diary(notes, CLOCK), seed=3)
    emulator = build_card(order)
    chip = emulator._chips[next(iter(emulator._chips))]
    chip.power_on()
    chip.transmit(SELECT)
    assert "header=00A40400 length=15 sw=9000" in notes.text
    assert "F052454B" not in notes.text.upper()


def test_scripts_and_faults_are_refused_by_name_before_they_are_played():
    emulator = build_card(Order(CLOCK, Diary(None, CLOCK)))
    for verb, argument in (
        ("INSERT", "nobody"),
        ("MUTE", "soon"),
        ("FINGER", "x"),
        ("FAULT", "melt@1"),
        ("FAULT", "tear@b3"),
    ):
        with pytest.raises(ValueError, match=r"one of|command"):
            emulator.check(verb, argument)
    for verb, argument in (("INSERT", "foreign"), ("REMOVE", ""), ("TEAR", "4"), ("MUTE", "")):
        emulator.check(verb, argument)
    with pytest.raises(ValueError, match="--set"):
        build_card(Order(CLOCK, Diary(None, CLOCK), options={"colour": "red"}))


def test_an_emulator_without_vpcd_says_what_is_missing():
    with pytest.raises(OSError, match="vpcd"):
        build_card(Order(CLOCK, Diary(None, CLOCK), port=9)).start()


def test_only_the_answer_to_reset_of_a_sam_is_one():
    assert is_sam(SAM_ATR)
    assert not is_sam(ATR)
    assert not is_sam(b"")


@pytest.mark.parametrize(
    ("name", "serial"),
    [
        ("Gemalto USB Shell Token V2 (2E8A1D34) 00 00", "2E8A1D34"),
        ("ACS ACR39U ICC Reader 01 00", ""),
        ("Reader (contactless) 00 00", "contactless"),
        ("Reader (a b) 00 00", ""),
        ("(ABCD1234) Reader 00 00", ""),
    ],
)
def test_the_serial_number_in_a_readers_name_is_read(name, serial):
    assert serial_in(name) == serial


def test_a_role_nobody_has_is_refused():
    with pytest.raises(DriverRefused):
        DRIVER.create(Reference("reader.pcsc", "", "guest"), Site(CLOCK))
    made = DriverRegistry().create(Reference("reader.pcsc", "", "sam"), Site(CLOCK))
    assert made.role is Role.SAM


def test_discovery_yields_nothing_for_a_name_nobody_has():
    assert list(DRIVER.discover(Hints((NOBODY,)))) == []


def test_every_code_of_a_stopped_service_is_no_reader():
    for code in (0x80100003, 0x80100013, 0x8010001D, 0x8010001E):
        assert isinstance(told(code - (1 << 32)), NoReader)


def a_sam():
    chip = SamChip(master_of(5), seed=5)
    chip.power_on()
    assert chip.transmit(Command(0, 0xA4, 4, 0, rsam.AID).encode()) == b"\x90\x00"
    return chip


@pytest.mark.parametrize(
    ("raw", "sw"),
    [
        ("80", "6700"),
        ("00CA0000", "6E00"),
        ("80EE000000", "6D00"),
        ("8010010004AABBCCDD", "6A80"),
        ("8010090008AABBCCDDAABBCCDD", "6A80"),
        ("8012000001AA", "6985"),
        ("801600000190", "6A80"),
        ("8018000008AABBCCDDAABBCCDD", "6A80"),
        ("00C0000000", "6985"),
    ],
)
def test_the_emulated_sam_refuses_what_is_out_of_order(raw, sw):
    assert a_sam().transmit(bytes.fromhex(raw)).hex().upper() == sw


def test_the_emulated_sam_does_not_answer_before_it_is_selected_nor_keep_endless_pieces():
    chip = SamChip(master_of(5))
    assert chip.transmit(bytes.fromhex("80CA000000")) == b"\x69\x85"
    chip = a_sam()
    piece = Command(0x90, rsam.Ins.WRAP, 0, 0, b"x" * 255).encode()
    answers = [chip.transmit(piece) for _ in range(6)]
    assert answers[:4] == [b"\x90\x00"] * 4
    assert b"\x67\x00" in answers


class Wired:
    """A SAM without a reader: a transport straight to the chip."""

    def __init__(self, chip):
        self.chip = chip
        self.reader, self.atr = "wired", chip.atr

    def connect(self):
        return self

    def exchange(self, command):
        answer = self.chip.transmit(command)
        return answer[:-2], int.from_bytes(answer[-2:])

    def close(self):
        pass


def test_a_card_that_does_not_prove_itself_is_refused_by_the_sam():
    channel = CardSam(Wired(SamChip(master_of(5)))).begin(b"12345678", KeySet.AUTH)
    assert channel.initialize().ins == 0x50
    with pytest.raises(CardVerificationFailed):
        channel.open(bytes(11) + bytes((3, 0x70)) + bytes(19))


def test_an_answer_the_sam_cannot_check_leaves_the_outcome_unknown():
    sam = CardSam(Wired(SamChip(master_of(5))))
    channel = sam.begin(b"12345678", KeySet.AUTH)
    with pytest.raises(CardOutcomeUnknown):
        channel.unwrap(b"12345678", 0x9000)
    with pytest.raises(CardError):
        channel.wrap(Command(0, 0xB0, 0, 0, le=10))


@pytest.mark.pcsc
def test_card_and_sam_run_as_processes_of_one_seed(service):
    emptied()
    card, sam = (Process(kind) for kind in ("card", "sam"))
    try:
        assert card.told["url"] == "pcsc:Virtual PCD 00 00"
        assert sam.told["url"] == "pcsc:Virtual PCD 00 01"
        bench = Bench()
        port = CardSam(bench.reader(role=Role.SAM))
        with Connected(settled(bench.reader())) as held:
            assert held.control.serial.hex().upper() == card.told["laid"]
            open_channel(held.link, port, held.control.serial, KeySet.AUTH)
        port.close()
        card.say("FAULT refuse@0")
        card.until("done FAULT refuse@0")
        transport = bench.reader().connect()
        assert transport.exchange(SELECT) == (b"", 0x6F00)
        assert "sw=6F00" in card.until("fault=refuse")
        transport.close()
        card.say("REMOVE")
        card.until("removed")
        bench.end()
    finally:
        for each in (card, sam):
            each.end()
    assert card.code == sam.code == 0


class Process:
    """``rekam emulate`` with an input of its own."""

    def __init__(self, kind):
        command = [sys.executable, "-m", "ui.cli", "emulate", kind, "--seed", "3", "--stdin"]
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ending = threading.Timer(30, self.child.kill)  # a word that never comes ends here
        self.ending.start()
        self.told = json.loads(self.child.stdout.readline())

    def say(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()

    def until(self, word):
        """Return the next line with a word."""
        for line in self.child.stdout:
            if word in line:
                return line
        raise AssertionError(f"{word} was never said")

    def end(self):
        self.child.stdin.close()
        self.code = self.child.wait(10)
        self.ending.cancel()
        self.ending.join()
        self.child.stdout.close()
