"""Has somebody else's record at this desk these very fingers? Advice before sealing; the centre decides."""

from dataclasses import dataclass

from station.biometrics.finger.search import Prints
from station.devices import FingerPosition
from station.lifecycle.record import Record
from station.store.store import Store


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record of another NIK that has the searched fingers."""

    record: Record
    fingers: tuple[FingerPosition, ...]  # those compared that agree; not all that would


def duplicates(store: Store, nik: str, prints: Prints) -> tuple[Duplicate, ...]:
    """Return the records of others with these fingers, best first, each once; StoreError kinds.

    The same NIK's own recordings here, such as a packet that was replaced, are no duplicates.
    """
    if not prints:
        return ()
    found: dict[str, Duplicate] = {}
    for candidate in store.people.search(prints):
        record = store.records.of_packet(candidate.subject)
        if record is not None and record.nik != nik:
            found.setdefault(record.record_id, Duplicate(record, candidate.fingers))
    return tuple(found.values())
