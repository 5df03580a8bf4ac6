"""The script verbs of an emulated service: what its devices say of themselves, and what the person does."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from drivers.emulation.sbi_device import STATUSES, EmulatedDevice
from drivers.emulation.sbi_subject import DrawnSubject, Subject
from station.devices import FingerPosition, Slap

_HANDS: Final[Mapping[str, Slap]] = {
    "right": Slap.RIGHT_FOUR,
    "left": Slap.LEFT_FOUR,
    "thumbs": Slap.THUMBS,
}
_SWITCHES: Final = {"": True, "on": True, "off": False}
_Deed = Callable[[], None]


class Prompter:
    """Turns a verb and its argument into a deed; ValueError before anything is done."""

    def __init__(
        self, devices: Sequence[EmulatedDevice], subject: Subject, heal: Callable[[], None]
    ) -> None:
        self._devices, self._subject, self._heal = devices, subject, heal
        self._verbs: Mapping[str, Callable[[str], _Deed]] = {
            "STATUS": self._status,
            "FINGER": self._finger,
            "LOOK": lambda text: self._switch("looks", text),
            "FACE": lambda text: self._switch("faces", text),
            "QUALITY": self._quality,
            "PERSON": self._person,
            "HEAL": lambda _text: self._heal,
        }

    @property
    def verbs(self) -> tuple[str, ...]:
        """What is understood."""
        return tuple(self._verbs)

    def deed(self, verb: str, argument: str) -> _Deed:
        """Return what a step of a script means here; ValueError."""
        if verb not in self._verbs:
            message = f"verb {verb}: one of {', '.join(self._verbs)}"
            raise ValueError(message)
        return self._verbs[verb](argument)

    def _status(self, text: str) -> _Deed:
        if text not in STATUSES:
            message = f"STATUS {text}: one of {', '.join(STATUSES)}"
            raise ValueError(message)

        def do() -> None:
            for device in self._devices:
                device.status = text

        return do

    def _quality(self, text: str) -> _Deed:
        """Take the score the devices shall give, nothing for the pictures' own."""
        if text and not (text.isdecimal() and int(text) <= 100):
            message = f"QUALITY {text}: 0 to 100, or nothing"
            raise ValueError(message)

        def do() -> None:
            for device in self._devices:
                device.forced_score = int(text) if text else None

        return do

    def _person(self, text: str) -> _Deed:
        subject = self._drawn()
        if not text:
            raise ValueError("PERSON: a number, a NIK or a name")
        return lambda: subject.become(text)

    def _switch(self, what: str, text: str) -> _Deed:
        subject = self._drawn()
        if text not in _SWITCHES:
            message = f"{text}: on or off"
            raise ValueError(message)
        return lambda: setattr(subject, what, _SWITCHES[text])

    def _finger(self, text: str) -> _Deed:
        """Take right, left, thumbs, a finger's name, auto (what is asked for), none, and missing=NAME,NAME."""
        subject = self._drawn()
        deeds: list[_Deed] = []
        for part in shlex.split(text) or ["auto"]:
            deeds.append(_laid(subject, part))  # noqa: PERF401 - each part may be refused

        def do() -> None:
            for deed in deeds:
                deed()

        return do

    def _drawn(self) -> DrawnSubject:
        if not isinstance(self._subject, DrawnSubject):
            raise ValueError("somebody else leads this person")  # noqa: TRY004 - a verb that does not fit
        return self._subject


def _laid(subject: DrawnSubject, part: str) -> _Deed:
    if part.startswith("missing="):
        names = [name for name in part.removeprefix("missing=").split(",") if name]
        missing = frozenset(_finger(name) for name in names)
        return lambda: setattr(subject, "missing", missing)
    if part == "none":
        return lambda: setattr(subject, "touches", False)
    fingers = _fingers(part)

    def lay() -> None:
        subject.fingers, subject.touches = fingers, True

    return lay


def _fingers(part: str) -> frozenset[FingerPosition] | None:
    if part == "auto":
        return None
    if part in _HANDS:
        return frozenset(_HANDS[part].fingers)
    return frozenset({_finger(part)})


def _finger(name: str) -> FingerPosition:
    try:
        return FingerPosition[name.upper()]
    except KeyError:
        message = f"{name}: no finger; right, left, thumbs, auto, none or a position"
        raise ValueError(message) from None
