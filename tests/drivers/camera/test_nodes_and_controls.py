"""Cameras by name and serial number from a made-up sysfs, their controls over a made-up ioctl."""

import errno
import struct

import pytest

from drivers.camera.controls import Controls
from drivers.camera.cv_driver import DRIVER
from drivers.camera.nodes import VideoNode, node_of, nodes
from drivers.contract import Hints, Reference, Site
from station.capabilities import OptionKind
from station.clock import SystemClock
from station.devices import Grade
from station.errors import DeviceRemoved, NotSupported

SITE = Site(SystemClock())


def words(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text + "\n")
    return folder


@pytest.fixture
def sysfs(tmp_path):
    """Two USB cameras with two nodes each, and a camera on another bus."""
    listed = tmp_path / "class"
    for number, (usb, index) in enumerate([("1-2", 0), ("1-2", 1), ("1-3", 0), ("1-3", 1)]):
        device = words(
            tmp_path / "devices" / usb,
            idVendor="046d",
            manufacturer="Acme",
            product=f"Cam {usb}",
            serial=f"S{usb}",
            bcdDevice="0012",
        )
        interface = words(device / f"{usb}:1.0")
        node = words(listed / f"video{number}", name=f"Acme Cam {usb}: x", index=str(index))
        (node / "device").symlink_to(interface)
    words(listed / "video10", name="Sensor on the board", index="0")
    words(listed / "radio0", name="no camera")
    return listed


def test_each_camera_is_listed_once_with_what_its_descriptor_says(sysfs):
    found = list(nodes(sysfs))
    assert [node.path for node in found] == ["/dev/video0", "/dev/video2", "/dev/video10"]
    assert found[0] == VideoNode("/dev/video0", "Acme Cam 1-2: x", "Acme", "Cam 1-2", "S1-2", "0012")  # fmt: skip
    assert found[2] == VideoNode("/dev/video10", "Sensor on the board")


def test_a_link_by_id_is_followed(sysfs, tmp_path):
    link = tmp_path / "usb-Acme-video-index0"
    target = tmp_path / "dev" / "video2"
    target.parent.mkdir()
    target.touch()
    link.symlink_to(target)
    assert node_of(link, sysfs).serial == "S1-3"
    assert node_of(tmp_path / "video77", sysfs) is None


def test_without_sysfs_there_is_nothing(tmp_path):
    assert list(nodes(tmp_path / "none")) == []


def test_discovery_names_configured_and_listed_cameras_without_opening(sysfs, monkeypatch):
    monkeypatch.setattr("drivers.camera.cv_driver.nodes", lambda: nodes(sysfs))
    found = list(DRIVER.discover(Hints(("http://10.0.0.9/video", "2", "/dev/video99"))))
    assert found == [
        Reference("camera.cv", "http://10.0.0.9/video"),
        Reference("camera.cv", "2", "Cam 1-3", "S1-3", "Acme Cam 1-3: x"),
        Reference("camera.cv", "/dev/video0", "Cam 1-2", "S1-2", "Acme Cam 1-2: x"),
        Reference("camera.cv", "/dev/video10", "", "", "Sensor on the board"),
    ]


def test_a_camera_is_fit_unless_the_site_lists_cameras():
    camera = DRIVER.create(Reference("camera.cv", "0"), SITE)
    assert camera._grade("a", "b", "c") is Grade.ENROLMENT
    listed = Site(SystemClock(), graded={("camera.cv", "Acme", "Cam", "*"): Grade.ENROLMENT})
    camera = DRIVER.create(Reference("camera.cv", "0"), listed)
    assert camera._grade("Acme", "Cam", "1") is Grade.ENROLMENT
    assert camera._grade("Other", "Cam", "1") is Grade.VERIFICATION


# -- controls --------------------------------------------------------------------------------------------

QUERY, GET, SET, MENU = 0xC0445624, 0xC008561B, 0xC008561C, 0xC02C5625
FOCUS, FOCUS_AUTO, EXPOSURE_AUTO, GAIN = 0x009A090A, 0x009A090C, 0x009A0901, 0x00980913


class Camera:
    """Knows four controls; focus moves in steps of five and not under autofocus."""

    def __init__(self):
        self.values = {FOCUS: 10, FOCUS_AUTO: 0, EXPOSURE_AUTO: 1, GAIN: 3}
        self.ranges = {
            FOCUS: (1, 0, 250, 5, 0),
            FOCUS_AUTO: (2, 0, 1, 1, 0),
            EXPOSURE_AUTO: (3, 0, 3, 1, 0),
            GAIN: (1, 0, 10, 1, 4),  # read only
        }
        self.menu = {1: b"Manual Mode", 3: b"Aperture Priority Mode"}
        self.gone = False

    def __call__(self, request, buffer):
        number = struct.unpack_from("=I", buffer)[0]
        if self.gone:
            raise OSError(errno.ENODEV, "gone")
        if number not in self.values:
            raise OSError(errno.EINVAL, "no such control")
        if request == QUERY:
            kind, low, high, step, flags = self.ranges[number]
            struct.pack_into("=II32siiiiI", buffer, 0, number, kind, b"x", low, high, step, low, flags)  # fmt: skip
        elif request == GET:
            struct.pack_into("=i", buffer, 4, self.values[number])
        elif request == SET:
            if number == FOCUS and self.values[FOCUS_AUTO]:
                raise OSError(errno.EBUSY, "automatic")
            self.values[number] = struct.unpack_from("=i", buffer, 4)[0] // self.ranges[number][3] * self.ranges[number][3]  # fmt: skip
        elif request == MENU:
            index = struct.unpack_from("=I", buffer, 4)[0]
            if index not in self.menu:
                raise OSError(errno.EINVAL, "hole")
            struct.pack_into("=32s", buffer, 8, self.menu[index])


def test_what_the_camera_has_is_described_with_its_range():
    described = {option.name: option for option in Controls(Camera()).described}
    assert set(described) == {"focus", "focus_auto", "exposure_auto", "gain"}
    assert (described["focus"].low, described["focus"].high, described["focus"].step) == (0, 250, 5)
    assert described["exposure_auto"].choices == ("0", "Manual Mode", "2", "Aperture Priority Mode")
    assert described["focus_auto"].kind is OptionKind.SWITCH
    assert not described["gain"].writable


def test_values_are_read_in_their_own_terms():
    values = Controls(Camera()).values()
    assert values == {"focus": 10, "focus_auto": False, "exposure_auto": "Manual Mode", "gain": 3}
    assert values["focus_auto"] is False


def test_what_the_camera_made_of_a_value_is_read_back():
    camera = Camera()
    controls = Controls(camera)
    assert controls.adjust("focus", 23) == 20
    assert controls.adjust("exposure_auto", "Aperture Priority Mode") == "Aperture Priority Mode"
    assert controls.adjust("focus_auto", True) is True
    with pytest.raises(NotSupported):
        controls.adjust("focus", 50)
    assert camera.values[FOCUS] == 20


@pytest.mark.parametrize(
    ("name", "value"),
    [("focus", 251), ("focus", -1), ("focus", "near"), ("gain", 4), ("zoom", 1), ("exposure_auto", "Night")],
)  # fmt: skip
def test_what_cannot_be_set_is_not_supported(name, value):
    with pytest.raises(NotSupported):
        Controls(Camera()).adjust(name, value)


def test_a_camera_that_went_away_is_removed():
    camera = Camera()
    controls = Controls(camera)
    camera.gone = True
    with pytest.raises(DeviceRemoved):
        controls.values()
