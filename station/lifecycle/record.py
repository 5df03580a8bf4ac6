"""One person's recording and its history: local steps and the centre's events, folded in one order.

The state is never stored by hand: it is the fold over what happened, in the order of ``server_seq``.
Repeats are ignored, a late event is put in its place and everything is folded again. An official
event outside the 38 moves is kept and flagged, never guessed; unknown text is kept raw.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from station.errors import TransitionRefused
from station.lifecycle.status import AnyStatus, RawStatus, Status, read_status
from station.lifecycle.transitions import NEXT, Actor, advance


class Delivery(StrEnum):
    """How far the packet is on its way; local, and separate from the official status."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT_UNCONFIRMED = "SENT_UNCONFIRMED"
    ACKED = "ACKED"  # only on a receipt signed by the centre; a hub's receipt is not one
    RESEND_WANTED = "RESEND_WANTED"


class Hold(StrEnum):
    """A local reason to wait; no official status exists for it."""

    AGE_17 = "AGE_17"
    PHOTO_MISMATCH = "PHOTO_MISMATCH"
    NIK_EXISTS = "NIK_EXISTS"
    DATA_FIX = "DATA_FIX"
    MOVE_LETTER = "MOVE_LETTER"


class Flag(StrEnum):
    """Why an event did not move the status."""

    OUTSIDE_TABLE = "OUTSIDE_TABLE"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    FOREIGN_PACKET = "FOREIGN_PACKET"  # another desk recorded the same person
    STEP_OVERTAKEN = "STEP_OVERTAKEN"  # a local step that a late event made impossible


@dataclass(frozen=True, slots=True)
class HoldNote:
    """One hold, with the day it ends when that is known."""

    hold: Hold
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One line of the centre's status feed."""

    record_id: str
    packet_id: str
    attempt: int
    status: str  # as sent
    reason: str
    source: str
    event_time: dt.datetime
    server_seq: int  # 1.., unique per station; the only order that counts


@dataclass(frozen=True, slots=True)
class LocalStep:
    """One change of status that this site caused. ``after_seq``: the last event known then."""

    status: Status
    actor: Actor
    packet_id: str
    attempt: int
    at: dt.datetime
    after_seq: int
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the timeline, oldest first. ``flag`` is None when the status moved or was confirmed."""

    status: AnyStatus
    at: dt.datetime
    source: str
    reason: str
    packet_id: str
    flag: Flag | None


@dataclass(frozen=True, slots=True)
class _State:
    held: Status
    shown: AnyStatus
    packet_id: str = ""
    attempt: int = 0
    recording_no: int = 1
    reason: str = ""
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One NIK's recording at this site. Every change gives a new Record."""

    record_id: str
    nik: str = field(repr=False)
    person_name: str = field(repr=False)
    start: Status  # the answer of the look-up; not a transition
    delivery: Delivery = Delivery.DRAFT
    holds: tuple[HoldNote, ...] = ()
    events: tuple[StatusEvent, ...] = ()
    steps: tuple[LocalStep, ...] = ()
    history: tuple[HistoryLine, ...] = field(init=False, compare=False)
    _state: _State = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        state, history = _fold(self.start, self.events, self.steps)
        object.__setattr__(self, "_state", state)
        object.__setattr__(self, "history", history)

    @property
    def official_status(self) -> AnyStatus:
        """The status to show: what the centre says, or what the station owns."""
        return self._state.shown

    @property
    def known_status(self) -> Status:
        """The last official status this program knows; equals ``official_status`` unless that is raw."""
        return self._state.held

    @property
    def packet_id(self) -> str:
        """The packet of the current recording, '' before there is one."""
        return self._state.packet_id

    @property
    def attempt(self) -> int:
        """How often the current packet was sent, as last reported."""
        return self._state.attempt

    @property
    def recording_no(self) -> int:
        """Which recording of this person it is: 1, or more after a deletion or a new capture."""
        return self._state.recording_no

    @property
    def reason(self) -> str:
        """The reason given with the present status."""
        return self._state.reason

    @property
    def since(self) -> dt.datetime | None:
        """When the present status was reached; None at the start."""
        return self._state.since

    @property
    def last_seq(self) -> int:
        """The highest server_seq applied, 0 when there is none."""
        return max((event.server_seq for event in self.events), default=0)

    @property
    def flagged(self) -> tuple[HistoryLine, ...]:
        """Lines that need a person's eye."""
        return tuple(line for line in self.history if line.flag)

    def held(self, hold: Hold) -> bool:
        """Whether a hold is set."""
        return any(note.hold is hold for note in self.holds)

    def may_print(self, today: dt.date) -> bool:
        """Whether the card may go on the print list: ready, and no hold that still runs."""
        running = [n for n in self.holds if n.until is None or n.until > today]
        return self.official_status is Status.PRINT_READY_RECORD and not running

    def apply(self, event: StatusEvent) -> "Record":
        """Take one event of the feed; a repeat changes nothing, a late one folds everything again."""
        return self.apply_all((event,))

    def apply_all(self, events: Iterable[StatusEvent]) -> "Record":
        """Take several events in any order.

        Raises:
            ValueError: an event of another record, or two different events with one server_seq.
        """
        known = {event.server_seq: event for event in self.events}
        before = len(known)
        for event in events:
            if event.record_id != self.record_id:
                raise ValueError("event of another record")
            if known.setdefault(event.server_seq, event) != event:
                raise ValueError("two events with one server_seq")
        if len(known) == before:
            return self
        return replace(self, events=tuple(known[seq] for seq in sorted(known)))

    def step(
        self,
        status: Status,
        actor: Actor,
        at: dt.datetime,
        *,
        packet_id: str = "",
        order_id: str = "",
    ) -> "Record":
        """Make a change this site may cause; TransitionRefused otherwise.

        Sending again (from PACKET_ENTRY) raises ``attempt``. A new capture must name a new packet.
        """
        if isinstance(self.official_status, RawStatus):
            raise TransitionRefused(reason="UNKNOWN_STATUS", wanted=status, actor=actor)
        advance(self.known_status, status, actor, order_id)
        packet = packet_id or self.packet_id
        captured = status is Status.BIO_CAPTURED
        if captured and (not packet_id or packet_id == self.packet_id):
            raise TransitionRefused(reason="NEW_PACKET_NEEDED", wanted=status, actor=actor)
        if not captured and packet != self.packet_id:
            raise TransitionRefused(reason="OTHER_PACKET", wanted=status, actor=actor)
        attempt = 0 if captured else self.attempt + (status is Status.SENT_FOR_ENROLLMENT)
        made = LocalStep(status, actor, packet, attempt, at, self.last_seq, order_id)
        return replace(self, steps=(*self.steps, made))

    def with_delivery(self, delivery: Delivery) -> "Record":
        """Return the record with another delivery state."""
        return replace(self, delivery=delivery)

    def with_hold(self, hold: Hold, until: dt.date | None = None) -> "Record":
        """Set a hold, or change its end."""
        return replace(self, holds=(*self.without_hold(hold).holds, HoldNote(hold, until)))

    def without_hold(self, hold: Hold) -> "Record":
        """Lift a hold."""
        return replace(self, holds=tuple(note for note in self.holds if note.hold is not hold))


