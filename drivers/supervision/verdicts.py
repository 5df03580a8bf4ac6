"""What an error means for a place: will it come by itself, must somebody act, or is nothing there."""

from collections.abc import Mapping
from typing import Final

from station.device_report import Condition
from station.devices import DeviceInfo, Grade, Modality
from station.errors import (
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    GradeRefused,
    NoReader,
    NoSubject,
    StationError,
)

_BOOTING_TRIES: Final = 5  # 0.5 + 1 + 2 + 4 s: what is silent for longer than that is not booting

_CONDITIONS: Final[Mapping[type[StationError], Condition]] = {
    DeviceBusy: Condition.WAIT,
    DeviceNotFound: Condition.ABSENT,
    DeviceRemoved: Condition.ABSENT,
    NoReader: Condition.ABSENT,
}
_URGENCY: Final = (Condition.ABSENT, Condition.WAIT, Condition.ATTENTION)


def condition_of(error: StationError, failures: int) -> Condition:
    """Return the condition an open error puts a place in, after so many failures in a row."""
    if isinstance(error, DeviceTimeout):
        return Condition.WAIT if failures < _BOOTING_TRIES else Condition.ATTENTION
    for kind, condition in _CONDITIONS.items():
        if isinstance(error, kind):
            return condition
    return Condition.ATTENTION


def worse(one: StationError | None, other: StationError) -> StationError:
    """Return the error of two that asks for more attention, the first one when they are alike."""
    if one is None:
        return other
    rank = [_URGENCY.index(condition_of(each, 0)) for each in (one, other)]
    return other if rank[1] > rank[0] else one


def counts(error: Exception) -> bool:
    """Whether an error of a capture speaks of the device; an empty glass does not."""
    return isinstance(error, (DeviceError, NoReader)) and not isinstance(
        error, (NoSubject, GradeRefused)
    )


def unfit(info: DeviceInfo, modality: Modality, *, rehearsal: bool) -> bool:
    """Whether a device's grade forbids enrolling with it; a card reader enrols nobody."""
    if modality is Modality.CARD or rehearsal:
        return False
    return info.grade is not Grade.ENROLMENT
