"""The core of every device behind a service: finding it, knowing it, and one signed capture with preview."""

import contextlib
import secrets
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from cryptography import x509

from drivers.contract import GradedModels, Site
from drivers.owned import OwnedDevice, Session
from drivers.sbi.codes import NOT_YET, OK, error_code, raise_for_error
from drivers.sbi.identity import (
    Found,
    Kind,
    Statement,
    check_found,
    check_statement,
    read_statement,
    statements,
)
from drivers.sbi.jws import Trust
from drivers.sbi.preview import Preview, counter
from drivers.sbi.requests import Dialect, Setting, Wish, capture_body, stream_body
from drivers.sbi.rules import Habits, ServiceRules
from drivers.sbi.sample import Expected, OtherSigner, Sample, believe, stamp
from drivers.sbi.scan import ANY_TYPE, PORTS, listed, scan
from drivers.sbi.service import MAX_CAPTURE, SbiService
from drivers.sbi.wire import HOST
from station.capabilities import Capabilities, Option, OptionKind
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    DeviceState,
    Grade,
    Progress,
    Quality,
    Sink,
    SubjectPresent,
)
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance

# One request asks for so long; the device then gives its best, or says that nobody was there.
_SLICE_S: Final = 3.0
_ANSWER_S: Final = 12.0  # for judging, signing and sending, on top; the reference client waits 40
_LATE_S: Final = 0.1  # an answer that just misses the caller's deadline is still taken
_AGAIN_S: Final = 0.2
_SMALL: Final = 8 * 1024  # what is longer carries pictures: no refusal is
_TALK_S: Final = 5.0
_STREAM_MORE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Link:
    """A device that was found, checked and believed."""

    service: SbiService
    found: Found
    said: Statement
    dialect: Dialect
    env: str


