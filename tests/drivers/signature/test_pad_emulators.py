"""The pads as ``rekam emulate`` builds them: whose hand signs, when, and what stands in the diary."""

import io

import pytest

from drivers.emulation import catalogue
from drivers.emulation.emulated import Announcing, Checking, Diary, Order
from drivers.emulation.people import UnknownPerson, body_of, today_of
from drivers.emulation.scenes.pen import signature
from station.clock import CancelToken, Deadline, SystemClock
from station.person.roster import load_demo_roster
from tests.drivers.signature.raw_pads import RawStu, RawTopaz

CLOCK = SystemClock()


def built(name, diary=None, nik="", seed=3, **options):
    order = Order(
        CLOCK,
        Diary(diary, CLOCK),
        port=0 if name == "signature.stu" else None,
        seed=seed,
        nik=nik,
        options=options,
    )
    return catalogue.build(name, order)


def somebody(cannot_sign=False):
    return next(e for e in load_demo_roster(today_of(CLOCK)) if e.cannot_sign is cannot_sign)


def test_the_person_signs_with_their_own_hand_on_the_stu():
    nik = str(somebody().person.nik)
    pad = built("signature.stu", nik=nik).start()
    try:
        client = RawStu(pad.url)
        client.ask(0x03)
        pad.act("SIGN", "")
        client.reports.clear()
        while len(client.reports) < 40:
            client.reports.append(client._frame(2.0)[2])
        client.close()
    finally:
        pad.stop()
    body = body_of(nik, 3, today_of(CLOCK))
    wanted = [(round(p.x_um / 10), round(p.y_um / 10)) for p in signature(body.body, body.name)]
    got = [(r[3] << 8 | r[4], r[5] << 8 | r[6]) for r in client.reports]
    assert got == wanted[:40]


def test_a_pad_signs_by_itself_soon_after_it_was_opened():
    said = io.StringIO()
    pad = built("signature.topaz", said, auto="0.05").start()
    try:
        client = RawTopaz(pad.url)
        heard = client.packets(0.6)
        client.close()
    finally:
        pad.stop()
    assert len([p for p in heard if p[2]]) > 20
    assert "opened" in said.getvalue()
    assert "pen points=" in said.getvalue()


def test_a_cleared_screen_is_a_new_sheet_and_stands_in_the_diary():
    said = io.StringIO()
    pad = built("signature.topaz", said, auto="0.05", model="SigLite LCD 1x5").start()
    try:
        client = RawTopaz(pad.url)
        client.packets(0.3)
        client._port.write(b"\x04\x14")
        client.packets(0.4)
        client.close()
    finally:
        pad.stop()
    assert "screen shows=clear" in said.getvalue()
    assert "screen shows=persistent-ink" in said.getvalue()
    assert said.getvalue().count("pen points=") == 2


def test_somebody_who_cannot_sign_leaves_the_pad_silent():
    said = io.StringIO()
    pad = built("signature.topaz", said, nik=str(somebody(cannot_sign=True).person.nik)).start()
    try:
        client = RawTopaz(pad.url)
        pad.act("SIGN", "")
        assert client.packets(0.2) == []
        client.close()
    finally:
        pad.stop()
    assert "cannot sign" in said.getvalue()


def test_nobody_reading_holds_no_pen():
    pad = built("signature.topaz", auto="0.01").start()
    try:
        RawTopaz(pad.url).close()
        CancelToken().wait(0.3)
        limit = Deadline.after(1)
        pad.unplug()
        pad.replug("77")
        assert not limit.passed()
        assert isinstance(pad, Announcing)
        assert pad.facts["serial"] == "77"
    finally:
        pad.stop()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("signature.topaz", {"model": "Nib 9000"}),
        ("signature.topaz", {"auto": "soon"}),
        ("signature.topaz", {"colour": "red"}),
        ("signature.stu", {"model": "STU-1"}),
        ("signature.stu", {"timed": "maybe"}),
    ],
)
def test_an_order_that_means_nothing_is_refused(name, options):
    with pytest.raises(ValueError, match=r"."):
        built(name, **options)


def test_a_script_is_judged_before_it_is_played():
    pad = built("signature.stu")
    assert isinstance(pad, Checking)
    pad.check("SIGN", "")
    pad.check("FAULT", "stall@3")
    for verb, argument in (("SIGN", "123"), ("FINGER", "x"), ("FAULT", "nonsense@3")):
        with pytest.raises((ValueError, UnknownPerson)):
            pad.check(verb, argument)
    with pytest.raises(ValueError, match="serial"):
        pad.replug("x" * 40)
