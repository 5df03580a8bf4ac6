"""What the desk tells a fresh helper: which driver to load, for which place, and the site's word."""

import datetime as dt
import time
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding

from drivers.contract import GradedModels, Hints, Reference, Site
from drivers.sbi.rules import Habits, HashChain, HashForm, Numbers, ServiceRules
from station.devices import Grade


@dataclass(frozen=True, slots=True)
class Graded:
    """One line of the signed table of grades."""

    driver: str
    make: str
    model: str
    firmware: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Habit:
    """The dialect of one device behind a service."""

    serial: str
    numbers: Numbers
    hashes: HashForm


@dataclass(frozen=True, slots=True)
class Services:
    """The site's word on device services; a hash chain runs inside the helper only."""

    env: str
    purpose: str
    habits: tuple[Habit, ...]
    chained: bool

    @classmethod
    def of(cls, rules: ServiceRules) -> "Services":
        """Return the rules in a form that can be sent."""
        habits = tuple(
            Habit(serial, habits.numbers, habits.hashes) for serial, habits in rules.habits.items()
        )
        return cls(rules.env, rules.purpose, habits, rules.chain is not None)

    def rules(self) -> ServiceRules:
        """Return the rules again."""
        habits = {each.serial: Habits(each.numbers, each.hashes) for each in self.habits}
        return ServiceRules(self.env, self.purpose, habits, HashChain() if self.chained else None)


@dataclass(frozen=True, slots=True)
class Make:
    """Load a driver and make one device of it."""

    driver: str
    address: str
    model: str
    serial: str
    label: str
    allowed: tuple[str, ...]
    roots: tuple[str, ...]  # DER in hexadecimal
    graded: tuple[Graded, ...]
    services: Services
    now: dt.datetime
    monotonic: float  # the desk's clock at the moment of asking
    asked: float  # the machine's monotonic clock at that moment, which both processes share


@dataclass(frozen=True, slots=True)
class Look:
    """Load a driver and let it discover."""

    driver: str
    allowed: tuple[str, ...]
    addresses: tuple[str, ...]
    model: str


class DeskClock:
    """The desk's clock carried on in another process of the same machine."""

    def __init__(self, order: Make) -> None:
        self._now = order.now
        self._monotonic = order.monotonic
        self._began = order.asked

    def now(self) -> dt.datetime:
        """Return the desk's UTC time."""
        return self._now + dt.timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        """Return the desk's monotonic seconds."""
        return self._monotonic + time.monotonic() - self._began


def make_order(reference: Reference, site: Site, allowed: Collection[str]) -> Make:
    """Return the order for one device."""
    return Make(
        reference.driver,
        reference.address,
        reference.model,
        reference.serial,
        reference.label,
        tuple(sorted(allowed)),
        tuple(root.public_bytes(Encoding.DER).hex() for root in site.roots),
        tuple(Graded(*key, grade) for key, grade in site.graded.items()),
        Services.of(site.services),
        site.clock.now(),
        site.clock.monotonic(),
        time.monotonic(),
    )


def look_order(driver: str, hints: Hints, allowed: Collection[str]) -> Look:
    """Return the order for one discovery."""
    return Look(driver, tuple(sorted(allowed)), hints.addresses, hints.model)


def graded_models(lines: Collection[Graded]) -> GradedModels:
    """Return the table of grades as the site keeps it."""
    return {(g.driver, g.make, g.model, g.firmware): g.grade for g in lines}
