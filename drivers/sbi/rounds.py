"""One capture: the device is asked in rounds until somebody is there, and what it answers is believed or refused."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.owned import Session
from drivers.sbi.codes import NOT_YET, OK, error_code, raise_for_error
from drivers.sbi.jws import Trust
from drivers.sbi.link import Link
from drivers.sbi.requests import Setting, Wish, capture_body
from drivers.sbi.rules import ServiceRules
from drivers.sbi.sample import Expected, OtherSigner, Sample, believe, stamp
from drivers.sbi.service import MAX_CAPTURE
from station.clock import CancelToken, Deadline
from station.devices import DeviceState, Progress, SubjectPresent
from station.errors import DeviceBusy, DeviceError, DeviceTimeout, NoSubject, ProtocolError
from station.guidance import Guidance

# One request asks for so long; the device then gives its best, or says that nobody was there.
_SLICE_S: Final = 3.0
_ANSWER_S: Final = 12.0  # for judging, signing and sending, on top; the reference client waits 40
_LATE_S: Final = 0.1  # an answer that just misses the caller's deadline is still taken
_AGAIN_S: Final = 0.2
# The device is to say before our deadline that nobody was there; so short a rest is not worth another round.
_REST_S: Final = 0.25
_SMALL: Final = 8 * 1024  # what is longer carries pictures: no refusal is


@dataclass(slots=True)
class Rounds:
    """The questions of one capture. ``renew`` returns the link with the device's newest statement."""

    link: Link
    rules: ServiceRules
    trust: Trust
    session: Session
    cancel: CancelToken
    deadline: Deadline
    renew: Callable[[], Link]
    _state: DeviceState = DeviceState.ARMED

    def samples(self, wish: Wish) -> tuple[Sample, ...]:
        """Return the believed samples; a busy device is asked again, NoSubject at the deadline."""
        waiting: DeviceError = DeviceTimeout(device="sbi")
        told: Guidance | None = None
        while True:
            self.cancel.check()
            if isinstance(waiting, NoSubject) and self.deadline.left() <= _REST_S:
                self.cancel.wait(self.deadline.left())
                self.cancel.check()
                raise waiting
            if self.deadline.passed():
                raise waiting
            self._move(DeviceState.WAIT_SUBJECT)
            try:
                items, setting = self._ask(wish)
            except DeviceBusy as busy:
                # A capture cut short by our cancel may go on inside the service for its slice of time.
                waiting = busy
                self.cancel.wait(min(_AGAIN_S, self.deadline.left()))
                continue
            guidance = _not_yet(items)
            if guidance is None:
                return self._believed(items, wish, setting)
            waiting = NoSubject()
            if guidance is not told:
                self.session(guidance)
                told = guidance

    def _ask(self, wish: Wish) -> tuple[list[object], Setting]:
        link, chain = self.link, self.rules.chain
        setting = Setting(
            transaction=secrets.token_hex(8),
            env=link.env,
            purpose=self.rules.purpose,
            previous=chain.last if chain is not None else "",
        )
        left = self.deadline.left()
        slice_s = min(max(left - _REST_S, 0.6 * left), _SLICE_S)
        now = stamp(self.trust.clock.now())
        body = capture_body(link.dialect, link.found, wish, setting, int(slice_s * 1000), now)
        answer = link.service.ask(
            "RCAPTURE",
            "capture",
            body,
            Deadline.after(min(slice_s + _ANSWER_S, left + _LATE_S)),
            self.cancel,
            limit=MAX_CAPTURE,
            told=self._receive,
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

    def _believed(self, items: list[object], wish: Wish, setting: Setting) -> tuple[Sample, ...]:
        self._transfer()
        try:
            samples, last = believe(items, self._expected(wish, setting), self.trust)
        except OtherSigner:
            # A service may have renewed its device's key since open: then it says so itself.
            self.link = self.renew()
            samples, last = believe(items, self._expected(wish, setting), self.trust)
        if self.rules.chain is not None:
            self.rules.chain.advance(last)
        self.session(SubjectPresent(present=True))
        return samples

    def _expected(self, wish: Wish, setting: Setting) -> Expected:
        link = self.link
        return Expected(
            wish,
            setting,
            link.dialect,
            link.found.identity,
            link.device_code,
            link.certification,
            link.said.signer,
        )

    def _receive(self, done: int, total: int) -> None:
        """Turn the bytes of an answer into states and progress, once it is too long for a refusal."""
        if max(done, total) > _SMALL:
            self._transfer()
            if total:
                self.session(Progress(done, total))

    def _transfer(self) -> None:
        if self._state is not DeviceState.TRANSFER:
            self._move(DeviceState.ACQUIRING)
            self._move(DeviceState.TRANSFER)

    def _move(self, state: DeviceState) -> None:
        if self._state is not state:
            self._state = state
            self.session.move(state)


def _not_yet(items: list[object]) -> Guidance | None:
    codes = (error_code(item) for item in items)
    return next((NOT_YET[code] for code in codes if code in NOT_YET), None)
