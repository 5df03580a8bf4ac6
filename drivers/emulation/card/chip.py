"""The emulated smart card of profile ``open-id-8k``: commands, files, access rules, faults."""

import random
import threading
from collections.abc import Mapping
from typing import Final

from drivers.emulation.card import secure
from drivers.emulation.card.delay import INSTANT, Delay
from drivers.emulation.card.eeprom import Eeprom, split_pages
from drivers.emulation.card.faults import (
    AlterAnswer,
    AnswerWith,
    CardMute,
    CardTorn,
    Cut,
    Fault,
    LyingRead,
    Mute,
    Outcome,
    RawAnswer,
)
from station.card.apdu import Command, parse_command
from station.card.control import (
    CC_BYTES,
    FCP_STATE,
    STEPS,
    Control,
    Lifecycle,
    current_control,
    parse_control,
)
from station.card.profile import AID, DF, FILES, Access, Fid, FileSpec, KeySet
from station.card.scp03 import KeyTriple
from station.card.tlv import encode_tlv
from station.errors import CardDamaged, FormatError, UnknownCard

# Historical bytes "REKAM8K"; T=1 over T=CL as PC/SC part 3 describes it, with its check byte.
_ATR_BODY: Final = bytes.fromhex("3B878001") + b"REKAM8K"
ATR: Final = _ATR_BODY + bytes((0x25,))
_KEY_BYTES: Final = 64  # ENC, MAC, DEK, failure counter, zeros
_COUNTER_AT: Final = 48
_KEY_FAILURES: Final = 10
_SELECT, _READ, _UPDATE, _GET_RESPONSE = 0xA4, 0xB0, 0xD6, 0xC0
_INITIALIZE, _AUTHENTICATE = 0x50, 0x82


