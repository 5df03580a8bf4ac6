"""Linux hidraw: discovery without opening, one owner, cancellation, typed failures."""

import errno
import os
import threading
from pathlib import Path

import pytest

from drivers.hid.hidraw import UDEV_RULE, HidPlace, HidrawHid, _opening_failure, hid_places
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, DeviceNotFound, DeviceRemoved, OperatorCancelled

STU = (0x056A, 0x00A8)


def a_node(sysfs: Path, name: str, facts: str):
    folder = sysfs / name / "device"
    folder.mkdir(parents=True)
    (folder / "uevent").write_text(facts)


@pytest.fixture
def place(tmp_path):
    """A pipe in the place of a node: it blocks, wakes and ends like one."""
    path = tmp_path / "hidraw0"
    os.mkfifo(path)
    return HidPlace(str(path), *STU, "STU-540", "A1")


def test_pads_are_found_by_vendor_and_product_and_nothing_else(tmp_path):
    a_node(tmp_path, "hidraw0", "HID_ID=0003:0000046D:0000C31C\nHID_NAME=Keyboard\n")
    a_node(tmp_path, "hidraw1", "HID_ID=0003:0000056A:000000A8\nHID_NAME=STU\nHID_UNIQ=A1\n")
    a_node(tmp_path, "hidraw2", "HID_ID=0005:0000056A:000000A8\nHID_NAME=over radio\n")
    a_node(tmp_path, "hidraw3", "nonsense")
    (tmp_path / "hidraw4").mkdir()
    assert list(hid_places({STU}, tmp_path)) == [HidPlace("/dev/hidraw1", *STU, "STU", "A1")]


def test_a_machine_without_hid_has_no_pads(tmp_path):
    assert list(hid_places({STU}, tmp_path / "missing")) == []


def test_a_refused_permission_names_the_rule_to_install():
    failure = _opening_failure(OSError(errno.EACCES, ""), "/dev/hidraw0")
    assert isinstance(failure, DeviceNotFound)
    assert failure.facts["reason"] == "udev rule"
    assert Path(str(failure.facts["rule"])) == Path(UDEV_RULE)
    assert (Path(__file__).parents[3] / UDEV_RULE).exists()


def test_the_rule_covers_every_product_the_driver_looks_for():
    from drivers.signature.stu_reports import PRODUCTS

    rule = (Path(__file__).parents[3] / UDEV_RULE).read_text()
    assert all(f"{product:04x}" in rule for product in PRODUCTS)


def test_a_second_owner_is_told_that_the_pad_is_busy(place):
    first = HidrawHid(place)
    with pytest.raises(DeviceBusy):
        HidrawHid(place)
    first.close()
    HidrawHid(place).close()


def test_a_node_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(DeviceNotFound):
        HidrawHid(HidPlace(str(tmp_path / "none"), *STU, "", ""))


def test_reports_come_and_a_silent_node_ends_at_the_deadline(place):
    with Path(place.path).open("r+b", buffering=0) as pad:
        hid = HidrawHid(place)
        pad.write(b"\x01\x02\x03")
        assert hid.receive(Deadline.after(1)) == b"\x01\x02\x03"
        assert hid.receive(Deadline.after(0.05)) == b""
        hid.close()


def test_a_cancelled_read_ends_at_once(place):
    hid, cancel = HidrawHid(place), CancelToken()
    cancel.on_cancel(hid.wake)
    threading.Timer(0.05, cancel.cancel).start()
    limit = Deadline.after(0.3)
    with pytest.raises(OperatorCancelled):
        hid.receive(Deadline.after(5), cancel)
    assert not limit.passed()
    hid.close()


def test_a_node_that_answers_no_control_transfer_has_gone(place):
    hid = HidrawHid(place)
    with pytest.raises(DeviceRemoved):
        hid.get_feature(0x08, Deadline.after(1))
    hid.close()
    with pytest.raises(DeviceRemoved):
        hid.receive(Deadline.after(1))
    hid.close()
