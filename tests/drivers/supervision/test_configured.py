"""From a desk's settings to where its devices come from."""

from importlib.metadata import EntryPoint

import pytest

from drivers.camera.cv import CvCamera
from drivers.contract import API_VERSION, GROUP, DriverRefused, Reference
from drivers.fingerprint.zfm import ZfmScanner
from drivers.registry import DriverRegistry
from drivers.signature.topaz import TopazPad
from drivers.supervision.configured import sources_of
from station.clock import SystemClock
from station.devices import Modality
from station.settings import DeviceSettings, SerialNumbers

CLOCK = SystemClock()


class AcmeDriver:
    """A third party's finger scanner."""

    API_VERSION = API_VERSION
    name = "acme.finger"
    modality = Modality.FINGER

    def discover(self, hints):
        return (Reference(self.name, address) for address in hints.addresses)

    def create(self, reference, site):
        return CvCamera(reference.address, site.clock)


ACME = AcmeDriver()


def acme(allowed):
    return DriverRegistry(allowed, [EntryPoint("acme.finger", f"{__name__}:ACME", GROUP)])


def test_a_place_that_names_nothing_has_no_source_and_the_first_card_reader_will_do():
    assert set(sources_of(DeviceSettings(), CLOCK)) == {Modality.CARD}


def test_each_named_place_gets_the_device_of_its_driver(tmp_path):
    ports = [tmp_path / "ttyA", tmp_path / "ttyB"]
    for port in ports:
        port.touch()
    settings = DeviceSettings(
        finger=str(ports[0]), finger_protocol="zfm", pad=str(ports[1]), camera="http://127.0.0.1:9/"
    )
    sources = sources_of(settings, CLOCK)
    kinds = {
        modality: type(source.make(next(iter(source.find()))))
        for modality, source in sources.items()
        if modality is not Modality.CARD
    }
    assert kinds == {
        Modality.FINGER: ZfmScanner, Modality.SIGNATURE: TopazPad, Modality.FACE: CvCamera,
    }  # fmt: skip


@pytest.mark.parametrize("pad", ["screen", "tablet"])
def test_a_pad_in_the_window_has_no_driver_of_this_layer(pad):
    assert Modality.SIGNATURE not in sources_of(DeviceSettings(pad=pad), CLOCK)


@pytest.mark.parametrize("pad", ["hid+tcp://127.0.0.1:4000", "/dev/hidraw3"])
def test_an_address_of_a_hid_pad_names_its_driver(pad):
    assert sources_of(DeviceSettings(pad=pad), CLOCK)[Modality.SIGNATURE].driver == "signature.stu"


def test_without_a_trust_root_there_is_no_device_service():
    settings = DeviceSettings(finger_protocol="sbi")
    assert set(sources_of(settings, CLOCK)) == {Modality.CARD}


def test_an_unknown_pad_model_is_refused_when_the_pad_is_made(tmp_path):
    port = tmp_path / "ttyP"
    port.touch()
    source = sources_of(DeviceSettings(pad=str(port), pad_model="Nib 9000"), CLOCK)[
        Modality.SIGNATURE
    ]
    with pytest.raises(DriverRefused) as refused:
        source.make(next(iter(source.find())))
    assert refused.value.facts["reason"] == "model"


def test_an_allowed_third_partys_driver_serves_its_own_modality_only():
    settings = DeviceSettings(finger="x", finger_protocol="acme.finger", allowed=("acme.finger",))
    source = sources_of(settings, CLOCK, registry=acme(settings.allowed))[Modality.FINGER]
    assert [found.address for found in source.find()] == ["x"]
    wrong = DeviceSettings(camera="x", camera_driver="acme.finger", allowed=("acme.finger",))
    with pytest.raises(DriverRefused) as refused:
        list(sources_of(wrong, CLOCK, registry=acme(wrong.allowed))[Modality.FACE].find())
    assert refused.value.facts["reason"] == "modality"


def test_a_driver_the_site_does_not_allow_is_refused_and_the_place_says_so():
    settings = DeviceSettings(finger="x", finger_protocol="acme.finger")
    source = sources_of(settings, CLOCK, registry=acme(settings.allowed))[Modality.FINGER]
    with pytest.raises(DriverRefused) as refused:
        list(source.find())
    assert refused.value.facts["reason"] == "not allowed"


def test_a_configured_serial_number_stands_in_where_discovery_gives_none(tmp_path):
    port = tmp_path / "ttyZ"
    port.touch()
    settings = DeviceSettings(finger=str(port), serials=SerialNumbers(finger="Z-17"))
    assert [found.serial for found in sources_of(settings, CLOCK)[Modality.FINGER].find()] == [
        "Z-17"
    ]


def test_an_isolated_drivers_code_is_not_loaded_into_this_process():
    settings = DeviceSettings(
        finger="x",
        finger_protocol="acme.finger",
        allowed=("acme.finger",),
        isolated=("acme.finger",),
    )
    broken = DriverRegistry(["acme.finger"], [EntryPoint("acme.finger", "no_such_module:X", GROUP)])
    source = sources_of(settings, CLOCK, registry=broken)[Modality.FINGER]
    with pytest.raises(DriverRefused) as refused:
        list(source.find())
    # The helper looked among the installed entry points; here it would be "does not load".
    assert refused.value.facts["reason"] == "unknown"
