"""The host's side of RLP/1: one command at a time, one repeat, and a lamp that is put out for certain."""

import contextlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.iris.rlp_line import CAN, Direction, Line, LineCutter, LineRefused, decode
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import (
    ChecksumError,
    DeviceBusy,
    DeviceError,
    DeviceTimeout,
    HardwareFault,
    LampStuck,
    NotSupported,
    ProtocolError,
)

BAUD: Final = 115_200
BURST_MAX_MS: Final = 10_000  # whatever a lamp says of itself
REPLY_S: Final = 0.15
OFF_S: Final = 0.3
_TRIES: Final = 2
_SEQS: Final = 255  # 1..255; 0 belongs to events
_PROTO: Final = "1"
_REST_MAX_MS: Final = 600_000


class LampRests(DeviceBusy):
    """The lamp must stay out for ``wait_s`` seconds more."""

    def __init__(self, wait_s: float = 0.0) -> None:
        super().__init__(device="lamp", wait_ms=round(wait_s * 1000))
        self.wait_s = wait_s


class LampOut(DeviceError):
    """The lamp is not on, or already on: it is in another state than the command needs."""

    code = "DEVICE_BUSY"
    retryable = True


@dataclass(frozen=True, slots=True)
class LampIdentity:
    """Who the lamp says it is."""

    model: str
    serial: str
    firmware: str


@dataclass(frozen=True, slots=True)
class LampLimits:
    """What the lamp can do and will allow."""

    channels: str  # "LR": two sides, "B" in a command means both
    wavelength_nm: int
    burst_ms: int
    link_ms: int
    rest_ms: int


@dataclass(frozen=True, slots=True)
class LampStatus:
    """How the lamp is now."""

    on: bool
    left_ms: int
    rest_ms: int
    temperature_c: int


