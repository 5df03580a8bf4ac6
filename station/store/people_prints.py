"""The fingers of the people sealed at this desk, so that the same person is known again before a second sealing.

One row per packet on a shelf of the encrypted store, in the form of ``index_file``, under the packet's id:
no NIK, no name, no picture. It is written in the transaction that commits the packet and goes with the packet.
"""

import logging
import threading
from typing import Final

from station.biometrics.finger import index_file
from station.biometrics.finger.index import Index
from station.biometrics.finger.search import Candidate, Prints
from station.errors import FormatError, StoreCorrupt
from station.store.shelves import Shelf

SHELF: Final = "people-prints"
_LOG = logging.getLogger(__name__)


class PeoplePrints:
    """Keeps and searches the fingers of sealed people; safe from several threads.

    ``load`` and ``search`` read the database and must not be called inside a transaction;
    ``keep`` and ``forget`` may.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._index = Index()
        self._lock = threading.Lock()  # of the index; nothing is read from the disk under it
        self._loading = threading.Lock()
        self._damaged: int | None = None  # None: not loaded yet

    def load(self) -> None:
        """Read all rows into memory, once; slow with thousands.

        Raises:
            StoreCorrupt: some rows cannot be read; all the others are loaded and searched all the same.
        """
        if damaged := self._loaded():
            raise StoreCorrupt(what="people prints", damaged=damaged)

    def keep(self, packet_id: str, prints: Prints) -> None:
        """Keep the fingers of one sealed packet, in place of earlier ones under its id; DiskFull."""
        one = Index()
        one.add(packet_id, prints)
        kept = dict(one)[packet_id]
        if not kept:
            return
        self._shelf.put(packet_id, index_file.encode(one))
        with self._lock:
            self._discard(packet_id)
            self._index.put(packet_id, kept)

    def forget(self, packet_id: str) -> None:
        """Remove the fingers of a packet for good; nothing happens when there are none."""
        self._shelf.remove(packet_id)
        with self._lock:
            self._discard(packet_id)

    def search(self, prints: Prints, *, limit: int = 10) -> tuple[Candidate, ...]:
        """Return who has these fingers, best first, by packet id; a damaged row is passed over."""
        self._loaded()
        with self._lock:
            found = self._index.search(prints, limit=limit)
        # A row may have gone with its packet, or with a transaction that failed, since it came into memory.
        return tuple(each for each in found if self._shelf.get(each.subject) is not None)

    def _loaded(self) -> int:
        with self._loading:
            if self._damaged is None:
                self._damaged = self._read_all()
            return self._damaged

    def _read_all(self) -> int:
        damaged = 0
        for packet_id, body in self._shelf.items():
            try:
                one = dict(index_file.decode(body))
            except FormatError as error:
                _LOG.error("prints of a packet cannot be read: %s", error)
                damaged += 1
                continue
            if set(one) != {packet_id}:
                _LOG.error("prints lie under another packet's id")
                damaged += 1
                continue
            with self._lock:
                if packet_id not in self._index:
                    self._index.put(packet_id, one[packet_id])
        return damaged

    def _discard(self, packet_id: str) -> None:
        if packet_id in self._index:
            self._index.remove(packet_id)
