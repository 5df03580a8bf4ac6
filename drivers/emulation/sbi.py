"""A MOSIP device service with iris, slap, finger and face devices: SBI 0.9.5 and 1.0, own test CA."""

import hashlib
import shlex
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import cv2

from drivers.emulation.emulated import Diary, Order
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_capture import Capturing
from drivers.emulation.sbi_device import STATUSES, SUCCESS, EmulatedDevice, Manner, failure
from drivers.emulation.sbi_http import BOUNDARY, SbiServer, bind
from drivers.emulation.sbi_lies import Lies
from drivers.emulation.sbi_line_faults import LineFault, LineFaults
from drivers.emulation.sbi_sensors import marked
from drivers.emulation.sbi_subject import DrawnSubject, OnlyEyes, Subject
from drivers.emulation.sbi_words import Refused, named_device, number, read_capture
from drivers.sbi.identity import Kind, word, words
from drivers.sbi.rules import HashForm, Numbers
from drivers.sbi.scan import ANY_TYPE, PORTS
from station.clock import Clock, Deadline
from station.devices import FingerPosition, Pixels, Slap

_STREAM_MS: Final = 300_000
_JUDGE_EVERY: Final = 3  # of a stream's frames; the mark stands in all of them
_TYPES: Final = ("Finger", "Iris", "Face", ANY_TYPE)
_DEFAULT_DEVICES: Final = "iris,slap,face"
_KINDS: Final[Mapping[str, Kind]] = {
    "iris": Kind.IRIS,
    "slap": Kind.SLAP,
    "finger": Kind.FINGER,
    "face": Kind.FACE,
}


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
        self.facts: Mapping[str, str] = {}  # what a client must know beside the address
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
        try:
            self._refuse_as_told()
            asked = read_capture(body, self.devices)
            for order in asked.orders:
                self._diary.note(
                    "capture",
                    device=order.device.kind.value,
                    sub=order.sub_id,
                    count=max(1, len(order.names)),
                    timeout=asked.timeout_s,
                )
            answer = self._capturing.answer(asked, self.devices, gone)
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
            self._frames(device, names, Deadline.after(seconds), send)
        finally:
            end()
            self._diary.note("stream-end", device=device.kind.value)
        return None

    def admin(self, what: str, body: Mapping[str, Any]) -> object:
        """Answer POST /admin/...; KeyError for what there is not."""
        change = {
            "status": self._set_status,
            "score": self._set_score,
            "delay": self._set_delay,
            "profile": self._set_profile,
        }[what]
        kind = word(body, "type") or ANY_TYPE
        try:
            change(body, [d for d in self.devices if kind in {d.kind.type_name, ANY_TYPE}])
        except Refused as refused:
            return {"errorCode": refused.code, "errorInfo": refused.info} | failure(
                refused.code, refused.info
            )
        self._diary.note("admin", call=what)
        return {**SUCCESS, "error": dict(SUCCESS)}

    def suffer(self, fault: str, when: str) -> None:
        """Ask for a lie or a line fault by name; WHEN is "bN" for a byte of the answer, or empty."""
        lines = {each.value: each for each in LineFault} | {each.name: each for each in LineFault}
        if fault in lines:
            self.faults.at = int(when[1:]) if when.startswith("b") else None
            self.faults.arm(lines[fault])
        elif fault in Lies.names():
            self.tamper = fault
        elif fault.isdigit():
            self.error = fault
        else:
            known = sorted({each.value for each in LineFault} | set(Lies.names()))
            message = f"{fault}: not one of {', '.join(known)}, nor an errorCode"
            raise ValueError(message)

    def act(self, verb: str, argument: str) -> None:
        """Obey STATUS, FINGER, LOOK, FACE, QUALITY, PERSON, HEAL."""
        actions: Mapping[str, Callable[[str], object]] = {
            "STATUS": self._act_status,
            "FINGER": self._act_finger,
            "LOOK": lambda text: setattr(self._drawn(), "looks", _is_on(text)),
            "FACE": lambda text: setattr(self._drawn(), "faces", _is_on(text)),
            "QUALITY": self._act_quality,
            "PERSON": lambda text: self._drawn().become(int(text)),
            "HEAL": lambda _text: self.heal(),
        }
        if verb not in actions:
            message = f"{verb}: not one of {', '.join(actions)}"
            raise ValueError(message)
        actions[verb](argument)
        self._diary.note(verb.lower(), argument=argument or "-")

    def heal(self) -> None:
        """End all lies, codes and faults; every device is ready."""
        self.tamper, self.error, self.status = "", "", STATUSES[0]
        self.faults.disarm()
        self.faults.delays.clear()

    def _refuse_as_told(self) -> None:
        if self.error:
            raise Refused(self.error, "asked for by the script")

    def _frames(
        self,
        device: EmulatedDevice,
        names: Sequence[str],
        deadline: Deadline,
        send: Callable[[bytes], bool],
    ) -> None:
        score, number_ = 0, 0
        while not self._stop.is_set() and not deadline.passed():
            judged = number_ % _JUDGE_EVERY == 0
            sight = device.sensor.see(self.subject, names, judged=judged)
            number_ += 1
            if sight is not None and judged:
                score = sight.score if device.forced_score is None else device.forced_score
            # An empty send tells nothing to the reader, but tells us that he has gone.
            if not send(b"" if sight is None else part(marked(sight.shown, score))):
                return
            self._stop.wait(self._interval)

    def _set_status(self, body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> None:
        status = word(body, "deviceStatus")
        if status not in STATUSES:
            raise Refused("504", "Device Status values Mismatch")
        for device in devices:
            device.status = status

    def _set_score(self, body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> None:
        """Force a score; with fromIso the picture's own counts again."""
        own = word(body, "fromIso").lower() == "true" or body.get("fromIso") is True
        score = None if own else number(body, "qualityScore", 101, "505")
        if score is not None and score > 100:
            raise Refused("505", "Quality Score")
        for device in devices:
            device.forced_score = score

    def _set_delay(self, body: Mapping[str, Any], _devices: Sequence[EmulatedDevice]) -> None:
        milliseconds = number(body, "delay", -1, "506")
        methods = words(body, "method") or ("RCAPTURE",)
        if milliseconds < 0:
            raise Refused("506", "Delay")
        if not set(methods) <= {
            "MOSIPDISC",
            "SBIDISC",
            "MOSIPDINFO",
            "STREAM",
            "RCAPTURE",
            "CAPTURE",
        }:
            raise Refused("507", "method")
        for method in methods:
            self.faults.delays[method] = milliseconds / 1000

    def _set_profile(self, body: Mapping[str, Any], _devices: Sequence[EmulatedDevice]) -> None:
        """Let another person step up: a number, or any name, which always means the same invented person."""
        profile = word(body, "profileId") or word(body, "profile")
        if not profile or not isinstance(self.subject, DrawnSubject):
            raise Refused("551", "Profile Not Set")
        self.subject.become(body_of(profile))

    def _act_status(self, text: str) -> None:
        if text not in STATUSES:
            message = f"{text}: not one of {', '.join(STATUSES)}"
            raise ValueError(message)
        self.status = text

    def _act_quality(self, text: str) -> None:
        for device in self.devices:
            device.forced_score = int(text) if text else None

    def _act_finger(self, text: str) -> None:
        """Take "right", "left", "thumbs", a finger's name, "auto" or "none", and "missing=NAME,NAME"."""
        subject = self._drawn()
        for part in shlex.split(text) or ["auto"]:
            if part.startswith("missing="):
                names = [name for name in part.removeprefix("missing=").split(",") if name]
                subject.missing = frozenset(_finger(name) for name in names)
            elif part == "none":
                subject.touches = False
            else:
                subject.fingers, subject.touches = _fingers(part), True

    def _drawn(self) -> DrawnSubject:
        if not isinstance(self.subject, DrawnSubject):
            message = "somebody else leads this subject"
            raise ValueError(message)  # noqa: TRY004 - the verb does not fit this emulator
        return self.subject


def _streamed(device: EmulatedDevice, sub_id: int) -> tuple[str, ...]:
    names = device.sensor.names(sub_id)
    if names is None:
        raise Refused("605", "deviceSubId")
    if device.status not in {"Ready", "Busy"}:
        raise Refused("607", "Device Status is Not Ready")
    return names


def body_of(profile: str) -> int:
    """Return the seed of a body: the number itself, or one that always belongs to that name."""
    if profile.isdecimal() and len(profile) < 10:
        return int(profile)
    return int.from_bytes(hashlib.sha256(profile.encode()).digest()[:4]) % 1_000_000


def build(order: Order) -> SbiEmulator:
    """Build the service; ``--set`` knows devices, version, level, env, numbers, hashes, serial, fps, root."""
    options = dict(order.options)
    kinds = [_KINDS[name] for name in options.get("devices", _DEFAULT_DEVICES).split(",")]
    manner = Manner(
        version=options.get("version", "0.9.5"),
        level=options.get("level", "L0"),
        env=options.get("env", "Developer"),
        numbers=Numbers(options.get("numbers", "strings")),
        hashes=HashForm(options.get("hashes", "raw")),
    )
    authority = EmulatedAuthority.make(order.clock.now())
    emulator = SbiEmulator(
        DrawnSubject(body_of(order.nik) if order.nik else order.seed, order.seed),
        authority,
        order.clock,
        serial=options.get("serial", f"EMU-SBI-{order.seed:04d}"),
        ports=PORTS if order.port is None else [order.port],
        fps=float(options.get("fps", "6")),
        kinds=kinds,
        manner=manner,
        diary=order.diary,
    )
    given = options.get("root")
    place = Path(given) if given else Path(tempfile.gettempdir()) / f"rekam-sbi-{emulator.port}.pem"
    place.write_bytes(authority.root_pem)
    emulator.facts = {"root": str(place), "version": manner.version}
    return emulator


def part(picture: Pixels) -> bytes:
    """Return one part of a preview stream."""
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])
    data = jpeg.tobytes()
    head = f"{BOUNDARY}\r\nContent-Type:image/jpeg\r\nContent-Length:{len(data)}\r\n\r\n"
    return head.encode("ascii") + data + b"\r\n\r\n"


def _is_on(text: str) -> bool:
    if text.lower() not in {"on", "off", ""}:
        message = "on or off"
        raise ValueError(message)
    return text.lower() != "off"


def _finger(name: str) -> FingerPosition:
    try:
        return FingerPosition[name.upper()]
    except KeyError:
        message = f"{name}: no finger"
        raise ValueError(message) from None


_HANDS: Final[Mapping[str, Slap]] = {
    "right": Slap.RIGHT_FOUR,
    "left": Slap.LEFT_FOUR,
    "thumbs": Slap.THUMBS,
}


def _fingers(part: str) -> frozenset[FingerPosition] | None:
    if part == "auto":
        return None
    if part in _HANDS:
        return frozenset(_HANDS[part].fingers)
    return frozenset({_finger(part)})
