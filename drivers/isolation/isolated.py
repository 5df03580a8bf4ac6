"""Devices and drivers in a helper process, made the same way as those in this process."""

from collections.abc import Collection, Iterable
from typing import Final

from drivers.contract import API_VERSION, DriverRefused, Hints, Reference, Site
from drivers.isolation.codec import encode
from drivers.isolation.orders import look_order, make_order
from drivers.isolation.ports import front_class
from drivers.isolation.process import Helper, Question
from drivers.isolation.verbs import Found, Offer
from station.clock import Deadline
from station.devices import Device, Modality

_LOAD_S: Final = 10.0  # a vendor's library may be slow to load, and so may an old disk


def isolated(reference: Reference, site: Site, allowed: Collection[str] = ()) -> Device:
    """Return a device of a driver that is never loaded into this process, not yet opened.

    Starts the helper to learn what the device offers; blocks for that long (about half a second where nothing
    else runs). Raises DriverRefused as the registry does, NotSupported for card readers, and DeviceTimeout or
    HardwareFault for a driver that hangs or dies while it is loaded.
    """
    helper = Helper(reference.driver)
    order = Question({"make": encode(make_order(reference, site, allowed))}, Offer)
    try:
        offer: Offer = helper.ask(order, Deadline.after(_LOAD_S))
        front = front_class(offer.port, offer.extras)
    except KeyError:  # not a port or an extra we know
        helper.end(0.0)
        raise DriverRefused(driver=reference.driver, reason="not a driver") from None
    except BaseException:
        helper.end(0.0)
        raise
    return front(offer, reference, site, allowed, helper)


class IsolatedDriver:
    """A driver's object whose every word comes from a helper (``drivers.contract.Driver``)."""

    API_VERSION = API_VERSION

    def __init__(self, name: str, modality: Modality, allowed: Collection[str] = ()) -> None:
        """Name the driver; nothing is loaded. ``modality`` is the place it is configured for."""
        self.name = name
        self.modality = modality
        self._allowed = frozenset(allowed)

    def discover(self, hints: Hints) -> Iterable[Reference]:
        """Return what the driver finds; starts a helper for it, so not for every second."""
        look = Question(
            {"look": encode(look_order(self.name, hints, self._allowed))}, tuple[Found, ...]
        )
        helper = Helper(self.name)
        try:
            found: tuple[Found, ...] = helper.ask(look, Deadline.after(_LOAD_S))
        finally:
            helper.end(0.0)
        return [Reference(self.name, f.address, f.model, f.serial, f.label) for f in found]

    def create(self, reference: Reference, site: Site) -> Device:
        """Return the device, not yet opened."""
        return isolated(reference, site, self._allowed)
