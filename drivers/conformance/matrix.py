"""The fault matrix: one case after the other on a lane, each judged by the invariants it touches."""

from collections.abc import Iterable, Mapping
from typing import Final

from drivers.conformance.cases import Case, Phase
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
_WRONG_INFO: Final = "opened as another device"


def measure(
    lane: Lane, tally: Tally
) -> tuple[Mapping[tuple[Phase, Side], int], Mapping[tuple[Phase, Side], int]]:
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
        """Try one case: fault, judgement, recovery, judgement."""
        if not self._healthy(case):
            return
        trial, fired = self._suffer(case)
        if not fired:
            self._tidy(case, trial, gone=False)
            return
        again = self._tally.command(str(case))
        if trial.late_s and trial.kind is not Kind.HANG:
            # A busy machine may be late once; a driver that waits too long is late every time.
            self._tidy(case, trial, gone=False)
            second, _ = self._suffer(case)
            late = "" if not second.late_s else f"{trial}, repeated: {second}"
            self._tally.judge(2, str(case), late, again)
            trial = second if second.kind is not Kind.HANG else trial
        else:
            late = "does not come back" if trial.kind is Kind.HANG else ""
            self._tally.judge(2, str(case), late, again)
        self._tally.happened(case.planned.fault, str(trial.code or trial.kind))
        self._tally.judge(1, str(case), self._wrong(case, trial), again)
        if case.phase is Phase.CAPTURE and self._lane.rig.tells_events:
            self._tally.judge(6, str(case), disorder(trial.told, trial.error), again)
            self._told.append((case, trial.told))
        self._tally.judge(8, str(case), self._left_behind(trial), again)
        self._tidy(case, trial, gone=case.planned.fault in REMOVES)

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

    def _left_behind(self, trial: Trial) -> str:
        if trial.error is None:
            return ""
        secrets = self._lane.rig.secrets()
        said = biometric_words(whole_text(trial.error), secrets)
        if said:
            return f"the exception's text holds {said}"
        device = self._lane.device
        return remains_of(device, trial.error, secrets) if device is not None else ""

    def _tidy(self, case: Case, trial: Trial, *, gone: bool) -> None:
        """Bring the lane back: the next call must work, without reopening unless the device was removed."""
        lane = self._lane
        if gone:
            other = case.planned.fault is WireFault.REPLUG_OTHER_SERIAL and self._reseat(case)
            if not other:
                lane.rig.replug()
        removed = gone or isinstance(trial.error, _ABSENT)
        if (
            removed
            or lane.device is None
            or (case.phase is Phase.OPEN and trial.kind is not Kind.GOOD)
        ):
            lane.close()
            opened = lane.open()
            if opened.kind is not Kind.GOOD:
                self._not_recovered(case, f"opening afterwards: {opened}")
                return
        recovered = lane.patient_capture()
        what = "" if recovered.kind is Kind.GOOD else f"the next capture: {recovered}"
        if recovered.kind is Kind.WRONG:
            self._tally.judge(1, str(case), what, self._tally.command(str(case)))
        if what:
            self._not_recovered(case, what)
        else:
            self._tally.judge(4, str(case), "")

    def _reseat(self, case: Case) -> bool:
        """Plug in another device of the model: it must show its own serial number; then the first again."""
        lane = self._lane
        lane.rig.replug(OTHER_SERIAL)
        lane.close()
        opened = lane.open()
        if opened.kind is Kind.GOOD:
            same = lane.ready().info.serial == self._serial
            configured = lane.serial_is_configured()
            what = "another device goes by the old serial number" if same and not configured else ""
            self._tally.judge(9, str(case), what, self._tally.command(str(case)))
        else:
            self._not_recovered(case, f"opening the other device: {opened}")
        lane.close()
        lane.rig.unplug()
        lane.rig.replug()
        return True

    def _not_recovered(self, case: Case, what: str) -> None:
        self._tally.judge(4, str(case), what, self._tally.command(str(case)))
        self._lane.renew()

    def _healthy(self, case: Case) -> bool:
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
        self._tally.judge(4, str(case), f"cannot be opened any more: {opened}")
        return False
