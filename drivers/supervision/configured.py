"""From the site's settings to the sources of the supervisor."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509

from drivers.contract import GradedModels, Site
from drivers.hid.frames import SCHEME
from drivers.registry import BUILT_IN, DriverRegistry
from drivers.sbi.rules import ServiceRules
from drivers.supervision.source import DriverSource, Source
from station.clock import Clock
from station.devices import Grade, Modality
from station.grades import GradesRefused, load_grades
from station.settings import DeviceSettings

# Drawn in the window itself, with anything or with a pen only: no driver of this layer.
IN_WINDOW: Final = frozenset({"screen", "tablet"})
_HID: Final = (SCHEME, "/dev/hidraw")
AUTO: Final = "auto"  # wherever the driver finds it
_SERVICE: Final = "sbi"


def graded_of(
    settings: DeviceSettings, authority: x509.Certificate, clock: Clock
) -> tuple[GradedModels, GradesRefused | None]:
    """Return the grades the site has signed, and why its table was refused, if it was.

    A refused table names every driver and grants nothing: no rule for models it does not list applies then.
    """
    if not settings.grades:
        return {}, None
    try:
        return load_grades(Path(settings.grades), authority, clock.now()), None
    except GradesRefused as refused:
        names = (*BUILT_IN, *settings.allowed)
        return {(name, "", "", ""): Grade.VERIFICATION for name in names}, refused


def sources_of(
    settings: DeviceSettings,
    clock: Clock,
    roots: Sequence[x509.Certificate] = (),
    graded: GradedModels | None = None,
    registry: DriverRegistry | None = None,
) -> Mapping[Modality, Source]:
    """Return where the devices of a desk come from; a place that names nothing is left out.

    ``roots`` are the provisioned trust roots of device services: without one there is no such device,
    because nothing it signs could be believed. A pad in the window ("screen", "tablet") is left out.
    """
    drivers = registry or DriverRegistry(settings.allowed)
    site = Site(clock, tuple(roots), graded or {}, ServiceRules.of(settings.services))

    def source(
        modality: Modality, driver: str, address: str, serial: str, model: str = ""
    ) -> Source:
        return DriverSource(
            modality=modality,
            driver=driver,
            registry=drivers,
            site=site,
            addresses=() if address in {"", AUTO} else (address,),
            model=model,
            serial=serial,
            isolated=driver in settings.isolated,
        )

    service_port = str(settings.iris_port) if settings.iris_port else ""
    wanted = {
        Modality.FACE: (settings.camera_driver, settings.camera, settings.serials.camera, ""),
        Modality.FINGER: (
            settings.finger_driver,
            settings.finger,
            settings.serials.finger,
            settings.finger_model,
        ),
        Modality.IRIS: (
            settings.iris_driver,
            settings.iris or service_port,
            settings.serials.iris,
            "",
        ),
        Modality.SIGNATURE: (
            _pad_driver(settings),
            settings.pad,
            settings.serials.pad,
            settings.pad_model,
        ),
        Modality.CARD: (
            settings.card_reader_driver,
            settings.card_reader,
            settings.serials.card_reader,
            "",
        ),
    }
    return {
        modality: source(modality, driver, address, serial, model)
        for modality, (driver, address, serial, model) in wanted.items()
        if _is_wanted(modality, driver, address, trusted=bool(roots))
    }


def _pad_driver(settings: DeviceSettings) -> str:
    """Return the pad's driver: an address that only HID pads have needs no driver beside it."""
    return "signature.stu" if settings.pad.startswith(_HID) else settings.pad_driver


def _is_wanted(modality: Modality, driver: str, address: str, *, trusted: bool) -> bool:
    if driver == _SERVICE:  # needs no address, only somebody to believe
        return trusted
    if modality is Modality.CARD:  # the first reader will do
        return True
    return bool(address) and address not in IN_WINDOW
