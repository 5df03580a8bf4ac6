"""Scripts and faults as text: what is read, and what is refused at which line."""

import pytest

from drivers.emulation.faults import Fault, parse_fault
from drivers.emulation.script import ScriptRefused, parse_script


def test_both_ways_of_writing_a_script_are_the_same():
    short = parse_script('steps = ["FINGER RIGHT_INDEX", "UNPLUG", "SLEEP 1.5"]')
    long = parse_script(
        '[[step]]\nFINGER = "RIGHT_INDEX"\n[[step]]\nUNPLUG = true\n[[step]]\nSLEEP = 1.5\n'
    )
    assert [(s.verb, s.argument) for s in short.steps] == [(s.verb, s.argument) for s in long.steps]
    assert [s.line for s in short.steps] == [1, 1, 1]
    assert [s.line for s in long.steps] == [1, 3, 5]


def test_equal_steps_have_lines_of_their_own():
    script = parse_script(
        'steps = [\n"SLEEP 1",\n"SLEEP 1",\n# a word\n"SLEEP 1",\n]\nrepeat = true'
    )
    assert [step.line for step in script.steps] == [2, 3, 5]
    assert script.repeat


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("steps = []", 1),
        ("steps = 3", 1),
        ('steps = ["UNPLUG"]\nspeed = 3', 2),
        ('steps = ["UNPLUG"]\nrepeat = 3', 2),
        ('steps = [\n"UNPLUG",\n"finger RIGHT_INDEX",\n]', 3),
        ('steps = [\n"UNPLUG",\n7,\n]', 3),
        ('[[step]]\nUNPLUG = true\n[[step]]\nFINGER = "A"\nSLEEP = 1', 3),
        ('[[step]]\nUNPLUG = [1]', 1),
        ('steps = [\n"UNPLUG"\n"REPLUG"\n]', 3),
        ('steps = ["UNPLUG"', 1),
    ],
)  # fmt: skip
def test_what_is_no_script_is_refused_with_its_line(text, line):
    with pytest.raises(ScriptRefused) as refused:
        parse_script(text)
    assert refused.value.line == line
    assert refused.value.reason


def test_a_moment_is_a_packet_a_byte_or_a_second():
    assert parse_fault("stall", "3").at == 3
    assert parse_fault("stall", "b120").byte == 120
    assert parse_fault("STALL", "t2.5").after_s == 2.5
    assert parse_fault("unplug", "0").fault is Fault.UNPLUG_MID_TRANSFER
    assert parse_fault("reorder", "0").fault is Fault.SWAP_PACKETS
    assert parse_fault("FLIP_BIT", "0").fault is Fault.FLIP_BIT
    for name, when in (("stall", "-1"), ("stall", "x"), ("stall", "t"), ("", "1"), ("nap", "1")):
        with pytest.raises(ValueError, match="fault"):
            parse_fault(name, when)
