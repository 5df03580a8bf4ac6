"""An emulated ZFM / R30x module: password first, 4-bit image buffer lost with the power, real packets."""

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from drivers.emulation.faults import Outgoing
from drivers.emulation.machine import Subject
from drivers.emulation.runner import SerialEmulator
from drivers.fingerprint.grading import EMULATOR_MARK
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
)
from station.errors import ProtocolError

_BEFORE_PASSWORD: Final = frozenset({Command.VERIFY_PASSWORD, Command.HANDSHAKE})


class ZfmModule:
    """The module's firmware: bytes in, packets out; no line and no clock."""

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
    ) -> None:
        """Describe the module; ``old`` ones refuse ReadProdInfo."""
        self._subject = subject
        self._password = password
        self._para = SysPara(address, packet_size, baud)
        self._product = ProductInfo(
            f"ZFM {EMULATOR_MARK}", f"{seed % 10**8:08d}", "1.0", width, height
        )
        self._old = old
        self._answers: Mapping[int, Callable[[bytes], Sequence[Outgoing]]] = {
            Command.VERIFY_PASSWORD: self._verify_password,
            Command.HANDSHAKE: lambda _: self._ack(Ack.HANDSHAKE_OK),
            Command.READ_SYS_PARA: lambda _: self._ack(Ack.OK, self._para.encode()),
            Command.SET_SYS_PARA: self._set_sys_para,
            Command.READ_PROD_INFO: self._read_product,
            Command.GEN_IMAGE: self._take_image,
            Command.UP_IMAGE: self._send_image,
        }
        self.power_on()

    @property
    def baud(self) -> int:
        """The rate it speaks and hears now."""
        return self._baud

    def power_on(self) -> None:
        """Lose the image and the password; rate and packet size are in flash and stay."""
        self._packets = Assembler(self._para.address)
        self._unlocked = False
        self._buffer = b""
        self._baud = self._para.baud

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes and return answers, then data packets."""
        out: list[Outgoing] = []
        try:
            # The ack of a rate change still left at the old rate; from here on the new one holds.
            self._baud = self._para.baud
            self._packets.feed(data)
        except ProtocolError:
            return out  # noise: a module stays silent
        while True:
            try:
                packet = self._packets.take()
            except ProtocolError:
                out += self._ack(Ack.RECEIVE_ERROR)
                continue
            if packet is None:
                return out
            out += self._answer(packet)

    def _answer(self, packet: Packet) -> Sequence[Outgoing]:
        if packet.pid is not Pid.COMMAND or not packet.payload:
            return self._ack(Ack.RECEIVE_ERROR)
        code, arguments = packet.payload[0], packet.payload[1:]
        if not self._unlocked and code not in _BEFORE_PASSWORD:
            return self._ack(Ack.PASSWORD_NEEDED)
        answer = self._answers.get(code)
        return self._ack(Ack.RECEIVE_ERROR) if answer is None else answer(arguments)

    def _ack(self, code: Ack, arguments: bytes = b"") -> Sequence[Outgoing]:
        return (Outgoing(encode(Pid.ACK, bytes([code]) + arguments, self._para.address)),)

    def _verify_password(self, arguments: bytes) -> Sequence[Outgoing]:
        self._unlocked = arguments == struct.pack(">I", self._password)
        return self._ack(Ack.OK if self._unlocked else Ack.WRONG_PASSWORD)

    def _set_sys_para(self, arguments: bytes) -> Sequence[Outgoing]:
        if len(arguments) != 2:
            return self._ack(Ack.RECEIVE_ERROR)
        register, value = arguments
        para = self._para
        if register == Register.BAUD and 1 <= value <= 12:
            self._para = SysPara(para.address, para.packet_size, 9600 * value)
        elif register == Register.PACKET_SIZE and value <= 3:
            self._para = SysPara(para.address, 32 << value, para.baud)
        elif register != Register.SECURITY:
            return self._ack(Ack.BAD_REGISTER)
        return self._ack(Ack.OK)

    def _read_product(self, _: bytes) -> Sequence[Outgoing]:
        if self._old:
            return self._ack(Ack.RECEIVE_ERROR)
        return self._ack(Ack.OK, self._product.encode())

    def _take_image(self, _: bytes) -> Sequence[Outgoing]:
        pixels = self._subject()
        if pixels is None:
            return self._ack(Ack.NO_FINGER)
        if pixels.shape != (self._product.height, self._product.width):
            return self._ack(Ack.IMAGING_FAILED)
        self._buffer = pack_nibbles(pixels)
        return self._ack(Ack.OK)

    def _send_image(self, _: bytes) -> Sequence[Outgoing]:
        if not self._buffer:
            return self._ack(Ack.CANNOT_SEND)
        size = self._para.packet_size
        starts = range(0, len(self._buffer), size)
        packets = [
            Outgoing(
                encode(
                    Pid.LAST_DATA if last else Pid.DATA,
                    self._buffer[start : start + size],
                    self._para.address,
                ),
                index,
                last,
            )
            for index, start in enumerate(starts)
            for last in (start + size >= len(self._buffer),)
        ]
        return (*self._ack(Ack.OK), *packets)


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