class SbiDevice(OwnedDevice):
    """One device of one service; a front adds the call of its port.

    Args:
        roots: provisioned trust roots: what is not signed below one of them is not believed.
        clock: the desk's clock; samples may differ five minutes from it.
        port: where the service is; None searches 4501..4600.
        device_id: which of the service's devices; "" takes the first of the right kind.
        serial: its serial number where the caller insists on one.
        graded: grades of the site by (driver, make, model, firmware).
        rules: environment, dialects and hash chain of the site.
        requested_score: from which the device ends a capture early.
    """

    kind: Kind

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        clock: Clock,
        *,
        port: int | None = None,
        device_id: str = "",
        serial: str = "",
        graded: GradedModels | None = None,
        rules: ServiceRules | None = None,
        requested_score: int = 60,
    ) -> None:
        url = f"http://{HOST}:{port}" if port else f"http://{HOST}"
        super().__init__(DeviceInfo("sbi", "", "", serial, "", url, Grade.VERIFICATION))
        self._trust = Trust(tuple(roots), clock)
        self._site = Site(clock, tuple(roots), graded or {})
        self._rules = rules or ServiceRules()
        self._clock = clock
        self._port = port
        self._device_id, self._serial = device_id, serial
        self._score = requested_score
        self._numbers = counter()
        self._link: Link | None = None
        self._opening: CancelToken | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the device offers, with the dialect that is spoken to it; final after open."""
        link = self._link
        told = () if link is None else _told(link)
        return Capabilities(
            self.kind.modality,
            positions=self._positions(),
            ppi=Fraction(500) if self.kind in {Kind.SLAP, Kind.FINGER} else Fraction(0),
            preview=True,
            quality=True,
            options=told,
        )

    @property
    def dialect(self) -> Dialect | None:
        """How the opened device is spoken to, its form of the hash chain included."""
        return self._link.dialect if self._link is not None else None

    def close(self) -> None:
        """Forget the service; cuts a search or a capture short."""
        opening = self._opening
        if opening is not None:
            opening.cancel()
        super().close()

    @abstractmethod
    def _positions(self) -> tuple[str, ...]:
        """Names of what can be captured."""

    def _connected(self) -> bool:
        return self._link is not None

    def _disconnect(self) -> None:
        self._link = None

    def _wake(self) -> None:
        """Nothing to wake: every read looks at the token itself."""

    def _ping(self, deadline: Deadline) -> None:
        """Ask the service for the device; other words than at open are another device."""
        link = self._opened()
        cancel = self._running or CancelToken()
        found = self._pick(listed(link.found.port, self.kind.type_name, deadline, cancel))
        check_found(found)
        if found.identity != link.found.identity:
            raise AuthFailed(what="digitalId")

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        self._opening = cancel = CancelToken()
        try:
            found = self._find(deadline, cancel)
            check_found(found)
            said = self._statement(found, deadline, cancel)
        finally:
            self._opening = None
        habits = self._rules.habits.get(found.serial, Habits())
        self._link = Link(
            SbiService(found.port, found.prefix),
            found,
            said,
            Dialect(found.version, habits.numbers, habits.hashes),
            self._rules.env or said.env,
        )
        identity = found.identity
        firmware = said.firmware or found.service_version
        graded = self._site.grade("sbi", identity.make, identity.model, firmware)
        return replace(
            self._info,
            make=identity.make,
            model=identity.model,
            serial=identity.serial,
            firmware=firmware,
            transport=self._link.service.url,
            grade=Grade.EMULATED if identity.emulated else graded,
        )

    def _find(self, deadline: Deadline, cancel: CancelToken) -> Found:
        refused: list[Found] = []
        for found in self._candidates(deadline, cancel):
            if found.identity.kind is not self.kind or not self._is_wanted(found):
                continue
            with contextlib.suppress(DeviceError):
                check_found(found)
                return found
            refused.append(found)
        deadline.check(device="sbi")
        if not refused:
            raise DeviceNotFound(device=self.kind.value)
        return refused[0]

    def _candidates(self, deadline: Deadline, cancel: CancelToken) -> Iterator[Found]:
        if not self._port:
            yield from scan(ANY_TYPE, PORTS, deadline=deadline, cancel=cancel)
            return
        # A service need not answer for all its devices at once.
        yield from listed(self._port, self.kind.type_name, deadline, cancel) or listed(
            self._port, ANY_TYPE, deadline, cancel
        )

    def _is_wanted(self, found: Found) -> bool:
        named = not self._device_id or self._device_id in {found.device_id, found.serial}
        return named and (not self._serial or found.serial == self._serial)

    def _pick(self, listed_now: list[Found]) -> Found:
        wanted = self._opened().found
        for found in listed_now:
            if (found.device_id, found.serial) == (wanted.device_id, wanted.serial):
                return found
        raise DeviceRemoved(device=self.kind.value)

    def _statement(self, found: Found, deadline: Deadline, cancel: CancelToken) -> Statement:
        """Return what the device signs about itself; its service may speak for several devices."""
        until = Deadline(min(deadline.at, Deadline.after(_TALK_S).at))
        answer = SbiService(found.port, found.prefix).ask("MOSIPDINFO", "info", None, until, cancel)
        raise_for_error(answer)
        refusal: DeviceError = AuthFailed(what="no statement of this device")
        for token in statements(answer):
            try:
                said = read_statement(token, self._trust)
                check_statement(found, said, self._rules.env, self._rules.purpose)
            except DeviceError as error:
                if not (isinstance(error, AuthFailed) and error.facts.get("what") == "digitalId"):
                    refusal = error
                continue
            return said
        raise refusal

    def _opened(self) -> Link:
        if self._link is None:
            raise DeviceRemoved(device=self.kind.value, reason="not open")
        return self._link

    @contextlib.contextmanager
    def _watching(
        self, sub_id: int, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> Iterator[Session]:
        """Own the device for one capture, with its preview running."""
        with self._session(sink, cancel) as session:
            with self._previewing(sub_id, session, cancel, deadline):
                yield session
            cancel.check()  # whoever has asked to stop wants no result any more

    @contextlib.contextmanager
    def _previewing(
        self, sub_id: int, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> Iterator[None]:
        """Run the preview of one sub-id, begun before anything is asked; a service that has gone is forgotten."""
        link = self._opened()
        # The preview may not end before the capture does: that would stop it.
        milliseconds = int(1000 * (deadline.left() + _STREAM_MORE_S))
        with Preview(
            link.service,
            stream_body(link.dialect, link.found, sub_id, milliseconds),
            session,
            self._numbers,
            self._clock.monotonic,
            grey=self.kind is not Kind.FACE,
            deadline=deadline,
        ) as preview:
            preview.wait_begun(cancel)
            try:
                yield
            except (DeviceNotFound, DeviceRemoved):
                self._link = None
                raise

    def _samples(
        self, wish: Wish, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> tuple[Sample, ...]:
        """Ask in slices of time until somebody is there; a busy device is asked again."""
        waiting: DeviceError = DeviceTimeout(device="sbi")
        told: Guidance | None = None
        while True:
            cancel.check()
            if deadline.passed():
                raise waiting
            if self._state is not DeviceState.WAIT_SUBJECT:
                session.move(DeviceState.WAIT_SUBJECT)
            try:
                items, setting = self._ask(wish, session, cancel, deadline)
            except DeviceBusy as busy:
                # A capture cut short by our cancel may go on inside the service for its slice of time.
                waiting = busy
                cancel.wait(min(_AGAIN_S, deadline.left()))
                continue
            guidance = _not_yet(items)
            if guidance is None:
                return self._believed(items, wish, setting, session, cancel, deadline)
            waiting = NoSubject()
            if guidance is not told:
                session(guidance)
                told = guidance

    def _ask(
        self, wish: Wish, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> tuple[list[object], Setting]:
        link = self._opened()
        chain = self._rules.chain
        setting = Setting(
            transaction=secrets.token_hex(8),
            env=link.env,
            purpose=self._rules.purpose,
            previous=chain.last if chain is not None else "",
        )
        left = deadline.left()
        slice_s = min(left, _SLICE_S)
        body = capture_body(
            link.dialect, link.found, wish, setting, int(slice_s * 1000), stamp(self._clock.now())
        )
        answer = link.service.ask(
            "RCAPTURE",
            "capture",
            body,
            Deadline.after(min(slice_s + _ANSWER_S, left + _LATE_S)),
            cancel,
            limit=MAX_CAPTURE,
            told=_Receiving(session),
        )
        items = answer.get("biometrics") if isinstance(answer, dict) else None
        if error_code(answer) != OK:
            items = [answer]  # refused as a whole
        if not isinstance(items, list) or not items:
            raise ProtocolError(what="no biometrics in the answer")
        for item in items:
            if error_code(item) not in NOT_YET:
                raise_for_error(item)
        return items, setting

    def _believed(
        self,
        items: list[object],
        wish: Wish,
        setting: Setting,
        session: Session,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[Sample, ...]:
        _transferring(session, self._state)
        try:
            samples, last = believe(items, self._expected(wish, setting), self._trust)
        except OtherSigner:
            # A service may have renewed its device's key since open: then it says so itself.
            link = self._opened()
            self._link = replace(link, said=self._statement(link.found, deadline, cancel))
            samples, last = believe(items, self._expected(wish, setting), self._trust)
        if self._rules.chain is not None:
            self._rules.chain.advance(last)
        session(SubjectPresent(present=True))
        return samples

    def _expected(self, wish: Wish, setting: Setting) -> Expected:
        link = self._opened()
        return Expected(
            wish,
            setting,
            link.dialect,
            link.found.identity,
            link.said.device_code or link.found.device_code,
            link.said.certification or link.found.certification,
            link.said.signer,
        )

    def _judged(self, sample: Sample, session: Session) -> int:
        """Tell the device's own score of a still and return the still's number."""
        number = next(self._numbers)
        session(Quality(sample.score, number))
        return number


class _Receiving:
    """Turns the bytes of an answer into states and progress, once it is too long for a refusal."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._moved = False

    def __call__(self, done: int, total: int) -> None:
        if max(done, total) <= _SMALL:
            return
        if not self._moved:
            self._moved = True
            self._session.move(DeviceState.ACQUIRING)
            self._session.move(DeviceState.TRANSFER)
        if total:
            self._session(Progress(done, total))


def _transferring(session: Session, state: DeviceState) -> None:
    if state is DeviceState.WAIT_SUBJECT:
        session.move(DeviceState.ACQUIRING)
        session.move(DeviceState.TRANSFER)


def _not_yet(items: list[object]) -> Guidance | None:
    codes = (error_code(item) for item in items)
    return next((NOT_YET[code] for code in codes if code in NOT_YET), None)


def _told(link: Link) -> tuple[Option, ...]:
    facts = {
        "spec_version": link.dialect.version,
        "certification": link.said.certification or link.found.certification,
        "environment": link.env,
        "hash_chain": str(link.dialect.hashes),
        "numbers": str(link.dialect.numbers),
    }
    return tuple(
        Option(name, OptionKind.CHOICE, choices=(value,), writable=False)
        for name, value in facts.items()
    )


def require(holds: bool, what: str) -> None:  # noqa: FBT001 - an assertion
    """Raise NotSupported for a wish that no device could fulfil."""
    if not holds:
        raise NotSupported(device="sbi", what=what)
