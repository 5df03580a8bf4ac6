"""A documented reason why a slot stays empty, and who may give it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station.capture.slots import Slot


class ExemptionKind(StrEnum):
    """Why the part cannot be captured; every other slot is CAPTURED."""

    MISSING_PERMANENT = "MISSING_PERMANENT"
    UNREADABLE = "UNREADABLE"
    TEMPORARY = "TEMPORARY"
    REFUSED = "REFUSED"
    NOT_POSSIBLE = "NOT_POSSIBLE"


# A second person answers for what can never be checked again.
NEEDS_SECOND_PERSON: Final = frozenset(
    {ExemptionKind.MISSING_PERMANENT, ExemptionKind.NOT_POSSIBLE}
)
NEEDS_RETURN_DATE: Final = frozenset({ExemptionKind.TEMPORARY})


@dataclass(frozen=True, slots=True)
class Exemption:
    """One empty slot with its reason."""

    slot: Slot
    kind: ExemptionKind
    reason: str  # a short code or sentence chosen by the operator; never empty
    operator: str
    at: dt.datetime
    approved_by: str = ""  # the second person, where the kind needs one
    return_on: dt.date | None = None  # TEMPORARY: when the person comes back
