"""The host's side of RLP/1 over a line whose bytes are given."""

import itertools

import pytest

from drivers.iris.lamp import Lamp, LampOut, LampRests
from drivers.iris.rlp_line import Direction, Line, decode
from drivers.serial.line import ByteLine
from station.clock import Deadline
from station.errors import (
    ChecksumError,
    DeviceBusy,
    DeviceTimeout,
    HardwareFault,
    LampStuck,
    NotSupported,
    ProtocolError,
)


class Script(ByteLine):
    """Answers the n-th command with the n-th of the given bytes; remembers what was said and DTR."""

    url = "script"

    def __init__(self, *answers):
        self._answers = list(answers)
        self._waiting = bytearray()
        self.sent = []
        self.dtr = True

    def send(self, data):
        self.sent.append(data)
        if data != b"\x18" and self._answers:
            answer = self._answers.pop(0)
            self._waiting += answer(decode(data[:-1])) if callable(answer) else answer

    def receive_upto(self, count, deadline, cancel=None):
        data = bytes(self._waiting[:count])
        del self._waiting[:count]
        return data

    def hang_up(self):
        self.dtr = False

    def set_baud(self, baud): ...
    def discard(self): ...
    def wake(self): ...
    def close(self): ...


def reply(verb="OK", seq=None, **fields):
    """Return what makes the reply to a command."""
    return lambda said: Line(
        Direction.REPLY, said.seq if seq is None else seq, verb, {k: str(v) for k, v in fields.items()}
    ).encode()  # fmt: skip


def error(code, **fields):
    return reply("ERR", code=code, **fields)


DEADLINE = Deadline.after(600)
CAPS = {"ch": "LR", "nm": 850, "max_ms": 10000, "link_ms": 500, "rest_ms": 5000}


def test_the_bytes_of_a_session_are_those_of_the_reference():
    line = Script(
        b"<01 OK id=RKM-LAMP-1 serial=00012345 fw=1.0 proto=1*EA24\n",
        b"<02 OK ch=LR nm=850 max_ms=10000 link_ms=500 rest_ms=5000*B947\n",
    )
    lamp = Lamp(line, first_seq=1)
    assert lamp.identify(DEADLINE).serial == "00012345"
    assert lamp.limits(DEADLINE).rest_ms == 5000
    assert line.sent == [b">01 HELLO*55E5\n", b">02 CAPS*A7F2\n"]
    line = Script(
        b"<0A OK on=1 left=4000 temp=31*743A\n", reply(on=1, left=3800, temp=31), b"<0C OK on=0*C220\n",
        b"<0D OK on=0 left=0 temp=33 rest=4100 t=182345*5B32\n",
    )  # fmt: skip
    lamp = Lamp(line, first_seq=10)
    lamp.on("B", 600, 4000, DEADLINE)
    lamp.keep(DEADLINE)
    lamp.off()
    assert lamp.status(DEADLINE).rest_ms == 4100
    assert line.sent == [
        b">0A ON ch=B level=600 ms=4000*8643\n", b">0B KEEP*7788\n", b">0C OFF*C347\n", b">0D STAT*9C1E\n",
    ]  # fmt: skip


def test_a_lost_or_damaged_reply_is_asked_for_once_more_with_the_same_bytes():
    for bad in (b"", b"<01 OK on=0 left=0*0000\n", b"garbage\n", error("CRC")):
        line = Script(bad, reply(on=0, left=0, temp=30, rest=0, t=1))
        Lamp(line, first_seq=1).status(DEADLINE)
        assert len(line.sent) == 2
        assert line.sent[0] == line.sent[1]


def test_after_two_tries_it_is_a_typed_error():
    for bad, raised in (
        (b"", DeviceTimeout),
        (b"xx*0000\n", ChecksumError),
        (error("CRC"), ChecksumError),
    ):
        line = Script(bad, bad, bad)
        with pytest.raises(raised):
            Lamp(line).status(DEADLINE)
        assert len(line.sent) == 2


def test_a_stale_reply_and_an_event_before_the_reply_are_passed_over():
    event = Line(Direction.EVENT, 0, "OFF", {"why": "LINK"}).encode()
    stale = Line(Direction.REPLY, 0x77, "OK", {"on": "1", "left": "1"}).encode()

    def answer(said):
        return stale + event + reply(on=0, left=0, temp=30, rest=0, t=1)(said)

    lamp = Lamp(Script(answer), first_seq=1)
    assert not lamp.status(DEADLINE).on
    assert lamp.gone_out == "LINK"


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        (error("REST", wait=3200), LampRests), (error("STATE"), LampOut), (error("HOT"), DeviceBusy),
        (error("HW"), HardwareFault), (error("RANGE"), NotSupported), (error("SYNTAX"), ProtocolError),
        (error("XX"), ProtocolError), (error("REST"), ProtocolError), (reply("YES"), ProtocolError),
        (reply(on=0, left=0, temp=1), ProtocolError), (reply(on=1, left=9000, temp=1), ProtocolError),
        (reply(on=1, left=-1, temp=1), ProtocolError), (reply(on=1), ProtocolError),
    ],
)  # fmt: skip
def test_a_refusal_or_a_reply_that_cannot_be_true_is_typed(said, raised):
    line = Script(said, said)
    with pytest.raises(raised):
        Lamp(line).on("B", 600, 4000, DEADLINE)


def test_the_rest_is_told_in_seconds():
    with pytest.raises(LampRests) as told:
        Lamp(Script(error("REST", wait=3200))).on("B", 600, 4000, DEADLINE)
    assert told.value.wait_s == pytest.approx(3.2)


@pytest.mark.parametrize(
    "bad",
    [{"max_ms": 10_001}, {"max_ms": 0}, {"rest_ms": 9_999_999}, {"ch": "X"}, {"ch": ""}, {"nm": "x"}, {"link_ms": 0}],
)  # fmt: skip
def test_limits_outside_the_protocol_are_refused(bad):
    fields = {name: value for name, value in {**CAPS, **bad}.items() if value != ""}
    with pytest.raises(ProtocolError):
        Lamp(Script(reply(**fields))).limits(DEADLINE)


def test_another_protocol_version_is_not_supported():
    with pytest.raises(NotSupported):
        Lamp(Script(reply(id="A", serial="1", fw="1", proto="2"))).identify(DEADLINE)


@pytest.mark.parametrize(
    "answer", [b"", b"xx\n", reply(on=1), error("HW"), error("STATE"), reply("YES"), reply()]
)
def test_off_that_is_not_confirmed_is_cut_with_can_and_dtr_and_said(answer):
    line = Script(answer, answer)
    with pytest.raises(LampStuck):
        Lamp(line).off()
    assert line.sent[-1] == b"\x18"
    assert not line.dtr


def test_numbers_go_round_and_never_are_the_events_number():
    line = Script(*(reply(on=1, left=1, temp=1) for _ in range(600)))
    lamp = Lamp(line)
    for _ in range(600):
        lamp.keep(DEADLINE)
    seqs = [decode(said[:-1]).seq for said in line.sent]
    assert 0 not in seqs
    assert all(one != two for one, two in itertools.pairwise(seqs))
    assert set(seqs) == set(range(1, 256))
