"""The fault matrix: one case after the other on a lane, each judged by the invariants it touches."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from drivers.conformance.cases import Case, Counts, Phase
from drivers.conformance.events import Recorder, disorder, recursion
from drivers.conformance.lane import Lane
from drivers.conformance.remains import remains_of
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind, Trial, whole_text
from drivers.conformance.words import biometric_words
from drivers.faults.plan import REMOVES, Side, WireFault
from station.clock import CancelToken
from station.errors import CardError, DeviceNotFound, DeviceRemoved

OTHER_SERIAL: Final = "8642"
# After these the device, or the card's connection, is opened anew; after everything else it is not.
_ABSENT: Final = (DeviceRemoved, DeviceNotFound, CardError)
_ENDINGS: Final = frozenset({Kind.GOOD, Kind.ERROR})
_LATE_EVENTS_S: Final = 0.2
_TIMED: Final = (2, 4, 9)  # the invariants whose judgement hangs on time
_WRONG_INFO: Final = "opened as another device"


def measure(lane: Lane, tally: Tally) -> tuple[Counts, Counts]:
    """Open and capture once without a fault; return packets and bytes by call and direction.

    A wrong result is the driver's failure even so, and then nothing is counted; RuntimeError when the rig does
    not work: it would prove nothing.
    """
    packets: dict[tuple[Phase, Side], int] = {}
    octets: dict[tuple[Phase, Side], int] = {}
    for phase in Phase:
        lane.arm()
        trial = lane.open() if phase is Phase.OPEN else lane.patient_capture()
        if trial.kind in {Kind.WRONG, Kind.UNTYPED}:
            tally.judge(1, f"{phase} without a fault", f"{trial} {trial.error or ''}".rstrip())
            return {}, {}
        if trial.kind is not Kind.GOOD:
            raise RuntimeError(f"without a fault, {phase}: {trial}") from trial.error
        tally.judge(1, f"{phase} without a fault", recursion(trial.told))
        for side in Side:
            packets[phase, side] = lane.rig.wire.packets(side)
            octets[phase, side] = lane.rig.wire.octets(side)
    return packets, octets


Verdicts = dict[int, str]  # invariant -> what is wrong, '' when it held


class Matrix:
    """Walks cases on one lane."""

    def __init__(self, lane: Lane, tally: Tally, deadline_s: Mapping[Phase, float]) -> None:
        self._lane = lane
        self._tally = tally
        self._deadline_s = deadline_s
        self._serial = ""
        self._told: list[tuple[Case, Recorder]] = []

    def walk(self, cases: Iterable[Case]) -> None:
        """Try every case; the lane is good again after each."""
        for case in cases:
            self.attempt(case)
        # Whoever speaks after the end may do so a moment later.
        CancelToken().wait(_LATE_EVENTS_S)
        for case, told in self._told:
            if told.late:
                late = f"{told.late} events after the return"
                self._tally.judge(6, str(case), late, self._tally.command(str(case)))

    def attempt(self, case: Case) -> None:
        """Try one case and count what it shows.

        A busy machine may be late once; a driver that waits too long, or cannot go on, is so every time. What
        hangs on time is therefore tried once more before it counts.
        """
        verdicts = self._once(case)
        doubtful = [number for number in _TIMED if verdicts.get(number)]
        if doubtful:
            second = self._once(case)
            for number in doubtful:
                again = second.get(number, "not reached")
                verdicts[number] = f"{verdicts[number]}; repeated: {again}" if again else ""
        for number, what in verdicts.items():
            self._tally.judge(number, str(case), what, self._tally.command(str(case)))

    def _once(self, case: Case) -> Verdicts:
        """Fault, judgement, recovery, judgement; empty when the fault met no packet."""
        verdicts: Verdicts = {}
        if not self._healthy(verdicts):
            return verdicts
        trial, fired = self._suffer(case)
        if not fired and trial.kind in _ENDINGS:
            self._tidy(case, trial, {}, gone=False)
            return verdicts
        self._tally.happened(case.planned.fault, str(trial.code or trial.kind))
        verdicts[1] = self._wrong(case, trial)
        verdicts[2] = "does not come back" if trial.kind is Kind.HANG else ""
        if trial.late_s:
            verdicts[2] = verdicts[2] or f"{trial}, machine's own delay {trial.lag_s:.2f} s"
        if case.phase is Phase.CAPTURE and self._lane.rig.tells_events:
            verdicts[6] = disorder(trial.told, trial.error)
            self._told.append((case, trial.told))
        secrets = self._lane.rig.secrets()
        if trial.error is not None and secrets:
            verdicts[8] = self._left_behind(trial.error, secrets)
        gone = bool(fired) and case.planned.fault in REMOVES
        self._tidy(case, trial, verdicts, gone=gone)
        return verdicts

    def _suffer(self, case: Case) -> tuple[Trial, int]:
        lane = self._lane
        if case.phase is Phase.OPEN:
            lane.close()
        lane.arm(case.planned)
        if case.phase is Phase.OPEN:
            trial = lane.open(self._deadline_s[case.phase])
        else:
            trial = lane.capture(self._deadline_s[case.phase])
        fired = lane.rig.wire.fired or int(case.planned.fault is WireFault.HANG_IN_OPEN)
        lane.rig.wire.clear()
        return trial, fired

    def _wrong(self, case: Case, trial: Trial) -> str:
        if trial.kind not in _ENDINGS and trial.kind is not Kind.HANG:
            return str(trial) if trial.error is None else f"{trial}: {trial.error!r}"
        if case.phase is Phase.OPEN and trial.kind is Kind.GOOD:
            serial = self._lane.ready().info.serial
            if serial != self._serial:
                return f"{_WRONG_INFO}: serial {serial!r}, not {self._serial!r}"
        return ""

    def _left_behind(self, error: BaseException, secrets: Sequence[bytes]) -> str:
        said = biometric_words(whole_text(error), secrets)
        if said:
            return f"the exception's text holds {said}"
        device = self._lane.device
        return remains_of(device, error, secrets) if device is not None else ""

    def _tidy(self, case: Case, trial: Trial, verdicts: Verdicts, *, gone: bool) -> None:
        """Bring the lane back: the next call must work, without reopening unless the device was removed."""
        lane = self._lane
        if gone and case.planned.fault is WireFault.REPLUG_OTHER_SERIAL:
            verdicts[9] = self._reseated()
        elif gone:
            lane.rig.replug()
        unopened = case.phase is Phase.OPEN and trial.kind is not Kind.GOOD
        opened = None
        if gone or unopened or lane.device is None or isinstance(trial.error, _ABSENT):
            lane.close()
            opened = lane.open()
        if opened is not None and opened.kind is not Kind.GOOD:
            verdicts[4] = f"opening afterwards: {opened}"
        else:
            recovered = lane.patient_capture()
            verdicts[4] = "" if recovered.kind is Kind.GOOD else f"the next capture: {recovered}"
            if recovered.kind is Kind.WRONG:
                verdicts[1] = verdicts[4]
        if verdicts[4]:
            lane.renew()

    def _reseated(self) -> str:
        """Plug in another device of the model: it must show its own serial number; then the first again."""
        lane = self._lane
        lane.rig.replug(OTHER_SERIAL)
        lane.close()
        opened = lane.open()
        what = f"opening the other device: {opened}"
        if opened.kind is Kind.GOOD:
            same = lane.ready().info.serial == self._serial and not lane.serial_is_configured()
            what = "another device goes by the old serial number" if same else ""
        lane.close()
        lane.rig.unplug()
        lane.rig.replug()
        return what

    def _healthy(self, verdicts: Verdicts) -> bool:
        """Have an open, working device before the fault."""
        lane = self._lane
        if lane.device is not None and self._serial:
            return True
        for _ in range(2):
            opened = lane.open()
            if opened.kind is Kind.GOOD:
                self._serial = lane.ready().info.serial
                return True
            lane.renew()
        verdicts[4] = f"cannot be opened any more: {opened}"
        return False
