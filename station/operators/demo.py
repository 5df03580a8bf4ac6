"""Accounts for rehearsals. Their PINs are public: a station in production never loads them."""

from typing import Final

from argon2 import PasswordHasher

from station.clock import Clock
from station.operators.account import Account, OperatorId, PinHasher, Role
from station.operators.accounts import Accounts
from station.operators.shelf import MemoryAccounts

RINA: Final = OperatorId("rina")
BUDI: Final = OperatorId("budi")
SARI: Final = OperatorId("sari")
TONO: Final = OperatorId("tono")

DEMO_PINS: Final = {RINA: "246810", BUDI: "135790", SARI: "112233", TONO: "908070"}

_PEOPLE: Final = (
    (RINA, "Rina W.", Role.OPERATOR),
    (BUDI, "Budi S.", Role.SUPERVISOR),
    (SARI, "Sari M.", Role.COUNTER),
    (TONO, "Tono H.", Role.TECHNICIAN),
)


def cheap_hasher() -> PinHasher:
    """Return a hasher that takes a millisecond: these PINs are no secret."""
    return PinHasher(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def demo_accounts(clock: Clock) -> Accounts:
    """Return the four people of the rehearsal, kept in memory."""
    hasher = cheap_hasher()
    people = tuple(
        Account(who, name, role, hasher.hash(DEMO_PINS[who])) for who, name, role in _PEOPLE
    )
    return Accounts(MemoryAccounts(people), clock, hasher)
