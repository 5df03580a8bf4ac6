"""What happened in an enrolment, as an append-only list: the draft is nothing but these events."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from station.capture.exemption import Exemption
from station.capture.sample import Sample
from station.capture.slots import Slot
from station.errors import StoreCorrupt


@dataclass(frozen=True, slots=True)
class Started:
    """The operator found an eligible person and began."""

    enrolment_id: str
    person_json: str  # the register's record as shown, canonical JSON
    recording_no: int
    hold: str  # "" or "AGE_17"
    print_from: dt.date | None
    backdrop: str  # "red", "blue", "orange"
    operator: str
    desk: str
    at: dt.datetime
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True)
class DataConfirmed:
    """The applicant confirmed the register's data."""

    operator: str
    at: dt.datetime
    kind: Literal["data_confirmed"] = "data_confirmed"


@dataclass(frozen=True, slots=True)
class AttemptTaken:
    """A sample was captured, judged and stored."""

    sample: Sample
    kind: Literal["attempt_taken"] = "attempt_taken"


@dataclass(frozen=True, slots=True)
class AttemptsWithdrawn:
    """Tries of a slot showed another part of the body, or another person: they stay, but do not count."""

    slot: Slot
    attempts: tuple[int, ...]  # their numbers
    because: str  # the finding's code
    operator: str
    at: dt.datetime
    kind: Literal["attempts_withdrawn"] = "attempts_withdrawn"


@dataclass(frozen=True, slots=True)
class PhotoApproved:
    """The applicant approved this photo."""

    sha256: str
    at: dt.datetime
    kind: Literal["photo_approved"] = "photo_approved"


@dataclass(frozen=True, slots=True)
class SlotAccepted:
    """The operator accepted the best attempt although a gate failed, with a reason (after the retries)."""

    slot: Slot
    reason: str
    operator: str
    at: dt.datetime
    kind: Literal["slot_accepted"] = "slot_accepted"


@dataclass(frozen=True, slots=True)
class ExemptionGiven:
    """A slot stays empty for a documented reason."""

    exemption: Exemption
    kind: Literal["exemption_given"] = "exemption_given"


@dataclass(frozen=True, slots=True)
class ExemptionLifted:
    """The exemption was a mistake; the slot is asked again."""

    slot: Slot
    operator: str
    at: dt.datetime
    kind: Literal["exemption_lifted"] = "exemption_lifted"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A finger meant for the chip was placed again and compared 1:1 with its stored sample."""

    slot: Slot
    sample_sha256: str
    score: float
    matched: bool
    at: dt.datetime
    kind: Literal["rechecked"] = "rechecked"


@dataclass(frozen=True, slots=True)
class RecheckWaived:
    """A second person let the record go on although the finger did not match again."""

    slot: Slot
    sample_sha256: str
    reason: str
    operator: str
    approved_by: str
    at: dt.datetime
    kind: Literal["recheck_waived"] = "recheck_waived"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The applicant confirmed the whole record on the review page."""

    operator: str
    at: dt.datetime
    kind: Literal["confirmed"] = "confirmed"


@dataclass(frozen=True, slots=True)
class Sealed:
    """The packet is sealed, stored and read back; nothing may follow."""

    packet_id: str
    sha256: str
    at: dt.datetime
    kind: Literal["sealed"] = "sealed"


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The enrolment was ended before sealing; its samples are shredded."""

    reason: str
    operator: str
    at: dt.datetime
    kind: Literal["abandoned"] = "abandoned"


CaptureEvent = (
    Started
    | DataConfirmed
    | AttemptTaken
    | AttemptsWithdrawn
    | PhotoApproved
    | SlotAccepted
    | ExemptionGiven
    | ExemptionLifted
    | Rechecked
    | RecheckWaived
    | Confirmed
    | Sealed
    | Abandoned
)

_ADAPTER: Final[TypeAdapter[CaptureEvent]] = TypeAdapter(
    Annotated[CaptureEvent, Field(discriminator="kind")]
)


def to_json(event: CaptureEvent) -> bytes:
    """Return the event as JSON for the store."""
    return _ADAPTER.dump_json(event)


def from_json(data: bytes) -> CaptureEvent:
    """Return the event stored as JSON; StoreCorrupt when it is not one."""
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError as cause:
        raise StoreCorrupt(what="draft event") from cause
