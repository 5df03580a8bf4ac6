"""The slow profile takes about as long as the public demonstration did; measured without waiting."""

from dataclasses import dataclass, field

from drivers.emulation.card.delay import INSTANT, NFC106, Delay
from drivers.emulation.card.rack import make_chip
from tests.drivers.card.world import World
from tests.station.card.sample import MASTER


@dataclass(frozen=True)
class Counting(Delay):
    """Adds up what ``nfc106`` would take and waits for nothing."""

    spent: list[float] = field(default_factory=list)

    def of(self, wire_bytes: int, pages: int) -> float:
        self.spent.append(NFC106.of(wire_bytes, pages))
        return 0.0


def test_nfc106_makes_a_personalisation_about_ten_seconds() -> None:
    world = World()
    delay = Counting("counting", 0, 0, 0)
    world.rack.cards[world.serial] = make_chip(MASTER, bytes.fromhex(world.serial), delay=delay)
    world.lay_again()
    world.personalise()
    assert 8 < sum(delay.spent) < 12


def test_instant_takes_no_time() -> None:
    assert INSTANT.of(260, 4) == 0
