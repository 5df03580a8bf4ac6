"""Signature pads: what an event, a packet and a report cost the desk, and how late a finished signature comes."""

import os
import threading
import time

import numpy as np

from drivers.emulation.runner import SerialEmulator
from drivers.emulation.stu import StuModule
from drivers.emulation.stu_models import STU_MODELS
from drivers.emulation.tcp_port import TcpPort
from drivers.hid.framed import open_framed
from drivers.signature.stu import StuPad
from drivers.signature.topaz_ink import Ink
from drivers.signature.topaz_models import MODELS
from drivers.signature.topaz_packets import Kind, PadPacket, PadStream
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import DeviceState, PenPoint, StateChanged
from tests.bench.rows import BenchRow, timed

_POINTS = 1000
_AWAY_S = 1.5
_FRAME_MS = 1000 / 200  # between two events of a pen display


def rows() -> list[BenchRow]:
    """Measure events, packets, a whole signature over loopback and a picture on a small screen."""
    return [_events(), _packets(), *_stu()]


def _events() -> BenchRow:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication

    from ui.devices.tablet_events import TabletEvents
    from ui.devices.tablet_player import TabletPlayer, motions

    QApplication.instance() or QApplication([])
    heard: list[object] = []
    target = QObject()
    events = TabletEvents(lambda place: (round(place.x()), round(place.y())), heard.append)
    events.attach(target)
    player, moves = TabletPlayer(target), list(motions(_drawn()))
    row = timed(
        f"tablet: {len(moves)} events from system to pad",
        0.02 * _FRAME_MS * len(moves),
        lambda: [player.send(move) for move in moves],
        note="making the event included; the goal is 2 % of a core at 200 Hz",
        runs=10,
    )
    events.detach()
    return row


def _packets() -> BenchRow:
    model = MODELS["SigGem Color 5x7"]
    wire = b"".join(
        PadPacket(Kind.POSITION, near=True, down=True, x=600 + n, y=700).encode()
        for n in range(_POINTS)
    )

    def read() -> None:
        stream, ink = PadStream(), Ink(model, model.packet_s)
        for n, packet in enumerate(stream.feed(wire)):
            ink.add(packet, n * 0.005)

    return timed(
        f"topaz: {_POINTS} packets to points",
        0.02 * _FRAME_MS * _POINTS,
        read,
        note="the goal is 2 % of a core at 200 packets a second",
        runs=10,
    )


def _stu() -> list[BenchRow]:
    module = StuModule(SystemClock(), model=STU_MODELS["STU-430"])
    with SerialEmulator(module, TcpPort()) as emulator:
        url = emulator.url.replace("socket", "hid+tcp")
        pad = StuPad(url, SystemClock(), lambda limit: open_framed(url, limit), away_s=_AWAY_S)
        began = time.monotonic()
        pad.open(Deadline.after(5))
        opened_ms = 1000 * (time.monotonic() - began)
        late_ms = _lateness(pad, module)
        began = time.monotonic()
        pad.show(np.full((200, 320, 3), 255, np.uint8), Deadline.after(60))
        shown_s = time.monotonic() - began
        pad.close()
    return [
        BenchRow("stu: open, with identity and timed mode", "ms", opened_ms, None, 500),
        BenchRow(
            "stu: signature in hand after the pen has been away 1.5 s", "ms", late_ms, None, 250,
            note="from the end of the 1.5 s to the return of the capture",
        ),
        BenchRow(
            "stu: picture of 320x200 in 759 chunks", "s", shown_s, None, None,
            note="over loopback, each chunk answered; a real pad's USB is slower",
        ),
    ]  # fmt: skip


def _lateness(pad: StuPad, module: StuModule) -> float:
    left_at = [0.0]
    watcher: list[threading.Thread] = []

    def watch() -> None:
        module.finished.wait(10)
        left_at[0] = time.monotonic()

    def told(event: object) -> None:
        if event == StateChanged(DeviceState.WAIT_SUBJECT):
            module.play(_drawn(100))
            watcher.append(threading.Thread(target=watch))
            watcher[0].start()

    pad.capture(told, CancelToken(), Deadline.after(20))
    ended = time.monotonic()
    watcher[0].join()
    return 1000 * (ended - left_at[0] - _AWAY_S)


def _drawn(count: int = _POINTS) -> list[PenPoint]:
    return [
        PenPoint(n * 5000, 20_000 + n * 30, 20_000 + n * 10, 0.5, down=True) for n in range(count)
    ]
