"""Accounts of the people who work here: who they are, what they may do, and their PIN's hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

OperatorId = NewType("OperatorId", str)

PIN_DIGITS: Final = 6

_PIN: Final = re.compile(rf"[0-9]{{{PIN_DIGITS}}}")
_RUNS: Final = ("01234567890", "09876543210")


class Role(StrEnum):
    """One role for each account."""

    OPERATOR = "operator"  # records
    SUPERVISOR = "supervisor"  # records, approves, answers validations, sees figures
    COUNTER = "counter"  # hands cards over
    TECHNICIAN = "technician"  # devices, keys, export and import; sees no personal data


class Right(StrEnum):
    """What can be allowed."""

    RECORD = "record"
    SEE_PEOPLE = "see_people"
    HAND_OVER = "hand_over"
    APPROVE = "approve"
    VALIDATE = "validate"
    SEE_AUDIT = "see_audit"
    SET_UP = "set_up"
    CARRY_MEDIA = "carry_media"
    MANAGE_ACCOUNTS = "manage_accounts"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    # In a kecamatan office one person records and hands over; an event's recording desks have no cards.
    Role.OPERATOR: frozenset({Right.RECORD, Right.SEE_PEOPLE, Right.HAND_OVER}),
    Role.COUNTER: frozenset({Right.HAND_OVER, Right.SEE_PEOPLE}),
    Role.TECHNICIAN: frozenset({Right.SET_UP, Right.CARRY_MEDIA}),
    Role.SUPERVISOR: frozenset(
        {
            Right.RECORD,
            Right.SEE_PEOPLE,
            Right.HAND_OVER,
            Right.APPROVE,
            Right.VALIDATE,
            Right.SEE_AUDIT,
            Right.MANAGE_ACCOUNTS,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One named account; shared ones are forbidden."""

    id: OperatorId
    name: str
    role: Role
    pin_hash: str = field(repr=False)  # argon2id, with its own salt and cost
    active: bool = True
    failures: int = 0  # wrong PINs since the last right one
    wait_until: float = 0.0  # UTC seconds; no PIN is looked at before

    def may(self, right: Right) -> bool:
        """Whether the role has the right."""
        return self.active and right in RIGHTS[self.role]


def weak_pin(pin: str) -> str:
    """Return why a PIN is not good enough: FORMAT, SAME_DIGIT, RUN, or '' when it is."""
    if not _PIN.fullmatch(pin):
        return "FORMAT"
    if len(set(pin)) == 1:
        return "SAME_DIGIT"
    return "RUN" if any(pin in run for run in _RUNS) else ""


class PinHasher:
    """Argon2id over PINs. A PIN has few digits: the cost and the lock-out protect it together."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # RFC 9106, second recommended set: 64 MiB

    def hash(self, pin: str) -> str:
        """Return the encoded hash of a PIN; ValueError names the rule of a weak one."""
        weak = weak_pin(pin)
        if weak:
            raise ValueError(weak)
        return self._hasher.hash(pin)

    def matches(self, pin_hash: str, pin: str) -> bool:
        """Whether the PIN is the one hashed."""
        try:
            return self._hasher.verify(pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False
