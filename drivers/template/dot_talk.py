"""The conversation of the template: a question, its answer, one repeat, nothing kept."""

from collections.abc import Mapping
from typing import Final

from drivers.serial.line import ByteLine
from drivers.template.dot_lines import END, LONGEST, Line
from station.clock import CancelToken, Deadline
from station.errors import DeviceRejected, DeviceTimeout, ProtocolError

_REPLY_S: Final = 0.3
_TRIES: Final = 2
_SILENCE_S: Final = 0.02


class DotTalk:
    """One line to one module; every question has its own number."""

    def __init__(self, line: ByteLine) -> None:
        self._line = line
        self._seq = 0
        self._heard = bytearray()

    def ask(
        self,
        word: str,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> Line:
        """Ask and return the answer; a damaged or lost one is asked for once more."""
        for left in reversed(range(_TRIES)):
            self._seq = (self._seq + 1) % 256
            self._line.send(Line(self._seq, word, facts or {}).encode())
            try:
                return self.answer(word, deadline.within(_REPLY_S), cancel)
            except (ProtocolError, DeviceTimeout):
                deadline.check(what=word)
                if not left:
                    raise
                self._line.drain(_SILENCE_S, deadline, cancel)  # the rest of what was damaged
        raise AssertionError  # the loop above returns or raises

    def answer(self, word: str, limit: Deadline, cancel: CancelToken | None) -> Line:
        """Return the answer to the question just asked; earlier ones that come late are skipped."""
        while True:
            answer = Line.parse(self._whole_line(limit, cancel))
            if answer.seq != self._seq:
                continue
            if answer.word == "ERR":
                raise DeviceRejected(what=word, code=answer.number("code"))
            if answer.word != word:
                raise ProtocolError(what=word)
            return answer

    def wipe(self) -> None:
        """Forget what was heard: it may be part of a finger."""
        self._heard[:] = bytes(len(self._heard))
        self._heard.clear()

    def _whole_line(self, limit: Deadline, cancel: CancelToken | None) -> bytes:
        self.wipe()
        while not self._heard.endswith(END):
            # Byte by byte, so that nothing behind the line is taken from the next answer.
            byte = self._line.receive(1, limit, cancel)
            if len(self._heard) >= LONGEST:
                self._heard.clear()
                raise ProtocolError(what="line", limit=LONGEST)
            self._heard += byte
        return bytes(self._heard)
