"""Which driver stands for which device: our own table, and third parties by entry point and allow-list.

Both are entry points, loaded when first asked for. A third party's runs inside this process (or its own,
``drivers.isolation``), so only names on the list of the signed configuration are ever loaded.
"""

import importlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from cryptography import x509

from drivers.contract import API_VERSION, GROUP, Driver, DriverRefused, Reference, Site
from station.clock import Clock
from station.devices import Camera, CardReader, Device, FingerScanner, IrisScanner, SignaturePad
from station.settings import DeviceSettings

_SCREEN: Final = "screen"  # drawn in the window itself: no driver of this layer

BUILT_IN: Final[Mapping[str, EntryPoint]] = {
    name: EntryPoint(name, f"{module}:DRIVER", GROUP)
    for name, module in {
        "camera.cv": "drivers.camera.cv_driver",
        "finger.sfm": "drivers.fingerprint.sfm_driver",
        "finger.zfm": "drivers.fingerprint.zfm_driver",
        "iris.uvc": "drivers.iris.driver",
        "sbi": "drivers.sbi.driver",
        "signature.stu": "drivers.signature.stu_driver",
        "signature.topaz": "drivers.signature.topaz_driver",
        "reader.pcsc": "drivers.smartcard.driver",
    }.items()
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

    @property
    def names(self) -> tuple[str, ...]:
        """The drivers that can be asked for: ours, then the allowed ones that are installed."""
        others = (name for name in self._found if name in self._allowed and name not in BUILT_IN)
        return (*BUILT_IN, *sorted(others))

    def driver(self, name: str) -> Driver:
        """Return a driver's object; DriverRefused.

        ``reason``: unknown, not allowed, does not load, not a driver, version.
        """
        point = BUILT_IN.get(name) or self._found.get(name)
        if point is None:
            raise DriverRefused(driver=name, reason="unknown")
        if name not in BUILT_IN and name not in self._allowed:
            raise DriverRefused(driver=name, reason="not allowed")
        try:
            loaded = point.load()
        except Exception as cause:
            raise DriverRefused(driver=name, reason="does not load") from cause
        if not isinstance(loaded, Driver):
            raise DriverRefused(driver=name, reason="not a driver")
        if loaded.API_VERSION != API_VERSION:
            raise DriverRefused(driver=name, reason="version", found=loaded.API_VERSION)
        return loaded

    def create(self, reference: Reference, site: Site, *, isolated: bool = False) -> Device:
        """Return the device of a reference, not yet opened; DriverRefused.

        ``isolated`` puts the driver into a process of its own, with the same port in front.
        """
        driver = self.driver(reference.driver)
        if isolated:
            return _in_process_of_its_own(reference, site, self._allowed)
        return driver.create(reference, site)


def _in_process_of_its_own(reference: Reference, site: Site, allowed: Collection[str]) -> Device:
    try:
        isolated = importlib.import_module("drivers.isolation").isolated
    except (ImportError, AttributeError) as cause:
        raise DriverRefused(driver=reference.driver, reason="isolation") from cause
    return cast(Device, isolated(reference, site, allowed))


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

    site = Site(clock, tuple(roots))

    def made(driver: str, address: str, model: str = "") -> Device:
        return drivers.create(Reference(driver, address, model), site)

    pad = settings.pad if settings.pad != _SCREEN else ""
    finger = f"finger.{settings.finger_protocol}"
    iris = made("sbi", str(settings.iris_port)) if roots else None
    return ConfiguredDevices(
        camera=cast(Camera, made("camera.cv", settings.camera)) if settings.camera else None,
        finger=cast(FingerScanner, made(finger, settings.finger)) if settings.finger else None,
        iris=cast(IrisScanner, iris) if iris is not None else None,
        pad=cast(SignaturePad, made("signature.topaz", pad, settings.pad_model)) if pad else None,
        reader=cast(CardReader, made("reader.pcsc", settings.card_reader)),
    )
