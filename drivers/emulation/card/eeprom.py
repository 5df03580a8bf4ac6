"""The emulated chip's EEPROM: pages, and what a cut in the middle of a write leaves behind."""

from dataclasses import dataclass, field

from station.card.profile import PAGE_BYTES


@dataclass(slots=True)
class Eeprom:
    """Files as runs of 64-byte pages; files share none.

    ``anti_tearing`` True = a page journal: an update of several pages is undone at the next power-on
    when it was cut. False = a cut leaves old pages, one torn page and new pages.
    """

    anti_tearing: bool = False
    page_writes: int = 0
    _files: dict[int, bytearray] = field(default_factory=dict, repr=False)
    _undo: list[tuple[int, int, bytes]] = field(default_factory=list, repr=False)

    def create(self, fid: int, size: int, content: bytes = b"") -> None:
        """Lay out one file at manufacture."""
        self._files[fid] = bytearray(content.ljust(size, b"\x00"))

    def size(self, fid: int) -> int:
        """Return the size of a file."""
        return len(self._files[fid])

    def read(self, fid: int, offset: int, size: int) -> bytes:
        """Return up to ``size`` bytes."""
        return bytes(self._files[fid][offset : offset + size])

    def update(self, fid: int, offset: int, data: bytes, *, cut_after: int | None = None) -> int:
        """Write page by page and return the pages written; ``cut_after`` n leaves page n torn."""
        pages = split_pages(offset, data)
        self._undo.clear()
        for number, (at, piece) in enumerate(pages):
            if self.anti_tearing:
                self._undo.append((fid, at, self.read(fid, at, len(piece))))
            if number == cut_after:
                # Half of the cells took the new value, the next one is left at the erase level.
                half = len(piece) // 2
                torn = piece[:half] + b"\xff"
                self._files[fid][at : at + len(torn)] = torn
                return number
            self._files[fid][at : at + len(piece)] = piece
            self.page_writes += 1
        self._undo.clear()
        return len(pages)

    def power_on(self) -> None:
        """Roll the page journal back."""
        for fid, at, old in reversed(self._undo):
            self._files[fid][at : at + len(old)] = old
        self._undo.clear()

    def dump(self) -> dict[int, bytes]:
        """Return a copy of every file, for proofs."""
        return {fid: bytes(data) for fid, data in self._files.items()}


def split_pages(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    """Cut a write at page boundaries; returns (offset, piece) pairs."""
    pieces: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        room = PAGE_BYTES - (offset + at) % PAGE_BYTES
        pieces.append((offset + at, data[at : at + room]))
        at += room
    return pieces
