"""Which driver stands for which device: our own table, and third parties by entry point and allow-list.

Both are entry points, loaded when first asked for. A third party's runs inside this process (or its own,
``drivers.isolation``), so only names on the list of the signed configuration are ever loaded.
"""

from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from drivers.contract import API_VERSION, GROUP, Driver, DriverRefused, Reference, Site
from station.devices import Device

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
    def allowed(self) -> frozenset[str]:
        """Other people's drivers that may be loaded."""
        return self._allowed

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

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the device of a reference, not yet opened; DriverRefused."""
        return self.driver(reference.driver).create(reference, site)
