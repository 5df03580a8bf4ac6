"""RLP/1 lines: the reference's own bytes, and nothing else passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.iris.rlp_line import LINE_MAX, Direction, Line, LineCutter, LineRefused, crc16, decode

GOLDEN = (
    (">01 HELLO*55E5", Line(Direction.COMMAND, 1, "HELLO")),
    (
        "<01 OK id=RKM-LAMP-1 serial=00012345 fw=1.0 proto=1*EA24",
        Line(Direction.REPLY, 1, "OK", {"id": "RKM-LAMP-1", "serial": "00012345", "fw": "1.0", "proto": "1"}),
    ),
    (">02 CAPS*A7F2", Line(Direction.COMMAND, 2, "CAPS")),
    (
        "<02 OK ch=LR nm=850 max_ms=10000 link_ms=500 rest_ms=5000*B947",
        Line(Direction.REPLY, 2, "OK", {"ch": "LR", "nm": "850", "max_ms": "10000", "link_ms": "500", "rest_ms": "5000"}),
    ),
    (
        ">0A ON ch=B level=600 ms=4000*8643",
        Line(Direction.COMMAND, 10, "ON", {"ch": "B", "level": "600", "ms": "4000"}),
    ),
    (
        "<0A OK on=1 left=4000 temp=31*743A",
        Line(Direction.REPLY, 10, "OK", {"on": "1", "left": "4000", "temp": "31"}),
    ),
    (">0B KEEP*7788", Line(Direction.COMMAND, 11, "KEEP")),
    (">0C OFF*C347", Line(Direction.COMMAND, 12, "OFF")),
    ("<0C OK on=0*C220", Line(Direction.REPLY, 12, "OK", {"on": "0"})),
    ("!00 OFF why=LINK*FE98", Line(Direction.EVENT, 0, "OFF", {"why": "LINK"})),
    (">0D STAT*9C1E", Line(Direction.COMMAND, 13, "STAT")),
    (
        "<0D OK on=0 left=0 temp=33 rest=4100 t=182345*5B32",
        Line(Direction.REPLY, 13, "OK", {"on": "0", "left": "0", "temp": "33", "rest": "4100", "t": "182345"}),
    ),
    ("<0A ERR code=REST wait=3200*4278", Line(Direction.REPLY, 10, "ERR", {"code": "REST", "wait": "3200"})),
)  # fmt: skip


def test_the_check_value_is_ccitt_false():
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize(("text", "line"), GOLDEN, ids=[text for text, _ in GOLDEN])
def test_the_reference_bytes_both_ways(text, line):
    assert decode(text.encode()) == line
    assert line.encode() == text.encode() + b"\n"


WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"), min_size=1, max_size=6)
VALUES = st.text(st.sampled_from([chr(c) for c in range(0x21, 0x7F) if chr(c) != "*"]), min_size=1, max_size=8)  # fmt: skip
LINES = st.builds(
    Line,
    st.sampled_from(Direction),
    st.integers(0, 255),
    st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), min_size=1, max_size=6),
    st.dictionaries(WORDS, VALUES, max_size=3),
)


@given(LINES)
def test_every_line_comes_back(line):
    data = line.encode()
    assert len(data) <= LINE_MAX
    (raw,) = LineCutter().feed(data)
    assert decode(raw) == line


@given(LINES, st.integers(0, 10_000))
def test_no_line_with_a_flipped_bit_is_believed(line, at):
    data = bytearray(line.encode()[:-1])
    data[at // 8 % len(data)] ^= 1 << at % 8
    with pytest.raises(LineRefused):
        decode(bytes(data))


@pytest.mark.parametrize(
    "body",
    ["01 HELLO", ">1 HELLO", ">01  HELLO", ">01 hello", ">01", ">01 ON a", ">01 ON a=", ">01 ON =1",
     ">01 ON a=1 a=2", ">01 ON a=1 ", "?01 HELLO", ">0G HELLO"],
)  # fmt: skip
def test_wrong_syntax_with_a_right_check_value_is_refused_as_syntax(body):
    with pytest.raises(LineRefused) as refused:
        decode(f"{body}*{crc16(body.encode()):04X}".encode())
    assert not refused.value.damaged


@pytest.mark.parametrize(
    "data",
    [b"", b">01 HELLO", b">01 HELLO*55e5", b">01 HELLO*55E", b">01 HELL\xff*0000", b"x" * 200],
)
def test_without_a_check_value_it_is_damaged(data):
    with pytest.raises(LineRefused) as refused:
        decode(data)
    assert refused.value.damaged


def test_carriage_returns_do_not_count_and_endless_lines_take_no_memory():
    cutter = LineCutter()
    assert list(cutter.feed(b">01 HEL\rLO*55E5\r\n")) == [b">01 HELLO*55E5"]
    assert list(cutter.feed(b"x" * 100_000)) == []
    (raw,) = cutter.feed(b"\n")
    assert len(raw) == LINE_MAX
