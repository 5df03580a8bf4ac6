"""Which driver stands for which device: a small table, and third parties by entry point and allow-list.

A third party's driver is an object with ``API_VERSION`` and ``create(place, clock)`` under the entry point
group ``rekam.drivers``. It runs inside this process, so only names on the list of the signed configuration
are ever loaded.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final, Protocol, cast, runtime_checkable

from cryptography import x509

from drivers.camera.cv import CvCamera
from drivers.fingerprint.sfm import SfmScanner
from drivers.fingerprint.zfm import ZfmScanner
from drivers.sbi.iris import SbiIrisScanner
from drivers.signature.topaz import TopazPad
from drivers.signature.topaz_models import MODELS
from station.clock import Clock
from station.devices import Camera, CardReader, Device, FingerScanner, IrisScanner, SignaturePad
from station.errors import DeviceError
from station.settings import DeviceSettings

API_VERSION: Final = 1
GROUP: Final = "rekam.drivers"
_SCREEN: Final = "screen"  # drawn in the window itself: no driver of this layer


class DriverRefused(DeviceError):
    """A driver is unknown, not on the allow-list, or made for another API; ``reason`` says which."""

    code = "DRIVER_REFUSED"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one device is and what configuration knows of it."""

    address: str  # index, path, URL, port number or reader name; what the driver understands
    model: str = ""
    roots: tuple[x509.Certificate, ...] = ()


@runtime_checkable
class ThirdPartyDriver(Protocol):
    """What an entry point must name."""

    API_VERSION: int

    def create(self, place: Place, clock: Clock) -> Device:
        """Return the device, not yet opened."""
        ...


Factory = Callable[[Place, Clock], Device]


def _camera(place: Place, clock: Clock) -> Device:
    number = place.address.isdecimal()
    return CvCamera(int(place.address) if number else place.address, clock)


def _sbi(place: Place, clock: Clock) -> Device:
    return SbiIrisScanner(place.roots, clock, port=int(place.address or 0) or None)


def _topaz(place: Place, clock: Clock) -> Device:
    model = MODELS.get(place.model)
    if model is None:
        raise DriverRefused(driver="signature.topaz", reason="model", model=place.model)
    return TopazPad(place.address, clock, model)


def _reader(place: Place, _clock: Clock) -> Device:
    from drivers.smartcard.pcsc import PcscReader

    return PcscReader(place.address)


BUILT_IN: Final[Mapping[str, Factory]] = {
    "camera.cv": _camera,
    "finger.sfm": lambda place, clock: SfmScanner(place.address, clock),
    "finger.zfm": lambda place, clock: ZfmScanner(place.address, clock),
    "sbi": _sbi,
    "signature.topaz": _topaz,
    "card.pcsc": _reader,
}


class DriverRegistry:
    """The built-in table and the allowed third parties."""

    def __init__(
        self, allowed: Collection[str] = (), found: Iterable[EntryPoint] | None = None
    ) -> None:
        """Look at the installed entry points; nothing is imported yet. ``found`` replaces them."""
        self._allowed = frozenset(allowed)
        points = entry_points(group=GROUP) if found is None else found
        self._found = {point.name: point for point in points}

    def create(self, driver: str, place: Place, clock: Clock) -> Device:
        """Return a device of that driver, not yet opened; DriverRefused."""
        built_in = BUILT_IN.get(driver)
        if built_in is not None:
            return built_in(place, clock)
        return self._third_party(driver).create(place, clock)

    def _third_party(self, driver: str) -> ThirdPartyDriver:
        point = self._found.get(driver)
        if point is None:
            raise DriverRefused(driver=driver, reason="unknown")
        if driver not in self._allowed:
            raise DriverRefused(driver=driver, reason="not allowed")
        try:
            loaded = point.load()
        except (ImportError, AttributeError) as cause:
            raise DriverRefused(driver=driver, reason="does not load") from cause
        if not isinstance(loaded, ThirdPartyDriver):
            raise DriverRefused(driver=driver, reason="not a driver")
        if loaded.API_VERSION != API_VERSION:
            raise DriverRefused(driver=driver, reason="version", found=loaded.API_VERSION)
        return loaded


@dataclass(frozen=True, slots=True)
class ConfiguredDevices:
    """The devices a desk's settings name; None = not configured."""

    camera: Camera | None = None
    finger: FingerScanner | None = None
    iris: IrisScanner | None = None
    pad: SignaturePad | None = None
    reader: CardReader | None = None


def build_devices(
    settings: DeviceSettings,
    clock: Clock,
    roots: Sequence[x509.Certificate],
    registry: DriverRegistry | None = None,
) -> ConfiguredDevices:
    """Return the devices of the settings, none of them opened; DriverRefused.

    ``roots`` are the provisioned trust roots of device services: without one there is no iris scanner,
    because nothing it signs could be believed. The pad "screen" belongs to the window and is None here.
    """
    drivers = registry or DriverRegistry()

    def made(driver: str, address: str, model: str = "") -> Device:
        return drivers.create(driver, Place(address, model, tuple(roots)), clock)

    pad = settings.pad if settings.pad != _SCREEN else ""
    finger = f"finger.{settings.finger_protocol}"
    iris = made("sbi", str(settings.iris_port)) if roots else None
    return ConfiguredDevices(
        camera=cast(Camera, made("camera.cv", settings.camera)) if settings.camera else None,
        finger=cast(FingerScanner, made(finger, settings.finger)) if settings.finger else None,
        iris=cast(IrisScanner, iris) if iris is not None else None,
        pad=cast(SignaturePad, made("signature.topaz", pad, settings.pad_model)) if pad else None,
        reader=cast(CardReader, made("card.pcsc", settings.card_reader)),
    )
