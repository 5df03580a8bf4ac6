"""The 38 transitions between official statuses, and who may cause which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from station.errors import TransitionRefused
from station.lifecycle.status import Status

S = Status

NEXT: Final[Mapping[Status, frozenset[Status]]] = {
    S.UNREGISTERED: frozenset({S.BIO_CAPTURED}),
    S.BIO_CAPTURED: frozenset({S.PROCESSING}),
    S.PROCESSING: frozenset({S.SENT_FOR_ENROLLMENT}),
    S.SENT_FOR_ENROLLMENT: frozenset({S.RECEIVED_AT_CENTRAL, S.PROCESSING}),
    S.RECEIVED_AT_CENTRAL: frozenset(
        {
            S.ENROLL_FAILURE_AT_CENTRAL,
            S.ENROLL_FAILURE_AT_REGIONAL,
            S.SEARCH_FAILURE_AT_CENTRAL,
            S.PACKET_ENTRY,
            S.SENT_FOR_DEDUP,
        }
    ),
    S.ENROLL_FAILURE_AT_CENTRAL: frozenset({S.PACKET_ENTRY, S.BIO_CAPTURED}),
    S.ENROLL_FAILURE_AT_REGIONAL: frozenset({S.PACKET_ENTRY, S.BIO_CAPTURED}),
    S.SEARCH_FAILURE_AT_CENTRAL: frozenset({S.PACKET_ENTRY, S.SENT_FOR_DEDUP}),
    S.PACKET_ENTRY: frozenset({S.SENT_FOR_ENROLLMENT, S.RECEIVED_AT_CENTRAL}),
    S.SENT_FOR_DEDUP: frozenset(
        {S.DUPLICATE_RECORD, S.ADJUDICATE_RECORD, S.REQUEST_VALIDATION, S.PRINT_READY_RECORD}
    ),
    S.DUPLICATE_RECORD: frozenset({S.PRINT_READY_RECORD, S.UNREGISTERED}),
    S.ADJUDICATE_RECORD: frozenset(
        {S.PRINT_READY_RECORD, S.DUPLICATE_RECORD, S.REQUEST_VALIDATION, S.UNREGISTERED}
    ),
    S.REQUEST_VALIDATION: frozenset({S.SENT_FOR_DEDUP, S.PRINT_READY_RECORD, S.UNREGISTERED}),
    S.PRINT_READY_RECORD: frozenset({S.SENT_FOR_CARD_PRINTING}),
    S.SENT_FOR_CARD_PRINTING: frozenset({S.CARD_SHIPPED, S.CARD_PRINTED}),
    S.CARD_SHIPPED: frozenset({S.CARD_PRINTED}),
    S.CARD_PRINTED: frozenset({S.CARD_ISSUED, S.SENT_FOR_CARD_PRINTING}),
    S.CARD_ISSUED: frozenset({S.SENT_FOR_CARD_PRINTING}),
}


class Actor(StrEnum):
    """Who causes a change of status."""

    RECORDING_DESK = "recording_desk"
    COUNTER = "counter"
    PRINT_ROOM = "print_room"
    CENTRE = "centre"  # the centre or the region: its word is official


Move = tuple[Status, Status]

ALL_MOVES: Final[frozenset[Move]] = frozenset(
    (held, wanted) for held, after in NEXT.items() for wanted in after
)

# A new capture after an enrolment failure needs the centre's order; a reset by the centre does not.
ORDERED_MOVES: Final[frozenset[Move]] = frozenset(
    {
        (S.ENROLL_FAILURE_AT_CENTRAL, S.BIO_CAPTURED),
        (S.ENROLL_FAILURE_AT_REGIONAL, S.BIO_CAPTURED),
    }
)

MOVES_OF: Final[Mapping[Actor, frozenset[Move]]] = {
    Actor.RECORDING_DESK: ORDERED_MOVES
    | {
        (S.UNREGISTERED, S.BIO_CAPTURED),
        (S.BIO_CAPTURED, S.PROCESSING),
        (S.PROCESSING, S.SENT_FOR_ENROLLMENT),
        (S.SENT_FOR_ENROLLMENT, S.PROCESSING),  # the transport is proved to have failed
        (S.PACKET_ENTRY, S.SENT_FOR_ENROLLMENT),
    },
    Actor.COUNTER: frozenset(
        {
            (S.CARD_PRINTED, S.CARD_ISSUED),
            (S.CARD_PRINTED, S.SENT_FOR_CARD_PRINTING),
            (S.CARD_ISSUED, S.SENT_FOR_CARD_PRINTING),
        }
    ),
    Actor.PRINT_ROOM: frozenset(
        {
            (S.SENT_FOR_CARD_PRINTING, S.CARD_PRINTED),
            (S.CARD_SHIPPED, S.CARD_PRINTED),
            (S.CARD_PRINTED, S.SENT_FOR_CARD_PRINTING),
        }
    ),
    Actor.CENTRE: ALL_MOVES,
}


def advance(held: Status, wanted: Status, actor: Actor, order_id: str = "") -> Status:
    """Return the wanted status, or raise TransitionRefused with the reason.

    ``order_id`` names the centre's order; the desk needs it to capture again after a failure.
    """
    reason = ""
    if wanted not in NEXT[held]:
        reason = "NOT_IN_TABLE"
    elif (held, wanted) not in MOVES_OF[actor]:
        reason = "NOT_YOURS"
    elif (held, wanted) in ORDERED_MOVES and actor is not Actor.CENTRE and not order_id:
        reason = "NO_ORDER"
    if reason:
        raise TransitionRefused(reason=reason, held=held, wanted=wanted, actor=actor)
    return wanted


def may_start_recording(status: object) -> bool:
    """Whether a new recording may begin: only from UNREGISTERED."""
    return status is Status.UNREGISTERED
