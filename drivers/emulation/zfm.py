"""An emulated ZFM / R30x / R503 module: password first, 4-bit image buffer lost with the power, real packets."""

import random
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from drivers.emulation.emulated import Diary, Fact
from drivers.emulation.faults import Outgoing
from drivers.emulation.machine import Subject, touched
from drivers.emulation.posing import Posing
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.zfm_library import Library
from drivers.emulation.zfm_models import ZFM_MODELS, ZfmModel
from drivers.fingerprint.zfm_packets import (
    BROADCAST,
    Ack,
    Assembler,
    Command,
    Packet,
    Pid,
    ProductInfo,
    Register,
    SysPara,
    encode,
    pack_nibbles,
    unpack_nibbles,
)
from station.clock import Clock, SystemClock
from station.devices import EMULATOR_MARK
from station.errors import ProtocolError

_BEFORE_PASSWORD: Final = frozenset(
    {Command.VERIFY_PASSWORD, Command.HANDSHAKE, Command.HANDSHAKE_NEW}
)
# A packet that stopped half way is forgotten after this; the next one then starts clean.
_HALF_PACKET_S: Final = 0.3
_INDEX_PAGES: Final = 4
_STATUSES: Final[Mapping[str, Ack | None]] = {
    "ready": None,
    "imaging-failed": Ack.IMAGING_FAILED,
    "messy": Ack.TOO_MESSY,
    "poor": Ack.POOR_IMAGE,
    "flash-error": Ack.FLASH_ERROR,
}
_CLAIMS: Final[Mapping[str, str]] = {
    # What the module claims to be. The mark stays: nothing it claims makes it more than an emulator.
    "verification": "",
    "enrolment": "FAP20 ",
    "emulated": "",
}

_Handler = Callable[[bytes], Sequence[Outgoing]]


