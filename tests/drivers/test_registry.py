"""Which driver stands for which device, and who may bring one."""

from importlib.metadata import EntryPoint

import pytest

from drivers.camera.cv import CvCamera
from drivers.fingerprint.sfm import SfmScanner
from drivers.fingerprint.zfm import ZfmScanner
from drivers.registry import (
    API_VERSION,
    BUILT_IN,
    GROUP,
    DriverRefused,
    DriverRegistry,
    Place,
    build_devices,
)
from drivers.sbi.iris import SbiIrisScanner
from drivers.signature.topaz import TopazPad
from station.clock import SystemClock
from station.settings import DeviceSettings

CLOCK = SystemClock()


class GoodDriver:
    """A third party's driver."""

    API_VERSION = API_VERSION

    @staticmethod
    def create(place, clock):
        return CvCamera(place.address, clock)


class FutureDriver(GoodDriver):
    API_VERSION = API_VERSION + 1


NOT_A_DRIVER = object()


def points(*names):
    return [EntryPoint(f"acme.{name}", f"{__name__}:{name}", GROUP) for name in names]


def create(name, allowed):
    registry = DriverRegistry(allowed, points("GoodDriver", "FutureDriver", "NOT_A_DRIVER", "none"))
    return registry.create(name, Place("x.avi"), CLOCK)


@pytest.mark.parametrize(
    ("driver", "address", "kind"),
    [
        ("camera.cv", "0", CvCamera),
        ("finger.sfm", "/dev/ttyUSB0", SfmScanner),
        ("finger.zfm", "/dev/ttyUSB0", ZfmScanner),
        ("sbi", "", SbiIrisScanner),
    ],
)
def test_every_built_in_driver_makes_its_device_unopened(driver, address, kind):
    assert type(DriverRegistry().create(driver, Place(address), CLOCK)) is kind


def test_the_table_names_what_the_devices_say_of_themselves():
    for driver in BUILT_IN:
        device = DriverRegistry().create(driver, Place("7", "SigLite 1x5"), CLOCK)
        assert device.info.driver == driver


def test_an_allowed_third_party_driver_is_used():
    assert create("acme.GoodDriver", ["acme.GoodDriver"]).info.transport == "x.avi"


@pytest.mark.parametrize(
    ("name", "allowed", "reason"),
    [
        ("acme.GoodDriver", [], "not allowed"),
        ("acme.FutureDriver", ["acme.FutureDriver"], "version"),
        ("acme.NOT_A_DRIVER", ["acme.NOT_A_DRIVER"], "not a driver"),
        ("acme.none", ["acme.none"], "does not load"),
        ("acme.other", ["acme.other"], "unknown"),
    ],
)
def test_any_other_driver_is_refused_with_the_reason(name, allowed, reason):
    with pytest.raises(DriverRefused) as refused:
        create(name, allowed)
    assert refused.value.facts["reason"] == reason


def test_a_third_party_cannot_take_the_name_of_a_built_in_driver():
    point = EntryPoint("camera.cv", f"{__name__}:NOT_A_DRIVER", GROUP)
    assert isinstance(
        DriverRegistry(["camera.cv"], [point]).create("camera.cv", Place("0"), CLOCK), CvCamera
    )


def test_a_driver_that_is_not_allowed_is_not_even_imported():
    point = EntryPoint("evil", "this_module_would_fail:driver", GROUP)
    with pytest.raises(DriverRefused) as refused:
        DriverRegistry([], [point]).create("evil", Place(""), CLOCK)
    assert refused.value.facts["reason"] == "not allowed"


def test_settings_become_devices_and_nothing_configured_is_none():
    none = build_devices(DeviceSettings(), CLOCK, ())
    assert (none.camera, none.finger, none.iris, none.pad) == (None, None, None, None)
    some = build_devices(
        DeviceSettings(camera="2", finger="/dev/ttyS1", finger_protocol="zfm", pad="/dev/ttyS2"),
        CLOCK,
        (),
    )
    assert some.camera is not None
    assert some.camera.info.serial == "2"
    assert isinstance(some.finger, ZfmScanner)
    assert isinstance(some.pad, TopazPad)


def test_the_screen_pad_belongs_to_the_window():
    assert build_devices(DeviceSettings(pad="screen"), CLOCK, ()).pad is None


def test_an_unknown_pad_model_is_refused():
    with pytest.raises(DriverRefused):
        build_devices(DeviceSettings(pad="/dev/ttyS2", pad_model="Nib 9000"), CLOCK, ())
