"""The half-duplex conversation with a ZFM module: a command, its ack, a transfer of known size."""

from collections.abc import Iterator
from typing import Final

from drivers.fingerprint.zfm_packets import (
    BROADCAST,
    Ack,
    Assembler,
    Command,
    Packet,
    Pid,
    command,
)
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import ChecksumError, DeviceRejected, DeviceTimeout, ProtocolError

REPLY_S: Final = 2.0  # imaging takes up to one second on the slowest modules
PACKET_S: Final = 1.0  # 267 bytes take 0.28 s at 9600 baud
SILENCE_S: Final = 0.2  # after this the module has nothing more to say
_BULK: Final = 4096  # a burst of packets is read together, as far as it has arrived
_SYS_PARA_ACK_BYTES: Final = 17


class ZfmTalk:
    """One line to one module; remembers whether question and answer are still in step."""

    def __init__(self, line: ByteLine, address: int = BROADCAST) -> None:
        self._line = line
        self._address = address
        self._packets = Assembler(address)
        self._in_step = False

    def ask(
        self,
        code: Command,
        arguments: bytes,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        reply_s: float = REPLY_S,
    ) -> bytes:
        """Send a command and return its ack payload (confirmation code first)."""
        self._in_step = False
        # An ack that came late or twice must not answer this question.
        self._line.discard()
        self._packets.clear()
        self._line.send(command(code, arguments, self._address))
        ack = self._next_ack(deadline.within(reply_s), cancel)
        self._in_step = True
        return ack

    def ask_again(
        self,
        code: Command,
        arguments: bytes,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        reply_s: float = REPLY_S,
    ) -> bytes:
        """Ask something that may be asked twice: once more after damage in either direction."""
        try:
            ack = self.ask(code, arguments, deadline, cancel, reply_s=reply_s)
            if ack[0] != Ack.RECEIVE_ERROR:
                return ack
        except ProtocolError:
            deadline.check(what=code.name)
        self.fall_silent(deadline, cancel)
        return self.ask(code, arguments, deadline, cancel, reply_s=reply_s)

    def image_packets(
        self, count: int, deadline: Deadline, cancel: CancelToken | None
    ) -> Iterator[Packet]:
        """Ask for the image buffer and yield ``count`` packets; the caller judges their content.

        ChecksumError when the module found the question itself damaged.
        """
        ack = self.ask(Command.UP_IMAGE, b"", deadline, cancel)
        if ack[0] == Ack.RECEIVE_ERROR:
            raise ChecksumError(what="UpImage")
        if ack[0] != Ack.OK:
            raise DeviceRejected(what="UpImage", code=ack[0])
        self._in_step = False
        for _ in range(count):
            yield self._next(deadline.within(PACKET_S), cancel)
        self._in_step = True

    def wipe(self) -> None:
        """Forget what was heard and not taken: it may be part of a finger."""
        self._packets.clear()

    def fall_silent(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        """Throw away the rest of a damaged transfer."""
        self._packets.clear()
        self._line.drain(SILENCE_S, deadline, cancel)

    def lose_step(self) -> None:
        """Note that an ack to an older command may still come."""
        self._in_step = False

    def get_in_step(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        """Make the next ack belong to the next command, after whatever cut the last exchange.

        ReadSysPara serves as the barrier: no other ack is 17 bytes long, so late answers to older
        commands cannot be mistaken for it. DeviceTimeout when the module stays mute.
        """
        while not self._in_step:
            self.fall_silent(deadline, cancel)
            self._line.send(command(Command.READ_SYS_PARA, b"", self._address))
            try:
                self._await_barrier(deadline.within(REPLY_S), cancel)
            except (DeviceTimeout, ProtocolError):
                deadline.check(what="ReadSysPara")
                continue
            # Earlier rounds of this loop may be answered late as well.
            self.fall_silent(deadline, cancel)
            self._in_step = True

    def _await_barrier(self, limit: Deadline, cancel: CancelToken | None) -> None:
        while True:
            ack = self._next_ack(limit, cancel)
            if len(ack) == _SYS_PARA_ACK_BYTES or ack[0] == Ack.PASSWORD_NEEDED:
                return

    def _next_ack(self, limit: Deadline, cancel: CancelToken | None) -> bytes:
        while True:
            packet = self._next(limit, cancel)
            # Data packets here are the tail of a transfer that was given up.
            if packet.pid is Pid.ACK and packet.payload:
                return packet.payload

    def _next(self, limit: Deadline, cancel: CancelToken | None) -> Packet:
        while (packet := self._packets.take()) is None:
            need = self._packets.need
            self._packets.feed(self._line.receive_some(need, _BULK, limit, cancel))
        return packet
