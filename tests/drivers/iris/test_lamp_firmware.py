"""The emulated lamp keeps every rule of RLP/1 by its own clock."""

import datetime as dt

import pytest

from drivers.emulation.emulated import Diary
from drivers.emulation.lamp import LampFault, LampModule
from drivers.iris.rlp_line import Direction, Line, crc16, decode
from station.clock import FixedClock


class Host:
    """Speaks raw lines to a lamp whose time stands still until it is moved."""

    def __init__(self):
        self.clock = FixedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        self.lamp = LampModule(self.clock, Diary(None, self.clock))
        self.lamp.power_on()
        self.seq = 0x20

    def say(self, verb, seq=None, **fields):
        if seq is None:
            self.seq += 1
            seq = self.seq
        line = Line(Direction.COMMAND, seq, verb, {k: str(v) for k, v in fields.items()})
        return self.raw(line.encode())

    def raw(self, data):
        return [decode(out.data[:-1]) for out in self.lamp.feed(data)]

    def light(self, ms=4000, level=600):
        (reply,) = self.say("ON", ch="B", level=level, ms=ms)
        return reply

    def burn(self, seconds):
        """Let time pass with KEEP every 200 ms."""
        events = []
        for _ in range(round(seconds / 0.2)):
            self.clock.advance(0.2)
            events += [line for line in self.say("KEEP") if line.direction is Direction.EVENT]
        return events

    @property
    def on(self):
        return self.lamp.brightness > 0


@pytest.fixture
def host():
    return Host()


def code(lines):
    (line,) = lines
    return line.fields.get("code", line.verb)


def test_it_is_out_at_power_up_and_after_a_power_cycle(host):
    assert not host.on
    host.light()
    host.lamp.power_on()
    assert not host.on


def test_a_burst_gives_the_asked_light_and_ends_by_itself(host):
    reply = host.light(ms=4000, level=600)
    assert reply.fields == {"on": "1", "left": "4000", "temp": "30"}
    assert host.lamp.brightness == pytest.approx(0.6)
    assert [e.fields["why"] for e in host.burn(4.2)] == ["TIME"]
    assert not host.on
    assert host.lamp.longest_s == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"ms": 10_001}, "RANGE"), ({"ms": 0}, "RANGE"), ({"level": 1001}, "RANGE"), ({"ch": "X"}, "RANGE"),
        ({"ms": "ten"}, "SYNTAX"), ({"more": 1}, "SYNTAX"),
    ],
)  # fmt: skip
def test_what_is_out_of_range_lights_nothing(host, asked, told):
    assert code(host.say("ON", **{"ch": "B", "level": 600, "ms": 4000, **asked})) == told
    assert not host.on


def test_keep_does_not_lengthen_a_burst_and_no_burst_is_longer_than_ten_seconds(host):
    host.light(ms=10_000)
    host.burn(15)
    assert host.lamp.longest_s <= 10.0
    assert not host.on


def test_without_a_valid_line_for_500_ms_it_goes_out(host):
    host.light()
    host.clock.advance(0.49)
    assert host.on
    host.clock.advance(0.02)
    assert not host.on
    assert host.lamp.longest_s == pytest.approx(0.5)
    assert [e.fields["why"] for e in host.raw(b"")] == ["LINK"]


def test_after_a_burst_it_rests_also_when_it_was_short(host):
    host.light()
    assert host.say("OFF")[0].fields == {"on": "0"}
    host.clock.advance(1.8)
    (refused,) = host.say("ON", ch="L", level=1, ms=1)
    assert refused.fields == {"code": "REST", "wait": "3200"}
    host.clock.advance(3.3)
    assert host.light().verb == "OK"


def test_on_while_on_is_refused_and_keep_while_out(host):
    assert code(host.say("KEEP")) == "STATE"
    host.light()
    assert code(host.say("ON", ch="B", level=600, ms=4000)) == "STATE"


def test_three_bad_check_values_within_a_second_put_it_out(host):
    host.light()
    bad = b">0B KEEP*7789\n"
    for _ in range(2):
        assert code(host.raw(bad)) == "CRC"
        host.clock.advance(0.1)
    assert host.on
    assert [line.fields.get("why") for line in host.raw(bad)] == [None, "CRC"]
    assert not host.on


def test_bad_check_values_far_apart_do_not(host):
    host.light()
    for _ in range(4):
        host.raw(b"garbage\n")
        host.burn(0.6)
    assert host.on


@pytest.mark.parametrize("before", [b"", b">0B KEE", b"\xff\x00"])
def test_can_at_any_place_puts_it_out_at_once(host, before):
    host.light()
    assert [e.fields["why"] for e in host.raw(before + b"\x18")] == ["HOST"]
    assert not host.on


def test_dtr_low_puts_it_out(host):
    host.light()
    host.lamp.host_gone()
    assert not host.on


def test_a_repeated_line_gets_the_same_reply_and_runs_once(host):
    first = host.say("ON", 0x0A, ch="B", level=600, ms=4000)
    host.clock.advance(0.3)
    assert host.say("ON", 0x0A, ch="B", level=600, ms=4000) == first
    host.clock.advance(0.3)
    assert host.say("ON", 0x0A, ch="B", level=600, ms=4000) == first
    host.clock.advance(0.45)
    assert code(host.say("ON", 0x0A, ch="B", level=600, ms=4000)) == "STATE"


def test_an_unknown_verb_and_a_reply_sent_to_it_are_syntax(host):
    assert code(host.say("BLINK")) == "SYNTAX"
    body = b"<01 HELLO"
    assert code(host.raw(b"%s*%04X\n" % (body, crc16(body)))) == "SYNTAX"


def test_heat_and_damage_end_the_light_and_are_told(host):
    for fault, why, refused in ((LampFault.HOT, "TEMP", "HOT"), (LampFault.BROKEN, "HW", "HW")):
        host.light()
        host.lamp.suffer(fault)
        assert [e.fields["why"] for e in host.raw(b"")] == [why]
        host.clock.advance(6)
        assert code(host.say("ON", ch="B", level=600, ms=4000)) == refused
        host.lamp.heal()


def test_a_dead_lamp_answers_and_stays_dark(host):
    host.lamp.suffer(LampFault.DEAD)
    assert host.light().fields["on"] == "1"
    assert not host.on
