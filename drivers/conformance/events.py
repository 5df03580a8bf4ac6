"""What a capture tells its sink, written down without pictures, and whether it was orderly."""

import inspect
import itertools
import threading
import traceback

from station.devices import DeviceEvent, DeviceState, Progress, StateChanged
from station.errors import DeviceNotFound, DeviceRemoved

_STEPS = 4  # that many steps of progress in a row, each deeper than the last, are no coincidence
_LAST = frozenset({DeviceState.READY, DeviceState.REMOVED, DeviceState.FAULT})
_DURING = frozenset({DeviceState.WAIT_SUBJECT, DeviceState.ACQUIRING, DeviceState.TRANSFER})


class Recorder:
    """A sink for any thread; keeps states and progress, of everything else only that it came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._returned = False
        self.told: list[StateChanged | Progress | str] = []
        self.late = 0
        self.depths: list[int] = []  # of the stack at each step of progress
        self.changed = threading.Condition()

    def __call__(self, event: DeviceEvent) -> None:
        """Note one event."""
        with self._lock:
            if self._returned:
                self.late += 1
            else:
                if isinstance(event, Progress):
                    self.depths.append(_depth())
                if isinstance(event, StateChanged | Progress):
                    self.told.append(event)
                else:
                    self.told.append(type(event).__name__)
        with self.changed:
            self.changed.notify_all()

    def returned(self) -> None:
        """From here on every event is one too many."""
        with self._lock:
            self._returned = True

    def reached(self, state: DeviceState) -> bool:
        """Whether a state has been told."""
        return StateChanged(state) in self.told


def recursion(recorder: Recorder) -> str:
    """Return that the stack grows with every packet; '' when it does not."""
    depths = recorder.depths
    rising = 0
    for earlier, later in itertools.pairwise(depths):
        rising = rising + 1 if later > earlier else 0
        if rising >= _STEPS:
            return "recursion: every step of the transfer is a call deeper than the last"
    return ""


def _depth() -> int:
    return sum(1 for _ in traceback.walk_stack(inspect.currentframe()))


def disorder(recorder: Recorder, error: BaseException | None) -> str:
    """Return what is wrong with the events of a capture that ended so; '' when they are in order."""
    told = list(recorder.told)
    if recorder.late:
        return f"{recorder.late} events after the return"
    if not told:
        return "" if error is not None else "a good capture told nothing"
    states = [event.state for event in told if isinstance(event, StateChanged)]
    last = [state for state in states if state in _LAST]
    if told[0] != StateChanged(DeviceState.ARMED) or states.count(DeviceState.ARMED) != 1:
        return f"does not begin with ARMED, or is armed twice: {_names(states)}"
    if len(last) != 1:
        return f"{len(last)} terminal events, not one: {_names(states)}"
    if told[-1] != StateChanged(last[0]):
        return f"events after the terminal one: {_names(states)}"
    if any(state not in _DURING for state in states[1:-1]):
        return f"a state that is none of a capture: {_names(states)}"
    gone = isinstance(error, DeviceRemoved | DeviceNotFound)
    if gone is not (last[0] is DeviceState.REMOVED):
        return f"ends with {last[0]}, but the capture ended with {type(error).__name__}"
    return _bad_progress([event for event in told if isinstance(event, Progress)])


def _bad_progress(steps: list[Progress]) -> str:
    for earlier, later in zip([None, *steps], steps, strict=False):
        if not 0 <= later.done <= later.total:
            return f"progress {later.done} of {later.total}"
        # A repeated read begins anew, well below where the damaged one broke off.
        if earlier is not None and earlier.total != later.total:
            return f"the total changed from {earlier.total} to {later.total}"
    return ""


def _names(states: list[DeviceState]) -> str:
    return " ".join(states)
