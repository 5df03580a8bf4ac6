"""A MOSIP device service with iris, slap, finger and face devices: SBI 0.9.5 and 1.0, own test CA."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Self

import cv2

from drivers.emulation.emulated import Diary
from drivers.emulation.sbi_admin import Admin
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_capture import Capturing
from drivers.emulation.sbi_device import STATUSES, EmulatedDevice, Manner, failure
from drivers.emulation.sbi_http import BOUNDARY, SbiServer, bind
from drivers.emulation.sbi_lies import Lies
from drivers.emulation.sbi_line_faults import LineFaults
from drivers.emulation.sbi_plan import PlannedFault, planned
from drivers.emulation.sbi_script import Prompter
from drivers.emulation.sbi_sensors import marked
from drivers.emulation.sbi_subject import OnlyEyes, Subject
from drivers.emulation.sbi_words import Refused, named_device, number, read_capture
from drivers.sbi.identity import Kind, word
from drivers.sbi.scan import ANY_TYPE, PORTS
from station.clock import Clock, Deadline
from station.devices import Pixels

_STREAM_MS: Final = 300_000
_JUDGE_EVERY: Final = 3  # of a stream's frames; the mark stands in all of them
_TYPES: Final = ("Finger", "Iris", "Face", ANY_TYPE)


class SbiEmulator:
    """A service with its devices, on the first free of its ports.

    ``tamper`` and ``error`` are lies and codes told on purpose, ``faults`` what happens on the line.
    """

    def __init__(
        self,
        subject: Subject | Callable[..., Any],
        authority: EmulatedAuthority,
        clock: Clock,
        *,
        serial: str = "EMU-0001",
        ports: Sequence[int] = PORTS,
        fps: float = 6.0,
        kinds: Sequence[Kind] = (Kind.IRIS,),
        manner: Manner | None = None,
        diary: Diary | None = None,
    ) -> None:
        """Bind the port; ``subject`` may also be ``look(eye) -> grey image or None`` for irises alone."""
        self.subject: Subject = OnlyEyes(subject) if callable(subject) else subject
        self.authority = authority
        self.manner = manner or Manner()
        self._clock, self._interval = clock, 1.0 / fps
        self._diary = diary or Diary(None, clock)
        self._stop = threading.Event()
        self.faults = LineFaults(self._stop)
        self._lies = Lies()
        self.devices = tuple(
            EmulatedDevice(
                kind, serial if not nr else f"{serial}-{nr}", self.manner, authority, clock
            )
            for nr, kind in enumerate(kinds)
        )
        self._capturing = Capturing(
            self.subject, lambda: self._stop.wait(self._interval), self._lies
        )
        self._admin = Admin(self.devices, self.subject, self.faults)
        self._prompter = Prompter(self.devices, self.subject, self.heal)
        self._planned: list[PlannedFault] = []
        self._captures = 0  # since the last fault was ordered
        self._began = clock.monotonic()
        self.error = ""  # an errorCode for the next captures, "" = none
        self._server: SbiServer | None = bind(ports, self)
        self.port = int(self._server.server_address[1])
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tamper(self) -> str:
        """The lie in force; ``Lies.names()`` has them all."""
        return self._lies.name

    @tamper.setter
    def tamper(self, name: str) -> None:
        self._lies.name = name

    @property
    def status(self) -> str:
        """The status of all devices: Ready, Busy, Not Ready, Not Registered."""
        return self.devices[0].status

    @status.setter
    def status(self, status: str) -> None:
        for device in self.devices:
            device.status = status

    def start(self) -> Self:
        """Begin to serve."""
        if self._server is None:
            self._stop.clear()
            self._server = bind([self.port], self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sbi", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """End everything, join all threads and free the port."""
        server, self._server = self._server, None
        thread, self._thread = self._thread, None
        self._stop.set()
        if server is None:
            return
        if thread is not None:  # shutdown() waits for ever for a loop that never ran
            server.shutdown()
            thread.join(2.0)
        server.cut()
        server.server_close()

    def unplug(self) -> None:
        """Take the service away with its devices: connections are cut, the port is free."""
        self.stop()

    def replug(self, serial: str = "") -> None:
        """Serve again on the same port, with other devices when a serial number is given."""
        if serial:
            for number_, device in enumerate(self.devices):
                device.serial = serial if not number_ else f"{serial}-{number_}"
        if self._server is None:
            self.start()

    def discovery(self, body: Mapping[str, Any]) -> object:
        """Answer MOSIPDISC: the devices of the asked type."""
        kind = word(body, "type")
        self._diary.note("discover", type=kind.replace(" ", "-") or "?")
        if kind not in _TYPES:
            return [failure("502", "Biometric Type values Mismatch")]
        return [
            device.discovery(f"{self.url}/")
            for device in self.devices
            if kind in {device.kind.type_name, ANY_TYPE}
        ]

    def information(self) -> object:
        """Answer MOSIPDINFO: every device's statement."""
        self._diary.note("information")
        return [device.statement(f"{self.url}/") for device in self.devices]

    def capture(self, body: Mapping[str, Any], gone: Callable[[], bool]) -> object:
        """Answer RCAPTURE: the best frames until the asked score, the timeout, or the asker is ``gone``."""
        struck = self._strike()
        try:
            self._refuse_as_told(struck)
            asked = read_capture(body, self.devices)
            for order in asked.orders:
                self._diary.note(
                    "capture",
                    device=order.device.kind.value,
                    sub=order.sub_id,
                    count=max(1, len(order.names)),
                    timeout=asked.timeout_s,
                )
            lie = struck.name if struck is not None else ""
            answer = self._capturing.answer(asked, self.devices, gone, lie)
        except Refused as refused:
            self._diary.note("refused", code=refused.code)
            empty = {"specVersion": self.manner.version, "data": "", "hash": ""}
            return {"biometrics": [empty | failure(refused.code, refused.info)]}
        self._diary.note("captured", samples=len(answer["biometrics"]))
        return answer

    def stream(
        self,
        body: Mapping[str, Any],
        begin: Callable[[], None],
        send: Callable[[bytes], bool],
        gone: Callable[[], bool],
    ) -> object | None:
        """Answer STREAM: marked frames until the reader leaves or the timeout."""
        try:
            device = named_device(body, self.devices)
            sub_id = number(body, "deviceSubId", 0, "605")
            names = _streamed(device, sub_id)
            seconds = number(body, "timeout", _STREAM_MS, "609") / 1000
        except Refused as refused:
            self._diary.note("no-stream", code=refused.code)
            return failure(refused.code, refused.info)
        self._diary.note("stream", device=device.kind.value, sub=sub_id)
        end = device.begin_stream(sub_id, lambda: not gone())
        try:
            begin()
            self._frames(device, names, Deadline.after(seconds), send, gone)
        finally:
            end()
            self._diary.note("stream-end", device=device.kind.value)
        return None

    def admin(self, what: str, body: Mapping[str, Any]) -> object:
        """Answer POST /admin/...; KeyError for what there is not."""
        answer = self._admin.answer(what, body)
        self._diary.note("admin", call=what)
        return answer

    def suffer(self, fault: str, when: str) -> None:
        """Ask for a lie, an errorCode or a line fault, once: ``planned`` says how they are named."""
        self._captures, self._began = 0, self._clock.monotonic()
        self._planned.append(planned(fault, when))

    def check(self, verb: str, argument: str) -> None:
        """Raise the ValueError that ``act`` or ``suffer`` would raise."""
        if verb == "FAULT":
            name, _, when = argument.partition("@")
            planned(name, when)
        else:
            self._prompter.deed(verb, argument)

    def act(self, verb: str, argument: str) -> None:
        """Obey STATUS, FINGER, LOOK, FACE, QUALITY, PERSON or HEAL; ValueError."""
        self._prompter.deed(verb, argument)()

    def heal(self) -> None:
        """End all lies, codes and faults; every device is ready."""
        self.tamper, self.error, self.status = "", "", STATUSES[0]
        self._planned.clear()
        self.faults.disarm()
        self.faults.delays.clear()

    def _strike(self) -> PlannedFault | None:
        """Return the fault that is due at this capture; a line fault is armed for its answer."""
        number_, self._captures = self._captures, self._captures + 1
        seconds = self._clock.monotonic() - self._began
        due = next((each for each in self._planned if each.is_due(number_, seconds)), None)
        if due is None:
            return None
        self._planned.remove(due)
        self._diary.note("fault", name=due.name)
        if due.line is not None:
            self.faults.at = due.byte
            self.faults.arm(due.line, times=1)
            return None
        return due

    def _refuse_as_told(self, struck: PlannedFault | None) -> None:
        code = struck.name if struck is not None and struck.is_code else self.error
        if code:
            raise Refused(code, "asked for by the script")

    def _frames(
        self,
        device: EmulatedDevice,
        names: Sequence[str],
        deadline: Deadline,
        send: Callable[[bytes], bool],
        gone: Callable[[], bool],
    ) -> None:
        number_ = 0
        while not self._stop.is_set() and not deadline.passed():
            # While a capture runs, it judges; twice would only slow both down.
            judged = number_ % _JUDGE_EVERY == 0 and not device.capturing.locked()
            sight = device.sensor.see(self.subject, names, judged=judged)
            number_ += 1
            if sight is not None and judged:
                device.last_score = sight.score
            score = device.last_score if device.forced_score is None else device.forced_score
            # With nothing to show, only a look at the line tells that the reader has gone.
            if gone() if sight is None else not send(part(marked(sight.shown, score))):
                return
            self._stop.wait(self._interval)


def _streamed(device: EmulatedDevice, sub_id: int) -> tuple[str, ...]:
    names = device.sensor.names(sub_id)
    if names is None:
        raise Refused("605", "deviceSubId")
    if device.status not in {"Ready", "Busy"}:
        raise Refused("607", "Device Status is Not Ready")
    return names


def part(picture: Pixels) -> bytes:
    """Return one part of a preview stream."""
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])
    data = jpeg.tobytes()
    head = f"{BOUNDARY}\r\nContent-Type:image/jpeg\r\nContent-Length:{len(data)}\r\n\r\n"
    return head.encode("ascii") + data + b"\r\n\r\n"