class Chip:
    """One card. ``transmit`` is called by whatever transport carries it; not thread-safe."""

    def __init__(
        self,
        serial: bytes,
        keys: Mapping[KeySet, KeyTriple],
        *,
        seed: int = 0,
        atr: bytes = ATR,
        delay: Delay = INSTANT,
        anti_tearing: bool = False,
        chained: bool = False,
    ) -> None:
        """Make a blank. ``chained`` answers plain reads with 61xx, as a T=0 card would."""
        self.atr = atr
        self.serial = serial
        self.delay = delay
        self.eeprom = Eeprom(anti_tearing)
        self.commands = 0  # since the faults were armed
        self.updates = 0  # UPDATE BINARY commands that reached the card, over its life
        self.removed = threading.Event()
        self._chained = chained
        self._random = random.Random(seed)
        self._faults: list[Fault] = []
        self._cut: Cut | None = None
        self._powered = False
        self._sequence = 0
        self._manufacture(keys)
        self._drop_volatile()

    def _manufacture(self, keys: Mapping[KeySet, KeyTriple]) -> None:
        for fid, spec in FILES.items():
            self.eeprom.create(fid, spec.size)
        blank = Control(self.serial, Lifecycle.BLANK, 1, Fid.CC_A)
        self.eeprom.create(Fid.CC_A, CC_BYTES, blank.encode())
        triples = b"".join(
            (keys[k].enc + keys[k].mac + keys[k].dek).ljust(_KEY_BYTES, b"\x00") for k in KeySet
        )
        self.eeprom.create(Fid.KEYS, FILES[Fid.KEYS].size, triples)

    # -- power ---------------------------------------------------------------------------------------
    def power_on(self) -> None:
        """Enter the field: volatile state is gone, the EEPROM journal rolls."""
        self._drop_volatile()
        self.eeprom.power_on()
        self._powered = True

    def power_off(self) -> None:
        """Leave the field."""
        self._powered = False
        self._drop_volatile()

    def reset(self) -> None:
        """Warm reset."""
        self.power_on()

    def _drop_volatile(self) -> None:
        self._session: secure.CardSession | None = None
        self._application = False
        self._selected: Fid | None = None
        self._waiting = b""

    # -- faults --------------------------------------------------------------------------------------
    def arm(self, *faults: Fault) -> None:
        """Set the faults and count commands from 0 again."""
        self._faults = list(faults)
        self.commands = 0

    def _take(self, kind: type[Fault], number: int) -> Fault | None:
        for fault in self._faults:
            if (
                isinstance(fault, kind)
                and not isinstance(fault, LyingRead)
                and fault.apdu == number
            ):
                self._faults.remove(fault)
                return fault
        return None

    @property
    def control(self) -> Control:
        """The current control record; CardDamaged when both copies are broken."""
        return current_control(
            self.eeprom.read(Fid.CC_A, 0, CC_BYTES), self.eeprom.read(Fid.CC_B, 0, CC_BYTES)
        )

    # -- commands ------------------------------------------------------------------------------------
    def transmit(self, raw: bytes) -> bytes:
        """Process one command APDU and return the answer with status word; CardTorn, CardMute."""
        if not self._powered:
            raise CardTorn
        number, self.commands = self.commands, self.commands + 1
        if self._take(Mute, number):
            raise CardMute
        fixed = self._take(AnswerWith, number)
        if isinstance(fixed, AnswerWith):
            return fixed.sw.to_bytes(2)
        rough = self._take(RawAnswer, number)
        if isinstance(rough, RawAnswer):
            return rough.answer
        cut = self._take(Cut, number)
        self._cut = cut if isinstance(cut, Cut) else None
        if self._cut and self._cut.outcome is Outcome.NOT_WRITTEN and not self._cut.page:
            self._tear()
        written = self.eeprom.page_writes
        data, sw = self._answer(raw)
        if self._cut:
            self._tear()
        answer = data + sw.to_bytes(2)
        self._wait(self.delay.of(len(raw) + len(answer), self.eeprom.page_writes - written))
        if self._take(AlterAnswer, number):
            answer = bytes((answer[0] ^ 1,)) + answer[1:]
        return answer

    def _wait(self, seconds: float) -> None:
        if seconds and self.removed.wait(seconds):
            self.power_off()
            raise CardTorn

    def _tear(self) -> None:
        self.power_off()
        raise CardTorn

    def _answer(self, raw: bytes) -> tuple[bytes, int]:
        try:
            command = parse_command(raw)
        except FormatError:
            return b"", 0x6700
        if command.le is not None and command.le > 65533:
            return b"", 0x6700  # answer and status word must fit the reader's 16-bit length
        if command.ins == _GET_RESPONSE:
            return self._get_response(command)
        if command.ins == _INITIALIZE and command.cla == 0x80:
            return self._initialize(command)
        if command.ins == _AUTHENTICATE and command.cla == 0x84:
            return self._authenticate(command)
        if command.cla & 0x04:
            return self._protected(command)
        if command.cla not in {0x00, 0x80}:
            return b"", 0x6E00
        data, sw = self._plain(command, None)
        if self._chained and data:
            self._waiting = data
            return b"", 0x6100 | (len(data) & 0xFF)
        return data, sw

    def _protected(self, command: Command) -> tuple[bytes, int]:
        session = self._session
        if session is None or not session.level:
            return b"", 0x6982
        plain = secure.open_command(session, command)
        if plain is None:
            self._session = None
            return b"", 0x6988
        data, sw = self._plain(plain, KeySet(session.key_set))
        return secure.close_answer(session, data, sw), sw

    def _get_response(self, command: Command) -> tuple[bytes, int]:
        size = min(command.le or 256, 256)
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        if not data:
            return b"", 0x6985
        return data, 0x6100 | min(len(self._waiting), 0xFF) if self._waiting else 0x9000

    def _initialize(self, command: Command) -> tuple[bytes, int]:
        if not self._application or len(command.data) != 8:
            return b"", 0x6985
        if command.p1 not in set(KeySet):
            return b"", 0x6A88
        at = (command.p1 - 1) * _KEY_BYTES
        raw = self.eeprom.read(Fid.KEYS, at, _KEY_BYTES)
        if raw[_COUNTER_AT] >= _KEY_FAILURES:
            return b"", 0x6983
        self._sequence += 1
        keys = KeyTriple(raw[:16], raw[16:32], raw[32:48])
        challenge = self._random.randbytes(8)
        self._session, answer = secure.begin(
            keys, command.p1, command.data, challenge, self._sequence
        )
        return answer, 0x9000

    def _authenticate(self, command: Command) -> tuple[bytes, int]:
        session = self._session
        if session is None or session.level or len(command.data) != 16:
            return b"", 0x6985
        sw = secure.authenticate(session, command)
        if sw != 0x9000:
            at = (session.key_set - 1) * _KEY_BYTES + _COUNTER_AT
            failures = self.eeprom.read(Fid.KEYS, at, 1)[0]
            self.eeprom.update(Fid.KEYS, at, bytes((min(failures + 1, 0xFF),)))
            self._session = None
        return b"", sw

    def _plain(self, command: Command, channel: KeySet | None) -> tuple[bytes, int]:
        if command.ins == _SELECT:
            return self._select(command)
        if command.ins not in {_READ, _UPDATE}:
            return b"", 0x6D00
        if command.ins == _UPDATE:
            self.updates += 1
        if command.p1 & 0x80:
            fid = next((f for f, s in FILES.items() if s.sfi and s.sfi == command.p1 & 0x1F), None)
            if fid is None or not self._application:
                return b"", 0x6A82
            self._selected, offset = fid, command.p2
        else:
            offset = command.p1 << 8 | command.p2
        if self._selected is None:
            return b"", 0x6985
        spec = FILES[self._selected]
        if command.ins == _READ:
            return self._read(spec, offset, command, channel)
        return b"", self._update(spec, offset, command.data, channel)

    def _select(self, command: Command) -> tuple[bytes, int]:
        if command.p1 == 0x04:
            if command.data != AID:
                return b"", 0x6A82
            self._application, self._selected = True, None
            return self._fcp(None), 0x9000
        if command.p1 not in {0x00, 0x02, 0x01} or len(command.data) not in {0, 2}:
            return b"", 0x6A86
        number = int.from_bytes(command.data or DF.to_bytes(2))
        if number in {0x3F00, DF}:
            self._application, self._selected = True, None
            return (b"" if command.p2 & 0x0C == 0x0C else self._fcp(None)), 0x9000
        if number not in set(Fid) or not self._application:
            return b"", 0x6A82
        self._selected = Fid(number)
        return (b"" if command.p2 & 0x0C == 0x0C else self._fcp(self._selected)), 0x9000

    def _fcp(self, fid: Fid | None) -> bytes:
        body = encode_tlv(0x82, b"\x38" if fid is None else b"\x01")
        body += encode_tlv(0x83, (DF if fid is None else fid).to_bytes(2))
        if fid is not None:
            body += encode_tlv(0x80, FILES[fid].size.to_bytes(2))
        try:
            state = FCP_STATE[self.control.state]
        except (CardDamaged, UnknownCard):
            state = 0x0C
        return encode_tlv(0x6F, body + encode_tlv(0x8A, bytes((state,))))

    # -- access --------------------------------------------------------------------------------------
    def _state(self) -> Lifecycle:
        try:
            return self.control.state
        except (CardDamaged, UnknownCard):
            return Lifecycle.TERMINATED

    def _may_read(self, spec: FileSpec, channel: KeySet | None) -> bool:
        state = self._state()
        perso_open = channel is KeySet.PERSO and state in {Lifecycle.BLANK, Lifecycle.PERSO_OPEN}
        match spec.read:
            case Access.ALWAYS:
                return True
            case Access.AUTH:
                done = state in {Lifecycle.PERSONALISED, Lifecycle.ACTIVE, Lifecycle.SUSPENDED}
                own = spec.fid is Fid.ACT and channel is KeySet.ACT
                return perso_open or (done and (channel is KeySet.AUTH or own))
            case Access.PERSO:
                return perso_open
            case _:
                return False

    def _read(
        self, spec: FileSpec, offset: int, command: Command, channel: KeySet | None
    ) -> tuple[bytes, int]:
        if not self._may_read(spec, channel):
            return b"", 0x6982
        if offset >= spec.size:
            return b"", 0x6B00
        size = command.le or 0
        if channel is not None:  # the answer carries padding and MAC
            size = min(size, 239)
        data = self.eeprom.read(spec.fid, offset, size)
        for fault in self._faults:
            if isinstance(fault, LyingRead) and fault.fid == spec.fid and fault.times > 0:
                if offset <= fault.offset < offset + len(data):
                    self._faults.remove(fault)
                    left = LyingRead(fault.fid, fault.offset, fault.times - 1)
                    self._faults.append(left)
                    at = fault.offset - offset
                    data = data[:at] + bytes((data[at] ^ 0x01,)) + data[at + 1 :]
                break
        return data, 0x9000

    def _update(self, spec: FileSpec, offset: int, data: bytes, channel: KeySet | None) -> int:
        sw = self._may_write(spec, offset, data, channel)
        if sw != 0x9000:
            return sw
        pages = len(split_pages(offset, data))
        cut = self._cut
        if cut and cut.outcome is not Outcome.ANSWER_LOST:
            page = min(cut.page, pages - 1)
            if cut.outcome is Outcome.TORN:
                self.eeprom.update(spec.fid, offset, data, cut_after=page)
            else:
                done = b"".join(piece for _, piece in split_pages(offset, data)[:page])
                self.eeprom.update(spec.fid, offset, done)
            self._tear()
        self.eeprom.update(spec.fid, offset, data)
        return 0x9000

    def _may_write(self, spec: FileSpec, offset: int, data: bytes, channel: KeySet | None) -> int:
        if channel is None or spec.write is Access.NEVER:
            return 0x6982
        if not data:
            return 0x6700
        if offset + len(data) > spec.size:
            return 0x6A84
        state = self._state()
        match spec.write:
            case Access.PERSO if channel is KeySet.PERSO:
                return 0x9000 if state is Lifecycle.PERSO_OPEN else 0x6985
            case Access.ACT if channel is KeySet.ACT:
                return 0x9000 if state is Lifecycle.PERSONALISED else 0x6985
            case Access.CONTROL:
                return self._may_step(spec, offset, data, channel)
            case _:
                return 0x6982

    def _may_step(self, spec: FileSpec, offset: int, data: bytes, channel: KeySet) -> int:
        """Let only a legal step, whole and to the other copy, into a control file."""
        try:
            wanted = parse_control(data, spec.fid) if offset == 0 else None
            held = self.control
        except (FormatError, UnknownCard, CardDamaged):
            return 0x6A80
        if wanted is None:
            return 0x6A80
        if STEPS[held.state].get(wanted.state) is not channel:
            return 0x6982
        legal = wanted == held.next(wanted.state)
        if legal and wanted.state is Lifecycle.ACTIVE:
            legal = any(
                self.eeprom.read(Fid.ACT, 0, 4)
            )  # never active without an activation record
        return 0x9000 if legal else 0x6985


class ForeignChip:
    """A card of another kind: knows no file of ours and counts who tries to write."""

    def __init__(self, atr: bytes = bytes.fromhex("3B8880010000000000000000" + "09")) -> None:
        self.atr = atr
        self.serial = b""
        self.commands = 0
        self.updates = 0
        self.removed = threading.Event()

    def power_on(self) -> None:
        """Enter the field."""

    def power_off(self) -> None:
        """Leave the field."""

    def reset(self) -> None:
        """Warm reset."""

    def transmit(self, raw: bytes) -> bytes:
        """Refuse everything the way such cards do."""
        self.commands += 1
        self.updates += len(raw) > 1 and raw[1] == _UPDATE
        return b"\x6a\x82" if len(raw) > 1 and raw[1] == _SELECT else b"\x6d\x00"
