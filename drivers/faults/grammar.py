"""How a protocol's bytes fall into packets, and where their lengths and checksums stand; one class a protocol."""

from abc import ABC, abstractmethod

from drivers.faults.plan import Side


class Grammar(ABC):
    """What the proxy must know of a protocol to damage it on purpose."""

    name: str

    @abstractmethod
    def length(self, front: bytes, side: Side) -> int:
        """Return the length of the packet at the front of a stream; 0 when more bytes must tell.

        Bytes that begin no packet are a packet of their own, up to the next one's beginning: the proxy
        passes on whatever it does not understand.
        """

    @abstractmethod
    def fake_header(self, side: Side) -> bytes:
        """Return the beginning of a packet that will never be completed."""

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet with a wrong checksum; None where it has none."""
        return None

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the packet with its checksum right again; it is no fault of a wire any more."""
        return packet

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet with the largest length its field can say, header checks right; None: no field."""
        return None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return a refusal the device could send in the packet's place; None: the protocol has none."""
        return None


def up_to(front: bytes, mark: bytes) -> int:
    """Return how many bytes stand before the next mark, or what may be its beginning."""
    at = front.find(mark, 1)
    if at >= 0:
        return at
    tail = next((n for n in range(len(mark) - 1, 0, -1) if front.endswith(mark[:n])), 0)
    return max(1, len(front) - tail)
