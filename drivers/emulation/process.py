"""One emulator as a process: announce the address, keep a diary, play a script, end cleanly."""

import json
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TextIO

from drivers.emulation import catalogue
from drivers.emulation.emulated import Announcing, Checking, Emulated, Order
from drivers.emulation.script import (
    Script,
    ScriptRefused,
    ScriptStep,
    check,
    parse_step,
    perform,
    split_fault,
)

GOOD: Final = 0
REFUSED: Final = 2


@dataclass(frozen=True, slots=True)
class Performance:
    """What is to be run: an emulator's name, its order, faults from the start, a script."""

    name: str
    order: Order
    faults: tuple[str, ...] = ()
    script: Script | None = None
    obey_input: bool = False  # lines of standard input are steps; its end ends the process


def prepare(performance: Performance) -> Emulated:
    """Return the emulator, not started, with its faults armed; ValueError, ScriptRefused."""
    emulated = catalogue.build(performance.name, performance.order)
    try:
        _arm(performance, emulated)
    except BaseException:
        emulated.stop()  # what it had prepared goes with it
        raise
    return emulated


def _arm(performance: Performance, emulated: Emulated) -> None:
    for fault in performance.faults:
        emulated.suffer(*split_fault(fault))
    script = performance.script
    if script is not None:
        check(script, emulated)
        if script.sets_the_scene and isinstance(emulated, Checking):
            emulated.act("FINGER", "none")


def run(performance: Performance, emulated: Emulated, out: TextIO) -> int:
    """Serve until SIGTERM, SIGINT or the end of the input; return the exit code. Main thread only."""
    stage = _Stage(performance, emulated)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stage.stop.set())
    try:
        performance.order.diary.hold()
        emulated.start()
        print(json.dumps(_announcement(performance, emulated)), file=out, flush=True)
        performance.order.diary.let_go()
        stage.play()
    finally:
        emulated.stop()
        performance.order.diary.close()
    return stage.code


def _announcement(performance: Performance, emulated: Emulated) -> Mapping[str, object]:
    order = performance.order
    more = emulated.facts if isinstance(emulated, Announcing) else {}
    return {"device": performance.name, "url": emulated.url, "seed": order.seed, **more}


class _Stage:
    """Plays the script beside the lines of standard input."""

    def __init__(self, performance: Performance, emulated: Emulated) -> None:
        self._performance = performance
        self._emulated = emulated
        self._diary = performance.order.diary
        self.stop = threading.Event()
        self.code = GOOD

    def play(self) -> None:
        """Return when the process is to end."""
        if self._performance.obey_input:
            # A daemon: a read of standard input cannot be ended from here.
            threading.Thread(target=self._obey_input, name="input", daemon=True).start()
        self._play_script()
        # A signal handler runs between two waits; Windows would not interrupt an endless one.
        while not self.stop.wait(0.5):
            pass

    def _play_script(self) -> None:
        script = self._performance.script
        if script is None:
            return
        while not self.stop.is_set():
            for step in script.steps:
                if self.stop.is_set():
                    return
                try:
                    self._do(step)
                except ValueError as cause:
                    self._diary.say(f"script refused, line {step.line}: {cause}")
                    self.code = REFUSED
                    self.stop.set()
            if not script.repeat:
                self._diary.say("script ended")
                return

    def _obey_input(self) -> None:
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                self._do(parse_step(line))
            except ScriptRefused as cause:
                self._diary.say(f"refused: {cause.reason}")
            except ValueError as cause:
                self._diary.say(f"refused: {cause}")
        self.stop.set()

    def _do(self, step: ScriptStep) -> None:
        try:
            perform(step, self._emulated, self._diary, self.stop)
        except TimeoutError as cause:  # the emulator is ending
            self._diary.say(f"not done: {cause}")
