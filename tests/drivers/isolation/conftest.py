"""Installs the nasty drivers as a distribution of their own, found by entry point."""

import pytest

from drivers.contract import GROUP, Reference, Site
from drivers.isolation import isolated
from station.clock import Deadline, SystemClock
from tests.drivers.isolation import nasty

KINDS = ("finger", "iris", "slap", "face", "pad", "camera", "card")


def install(place, module, objects):
    """Write a distribution whose entry points name objects of a module."""
    found = place / "acme_nasty-1.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-nasty\nVersion: 1.0\n")
    points = "".join(f"acme.{name.lower()} = {module}:{name}\n" for name in objects)
    (found / "entry_points.txt").write_text(f"[{GROUP}]\n{points}")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    install(tmp_path / "site", nasty.__name__, [kind.upper() for kind in KINDS])
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


@pytest.fixture
def make(installed):
    """Make an isolated device of a kind; open unless told otherwise; closed at the end."""
    made = []

    def build(kind, address="good", *, opened=True, site=None):
        name = f"acme.{kind}"
        device = isolated(Reference(name, address), site or Site(SystemClock()), [name])
        made.append(device)
        if opened:
            device.open(Deadline.after(20))
        return device

    yield build
    for device in made:
        device.close()


@pytest.fixture
def told(make, tmp_path):
    """One open finger scanner that is told before each capture how to misbehave."""
    orders = tmp_path / "orders"
    orders.write_text("good")
    scanner = make("finger", f"told={orders}")

    def tell(misdeed):
        orders.write_text(misdeed)
        return scanner

    return tell