class Lamp:
    """One lamp on an open line; calls from several threads take turns."""

    def __init__(self, line: ByteLine, first_seq: int | None = None) -> None:
        """Begin to count at ``first_seq``; by default anywhere.

        A lamp answers an identical line within a second from memory, so a new host must not begin with the
        numbers the last one ended with.
        """
        self._line = line
        self._seq = secrets.randbelow(_SEQS) if first_seq is None else first_seq - 1
        self._cutter = LineCutter()
        self._turn = threading.RLock()
        self._gone_out = ""  # why, of the last event

    @property
    def gone_out(self) -> str:
        """Why the lamp went out by itself since it was last put on: TIME, LINK, TEMP, ... or ''."""
        return self._gone_out

    def identify(self, deadline: Deadline, cancel: CancelToken | None = None) -> LampIdentity:
        """Ask who it is; NotSupported for another protocol version."""
        said = self._ask("HELLO", {}, deadline, cancel).fields
        if said.get("proto") != _PROTO:
            raise NotSupported(device="lamp", what="protocol version")
        identity = LampIdentity(said.get("id", ""), said.get("serial", ""), said.get("fw", ""))
        if not (identity.model and identity.serial):
            raise ProtocolError(device="lamp", what="identity")
        return identity

    def limits(self, deadline: Deadline, cancel: CancelToken | None = None) -> LampLimits:
        """Ask what it can do; ProtocolError for limits outside the protocol's."""
        said = self._ask("CAPS", {}, deadline, cancel)
        channels = said.fields.get("ch", "")
        nm, burst, link, rest = (_number(said, n) for n in ("nm", "max_ms", "link_ms", "rest_ms"))
        sane = 1 <= burst <= BURST_MAX_MS and 1 <= link <= BURST_MAX_MS and rest <= _REST_MAX_MS
        if not (sane and channels and set(channels) <= set("LR")):
            raise ProtocolError(device="lamp", what="limits")
        return LampLimits(channels, nm, burst, link, rest)

    def status(self, deadline: Deadline, cancel: CancelToken | None = None) -> LampStatus:
        """Ask how it is."""
        said = self._ask("STAT", {}, deadline, cancel)
        on, left, rest, temp = (_number(said, name) for name in ("on", "left", "rest", "temp"))
        return LampStatus(bool(on), left, rest, temp)

    def on(
        self,
        channel: str,
        level: int,
        ms: int,
        deadline: Deadline,
        cancel: CancelToken | None = None,
    ) -> None:
        """Light ``channel`` (L, R, B) at ``level`` per mille for at most ``ms``; LampRests, LampOut."""
        self._gone_out = ""
        asked = {"ch": channel, "level": str(level), "ms": str(ms)}
        said = self._ask("ON", asked, deadline, cancel)
        if _number(said, "on") != 1 or not 0 < _number(said, "left") <= ms:
            raise ProtocolError(device="lamp", what="on")

    def keep(self, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Tell a burning lamp that its host lives; LampOut when it is out."""
        self._ask("KEEP", {}, deadline, cancel)

    def off(self) -> None:
        """Put it out and have that confirmed within 300 ms.

        Otherwise cut it and raise LampStuck; DeviceRemoved when the lamp is no longer plugged in.
        """
        deadline = Deadline.after(OFF_S)
        try:
            if _number(self._ask("OFF", {}, deadline, None), "on") == 0:
                return
        except (
            DeviceTimeout,
            ProtocolError,
            DeviceBusy,
            NotSupported,
            LampOut,
            HardwareFault,
        ) as cause:
            self.cut()
            raise LampStuck(device="lamp") from cause
        self.cut()
        raise LampStuck(device="lamp")

    def cut(self) -> None:
        """Put it out without asking: the byte CAN, then DTR low; never raises, from any thread."""
        with contextlib.suppress(DeviceError):
            self._line.send(bytes([CAN]))
        self._line.hang_up()

    def _ask(
        self, verb: str, fields: Mapping[str, str], deadline: Deadline, cancel: CancelToken | None
    ) -> Line:
        """Send one command, twice at most with the same number, and return the reply that is no refusal."""
        with self._turn:
            self._seq = self._seq % _SEQS + 1
            command = Line(Direction.COMMAND, self._seq, verb, fields).encode()
            failed: DeviceError = DeviceTimeout(device="lamp", what=verb)
            for _ in range(_TRIES):
                self._cutter.clear()
                self._line.send(command)
                try:
                    reply = self._reply(self._seq, deadline.within(REPLY_S), cancel)
                except (ChecksumError, DeviceTimeout) as cause:
                    failed = cause
                    continue
                if reply.verb == "OK":
                    return reply
                failed = _refusal(reply)
                if not isinstance(failed, ChecksumError):
                    raise failed
            raise failed

    def _reply(self, seq: int, deadline: Deadline, cancel: CancelToken | None) -> Line:
        """Return the reply to ``seq``; events are noted, replies to earlier commands passed over."""
        damaged = False
        while True:
            byte = self._line.receive_upto(1, deadline, cancel)
            if not byte:
                raise ChecksumError(device="lamp") if damaged else DeviceTimeout(device="lamp")
            for raw in self._cutter.feed(byte):
                try:
                    line = decode(raw)
                except LineRefused:
                    damaged = True
                    continue
                if line.direction is Direction.EVENT and line.verb == "OFF":
                    self._gone_out = line.fields.get("why", "HW")
                elif line.direction is Direction.REPLY and line.seq == seq:
                    return line


def _number(line: Line, name: str) -> int:
    try:
        return line.number(name)
    except ValueError as cause:
        raise ProtocolError(device="lamp", what=name) from cause


def _refusal(reply: Line) -> DeviceError:
    code = reply.fields.get("code", "")
    if reply.verb != "ERR":
        return ProtocolError(device="lamp", what="reply")
    if code == "REST":
        return LampRests(min(_number(reply, "wait"), _REST_MAX_MS) / 1000)
    made = _REFUSALS.get(code)
    return made(device="lamp", what=code) if made else ProtocolError(device="lamp", what="code")


_REFUSALS: Final[Mapping[str, type[DeviceError]]] = {
    "CRC": ChecksumError,
    "SYNTAX": ProtocolError,
    "RANGE": NotSupported,
    "STATE": LampOut,
    "HOT": DeviceBusy,
    "HW": HardwareFault,
}