class ZfmModule(Posing):
    """The module's firmware: bytes in, packets out; no line. A clock only ends half packets."""

    odd_parity = False

    def __init__(
        self,
        subject: Subject,
        *,
        width: int = 256,
        height: int = 288,
        seed: int = 1,
        password: int = 0,
        address: int = BROADCAST,
        baud: int = 57600,
        packet_size: int = 128,
        old: bool = False,
        rate_first: bool = False,
        model: ZfmModel = ZFM_MODELS["ZFM-20"],
        clock: Clock | None = None,
        diary: Diary | None = None,
    ) -> None:
        """Describe the module. ValueError for what no module of the family can be.

        ``old`` ones refuse ReadProdInfo; with ``rate_first`` the answer to a rate change already comes at the
        new rate.
        """
        if packet_size not in {32, 64, 128, 256} or baud not in range(9600, 115201, 9600):
            raise ValueError(f"packet {packet_size}, baud {baud}: 32..256, 9600..115200 by 9600")
        if width % 2 or not (16 <= width <= 640 and 16 <= height <= 640):
            raise ValueError(f"{width}x{height}: an even width, 16..640")
        super().__init__(_STATUSES, _CLAIMS)
        self._subject = subject
        self._ear = touched(subject)
        self._clock = clock or SystemClock()
        self._diary = diary or Diary(None, self._clock)
        self._model = model
        self._size = (width, height)
        self._serial = f"{seed % 10**8:08d}"
        self._claim = ""
        self._password = password
        self._para = SysPara(address, packet_size, baud)
        self._old = old or not model.tells_product
        self._rate_first = rate_first
        self._random = random.Random(seed)
        self._library = Library(model.capacity)
        self.light = ""  # what the ring shows, for the curious: "flashing purple x2"
        self._answers: Mapping[int, _Handler] = self._commands()
        self.power_on()

    @property
    def baud(self) -> int:
        """The rate it speaks and hears now."""
        return self._baud

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What the first line of ``rekam emulate`` says."""
        width, height = self._size
        return {
            "model": self._product().model,
            "serial": self._serial,
            "baud": self._para.baud,
            "packet": self._para.packet_size,
            "width": width,
            "height": height,
        }

    def power_on(self) -> None:
        """Lose image, features and the unlocking; rate, packet size, address and password are in flash."""
        self._packets = Assembler(self._para.address)
        self._heard_at = 0.0
        self._unlocked = False
        self._buffer = b""
        self._incoming: bytearray | None = None  # DownImage or DownChar is going on
        self._take_in: Callable[[bytes], bool] = self._take_image_in
        self._baud = self._para.baud
        self._library.power_on()
        self.light = ""

    def rename(self, serial: str) -> None:
        """Become another module: up to eight printable characters."""
        if not 1 <= len(serial) <= 8 or not serial.isascii() or not serial.isprintable():
            raise ValueError(f"serial {serial}: 1 to 8 characters")
        self._serial = serial.rjust(8, "0") if serial.isdigit() else serial

    def claim(self, grade: str) -> None:
        """Claim a grade by the model's name, which nobody should believe."""
        self.check_claim(grade)
        self._claim = _CLAIMS[grade.lower()]

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes and return answers, then data packets."""
        out: list[Outgoing] = []
        # The ack of a rate change still left at the old rate; from here on the new one holds.
        self._baud = self._para.baud
        if not data:
            return out
        now = self._clock.monotonic()
        if now - self._heard_at > _HALF_PACKET_S:
            self._packets.clear()
        self._heard_at = now
        try:
            self._packets.feed(data)
        except ProtocolError:
            return out  # noise: a module stays silent
        while True:
            try:
                packet = self._packets.take()
            except ProtocolError:
                self._diary.note("damaged packet")
                out += self._ack(Ack.RECEIVE_ERROR)
                continue
            if packet is None:
                return out
            out += self._answer(packet)
            if out and out[-1].index is not None:
                self._packets.clear()  # deaf while it sends: what came behind the command is lost
                return out

    def ignored(self, count: int) -> None:
        """Say that bytes came while data packets went out."""
        self._diary.note("deaf while sending", bytes=count)

    def _commands(self) -> Mapping[int, _Handler]:
        model = self._model
        always: dict[int, _Handler] = {
            Command.VERIFY_PASSWORD: self._verify_password,
            Command.SET_PASSWORD: self._set_password,
            Command.SET_ADDRESS: self._set_address,
            Command.HANDSHAKE: lambda _: self._ack(Ack.HANDSHAKE_OK),
            Command.READ_SYS_PARA: self._read_sys_para,
            Command.SET_SYS_PARA: self._set_sys_para,
            Command.READ_PROD_INFO: self._read_product,
            Command.GEN_IMAGE: self._take_image,
            Command.UP_IMAGE: self._send_image,
            Command.DOWN_IMAGE: self._expect_image,
            Command.GET_RANDOM: lambda _: self._ack(Ack.OK, self._random.randbytes(4)),
            Command.SOFT_RESET: self._reset,
            Command.IMAGE_TO_FEATURES: self._extract,
            Command.UP_FEATURES: self._send_features,
            Command.DOWN_FEATURES: self._expect_features,
            Command.READ_INDEX: self._read_index,
            Command.TEMPLATE_COUNT: lambda _: self._ack(
                Ack.OK, struct.pack(">H", self._library.count)
            ),
            **{code: self._ask_library(code) for code in Library.COMMANDS},
        }
        if model.light:
            always[Command.LIGHT] = self._set_light
        if model.image_ex:
            always[Command.GET_IMAGE_EX] = self._take_image_ex
            always[Command.CHECK_SENSOR] = lambda _: self._ack(Ack.OK)
            always[Command.HANDSHAKE_NEW] = lambda _: self._ack(Ack.OK)
        return always

    def _answer(self, packet: Packet) -> Sequence[Outgoing]:
        if packet.pid in {Pid.DATA, Pid.LAST_DATA} and self._incoming is not None:
            return self._collect(packet, self._incoming)
        self._incoming = None
        if packet.pid is not Pid.COMMAND or not packet.payload:
            return self._ack(Ack.RECEIVE_ERROR)
        code, arguments = packet.payload[0], packet.payload[1:]
        answer = self._answers.get(code)
        if not self._unlocked and code not in _BEFORE_PASSWORD:
            said = self._ack(Ack.PASSWORD_NEEDED)
        elif answer is None:
            said = self._ack(Ack.RECEIVE_ERROR)
        else:
            said = answer(arguments)
        name = Command(code).name if code in _KNOWN else f"{code:02X}"
        packets = sum(each.index is not None for each in said)
        self._diary.note(
            name, answer=f"{said[0].data[9]:02X}", **({"packets": packets} if packets else {})
        )
        return said

    def _ack(self, code: Ack, arguments: bytes = b"") -> Sequence[Outgoing]:
        return (Outgoing(encode(Pid.ACK, bytes([code]) + arguments, self._para.address)),)

    def _verify_password(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 4:
            return self._ack(Ack.RECEIVE_ERROR)
        self._unlocked = arguments == struct.pack(">I", self._password)
        return self._ack(Ack.OK if self._unlocked else Ack.WRONG_PASSWORD)

    def _set_password(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 4:
            return self._ack(Ack.RECEIVE_ERROR)
        (self._password,) = struct.unpack(">I", arguments)
        return self._ack(Ack.OK)

    def _set_address(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 4:
            return self._ack(Ack.RECEIVE_ERROR)
        said = self._ack(Ack.OK)  # still under the old address
        (address,) = struct.unpack(">I", arguments)
        self._para = SysPara(address, self._para.packet_size, self._para.baud)
        self._packets = Assembler(address)
        return said

    def _read_sys_para(self, _: bytes) -> Sequence[Outgoing]:
        encoded = bytearray(self._para.encode())
        # Bits of the status word: 2 password verified, 3 valid image in the buffer.
        struct.pack_into(">H", encoded, 0, 4 | (8 if self._buffer else 0))
        struct.pack_into(">H", encoded, 4, self._model.capacity)
        return self._ack(Ack.OK, bytes(encoded))

    def _set_sys_para(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 2:
            return self._ack(Ack.RECEIVE_ERROR)
        register, value = arguments
        para = self._para
        if register == Register.BAUD and 1 <= value <= 12:
            self._para = SysPara(para.address, para.packet_size, 9600 * value)
            if self._rate_first:
                self._baud = self._para.baud
        elif register == Register.PACKET_SIZE and value <= 3:
            self._para = SysPara(para.address, 32 << value, para.baud)
        elif register != Register.SECURITY or not 1 <= value <= 5:
            return self._ack(Ack.BAD_REGISTER)
        return self._ack(Ack.OK)

    def _read_product(self, _: bytes) -> Sequence[Outgoing]:
        if self._old:
            return self._ack(Ack.RECEIVE_ERROR)
        return self._ack(Ack.OK, self._product().encode())

    def _product(self) -> ProductInfo:
        name = "ZFM" if self._model.name.startswith("ZFM") else self._model.name
        return ProductInfo(
            f"{self._claim}{name} {EMULATOR_MARK}",
            self._serial,
            "1.0",
            *self._size,
            sensor=self._model.sensor,
            capacity=self._model.capacity,
        )

    def _take_image(self, _: bytes) -> Sequence[Outgoing]:
        return self._image_once(judge=False)

    def _take_image_ex(self, _: bytes) -> Sequence[Outgoing]:
        return self._image_once(judge=True)

    def _image_once(self, *, judge: bool) -> Sequence[Outgoing]:
        self._buffer = b""
        pixels = self._subject()
        if pixels is None:
            return self._ack(Ack.NO_FINGER)
        refused = _STATUSES[self._status]
        if refused is None and self._ear.useless:
            refused = Ack.POOR_IMAGE if judge else Ack.TOO_MESSY
        if refused is not None:
            return self._ack(refused)
        if pixels.shape != (self._size[1], self._size[0]):
            return self._ack(Ack.IMAGING_FAILED)
        self._buffer = pack_nibbles(pixels)
        self._ear.seen()
        return self._ack(Ack.OK)

    def _send_image(self, _: bytes) -> Sequence[Outgoing]:
        if not self._buffer:
            return self._ack(Ack.CANNOT_SEND)
        packets = self._data_packets(self._buffer)
        self._ear.captured()
        return (*self._ack(Ack.OK), *packets)

    def _data_packets(self, data: bytes) -> Sequence[Outgoing]:
        size = self._para.packet_size
        starts = range(0, len(data), size)
        return [
            Outgoing(
                encode(
                    Pid.LAST_DATA if start + size >= len(data) else Pid.DATA,
                    data[start : start + size],
                    self._para.address,
                ),
                index,
                start + size >= len(data),
            )
            for index, start in enumerate(starts)
        ]

    def _expect_image(self, _: bytes) -> Sequence[Outgoing]:
        self._buffer = b""
        self._incoming, self._take_in = bytearray(), self._take_image_in
        return self._ack(Ack.OK)

    def _collect(self, packet: Packet, incoming: bytearray) -> Sequence[Outgoing]:
        """Take one data packet of the host; nothing answers a good one."""
        limit = max(self._size[0] * self._size[1] // 2, Library.FEATURES_BYTES)
        too_long = len(packet.payload) > self._para.packet_size
        if too_long or len(incoming) + len(packet.payload) > limit:
            self._incoming = None
            self._diary.note("data refused", bytes=len(packet.payload))
            return self._ack(Ack.CANNOT_TAKE)
        incoming += packet.payload
        if packet.pid is Pid.DATA:
            return ()
        self._incoming = None
        good = self._take_in(bytes(incoming))
        self._diary.note("data taken" if good else "data refused", bytes=len(incoming))
        return () if good else self._ack(Ack.CANNOT_TAKE)

    def _take_image_in(self, data: bytes) -> bool:
        width, height = self._size
        if len(data) != width * height // 2:
            return False
        self._buffer = data
        return True

    def _extract(self, arguments: bytes) -> Sequence[Outgoing]:
        if not self._buffer:
            return self._ack(Ack.NO_VALID_IMAGE)
        pixels = unpack_nibbles(self._buffer, *self._size)
        return self._ack(self._library.extract(arguments, np.ascontiguousarray(pixels)))

    def _ask_library(self, code: Command) -> _Handler:
        def ask(arguments: bytes) -> Sequence[Outgoing]:
            return self._ack(*self._library.answer(code, arguments))

        return ask

    def _send_features(self, arguments: bytes) -> Sequence[Outgoing]:
        features = self._library.buffer(arguments)
        if features is None:
            return self._ack(Ack.UPLOAD_FAILED)
        return (*self._ack(Ack.OK), *self._data_packets(features))

    def _expect_features(self, arguments: bytes) -> Sequence[Outgoing]:
        if not self._library.knows_buffer(arguments):
            return self._ack(Ack.RECEIVE_ERROR)
        self._incoming = bytearray()
        self._take_in = lambda data: self._library.load_buffer(arguments, data)
        return self._ack(Ack.OK)

    def _read_index(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 1 or arguments[0] >= _INDEX_PAGES:
            return self._ack(Ack.BAD_LOCATION)
        return self._ack(Ack.OK, self._library.index_page(arguments[0]))

    def _reset(self, _: bytes) -> Sequence[Outgoing]:
        said = self._ack(Ack.OK)
        self.power_on()
        # The newer modules say with one byte that they are awake again.
        return (*said, Outgoing(_AWAKE)) if self._model.image_ex else said

    def _set_light(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 4 or not 1 <= arguments[0] <= 6:
            return self._ack(Ack.RECEIVE_ERROR)
        control, speed, colour, times = arguments
        self.light = f"{_LIGHT[control]} colour={colour} speed={speed} times={times}"
        self._diary.note(f"light {self.light}")
        return self._ack(Ack.OK)


_AWAKE: Final = b"\x55"
_KNOWN: Final = frozenset(Command)
_LIGHT: Final = ("", "breathing", "flashing", "on", "off", "brightening", "darkening")


class ZfmEmulator(SerialEmulator):
    """A ZFM module on a pty behind ``link``."""

    def __init__(
        self,
        link: Path,
        subject: Subject,
        *,
        width: int = 256,
        height: int = 288,
        seed: int = 1,
        paced: bool = False,
        baud: int = 57600,
        packet_size: int = 128,
    ) -> None:
        from drivers.emulation.pty_port import PtyPort  # no termios on Windows

        self.link = link
        module = ZfmModule(
            subject, width=width, height=height, seed=seed, baud=baud, packet_size=packet_size
        )
        super().__init__(module, PtyPort(link), paced=paced)