def _fold(
    start: Status, events: Iterable[StatusEvent], steps: Iterable[LocalStep]
) -> tuple[_State, tuple[HistoryLine, ...]]:
    # A step stands right after the last event that was known when it was made.
    queue: list[tuple[tuple[int, int, int], StatusEvent | LocalStep]] = [
        ((event.server_seq, 0, 0), event) for event in events
    ]
    queue += [((step.after_seq, 1, number), step) for number, step in enumerate(steps)]
    queue.sort(key=lambda item: item[0])
    state = _State(start, start)
    history: list[HistoryLine] = []
    early: list[StatusEvent] = []  # the run of events right before now that were not yet possible
    for _, happened in queue:
        if isinstance(happened, StatusEvent):
            state, line = _fold_event(state, happened)
            early = [*early, happened] if line.flag is Flag.OUTSIDE_TABLE else []
            history.append(line)
            continue
        state, line = _fold_step(state, happened)
        # The centre can be faster than this desk's own note of a sending: what came too early is
        # tried once more behind the step, and stays flagged when it is still not possible.
        history[len(history) - len(early) :] = [line]
        for event in early:
            state, line = _fold_event(state, event)
            history.append(line)
        early = []
    return state, tuple(history)


def _fold_step(state: _State, step: LocalStep) -> tuple[_State, HistoryLine]:
    flag = None if step.status in NEXT[state.held] else Flag.STEP_OVERTAKEN
    line = HistoryLine(step.status, step.at, step.actor, "", step.packet_id, flag)
    return (state if flag else _moved(state, step.status, step, step.at)), line


def _fold_event(state: _State, event: StatusEvent) -> tuple[_State, HistoryLine]:
    status = read_status(event.status, event.reason)
    flag = _flag(state, status, event)
    line = HistoryLine(status, event.event_time, event.source, event.reason, event.packet_id, flag)
    if flag is Flag.UNKNOWN_STATUS:
        return replace(state, shown=status, since=event.event_time), line
    if flag or not isinstance(status, Status):
        return state, line
    if status is state.held:  # the centre confirms, or repeats with a reason or an attempt
        attempt = max(state.attempt, event.attempt)
        packet = state.packet_id or event.packet_id
        reason = event.reason or state.reason
        return (
            replace(state, shown=status, attempt=attempt, packet_id=packet, reason=reason),
            line,
        )
    return _moved(state, status, event, event.event_time, event.reason), line


def _flag(state: _State, status: AnyStatus, event: StatusEvent) -> Flag | None:
    if isinstance(status, RawStatus):
        return Flag.UNKNOWN_STATUS
    foreign = bool(state.packet_id and event.packet_id and event.packet_id != state.packet_id)
    recaptured = status is Status.BIO_CAPTURED and status in NEXT[state.held]
    if foreign and not recaptured:
        return Flag.FOREIGN_PACKET
    if status is not state.held and status not in NEXT[state.held]:
        return Flag.OUTSIDE_TABLE
    return None


def _moved(
    state: _State,
    status: Status,
    cause: StatusEvent | LocalStep,
    at: dt.datetime,
    reason: str = "",
) -> _State:
    if status is Status.UNREGISTERED:  # deleted at the centre: the next one is a new recording
        return _State(status, status, recording_no=state.recording_no + 1, reason=reason, since=at)
    packet = cause.packet_id or state.packet_id
    replaced = bool(state.packet_id) and packet != state.packet_id
    return _State(
        held=status,
        shown=status,
        packet_id=packet,
        attempt=cause.attempt if replaced else max(state.attempt, cause.attempt),
        recording_no=state.recording_no + replaced,
        reason=reason,
        since=at,
    )
