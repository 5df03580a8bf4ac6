"""Opening the device that belongs to a place, out of everything that may be it."""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from drivers.contract import Reference
from drivers.supervision.identity import Identity
from drivers.supervision.sight import footprint, is_node
from drivers.supervision.source import Source
from drivers.supervision.verdicts import worse
from station.clock import Deadline
from station.devices import Device
from station.errors import StationError


@dataclass(frozen=True, slots=True)
class Plugged:
    """A device that stands open somewhere."""

    device: Device
    reference: Reference
    mark: Hashable  # the footprint of its address when it was opened
    identity: Identity


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search came to: the right device, or one to ask the operator about, or why neither."""

    right: Plugged | None = None
    other: Plugged | None = None
    error: StationError | None = None


def search(
    source: Source,
    found: Collection[Reference],
    expected: Identity | None,
    deadline: Deadline,
    opening: Callable[[Device], object],
) -> Outcome:
    """Open one after the other until the expected device is among them; close all that are not returned.

    ``opening`` is told each device before it is opened: closing it from another thread ends the wait.
    """
    error: StationError | None = None
    other: Plugged | None = None
    for reference in _likeliest_first(source, found, expected):
        try:
            plugged = plug(source, reference, deadline, opening)
        except StationError as cause:
            error = worse(error, cause)
            continue
        if _belongs(plugged.identity, expected, source.serial):
            if other is not None:
                other.device.close()
            return Outcome(right=plugged)
        if other is None:
            other = plugged
        else:
            plugged.device.close()
    return Outcome(other=other, error=error)


def _belongs(found: Identity, expected: Identity | None, configured: str) -> bool:
    """Whether a device is the one of the place: the one we knew, else the one the site names, else any."""
    if expected is not None:
        return expected.may_be(found)
    return not configured or not found.told or found.serial == configured


def plug(
    source: Source,
    reference: Reference,
    deadline: Deadline,
    opening: Callable[[Device], object],
) -> Plugged:
    """Make and open the device of a reference; StationError."""
    # Looked at first: a replug while the device is being opened then shows as another footprint.
    mark = footprint(source.driver, reference.address)
    device = source.make(reference)
    opening(device)
    try:
        device.open(deadline)
    except BaseException:
        if not source.lasting:
            device.close()
        raise
    return Plugged(device, reference, mark, Identity.of(device, reference.serial))


def _likeliest_first(
    source: Source, found: Collection[Reference], expected: Identity | None
) -> list[Reference]:
    """Return the serial we know first, then configured places, then the rest."""
    serial = expected.serial if expected is not None else ""

    def rank(each: Reference) -> tuple[bool, bool]:
        return (not serial or each.serial != serial, each.address not in source.addresses)

    return sorted((each for each in found if _concerns(each, source, serial)), key=rank)


def _concerns(reference: Reference, source: Source, serial: str) -> bool:
    """Whether a reference may be the device of a place whose address the site has fixed.

    A driver lists its whole bus; of what stands elsewhere only the device we know by its serial number
    counts: it was moved to another socket.
    """
    fixed = [address for address in source.addresses if is_node(source.driver, address)]
    return not fixed or reference.address in fixed or bool(serial and reference.serial == serial)
