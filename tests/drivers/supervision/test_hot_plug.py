"""Devices come and go at a running desk, and the station follows."""

import threading

import numpy as np
import pytest

from drivers.supervision.watch import POLL_S
from station.clock import CancelToken, Deadline
from station.device_report import Condition
from station.devices import DeviceState, HealthState, Modality
from station.errors import (
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    OperatorCancelled,
    OtherDevice,
)
from tests.drivers.supervision.bench import PIXELS, sfm, source, supervised, take

FINGER = Modality.FINGER
PLUG_S = 2.0  # the promise of the reference


def ready(report):
    return report.condition is Condition.READY


def absent(report):
    return report.condition is Condition.ABSENT


@pytest.fixture
def link(tmp_path):
    return tmp_path / "ttyFINGER"


def test_a_device_is_seen_within_two_seconds_of_being_plugged_in_and_pulled(link):
    with supervised({FINGER: source(link)}, poll_s=POLL_S) as (_supervisor, ear):
        ear.wait(absent)
        emulator = sfm(link).start()
        assert ear.wait(ready) < PLUG_S
        assert ear.reports[FINGER].info.serial == "0000000007"
        assert ear.reports[FINGER].state is DeviceState.READY
        emulator.unplug()
        assert ear.wait(absent) < PLUG_S
        assert (
            ear.reports[FINGER].code == DeviceRemoved.code
            or ear.reports[FINGER].code == DeviceNotFound.code
        )
        emulator.replug()
        assert ear.wait(ready) < PLUG_S
        assert ear.reports[FINGER].reconnects == 1
        emulator.stop()


def test_a_replug_between_two_looks_is_noticed_and_the_device_works_on(link):
    with sfm(link) as emulator, supervised({FINGER: source(link)}) as (supervisor, ear):
        ear.wait(ready)
        emulator.unplug()
        emulator.replug()
        ear.wait(lambda report: ready(report) and report.reconnects == 1)
        assert np.array_equal(take(supervisor.finger).pixels, PIXELS)


def test_another_serial_number_waits_for_the_operators_word(link):
    with supervised({FINGER: source(link)}) as (supervisor, ear):
        with sfm(link, seed=7):
            ear.wait(ready)
        ear.wait(absent)
        with sfm(link, seed=8):
            ear.wait(lambda report: report.condition is Condition.OTHER_DEVICE)
            report = ear.reports[FINGER]
            assert (report.code, report.offered.serial) == (OtherDevice.code, "0000000008")
            assert report.info.serial == "0000000007"
            with pytest.raises(OtherDevice):
                take(supervisor.finger)
            with pytest.raises(DeviceNotFound):
                supervisor.accept(FINGER, "0000000007")
            supervisor.accept(FINGER, "0000000008")
            ear.wait(ready)
            assert np.array_equal(take(supervisor.finger).pixels, PIXELS)


def test_the_known_device_comes_back_by_itself_while_another_still_waits(link):
    with supervised({FINGER: source(link)}) as (_supervisor, ear):
        with sfm(link, seed=7):
            ear.wait(ready)
        with sfm(link, seed=8):
            ear.wait(lambda report: report.condition is Condition.OTHER_DEVICE)
        with sfm(link, seed=7):
            ear.wait(ready)
            assert ear.reports[FINGER].info.serial == "0000000007"


def test_a_device_swapped_for_another_serves_the_port_the_desk_already_holds(link):
    with supervised({FINGER: source(link)}) as (supervisor, ear):
        port = supervisor.finger
        with sfm(link, seed=1):
            ear.wait(ready)
            assert take(port).device.serial == "0000000001"
        with sfm(link, seed=2):
            ear.wait(lambda report: report.condition is Condition.OTHER_DEVICE)
            supervisor.accept(FINGER, "0000000002")
            assert take(port).device.serial == "0000000002"
            assert port.info.serial == "0000000002"


def test_a_capture_cut_by_removal_ends_with_the_error_and_the_next_one_starts_from_zero(link):
    empty = threading.Event()
    glass = lambda: None if not empty.is_set() else PIXELS  # noqa: E731
    with sfm(link, glass=glass) as emulator, supervised({FINGER: source(link)}) as (sup, ear):
        ear.wait(ready)
        waits, said = threading.Event(), []

        def sink(event):
            said.append(event)
            if getattr(event, "state", None) is DeviceState.ARMED:
                waits.set()

        failed = []

        def job():
            try:
                take(sup.finger, 10, sink)
            except DeviceRemoved as error:
                failed.append(error)

        thread = threading.Thread(target=job)
        thread.start()
        assert waits.wait(3)
        emulator.unplug()
        thread.join(3)
        assert len(failed) == 1
        empty.set()
        emulator.replug()
        ear.wait(lambda report: ready(report) and report.reconnects == 1)
        assert np.array_equal(take(sup.finger).pixels, PIXELS)
        assert ear.reports[FINGER].failures[DeviceRemoved.code] >= 1


def test_a_second_caller_gets_busy_and_a_cancelled_one_leaves_at_once(link):
    with sfm(link, glass=lambda: None), supervised({FINGER: source(link)}) as (sup, ear):
        ear.wait(ready)
        armed, cancel, ended = threading.Event(), CancelToken(), []

        def job():
            try:
                take(sup.finger, 10, lambda _event: armed.set(), cancel)
            except OperatorCancelled:
                ended.append(True)

        thread = threading.Thread(target=job)
        thread.start()
        assert armed.wait(3)
        with pytest.raises(DeviceBusy):
            take(sup.finger)
        assert sup.self_test(FINGER, Deadline.after(1)).state is HealthState.READY
        cancel.cancel()
        thread.join(1)
        assert ended == [True]


def test_two_devices_work_side_by_side(tmp_path):
    both = threading.Barrier(2, timeout=5)
    links = {serial: tmp_path / f"tty{serial}" for serial in (1, 2)}
    got = {}

    def job(serial, port):
        def sink(event):
            if getattr(event, "state", None) is DeviceState.TRANSFER:
                both.wait()  # passes only while the other one transfers too

        got[serial] = take(port, 5, sink)

    with (
        sfm(links[1], 1),
        sfm(links[2], 2),
        supervised({FINGER: source(links[1])}) as (one, one_ear),
        supervised({FINGER: source(links[2])}) as (two, two_ear),
    ):
        one_ear.wait(ready)
        two_ear.wait(ready)
        threads = [
            threading.Thread(target=job, args=(serial, supervisor.finger))
            for serial, supervisor in ((1, one), (2, two))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(8)
    assert {n: int(taken.device.serial) for n, taken in got.items()} == {1: 1, 2: 2}
    assert all(np.array_equal(taken.pixels, PIXELS) for taken in got.values())


def test_closing_leaves_no_thread_and_no_open_port(link):
    with sfm(link) as emulator:
        before = threading.active_count()
        with supervised({FINGER: source(link)}) as (_sup, ear):
            ear.wait(ready)
        assert threading.active_count() == before
        scanner = source(link).make(None)
        scanner.open(Deadline.after(2))  # an exclusive port that is still held would refuse
        scanner.close()
        assert emulator.plugged
