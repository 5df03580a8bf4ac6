"""Card readers over PC/SC: found by name, serial number and role, watched without polling, held exclusively."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

from drivers.owned import OwnedDevice
from drivers.smartcard import identity
from drivers.smartcard.identity import Role
from drivers.smartcard.scard import PcscContext, pcsc_context
from drivers.smartcard.transport import WATCHDOG_S, PcscTransport
from station.capabilities import Capabilities
from station.clock import CancelToken, Deadline
from station.devices import (
    CardTransport,
    DeviceInfo,
    DeviceState,
    Grade,
    Health,
    HealthState,
    Modality,
)
from station.errors import (
    CardError,
    CardOutcomeUnknown,
    DeviceBusy,
    NoCard,
    NoReader,
    NotSupported,
    StationError,
)

# Waits end by SCardCancel; one that begins just after its cancel is caught at the end of a slice.
_SLICE_MS: Final = 200
_FREE_S: Final = 0.5
_ABSENT_S: Final = 0.2  # between two looks for a service that does not run


class PcscReader(OwnedDevice):
    """One PC/SC reader. Every call uses a context of its own, so a restarted service needs no reopening."""

    def __init__(
        self,
        name_pattern: str,
        *,
        serial: str = "",
        role: Role = Role.APPLICANT,
        grade: Grade | None = None,
        graded: Callable[[str, str, str], Grade] | None = None,
        watchdog_s: float = WATCHDOG_S,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        """Name the reader; nothing is asked yet.

        Args:
            name_pattern: a part of its name; '' for any.
            serial: its serial number, where two share a name.
            role: whose card it holds.
            grade: forced; else EMULATED for vpcd's readers, and for others what ``graded`` says.
            graded: the site's grade of a make, model and firmware.
            watchdog_s: how long a card may stay silent.
            on_close: runs once at close.
        """
        self._pattern = name_pattern
        self._serial = serial
        self._role = role
        self._grade = grade
        self._graded = graded
        self._watchdog_s = watchdog_s
        self._on_close = on_close
        self._name = ""
        self._lost = False  # since the last good call the reader went away
        self._waiting: PcscContext | None = None
        self._free = threading.Event()  # cleared while a mute card blocks a connection's thread
        self._free.set()
        self._last: PcscTransport | None = None
        self._serial_is_told = False
        super().__init__(self._described(name_pattern, None))

    @property
    def path_kind(self) -> str:
        """``pcsc``."""
        return "pcsc"

    @property
    def role(self) -> Role:
        """Whose card it holds."""
        return self._role

    @property
    def capabilities(self) -> Capabilities:
        """A card reader's; the serial number is configured where the reader's driver does not tell it."""
        return Capabilities(Modality.CARD, serial_is_configured=not self._serial_is_told)

    def close(self) -> None:
        """Release connection and waits, then whatever was started for this reader."""
        super().close()
        todo, self._on_close = self._on_close, None
        if todo is not None:
            todo()

    def self_test(self, deadline: Deadline) -> Health:
        """Ask the service for the reader, opening it when it never was; one that had gone is looked for."""
        try:
            if not self._name:
                self.open(deadline)
            self.card_present()
        except DeviceBusy:  # a wait for a card proves the same
            return Health(HealthState.READY, detail=self._name)
        except StationError as fault:
            return Health(HealthState.ABSENT, fault.code, str(fault.facts.get("reason", "")))
        if not self._free.is_set():
            return Health(HealthState.ATTENTION, CardOutcomeUnknown.code, "mute")
        return Health(HealthState.READY, detail=self._name)

    def identify(self, deadline: Deadline) -> None:
        """Blink or beep by the reader's own escape; NotSupported where none is known or let through."""
        del deadline
        command = identity.blink_command(self._known_name())
        with pcsc_context() as context:
            if command is None or not identity.send_escape(context, self._known_name(), command):
                raise NotSupported(driver="reader.pcsc", reason="no blink")

    def card_present(self) -> bool:
        """Whether a card lies on the reader now; NoReader."""
        with self._watching() as context:
            return context.present(context.slots([self._known_name()])[0])

    def wait_card(self, cancel: CancelToken, deadline: Deadline, *, present: bool = True) -> None:
        """Block until a card is there (or gone); NoCard at the deadline, NoReader.

        One wait of the service, ended by the event, the deadline, or SCardCancel.
        """
        self._known_name()
        with self._using(cancel), self._watching() as context:
            self._enter(DeviceState.WAIT_SUBJECT)
            self._waiting = context
            try:
                slot = context.slots([self._known_name()])[0]
                while context.present(slot) is not present:
                    cancel.check()
                    if deadline.passed():
                        raise NoCard(waited_for="present" if present else "absent")
                    slot = context.wait(slot, _slice_ms(deadline))
            finally:
                self._waiting = None
                self._enter(DeviceState.READY)

    def connect(self) -> CardTransport:
        """Connect exclusively; NoCard, NoReader, CardError.

        Reasons of the last: ``sharing``, ``mute`` until the card is lifted, and ``sam_card`` or ``not_a_sam``
        when the card belongs into the other reader.
        """
        if not self._free.wait(_FREE_S):  # a slow card may have come to its end just now
            raise CardError(reason="mute", reader=self._known_name())
        with self._watching():
            transport = self._exclusive()
        if identity.is_sam(transport.atr) is not (self._role is Role.SAM):
            transport.close()
            self._went()  # perhaps it was chosen before its card was seen: choose anew next time
            reason = "not_a_sam" if self._role is Role.SAM else "sam_card"
            raise CardError(reason=reason, reader=self._known_name())
        self._last = transport
        return transport

    def _exclusive(self) -> PcscTransport:
        """Connect; a card that somebody is just letting go is asked for again, for half a second."""
        pause, patience = threading.Event(), Deadline.after(_FREE_S)
        while True:
            try:
                return PcscTransport(self._known_name(), self._watchdog_s, self._free)
            except CardError as cause:
                if cause.facts.get("reason") != "sharing" or patience.passed():
                    raise
            pause.wait(0.05)

    def _connected(self) -> bool:
        return bool(self._name)

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        """Find the reader, waiting for it to be plugged; NoReader at the deadline."""
        pause = threading.Event()
        while True:
            try:
                with pcsc_context(self._note_waiting) as context:
                    try:
                        return self._found(context)
                    except NoReader as cause:
                        fault = cause
                        if not deadline.passed():
                            context.wait_plugged(_slice_ms(deadline))
            except NoReader as cause:  # no service
                fault = cause
                if not deadline.passed():
                    pause.wait(min(_ABSENT_S, deadline.left()))
            finally:
                self._waiting = None
            if deadline.passed():  # also when close has cut it
                raise fault

    def _disconnect(self) -> None:
        last, self._last = self._last, None
        self._wake()
        if last is not None:
            last.close()
        self._name, self._lost = "", False

    def _ping(self, deadline: Deadline) -> None:
        self.card_present()

    def _wake(self) -> None:
        waiting = self._waiting
        if waiting is not None:
            waiting.cancel()

    def _note_waiting(self, context: PcscContext) -> None:
        self._waiting = context

    def _found(self, context: PcscContext) -> DeviceInfo:
        name = identity.choose(context, self._pattern, self._serial, self._role)
        who = identity.identify(context, name)
        self._serial_is_told = who.serial_is_told
        self._name, self._lost = name, False
        return self._described(name, who)

    def _described(self, name: str, who: identity.ReaderIdentity | None) -> DeviceInfo:
        place = f"pcsc:{name}"
        if who is None:
            grade = self._grade or Grade.VERIFICATION
            return DeviceInfo("reader.pcsc", "PC/SC", name, self._serial or "-", "-", place, grade)
        grade = self._grade or self._grade_of(who)
        return DeviceInfo("reader.pcsc", who.make, name, who.serial, who.firmware, place, grade)

    def _grade_of(self, who: identity.ReaderIdentity) -> Grade:
        if identity.is_virtual(who.model):
            return Grade.EMULATED
        if self._graded is None:
            return Grade.VERIFICATION
        return self._graded(who.make, who.model, who.firmware)

    @contextlib.contextmanager
    def _watching(self) -> Iterator[PcscContext]:
        """Use a context for one call; notes when the reader has gone, and looks for it again next time."""
        self._known_name()
        try:
            with pcsc_context() as context:
                if self._lost:
                    self._find_again(context)
                yield context
        except NoReader:
            self._went()
            raise

    def _find_again(self, context: PcscContext) -> None:
        """After the reader went away: the same one under whatever name, or nobody."""
        name = identity.choose(context, self._pattern, self._serial, self._role)
        who = identity.identify(context, name)
        if who.serial != self._info.serial:
            raise NoReader(reason="other_reader", pattern=self._pattern)
        self._name, self._lost = name, False
        self._enter(DeviceState.READY)

    def _went(self) -> None:
        self._lost = True
        self._enter(DeviceState.REMOVED)

    def _known_name(self) -> str:
        if not self._name:
            raise NoReader(reason="not_open", pattern=self._pattern)
        return self._name


def _slice_ms(deadline: Deadline) -> int:
    return min(_SLICE_MS, int(deadline.left() * 1000) + 1)
