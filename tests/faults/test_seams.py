"""The proxy in the process, at the HID and card seams: whole reports and APDUs are damaged, nothing else."""

import threading

import pytest

from drivers.faults.card import FaultyCard
from drivers.faults.grammars.message import ApduGrammar, HidGrammar
from drivers.faults.hid import FaultyHid
from drivers.faults.plan import parse
from drivers.faults.wire import Wire
from drivers.hid.transport import HidTransport
from station.clock import CancelToken, Deadline
from station.errors import CardOutcomeUnknown, DeviceRemoved, DeviceTimeout, OperatorCancelled

REPORTS = [bytes([1, n, n, n]) for n in range(3)]
SOON_S = 0.15
SELECT = bytes.fromhex("00A4040000")


class Pad(HidTransport):
    """Has three reports to send and one feature, and remembers what it was told."""

    url, vendor, product = "hid:test", 0x056A, 0x00A4

    def __init__(self):
        self.waiting = list(REPORTS)
        self.told = []
        self.closed = False

    def receive(self, deadline, cancel=None):
        return self.waiting.pop(0) if self.waiting else b""

    def get_feature(self, report_id, deadline, cancel=None):
        return bytes([report_id, 7])

    def set_feature(self, report, deadline, cancel=None):
        self.told.append(report)

    def discard(self):
        self.waiting.clear()

    def wake(self):
        pass

    def close(self):
        self.closed = True


class Echo:
    """A card that says every command back, and counts them."""

    reader, atr = "test", b"\x3b\x00"

    def __init__(self):
        self.heard = []
        self.closed = False

    def exchange(self, command):
        self.heard.append(command)
        return command, 0x9000

    def close(self):
        self.closed = True


def hid(fault="", unplugged=None):
    wire, pad = Wire(HidGrammar()), Pad()
    if fault:
        wire.arm(parse(fault))
    return FaultyHid(pad, wire, unplugged), pad


def card(fault="", unplugged=None):
    wire, echo = Wire(ApduGrammar()), Echo()
    if fault:
        wire.arm(parse(fault))
    return FaultyCard(echo, wire, unplugged), echo


def reports(pad):
    """Return everything that arrives until the line is quiet."""
    return list(iter(lambda: pad.receive(Deadline.after(SOON_S)), b""))


def test_without_a_fault_reports_and_features_pass_untouched():
    pad, behind = hid()
    pad.set_feature(b"\x0e\x01", Deadline.after(1))
    assert behind.told == [b"\x0e\x01"]
    assert pad.get_feature(9, Deadline.after(1)) == b"\x09\x07"
    assert reports(pad) == REPORTS


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        ("drop@1", [REPORTS[0], REPORTS[2]]),
        ("duplicate@1", [REPORTS[0], REPORTS[1], REPORTS[1], REPORTS[2]]),
        ("reorder@1", [REPORTS[0], REPORTS[2], REPORTS[1]]),
        ("flip@1,bit=8", [REPORTS[0], b"\x01\x00\x01\x01", REPORTS[2]]),
        ("delay@1,seconds=0.05", REPORTS),
    ],
)
def test_a_fault_happens_to_the_report_it_was_planned_for(fault, arrived):
    assert reports(hid(fault)[0]) == arrived


def test_a_lost_feature_is_a_timeout_and_a_lost_order_never_arrives():
    pad, behind = hid("drop@0")
    with pytest.raises(DeviceTimeout):
        pad.get_feature(9, Deadline.after(SOON_S))
    pad, behind = hid("drop@>0")
    pad.set_feature(b"\x0e\x01", Deadline.after(SOON_S))
    assert behind.told == []


def test_an_unplugged_pad_stays_removed_and_its_owner_is_told():
    told = []
    pad, _ = hid("replug-other-serial@1", told.append)
    assert pad.receive(Deadline.after(1)) == REPORTS[0]
    with pytest.raises(DeviceRemoved):
        reports(pad)
    with pytest.raises(DeviceRemoved):
        pad.get_feature(9, Deadline.after(1))
    assert told == [True]


def test_a_cancel_ends_the_wait_for_a_report_that_a_fault_holds_back():
    pad, behind = hid("stall@0,seconds=30")
    token = CancelToken()
    cancelling = threading.Timer(0.1, token.cancel)
    cancelling.start()
    with pytest.raises(OperatorCancelled):
        pad.receive(Deadline.after(30), token)
    cancelling.join()
    pad.close()
    assert behind.closed


def test_without_a_fault_an_apdu_is_asked_once_and_answered_as_the_card_answered():
    faulty, behind = card()
    assert (faulty.reader, faulty.atr) == ("test", b"\x3b\x00")
    assert faulty.exchange(SELECT) == (SELECT, 0x9000)
    assert behind.heard == [SELECT]


def test_a_command_that_was_lost_never_reached_the_card():
    faulty, behind = card("drop@>0")
    with pytest.raises(CardOutcomeUnknown):
        faulty.exchange(SELECT)
    assert behind.heard == []
    assert faulty.exchange(SELECT) == (SELECT, 0x9000)


def test_a_card_whose_answer_was_lost_has_done_what_it_was_told():
    faulty, behind = card("drop@0")
    with pytest.raises(CardOutcomeUnknown):
        faulty.exchange(SELECT)
    assert behind.heard == [SELECT]


def test_a_flipped_bit_is_in_the_answer_and_a_refusal_takes_its_place():
    assert card("flip@0,bit=0")[0].exchange(SELECT) == (bytes([1]) + SELECT[1:], 0x9000)
    assert card("nak-storm@0")[0].exchange(SELECT) == (b"", 0x6F00)


def test_a_card_torn_away_stays_away_and_a_closed_one_lets_go():
    told = []
    faulty, behind = card("unplug@>0", told.append)
    for _ in range(2):
        with pytest.raises(CardOutcomeUnknown):
            faulty.exchange(SELECT)
    assert told == [False]
    faulty.close()
    assert behind.closed
