"""Scripts of emulators: TOML with one verb per step, read whole and refused with a line number.

    steps = ["FINGER RIGHT_INDEX", "SLEEP 1.5", "FAULT bad-checksum@3", "UNPLUG", "REPLUG 4711"]

or, the same thing longer, tables with one verb each::

    [[step]]
    FINGER = "RIGHT_INDEX light"
"""

import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from drivers.emulation.emulated import Checking, Diary, Emulated

_LISTS: Final = ("steps", "step")
_REPEAT: Final = "repeat"
_VERB: Final = re.compile(r"[A-Z][A-Z_]*")
_ERROR_LINE: Final = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


class ScriptRefused(ValueError):
    """A script is not one: ``line`` counts from 1, ``reason`` says why."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One verb with its argument, and where it stands."""

    verb: str
    argument: str
    line: int


@dataclass(frozen=True, slots=True)
class Script:
    """The steps in order; ``repeat`` starts again after the last."""

    steps: tuple[ScriptStep, ...]
    repeat: bool = False

    @property
    def sets_the_scene(self) -> bool:
        """Whether the script itself says what lies on the glass."""
        return any(step.verb in {"FINGER", "IMAGE"} for step in self.steps)


def parse_step(text: str, line: int = 1) -> ScriptStep:
    """Read "VERB argument"; ScriptRefused."""
    verb, _, argument = text.strip().partition(" ")
    if not _VERB.fullmatch(verb):
        raise ScriptRefused(line, f"{verb or 'nothing'} is not a verb")
    return ScriptStep(verb, argument.strip(), line)


def parse_script(text: str) -> Script:
    """Read a script; ScriptRefused with the line of the first mistake."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        found = _ERROR_LINE.search(str(cause))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        raise ScriptRefused(line, _ERROR_LINE.sub("", str(cause)).strip()) from cause
    repeat = content.pop(_REPEAT, False)
    name = next((each for each in _LISTS if each in content), "")
    items = content.pop(name, None)
    if content:
        key = next(iter(content))
        raise ScriptRefused(_line_with(text, key), f"{key} is not known here; steps, step, repeat")
    if not isinstance(items, list) or not items:
        raise ScriptRefused(1, "no steps")
    if not isinstance(repeat, bool):
        raise ScriptRefused(_line_with(text, _REPEAT), "repeat is true or false")
    lines = _lines_of(text, name, items)
    return Script(tuple(_step(item, line) for item, line in zip(items, lines, strict=True)), repeat)


def check(script: Script, emulated: Emulated) -> None:
    """Refuse what this emulator would refuse later; ScriptRefused."""
    for step in script.steps:
        try:
            _check_step(step, emulated)
        except ValueError as cause:
            raise ScriptRefused(step.line, str(cause)) from cause


def perform(step: ScriptStep, emulated: Emulated, diary: Diary, stop: threading.Event) -> None:
    """Carry out one step and write it down; ValueError when the emulator refuses it."""
    match step.verb:
        case "SLEEP":
            stop.wait(_seconds(step.argument))
        case "UNPLUG":
            emulated.unplug()
        case "REPLUG":
            emulated.replug(step.argument)
        case "FAULT":
            name, when = split_fault(step.argument)
            emulated.suffer(name, when)
        case _:
            emulated.act(step.verb, step.argument)
    diary.say(f"done {step.verb} {step.argument}".rstrip())


def split_fault(text: str) -> tuple[str, str]:
    """Return (name, when) of "NAME@WHEN"; without WHEN the first packet is meant."""
    name, _, when = text.strip().partition("@")
    if not name:
        raise ValueError("a fault is NAME@WHEN")
    return name, when or "0"


def _check_step(step: ScriptStep, emulated: Emulated) -> None:
    match step.verb:
        case "SLEEP":
            _seconds(step.argument)
        case "FAULT":
            split_fault(step.argument)
            _check_act(step, emulated)
        case "UNPLUG" if step.argument:
            raise ValueError("UNPLUG takes nothing")
        case "UNPLUG" | "REPLUG":
            return
        case _:
            _check_act(step, emulated)


def _check_act(step: ScriptStep, emulated: Emulated) -> None:
    if isinstance(emulated, Checking):
        emulated.check(step.verb, step.argument)


def _seconds(argument: str) -> float:
    try:
        seconds = float(argument)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ValueError(f"SLEEP {argument}: seconds, 0 or more")
    return seconds


def _step(item: Any, line: int) -> ScriptStep:  # noqa: ANN401 - whatever stands in the file
    if isinstance(item, str):
        return parse_step(item, line)
    if not isinstance(item, dict) or len(item) != 1:
        raise ScriptRefused(line, "a step is one verb with its argument")
    ((verb, argument),) = item.items()
    if isinstance(argument, dict | list):
        raise ScriptRefused(line, f"{verb}: the argument is a text or a number")
    # UNPLUG = true is how a table says a verb without an argument.
    return parse_step(f"{verb} {'' if argument is True else argument}", line)


def _line_with(text: str, word: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip(" [").startswith(word):
            return number
    return 1


def _lines_of(text: str, name: str, items: list[Any]) -> Iterator[int]:
    """Yield the line of every step; tomllib keeps none, so they are found again in order."""
    lines = text.splitlines()
    at = max(0, _line_with(text, name) - 1)
    for item in items:
        wanted = _tables(name) if isinstance(item, dict) else _texts(item)
        found = next((row for row in range(at, len(lines)) if wanted(lines[row])), at)
        if isinstance(item, dict):
            yield found + 1
            at = found + 1
        else:
            yield found + 1
            # Several steps may share a line: go on behind this one.
            lines[found] = lines[found].replace(str(item), "", 1)
            at = found


def _tables(name: str) -> Callable[[str], bool]:
    return lambda line: line.replace(" ", "").startswith((f"[[{name}]]", f"{name}=[{{", "{"))


def _texts(item: object) -> Callable[[str], bool]:
    return lambda line: str(item) in line
