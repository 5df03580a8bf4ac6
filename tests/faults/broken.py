"""Drivers broken on purpose, one for every class of failure that drivers in use today have."""

import logging
import os
import threading

import serial

from drivers.conformance.rigs.fingers import FingerRig
from drivers.contract import Site
from drivers.template import dot_rig
from drivers.template.dot import DotDriver, DotScanner
from drivers.template.dot_lines import END, Line
from drivers.template.dot_talk import DotTalk
from station.clock import Deadline, SystemClock
from station.devices import DeviceState, ImageCapture, Progress, StateChanged
from station.errors import DeviceRemoved, DeviceTimeout, ProtocolError

log = logging.getLogger("vendor.scanner")


class TalkWithoutSeq(DotTalk):
    """Takes whatever answer comes, in whatever order."""

    def answer(self, word, limit, cancel):
        while True:
            answer = Line.parse(self._whole_line(limit, cancel))
            if answer.word == word:
                return answer


class TalkWithoutChecksum(DotTalk):
    def answer(self, word, limit, cancel):
        while True:
            heard = self._whole_line(limit, cancel)
            text = heard.rstrip(END).rpartition(b"*")[0]
            words = text.decode("ascii", "replace").split(" ")
            if len(words) > 1 and words[1] == word:
                return Line(0, word, dict(each.partition("=")[::2] for each in words[2:]))


class TalkWithoutDeadline(DotTalk):
    def answer(self, word, limit, cancel):
        return super().answer(word, Deadline.after(1e6), cancel)


class TalkWithoutCancel(DotTalk):
    def ask(self, word, deadline, cancel=None, facts=None):
        return super().ask(word, deadline, None, facts)

    def answer(self, word, limit, cancel):
        return super().answer(word, Deadline(limit.at + 1).within(1.5), None)


class TalkThatLogs(DotTalk):
    def answer(self, word, limit, cancel):
        answer = super().answer(word, limit, cancel)
        log.debug("received %s", answer.facts)
        return answer


class TalkThatQuotes(DotTalk):
    """Puts what it could not read into the exception, to help support."""

    def answer(self, word, limit, cancel):
        try:
            return super().answer(word, limit, cancel)
        except ProtocolError:
            raise ProtocolError(heard=self._heard.decode("ascii", "replace")) from None


class TalkThatGivesUp(DotTalk):
    """After one damaged line it never finds its place again."""

    lost = False

    def ask(self, word, deadline, cancel=None, facts=None):
        if self.lost:
            raise ProtocolError(what="out of step")
        try:
            return super().ask(word, deadline, cancel, facts)
        except (ProtocolError, DeviceTimeout):
            self.lost = True
            raise


class Broken(DotScanner):
    talk = DotTalk

    def __init__(self, url, site, opener=None):
        super().__init__(url, site, opener)
        self.littered = []

    def _identify(self, line, deadline):
        info = super()._identify(line, deadline)
        self._talk = self.talk(line)
        return info


class AcceptsAnyAnswer(Broken):
    talk = TalkWithoutSeq

    def _row(self, talk, row, width, deadline, cancel):
        answer = talk.ask("ROW", deadline, cancel, {"n": str(row)})
        return bytes.fromhex(answer.facts["hex"])


class IgnoresChecksum(Broken):
    talk = TalkWithoutChecksum


class HangsOnALostAnswer(Broken):
    talk = TalkWithoutDeadline


class IgnoresCancel(Broken):
    talk = TalkWithoutCancel


class LogsPixels(Broken):
    talk = TalkThatLogs


class QuotesPixels(Broken):
    talk = TalkThatQuotes


class NeedsReopening(Broken):
    talk = TalkThatGivesUp


class KeepsADescriptor(Broken):
    def _identify(self, line, deadline):
        self.littered.append(os.open("/dev/null", os.O_RDONLY))
        LITTER.append(self.littered[-1])
        return super()._identify(line, deadline)


class KeepsAThread(Broken):
    def capture(self, sink, cancel, deadline):
        threading.Thread(target=STOP.wait, name="vendor-poller", daemon=True).start()
        return super().capture(sink, cancel, deadline)


class HoldsThePort(Broken):
    def _disconnect(self):
        self._line = None


class CloseRaises(Broken):
    def close(self):
        first = self._line is not None
        super().close()
        if not first:
            raise OSError("not open")


