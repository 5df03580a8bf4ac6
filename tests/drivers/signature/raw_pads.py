"""Two clients written from the published bytes alone; they import nothing of the product."""

import socket
import struct
import time

import serial


class RawTopaz:
    """Reads five-byte packets of format 0 from an 8O1 line."""

    def __init__(self, device: str, baud: int = 19200):
        self._port = serial.serial_for_url(device, baudrate=baud, parity="O", timeout=0.05)

    def packets(self, seconds: float):
        """Return (near, type, down, x, y, words) of everything heard until the pen has left."""
        out, buffer, end = [], bytearray(), time.monotonic() + seconds
        while time.monotonic() < end:
            buffer += self._port.read(64)
            while buffer and not buffer[0] & 0x80:
                del buffer[0]
            while len(buffer) >= 5:
                b = buffer[:5]
                del buffer[:5]
                x, y = (b[2] & 0x1F) << 7 | b[1] & 0x7F, (b[4] & 0x1F) << 7 | b[3] & 0x7F
                out.append((b[0] >> 6 & 1, b[0] >> 2 & 7, b[0] & 1, x, y, bytes(b)))
                if not out[-1][0]:
                    return out
        return out

    def close(self):
        self._port.close()


class RawStu:
    """Speaks framed HID on loopback."""

    def __init__(self, url: str):
        host, port = url.removeprefix("hid+tcp://").split(":")
        self._socket = socket.create_connection((host, int(port)), 2)
        self._buffer = b""
        self._tag = 0
        self.reports: list[bytes] = []

    def ask(self, kind: int, payload: bytes = b"") -> tuple[int, bytes]:
        """Send one frame and return kind and payload of its answer."""
        self._tag += 1
        body = struct.pack("<BBH", kind, self._tag, len(payload)) + payload
        self._socket.sendall(b"\xa5\x5a" + body + struct.pack("<H", crc16(body)))
        while True:
            kind, tag, data = self._frame(2.0)
            if kind == 0x90:
                self.reports.append(data)
            elif tag == self._tag:
                return kind, data

    def listen(self, seconds: float) -> None:
        """Collect input reports until the pen has left."""
        while not self.reports or self.reports[-1][1] & 1:
            kind, _, data = self._frame(seconds)
            assert kind == 0x90
            self.reports.append(data)

    def _frame(self, seconds: float) -> tuple[int, int, bytes]:
        head = self._bytes(6, seconds)
        assert head[:2] == b"\xa5\x5a"
        kind, tag, length = struct.unpack("<BBH", head[2:])
        rest = self._bytes(length + 2, seconds)
        assert struct.unpack("<H", rest[-2:])[0] == crc16(head[2:] + rest[:-2])
        return kind, tag, rest[:-2]

    def _bytes(self, count: int, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        while len(self._buffer) < count:
            more = self._socket.recv(4096)
            assert more
            self._buffer += more
        out, self._buffer = self._buffer[:count], self._buffer[count:]
        return out

    def close(self):
        self._socket.close()


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
