"""``rekam emulate`` as a real process: start it, read its first line and its diary, end it."""

import contextlib
import json
import queue
import signal
import subprocess
import sys
import threading
import time


class Emulator:
    """A running emulator. ``first`` is its announcement, ``url`` what a client opens."""

    def __init__(self, *arguments: str, stdin: bool = False) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "ui.cli",
                "emulate",
                *arguments,
                *(["--stdin"] if stdin else []),
            ],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self.heard: list[str] = []
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(self._process.communicate()[1])
        self.first = json.loads(line)
        self._reader.start()

    @property
    def url(self) -> str:
        return self.first["url"]

    def wait_for(self, words: str, seconds: float = 10.0) -> str:
        """Return the first line, said or still to come, that holds the words."""
        for line in self.heard:
            if words in line:
                return line
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=left)
                self.heard.append(line)
                if words in line:
                    return line
        raise AssertionError(f"{words!r} not in {self.heard}")

    def tell(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def do(self, line: str) -> None:
        """Give an order and wait until it is done."""
        self.heard.clear()
        while not self._lines.empty():
            self._lines.get()
        self.tell(line)
        self.wait_for(f"done {line}")

    def close_input(self) -> None:
        self._process.stdin.close()

    def wait(self, seconds: float = 10.0) -> int:
        return self._process.wait(seconds)

    def end(self, how: int = signal.SIGTERM) -> int:
        if self._process.poll() is None:
            self._process.send_signal(how)
        code = self._process.wait(10)
        self._reader.join(5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code

    def __enter__(self) -> "Emulator":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip())


def refused(*arguments: str) -> tuple[int, str]:
    """Run the command to its end and return exit code and what it said."""
    told = subprocess.run(
        [sys.executable, "-m", "ui.cli", "emulate", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )
    return told.returncode, told.stderr