class SpeaksAfterTheEnd(Broken):
    def capture(self, sink, cancel, deadline):
        def late():
            STOP.wait(0.05)
            sink(Progress(1, 1))

        try:
            return super().capture(sink, cancel, deadline)
        finally:
            thread = threading.Thread(target=late)
            thread.start()


class EndsTwice(Broken):
    def capture(self, sink, cancel, deadline):
        try:
            return super().capture(sink, cancel, deadline)
        finally:
            sink(StateChanged(DeviceState.READY))


class RaisesRawErrors(Broken):
    def capture(self, sink, cancel, deadline):
        try:
            return super().capture(sink, cancel, deadline)
        except DeviceRemoved:
            raise serial.SerialException(
                "device reports readiness to read but returned no data"
            ) from None


class RecursesPerPacket(Broken):
    def _await_finger(self, talk, session, cancel, deadline):
        super()._await_finger(talk, session, cancel, deadline)
        width, height = self._size
        self.rows = {}

        def read(row):
            if row < height:
                self.rows[row] = DotScanner._row(self, talk, row, width, deadline, cancel)
                session(Progress(row + 1, height))
                read(row + 1)

        session.move(DeviceState.TRANSFER)
        read(0)

    def _row(self, talk, row, width, deadline, cancel):
        return self.rows[row]


class BelievesLengths(Broken):
    def _check_total(self, total):
        bytearray(min(total, 20_000_000))
        super()._check_total(total)


class KeepsPartialImages(Broken):
    """Remembers the rows it has, in case the caller tries again."""

    def _row(self, *call):
        row = super()._row(*call)
        self.littered.append(row)
        return row


class ChangesItsSerial(Broken):
    opened = 0

    def _identify(self, line, deadline):
        from dataclasses import replace

        self.opened += 1
        return replace(super()._identify(line, deadline), serial=f"session-{id(line)}")


class HoldsTheInterpreter(Broken):
    """Works through its picture in one long call that lets no other thread run."""

    def capture(self, sink, cancel, deadline):
        found = super().capture(sink, cancel, deadline)
        sum(range(8_000_000))
        return found


class OpensForeignPorts(DotDriver):
    def discover(self, hints):
        for address in hints.addresses:
            try:
                os.close(os.open(address, os.O_RDONLY))
            except OSError:
                continue
        return super().discover(hints)


class GivesAnotherImage(Broken):
    """Turns the picture over when anything was repeated: the worst of all, it looks right."""

    def capture(self, sink, cancel, deadline):
        found = super().capture(sink, cancel, deadline)
        return ImageCapture(
            found.pixels[::-1],
            found.ppi,
            found.depth,
            found.frame_id,
            found.captured_at,
            found.device,
        )


STOP = threading.Event()
LITTER: list[int] = []


class BrokenRig(dot_rig.DotRig):
    """The template's rig with another driver on it."""

    scanner: type[DotScanner] = DotScanner
    finder: type[DotDriver] = DotDriver

    def device(self):
        return self.scanner(self.socket.url, Site(SystemClock()), lambda: self.open_line(115200))

    def driver(self):
        return self.finder()


class BurningLampRig(BrokenRig):
    """A lamp that nobody switches off."""

    def start(self):
        super().start()
        self._lit_since = SystemClock().monotonic() - 11.0

    def lit_s(self):
        return SystemClock().monotonic() - self._lit_since


class SharesItsBuffer(Broken):
    """Two scanners, one buffer of the module: whoever reads last wins."""

    rows: dict[int, bytes] = {}  # noqa: RUF012 - the mistake

    def _row(self, talk, row, width, deadline, cancel):
        return self.rows.setdefault(row, super()._row(talk, row, width, deadline, cancel))


class SharedGlassRig(BrokenRig):
    scanner = SharesItsBuffer


def rig_of(broken):
    """Return what makes rigs of one broken thing."""
    if issubclass(broken, FingerRig):
        return broken
    attribute = "finder" if issubclass(broken, DotDriver) else "scanner"
    return type(f"RigOf{broken.__name__}", (BrokenRig,), {attribute: broken})


def clean_up():
    """Take away what the littering drivers left."""
    while LITTER:
        os.close(LITTER.pop())
    STOP.set()
    STOP.clear()
