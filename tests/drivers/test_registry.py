"""Which driver stands for which device, and who may bring one."""

from importlib.metadata import EntryPoint

import pytest

from drivers.camera.cv import CvCamera
from drivers.contract import API_VERSION, GROUP, DriverRefused, Hints, Reference, Site
from drivers.fingerprint.sfm import SfmScanner
from drivers.fingerprint.zfm import ZfmScanner
from drivers.registry import BUILT_IN, DriverRegistry
from drivers.sbi.iris import SbiIrisScanner
from station.clock import SystemClock
from station.devices import Modality

CLOCK = SystemClock()
SITE = Site(CLOCK)
PLACES = {
    "signature.topaz": ("7", "SigLite 1x5"),
    "signature.stu": ("/dev/hidraw7", ""),
    "iris.uvc": ("camera=7;lamp=/dev/ttyACM0", ""),
}


class GoodDriver:
    """A third party's driver."""

    API_VERSION = API_VERSION
    name = "acme.GoodDriver"
    modality = Modality.FACE

    def discover(self, hints):
        return (Reference(self.name, address) for address in hints.addresses)

    def create(self, reference, site):
        return CvCamera(reference.address, site.clock)


class FutureDriver(GoodDriver):
    API_VERSION = API_VERSION + 1


GOOD, FUTURE = GoodDriver(), FutureDriver()
NOT_A_DRIVER = object()


def points(*names):
    objects = {"GoodDriver": "GOOD", "FutureDriver": "FUTURE"}
    return [
        EntryPoint(f"acme.{name}", f"{__name__}:{objects.get(name, name)}", GROUP) for name in names
    ]


def create(name, allowed):
    registry = DriverRegistry(allowed, points("GoodDriver", "FutureDriver", "NOT_A_DRIVER", "none"))
    return registry.create(Reference(name, "x.avi"), SITE)


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
    assert type(DriverRegistry().create(Reference(driver, address), SITE)) is kind


def test_the_table_names_what_the_devices_say_of_themselves():
    for driver in BUILT_IN:
        address, model = PLACES.get(driver, ("7", ""))
        device = DriverRegistry().create(Reference(driver, address, model), SITE)
        assert device.info.driver == driver
        assert DriverRegistry().driver(driver).name == driver


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
    registry = DriverRegistry(["camera.cv"], [point])
    assert isinstance(registry.create(Reference("camera.cv", "0"), SITE), CvCamera)
    assert registry.names == tuple(BUILT_IN)


def test_a_driver_that_is_not_allowed_is_not_even_imported():
    point = EntryPoint("evil", "this_module_would_fail:driver", GROUP)
    with pytest.raises(DriverRefused) as refused:
        DriverRegistry([], [point]).create(Reference("evil", ""), SITE)
    assert refused.value.facts["reason"] == "not allowed"


@pytest.mark.parametrize("driver", ["camera.cv", "finger.sfm", "finger.zfm", "signature.topaz"])
def test_discovery_finds_a_configured_path_only_while_it_exists(driver, tmp_path):
    place = tmp_path / "ttyX"
    hints = Hints((str(place),), "SigLite 1x5")
    found = DriverRegistry().driver(driver).discover
    assert str(place) not in [reference.address for reference in found(hints)]
    place.touch()
    assert str(place) in [reference.address for reference in found(hints)]
