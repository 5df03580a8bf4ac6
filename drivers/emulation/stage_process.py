"""The desk's side of the emulated stage: starts the process, sends commands, ends it."""

import contextlib
import itertools
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from types import MappingProxyType
from typing import Any

from station.errors import DeviceNotFound, DeviceTimeout

_LOG = logging.getLogger(__name__)


class StageProcess:
    """A running stage. ``addresses`` tells where each emulated device is."""

    def __init__(self, *, seed: int = 1, fps: float = 15.0, finger: str = "sfm") -> None:
        self._command = [
            sys.executable,
            "-m",
            "drivers.emulation.stage",
            f"--seed={seed}",
            f"--fps={fps}",
            f"--finger={finger}",
        ]
        self._process: subprocess.Popen[str] | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[Mapping[str, Any]]] = {}
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self.addresses: Mapping[str, str] = MappingProxyType({})

    @property
    def pid(self) -> int:
        """Number of the running process; 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def start(self, timeout_s: float = 30.0) -> Mapping[str, str]:
        """Start the process and return the device addresses.

        DeviceNotFound when it ends at once, DeviceTimeout when it says nothing.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        first: Future[Mapping[str, Any]] = Future()
        self._waiting[0] = first
        self._reader = threading.Thread(target=self._read, name="stage-answers", daemon=True)
        self._reader.start()
        try:
            self.addresses = first.result(timeout_s)
        except TimeoutError as cause:
            self.stop()
            raise DeviceTimeout(device="stage") from cause
        except DeviceNotFound:
            self.stop()
            raise
        return self.addresses

    def tell(self, **command: object) -> "Future[Mapping[str, Any]]":
        """Send one command without waiting; the future holds the stage's answer.

        DeviceNotFound when the stage is not running.
        """
        number = next(self._numbers)
        answer: Future[Mapping[str, Any]] = Future()
        process = self._process
        if process is None or process.stdin is None:
            raise DeviceNotFound(device="stage")
        with self._lock:
            self._waiting[number] = answer
            try:
                process.stdin.write(json.dumps({"id": number, **command}) + "\n")
                process.stdin.flush()
            except (OSError, ValueError) as cause:
                del self._waiting[number]
                raise DeviceNotFound(device="stage") from cause
        return answer

    def ask(self, timeout_s: float = 10.0, **command: object) -> None:
        """Send one command and wait; ValueError when the stage refuses it, DeviceTimeout, DeviceNotFound."""
        try:
            answer = self.tell(**command).result(timeout_s)
        except TimeoutError as cause:
            raise DeviceTimeout(device="stage") from cause
        if "error" in answer:
            raise ValueError(answer["error"])

    def stop(self) -> None:
        """Close the pipe, which ends the stage; kill it when it does not go."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            # What was not flushed has nobody left to read it.
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5.0)
        if self._reader is not None:
            self._reader.join(2.0)
        if process.stdout is not None:
            process.stdout.close()

    def _read(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        for number, line in enumerate(process.stdout):
            answer = _parsed(line)
            waiting = self._waiting.pop(0 if number == 0 else int(answer.get("id") or -1), None)
            if waiting is not None:
                waiting.set_result(answer)
        with self._lock:
            left, self._waiting = self._waiting, {}
        for waiting in left.values():
            waiting.set_exception(DeviceNotFound(device="stage"))


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return answer
    _LOG.warning("the stage said something that is no answer")
    return {}
