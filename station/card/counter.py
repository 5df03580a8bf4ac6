"""What a card counter works with, passed in as one thing; and how its progress is told."""

from collections.abc import Callable
from dataclasses import dataclass

from station.card.journal import CardJournal
from station.card.register import CardRegister
from station.card.sam import SamPort
from station.card.sod import CardTrust
from station.clock import Clock

Progress = Callable[[str, int, int], None]  # (step, done, total); called on the working thread


@dataclass(frozen=True, slots=True)
class CardCounter:
    """Keys, books and clock of one counter."""

    sam: SamPort
    register: CardRegister
    journal: CardJournal
    trust: CardTrust
    clock: Clock
    station_id: str


def silent(step: str, done: int, total: int) -> None:
    """Take progress and say nothing."""
    del step, done, total
