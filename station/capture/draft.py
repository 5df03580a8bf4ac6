"""The port of the draft: where events and samples of an unfinished enrolment are kept durably."""

from collections.abc import Sequence
from typing import Protocol

from station.capture.events import CaptureEvent


class Draft(Protocol):
    """One enrolment's durable, encrypted, append-only journal with its samples.

    Every method blocks until the disk has it; all raise StoreError kinds.
    """

    @property
    def id(self) -> str:
        """The enrolment's identifier."""
        ...

    def events(self) -> Sequence[CaptureEvent]:
        """Return everything appended so far, in order."""
        ...

    def append(self, event: CaptureEvent) -> None:
        """Add an event; durable when this returns."""
        ...

    def keep(self, data: bytes) -> str:
        """Store a sample encrypted, read it back, compare; return its SHA-256 (lower-case hex)."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return a stored sample, checked against its hash."""
        ...

    def shred(self) -> None:
        """Make every sample of this draft unreadable for ever."""
        ...
