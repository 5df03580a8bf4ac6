"""Services with all their devices, and the one invented person before them."""

import pytest

from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_device import Manner
from drivers.emulation.sbi_subject import DrawnSubject
from drivers.sbi.identity import Kind
from station.clock import SystemClock
from station.devices import Slap

ALL = (Kind.IRIS, Kind.SLAP, Kind.FACE)
NEW = Manner(version="1.0", level="L1")
PORTS = range(15000, 15600)


@pytest.fixture(scope="session")
def authority():
    return EmulatedAuthority.make(SystemClock().now())


@pytest.fixture(scope="session")
def person():
    person = DrawnSubject(4)
    person.hand(Slap.RIGHT_FOUR.fingers)
    return person


def serving(person, authority, kinds=ALL, manner=None, **options):
    return SbiEmulator(
        person, authority, SystemClock(), ports=PORTS, fps=15, kinds=kinds, manner=manner, **options
    ).start()


@pytest.fixture(scope="module")
def old_service(person, authority):
    service = serving(person, authority)
    yield service
    service.stop()


@pytest.fixture(scope="module")
def new_service(person, authority):
    service = serving(person, authority, manner=NEW)
    yield service
    service.stop()


@pytest.fixture(params=["0.9.5", "1.0"])
def service(request):
    """A service of each version in turn."""
    return request.getfixturevalue("old_service" if request.param == "0.9.5" else "new_service")


@pytest.fixture(autouse=True)
def _everybody_well(request):
    yield
    if "person" not in request.fixturenames:
        return
    person = request.getfixturevalue("person")
    person.looks = person.faces = person.touches = True
    person.fingers, person.missing = None, frozenset()
    for name in ("old_service", "new_service"):
        if name in request.fixturenames:
            request.getfixturevalue(name).heal()
