"""The firmware of an emulated near-infrared lamp: RLP/1 with every rule, and a clock that judges the light."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from drivers.emulation.emulated import Diary
from drivers.emulation.faults import Outgoing
from drivers.iris.rlp_line import CAN, Direction, Line, LineCutter, LineRefused, decode
from station.clock import Clock

MODEL: Final = "RKM-LAMP-EMU"
BURST_MS, LINK_MS, REST_MS = 10_000, 500, 5000
_LEVELS: Final = 1000
_MEMORY_S: Final = 1.0  # for so long an identical line gets the remembered reply
_BAD_CRCS: Final = 3  # within a second
_COLD_C, _HEAT_C_PER_S, _COOL_C_PER_S = 30.0, 0.5, 0.25


class LampFault(StrEnum):
    """What can be wrong with a lamp."""

    DEAD = "dead"  # answers as if all were well and gives no light
    MUTE = "mute"  # says nothing, obeys
    DEAF = "deaf"  # obeys no command any more, only its own timers and CAN
    STUCK = "stuck"  # as deaf, and CAN does not help: only the burst timer ends the light
    HOT = "hot"
    BROKEN = "broken"
    BAD_CRC = "bad-crc"  # replies arrive damaged
    NO_WATCHDOG = "no-watchdog"  # a lost host is not noticed


class _Refused(Exception):
    def __init__(self, code: str, **fields: int) -> None:
        super().__init__(code)
        self.fields = {"code": code, **{name: str(value) for name, value in fields.items()}}


class LampModule:
    """The lamp behind the line; ``brightness`` is what the camera sees of it."""

    def __init__(
        self,
        clock: Clock,
        diary: Diary,
        *,
        seed: int = 1,
        model: str = MODEL,
        rest_ms: int = REST_MS,
    ) -> None:
        self._clock = clock
        self._diary = diary
        self._model = model
        self._rest_ms = rest_ms
        self._serial = f"{seed & 0xFFFFFF:08d}"
        self._faults: frozenset[LampFault] = frozenset()
        self._lock = threading.RLock()
        self._cutter = LineCutter()
        self._born = clock.monotonic()
        self._lit_at: float | None = None
        self._ends = self._heard = 0.0
        self._channel, self._level = "", 0
        self._rests_until = 0.0
        self._heat = 0.0
        self._heat_at = self._born
        self._bad: deque[float] = deque(maxlen=_BAD_CRCS)
        self._remembered: dict[bytes, tuple[float, bytes]] = {}
        self._events: list[bytes] = []
        self._longest_s = 0.0
        self._verbs: Mapping[str, Callable[[Line], Mapping[str, str]]] = {
            "HELLO": self._hello,
            "CAPS": self._caps,
            "ON": self._on,
            "KEEP": self._keep,
            "OFF": self._off,
            "STAT": self._stat,
        }

    baud = 115_200
    odd_parity = False

    @property
    def brightness(self) -> float:
        """How bright it is now, 0..1."""
        with self._lock:
            self._pass_time()
            dark = self._lit_at is None or LampFault.DEAD in self._faults
            return 0.0 if dark else self._level / _LEVELS

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self._serial

    @property
    def lit_s(self) -> float:
        """For how long the light has been on now; 0 when it is out."""
        with self._lock:
            self._pass_time()
            return 0.0 if self._lit_at is None else self._clock.monotonic() - self._lit_at

    @property
    def longest_s(self) -> float:
        """The longest the light was ever on without a break, by the lamp's own clock."""
        with self._lock:
            self._pass_time()
            burning = 0.0 if self._lit_at is None else self._clock.monotonic() - self._lit_at
            return max(self._longest_s, burning)

    def power_on(self) -> None:
        """Start anew: out, cool, nothing remembered."""
        with self._lock:
            self._go_out("", "power")
            self._born = self._heat_at = self._clock.monotonic()
            self._rests_until, self._heat = 0.0, 0.0
            self._cutter.clear()
            self._bad.clear()
            self._remembered.clear()
            self._events.clear()

    def rename(self, serial: str) -> None:
        """Be another lamp of the same model."""
        self._serial = serial

    def suffer(self, fault: LampFault) -> None:
        """Begin a fault."""
        self._diary.note("fault", name=fault.value)
        with self._lock:
            self._faults |= {fault}
            if fault is LampFault.HOT:
                self._go_out("TEMP", "hot")
            elif fault is LampFault.BROKEN:
                self._go_out("HW", "broken")

    def heal(self) -> None:
        """End all faults."""
        self._faults = frozenset()

    def host_gone(self) -> None:
        """DTR fell, or the line is in BREAK."""
        with self._lock:
            if LampFault.STUCK not in self._faults:
                self._go_out("HOST", "dtr")
            self._cutter.clear()

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take what arrived, let time pass, return replies and events."""
        with self._lock:
            out: list[bytes] = []
            self._pass_time()
            for byte in data:
                if byte == CAN:
                    self._cutter.clear()
                    if LampFault.STUCK not in self._faults:
                        self._go_out("HOST", "can")
                    continue
                out += [self._answer(raw) for raw in self._cutter.feed(bytes([byte]))]
            events, self._events = self._events, []
            said = [line for line in (*out, *events) if line]
            if LampFault.MUTE in self._faults:
                return []
            return [Outgoing(self._damaged(line)) for line in said]

    def _damaged(self, line: bytes) -> bytes:
        return line.replace(b"*", b"+*", 1) if LampFault.BAD_CRC in self._faults else line

    def _answer(self, raw: bytes) -> bytes:
        now = self._clock.monotonic()
        if self._faults & {LampFault.DEAF, LampFault.STUCK}:
            return b""
        try:
            command = decode(raw)
        except LineRefused as refused:
            return self._refuse_line(refused, now)
        self._heard = now
        remembered = self._remembered.get(raw)
        if remembered is not None and now - remembered[0] <= _MEMORY_S:
            self._diary.note("again", seq=f"{command.seq:02X}", verb=command.verb)
            return remembered[1]
        reply = self._obey(command)
        self._remembered = {
            line: (at, kept)
            for line, (at, kept) in self._remembered.items()
            if now - at <= _MEMORY_S
        }
        self._remembered[raw] = (now, reply)
        return reply

    def _refuse_line(self, refused: LineRefused, now: float) -> bytes:
        code = "CRC" if refused.damaged else "SYNTAX"
        self._diary.note("refused", code=code)
        if refused.damaged:
            self._bad.append(now)
            if len(self._bad) == _BAD_CRCS and now - self._bad[0] <= 1.0:
                self._go_out("CRC", "crc")
        else:
            self._heard = now
        return Line(Direction.REPLY, refused.seq, "ERR", {"code": code}).encode()

    def _obey(self, command: Line) -> bytes:
        try:
            asked = command.verb if command.direction is Direction.COMMAND else ""
            verb, fields = "OK", self._verbs.get(asked, _unknown)(command)
        except _Refused as refused:
            verb, fields = "ERR", refused.fields
            self._diary.note("refused", verb=command.verb, code=fields["code"])
        return Line(Direction.REPLY, command.seq, verb, fields).encode()

    def _hello(self, _command: Line) -> Mapping[str, str]:
        self._diary.note("hello")
        return {"id": self._model, "serial": self._serial, "fw": "1.0", "proto": "1"}

    def _caps(self, _command: Line) -> Mapping[str, str]:
        return {
            "ch": "LR",
            "nm": "850",
            "max_ms": str(BURST_MS),
            "link_ms": str(LINK_MS),
            "rest_ms": str(self._rest_ms),
        }

    def _on(self, command: Line) -> Mapping[str, str]:
        if LampFault.BROKEN in self._faults:
            raise _Refused("HW")
        if LampFault.HOT in self._faults:
            raise _Refused("HOT")
        try:
            level, ms = command.number("level"), command.number("ms")
        except ValueError as cause:
            raise _Refused("SYNTAX") from cause
        if set(command.fields) != {"ch", "level", "ms"}:
            raise _Refused("SYNTAX")
        if (
            command.fields["ch"] not in {"L", "R", "B"}
            or level > _LEVELS
            or not 1 <= ms <= BURST_MS
        ):
            raise _Refused("RANGE")
        now = self._clock.monotonic()
        if self._lit_at is not None:
            raise _Refused("STATE")
        if now < self._rests_until:
            raise _Refused("REST", wait=max(1, round((self._rests_until - now) * 1000)))
        self._lit_at, self._ends = now, now + ms / 1000
        self._channel, self._level = command.fields["ch"], level
        self._diary.note("on", ch=self._channel, level=level, ms=ms)
        return self._burning(now)

    def _keep(self, _command: Line) -> Mapping[str, str]:
        if self._lit_at is None:
            raise _Refused("STATE")
        return self._burning(self._clock.monotonic())

    def _off(self, _command: Line) -> Mapping[str, str]:
        self._go_out("", "off")
        return {"on": "0"}

    def _stat(self, _command: Line) -> Mapping[str, str]:
        now = self._clock.monotonic()
        left = 0 if self._lit_at is None else round((self._ends - now) * 1000)
        return {
            "on": str(int(self._lit_at is not None)),
            "left": str(max(0, left)),
            "temp": str(self._temperature(now)),
            "rest": str(max(0, round((self._rests_until - now) * 1000))),
            "t": str(round((now - self._born) * 1000)),
        }

    def _burning(self, now: float) -> Mapping[str, str]:
        left = max(1, round((self._ends - now) * 1000))
        return {"on": "1", "left": str(left), "temp": str(self._temperature(now))}

    def _pass_time(self) -> None:
        """Put the light out when a timer says so; the moment that counts is the timer's, not this one."""
        if self._lit_at is None:
            return
        now = self._clock.monotonic()
        lost = self._heard + LINK_MS / 1000
        if LampFault.NO_WATCHDOG not in self._faults and min(now, self._ends) > lost:
            self._go_out("LINK", "link", min(now, lost))
        elif now >= self._ends:
            self._go_out("TIME", "time", self._ends)

    def _go_out(self, why: str, because: str, at: float | None = None) -> None:
        """Put the light out; ``why`` is told to the host, '' when the host asked for it."""
        if self._lit_at is None:
            return
        now = self._clock.monotonic() if at is None else at
        self._temperature(now)
        burnt, self._lit_at = now - self._lit_at, None
        self._longest_s = max(self._longest_s, burnt)
        self._rests_until = now + self._rest_ms / 1000
        self._diary.note("off", because=because, lit_ms=round(burnt * 1000))
        if why:
            self._events.append(Line(Direction.EVENT, 0, "OFF", {"why": why}).encode())

    def _temperature(self, now: float) -> int:
        passed, self._heat_at = max(0.0, now - self._heat_at), now
        rate = -_COOL_C_PER_S if self._lit_at is None else _HEAT_C_PER_S * self._level / _LEVELS
        self._heat = max(0.0, self._heat + rate * passed)
        return round(_COLD_C + self._heat)


def _unknown(_command: Line) -> Mapping[str, str]:
    raise _Refused("SYNTAX")
