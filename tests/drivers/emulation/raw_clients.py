"""Clients of both finger protocols written from the protocol's page alone: pyserial and bytes, nothing of ours."""

import struct

import serial

FROM_ANYBODY = 0xFFFFFFFF


class Zfm:
    """EF 01 | address | kind | length | payload | sum, all big endian."""

    def __init__(self, url: str, baud: int = 57600, address: int = FROM_ANYBODY) -> None:
        self.port = serial.serial_for_url(url, baudrate=baud, timeout=1.0)
        self.address = address

    def close(self) -> None:
        self.port.close()

    def packet(self, kind: int, payload: bytes) -> bytes:
        body = struct.pack(">BH", kind, len(payload) + 2) + payload
        total = sum(body) & 0xFFFF
        return struct.pack(">HI", 0xEF01, self.address) + body + struct.pack(">H", total)

    def send(self, command: int, arguments: bytes = b"") -> None:
        self.port.write(self.packet(1, bytes([command]) + arguments))

    def receive(self) -> tuple[int, bytes] | None:
        """Return (kind, payload) of one whole packet; None for silence."""
        head = self.port.read(9)
        if not head:
            return None
        assert len(head) == 9, head.hex()
        mark, address, kind, length = struct.unpack(">HIBH", head)
        assert (mark, address) == (0xEF01, self.address), head.hex()
        rest = self.port.read(length)
        assert len(rest) == length
        assert (sum(head[6:]) + sum(rest[:-2])) & 0xFFFF == int.from_bytes(rest[-2:], "big")
        return kind, rest[:-2]

    def ask(self, command: int, arguments: bytes = b"") -> bytes:
        """Return the ack: confirmation code first."""
        self.send(command, arguments)
        answer = self.receive()
        assert answer is not None, f"no answer to {command:02X}"
        assert answer[0] == 7
        return answer[1]

    def unlock(self, password: int = 0) -> int:
        return self.ask(0x13, struct.pack(">I", password))[0]

    def image(self) -> tuple[bytes, list[int]]:
        """Return the image buffer and the payload length of each data packet."""
        assert self.ask(0x0A) == b"\0"
        data, lengths = b"", []
        while True:
            kind, payload = self.receive()
            assert kind in (2, 8)
            data += payload
            lengths.append(len(payload))
            if kind == 8:
                return data, lengths


class Sfm:
    """40 | command | param | size | flag | sum | 0A, all little endian."""

    def __init__(self, url: str, baud: int = 115200) -> None:
        self.port = serial.serial_for_url(url, baudrate=baud, timeout=1.0)

    def close(self) -> None:
        self.port.close()

    def send(self, command: int, param: int = 0, size: int = 0, flag: int = 0) -> None:
        head = struct.pack("<BBIIB", 0x40, command, param, size, flag)
        self.port.write(head + bytes([sum(head) & 0xFF, 0x0A]))

    def receive(self) -> tuple[int, int, int, int] | None:
        """Return (command, param, size, flag); None for silence."""
        frame = self.port.read(13)
        if not frame:
            return None
        assert len(frame) == 13, frame.hex()
        assert frame[0] == 0x40
        assert frame[12] == 0x0A
        assert sum(frame[:11]) & 0xFF == frame[11]
        return struct.unpack("<xBIIB", frame[:11])

    def ask(self, command: int, param: int = 0, size: int = 0, flag: int = 0):
        self.send(command, param, size, flag)
        answer = self.receive()
        assert answer is not None, f"no answer to {command:02X}"
        assert answer[0] == command
        return answer[1:]

    def read(self, parameter: int) -> int:
        _, value, code = self.ask(0x03, flag=parameter)
        assert code == 0x61
        return value

    def write(self, parameter: int, value: int) -> int:
        return self.ask(0x01, size=value, flag=parameter)[2]

    def chunk(self, command: int = 0x83) -> tuple[int, int, bytes, bool]:
        """Return (count, index, chunk, whether its sum is right)."""
        got, param, size, flag = self.receive()
        assert (got, flag) == (command, 0)
        chunk = self.port.read(size)
        (stated,) = struct.unpack("<I", self.port.read(4))
        return param & 0xFFFF, param >> 16, chunk, sum(chunk) & 0xFFFFFFFF == stated

    def transfer(self, total: int, command: int = 0x83) -> bytes:
        """Take all packets of an announced transfer."""
        data = b""
        while len(data) < total:
            if data:
                self.send(command, flag=0x83)
            _, _, chunk, good = self.chunk(command)
            assert good
            data += chunk
        return data

    def scan(self, packet: int = 4096) -> bytes:
        """Scan and return the payload."""
        self.send(0x83, size=packet)
        answer = self.receive()
        if answer[3] == 0x62:
            answer = self.receive()
        assert answer[3] == 0x61, answer
        return self.transfer(answer[2])


def header(payload: bytes) -> tuple[int, ...]:
    """Return the seven numbers before the pixels of an SFM image."""
    return struct.unpack_from("<7i", payload)
