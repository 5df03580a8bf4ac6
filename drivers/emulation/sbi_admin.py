"""The administrator's door of an emulated service, POST /admin/...: status, score, delay, profile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from drivers.emulation.sbi_device import STATUSES, SUCCESS, EmulatedDevice, failure
from drivers.emulation.sbi_line_faults import LineFaults
from drivers.emulation.sbi_subject import DrawnSubject, Subject
from drivers.emulation.sbi_words import Refused, number
from drivers.sbi.identity import word, words
from drivers.sbi.scan import ANY_TYPE

_METHODS: Final = frozenset({"MOSIPDISC", "SBIDISC", "MOSIPDINFO", "STREAM", "RCAPTURE", "CAPTURE"})
_Change = Callable[[Mapping[str, Any], Sequence[EmulatedDevice]], None]


class Admin:
    """Changes the devices of one type, or of all."""

    def __init__(
        self, devices: Sequence[EmulatedDevice], subject: Subject, faults: LineFaults
    ) -> None:
        self._devices, self._subject, self._faults = devices, subject, faults
        self._changes: Mapping[str, _Change] = {
            "status": _set_status,
            "score": _set_score,
            "delay": self._set_delay,
            "profile": self._set_profile,
        }

    def answer(self, what: str, body: Mapping[str, Any]) -> object:
        """Carry out one change; KeyError for what there is not."""
        change = self._changes[what]
        kind = word(body, "type") or ANY_TYPE
        meant = [d for d in self._devices if kind in {d.kind.type_name, ANY_TYPE}]
        try:
            change(body, meant)
        except Refused as refused:
            said = failure(refused.code, refused.info)
            return {"errorCode": refused.code, "errorInfo": refused.info} | said
        return {**SUCCESS, "error": dict(SUCCESS)}

    def _set_delay(self, body: Mapping[str, Any], _devices: Sequence[EmulatedDevice]) -> None:
        milliseconds = number(body, "delay", -1, "506")
        methods = words(body, "method") or ("RCAPTURE",)
        if milliseconds < 0:
            raise Refused("506", "Delay")
        if not set(methods) <= _METHODS:
            raise Refused("507", "method")
        for method in methods:
            self._faults.delays[method] = milliseconds / 1000

    def _set_profile(self, body: Mapping[str, Any], _devices: Sequence[EmulatedDevice]) -> None:
        """Let another person step up."""
        profile = word(body, "profileId") or word(body, "profile")
        if not profile or not isinstance(self._subject, DrawnSubject):
            raise Refused("551", "Profile Not Set")
        self._subject.become(profile)


def _set_status(body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> None:
    status = word(body, "deviceStatus")
    if status not in STATUSES:
        raise Refused("504", "Device Status values Mismatch")
    for device in devices:
        device.status = status


def _set_score(body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> None:
    """Force a score; with fromIso the picture's own counts again."""
    own = word(body, "fromIso").lower() == "true" or body.get("fromIso") is True
    score = None if own else number(body, "qualityScore", 101, "505")
    if score is not None and score > 100:
        raise Refused("505", "Quality Score")
    for device in devices:
        device.forced_score = score
