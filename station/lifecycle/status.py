"""The 18 official statuses of a recording, and how their spellings are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The official statuses in the order of the published table; the value is the official spelling."""

    UNREGISTERED = "UNREGISTERED"
    BIO_CAPTURED = "BIO_CAPTURED"
    PROCESSING = "PROCESSING"
    SENT_FOR_ENROLLMENT = "SENT_FOR_ENROLLMENT"
    RECEIVED_AT_CENTRAL = "RECEIVED_AT_CENTRAL"
    ENROLL_FAILURE_AT_CENTRAL = "ENROLL_FAILURE_AT_CENTRAL"
    ENROLL_FAILURE_AT_REGIONAL = "ENROLL_FAILURE_AT_REGIONAL"
    SEARCH_FAILURE_AT_CENTRAL = "SEARCH_FAILURE_AT_CENTRAL"
    PACKET_ENTRY = "PACKET_ENTRY"
    SENT_FOR_DEDUP = "SENT_FOR_DEDUP"
    DUPLICATE_RECORD = "DUPLICATE_RECORD"
    ADJUDICATE_RECORD = "ADJUDICATE_RECORD"
    REQUEST_VALIDATION = "REQUEST_VALIDATION"
    PRINT_READY_RECORD = "PRINT_READY_RECORD"
    SENT_FOR_CARD_PRINTING = "SENT_FOR_CARD_PRINTING"
    CARD_SHIPPED = "CARD_SHIPPED"
    CARD_PRINTED = "CARD_PRINTED"
    CARD_ISSUED = "CARD_ISSUED"

    @property
    def number(self) -> int:
        """The number of the status in the published table, 1..18."""
        return list(Status).index(self) + 1


@dataclass(frozen=True, slots=True)
class RawStatus:
    """A status text nobody here knows, kept exactly as it came."""

    text: str


AnyStatus = Status | RawStatus

# Offices and central systems do not spell alike; a site may add its own through ``more``.
ALIASES: Final[Mapping[str, Status]] = {
    "BIO_CAPTURE": Status.BIO_CAPTURED,
    "BIOCAPTURED": Status.BIO_CAPTURED,
    "SFE": Status.SENT_FOR_ENROLLMENT,
    "SENT_FOR_ENROLMENT": Status.SENT_FOR_ENROLLMENT,
    "SEND_FOR_ENROLLMENT": Status.SENT_FOR_ENROLLMENT,
    "RECEIVE_AT_CENTRAL": Status.RECEIVED_AT_CENTRAL,
    "RECEIVED_AT_CENTER": Status.RECEIVED_AT_CENTRAL,
    "ENROLL_FAILURE_CENTRAL": Status.ENROLL_FAILURE_AT_CENTRAL,
    "ENROL_FAILURE_AT_CENTRAL": Status.ENROLL_FAILURE_AT_CENTRAL,
    "ENROLLMENT_FAILURE_AT_CENTRAL": Status.ENROLL_FAILURE_AT_CENTRAL,
    "ENROLL_FAILURE_REGIONAL": Status.ENROLL_FAILURE_AT_REGIONAL,
    "ENROL_FAILURE_AT_REGIONAL": Status.ENROLL_FAILURE_AT_REGIONAL,
    "ENROLLMENT_FAILURE_AT_REGIONAL": Status.ENROLL_FAILURE_AT_REGIONAL,
    "SEARCH_FAILURE": Status.SEARCH_FAILURE_AT_CENTRAL,
    "SENT_FOR_DEDUPLICATION": Status.SENT_FOR_DEDUP,
    "SENT_FOR_DE_DUP": Status.SENT_FOR_DEDUP,
    "SEND_FOR_DEDUP": Status.SENT_FOR_DEDUP,
    "DUPLICATE": Status.DUPLICATE_RECORD,
    "DUP": Status.DUPLICATE_RECORD,
    "DUPLICATED_RECORD": Status.DUPLICATE_RECORD,
    "ADJUDICATE": Status.ADJUDICATE_RECORD,
    "ADJUDICATED_RECORD": Status.ADJUDICATE_RECORD,
    "REQUEST_FOR_VALIDATION": Status.REQUEST_VALIDATION,
    "PRR": Status.PRINT_READY_RECORD,
    "PRINT_READY": Status.PRINT_READY_RECORD,
    "PRINT_READY_RECORD_PRR": Status.PRINT_READY_RECORD,
    "SENT_FOR_PRINTING": Status.SENT_FOR_CARD_PRINTING,
    "SEND_FOR_CARD_PRINTING": Status.SENT_FOR_CARD_PRINTING,
}


class Reason(StrEnum):
    """Why an enrolment failed at the centre or region."""

    INCOMPLETE = "INCOMPLETE"
    UNREADABLE = "UNREADABLE"
    AREA_CODE = "AREA_CODE"
    UNKNOWN = "UNKNOWN"


def read_status(text: str, reason: str = "", more: Mapping[str, Status] | None = None) -> AnyStatus:
    """Read a status text; unknown text is kept raw, never guessed and never an error.

    One description lists ENROLL_FAILURE_AT_CENTRAL twice, the second time for a wrong area code:
    with that reason it is read as ENROLL_FAILURE_AT_REGIONAL.
    """
    words = "".join(letter if letter.isalnum() else " " for letter in text.upper()).split()
    key = "_".join(words)
    found = (more or {}).get(key) or ALIASES.get(key)
    if found is None and key in Status.__members__:
        found = Status[key]
    if found is None:
        return RawStatus(text)
    if found is Status.ENROLL_FAILURE_AT_CENTRAL and reason == Reason.AREA_CODE:
        return Status.ENROLL_FAILURE_AT_REGIONAL
    return found
