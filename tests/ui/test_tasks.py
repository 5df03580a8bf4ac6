"""Threads: lanes keep order, results come home, the newest frame wins, nothing outlives the window."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread

from station.clock import Deadline
from station.devices import Frame, PenPoint
from station.errors import DeviceTimeout, OperatorCancelled
from station.guidance import Guidance
from ui.bridge import EventBridge
from ui.tasks import Tasks


class Ear(QObject):
    def __init__(self):
        super().__init__()
        self.heard = []
        self.errors = []
        self.threads = set()

    def hear(self, result):
        self.heard.append(result)
        self.threads.add(QThread.currentThread())

    def fail(self, error):
        self.errors.append(error)
        self.threads.add(QThread.currentThread())


@pytest.fixture
def tasks(qapp):
    made = Tasks()
    yield made
    assert made.shutdown(Deadline.after(2)) == ()


def test_results_arrive_in_order_on_the_gui_thread(tasks, qtbot):
    ear = Ear()
    for number in range(20):
        tasks.run("camera", lambda n=number: n, ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 20, timeout=2000)
    assert ear.heard == list(range(20))
    assert ear.threads == {ear.thread()}


def test_an_exception_reaches_failed_with_its_type(tasks, qtbot):
    ear = Ear()

    def job():
        raise DeviceTimeout(device="finger")

    tasks.run("finger", job, ear.hear, ear.fail)
    qtbot.waitUntil(lambda: bool(ear.errors), timeout=2000)
    assert isinstance(ear.errors[0], DeviceTimeout)
    assert ear.heard == []
    assert ear.threads == {ear.thread()}


def test_a_cancelled_job_is_silent(tasks, qtbot):
    ear = Ear()

    def job():
        raise OperatorCancelled

    tasks.run("iris", job, ear.hear, ear.fail)
    tasks.run("iris", lambda: "after", ear.hear)
    qtbot.waitUntil(lambda: bool(ear.heard), timeout=2000)
    assert ear.heard == ["after"]
    assert ear.errors == []


def test_one_hanging_lane_does_not_hold_another(tasks, qtbot):
    ear, gate = Ear(), threading.Event()
    tasks.run("finger", lambda: gate.wait(2), ear.hear)
    tasks.run("camera", lambda: "camera", ear.hear)
    qtbot.waitUntil(lambda: ear.heard == ["camera"], timeout=2000)
    gate.set()


def test_of_a_stream_only_the_newest_is_shown_and_cancel_ends_it(tasks, qtbot):
    ear, filled = Ear(), threading.Event()

    def loop(cancel, put):
        for number in range(1000):
            put(number)
        filled.set()
        cancel.wait(5)

    token = tasks.stream("camera", loop, ear.hear)
    assert filled.wait(2)
    qtbot.waitUntil(lambda: bool(ear.heard), timeout=2000)
    assert ear.heard[-1] == 999
    assert len(ear.heard) < 10
    token.cancel()
    tasks.run("camera", lambda: "next", ear.hear)
    qtbot.waitUntil(lambda: ear.heard[-1] == "next", timeout=2000)


def test_shutdown_names_the_lane_that_hangs_and_delivers_nothing_after(qapp, qtbot):
    tasks, ear, gate, begun = Tasks(), Ear(), threading.Event(), threading.Event()
    tasks.run("finger", lambda: (begun.set(), gate.wait(5)), ear.hear)
    assert begun.wait(2)
    assert tasks.shutdown(Deadline.after(0.05)) == ("finger",)
    gate.set()
    tasks.shutdown(Deadline.after(2))
    qapp.processEvents()
    assert ear.heard == []


def test_shutdown_cancels_running_streams(qapp):
    tasks, ended = Tasks(), threading.Event()

    def loop(cancel, put):
        cancel.wait(10)
        ended.set()

    tasks.stream("camera", loop, lambda item: None)
    assert tasks.shutdown(Deadline.after(2)) == ()


def test_the_bridge_keeps_every_pen_point_and_only_the_newest_frame(qapp, qtbot):
    bridge, ear, ink = EventBridge(), Ear(), Ear()
    bridge.frame.connect(ear.hear)
    bridge.pen_points.connect(ink.hear)
    pixels = np.zeros((2, 2), np.uint8)

    def send():
        for number in range(200):
            bridge(Frame(number, pixels, 0.0))
            bridge(PenPoint(number, 0, 0, 0.5, True))

    sender = threading.Thread(target=send)
    sender.start()
    sender.join()
    qtbot.waitUntil(lambda: sum(map(len, ink.heard)) == 200, timeout=2000)
    assert [frame.id for frame in ear.heard] == [199]
    assert [p.t_us for batch in ink.heard for p in batch] == list(range(200))


def test_guidance_arrives_on_the_gui_thread(qapp, qtbot):
    bridge, ear = EventBridge(), Ear()
    bridge.guidance.connect(ear.hear)
    sender = threading.Thread(target=bridge, args=(Guidance.PRESS_HARDER,))
    sender.start()
    sender.join()
    qtbot.waitUntil(lambda: ear.heard == [Guidance.PRESS_HARDER], timeout=2000)
    assert ear.threads == {ear.thread()}
