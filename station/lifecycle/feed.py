"""The place in the centre's status feed: what was applied, and where something is missing.

The cursor is stored in the same transaction as the events applied; a gap means stop and fetch again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station.lifecycle.record import StatusEvent


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What of a delivery may be applied now. ``missing`` is the first gap as (first, last), or None."""

    events: tuple[StatusEvent, ...]
    cursor: int
    missing: tuple[int, int] | None


def take_page(cursor: int, delivered: Iterable[StatusEvent]) -> FeedPage:
    """Return the unbroken run of events after ``cursor``: repeats dropped, in order, up to a gap.

    ``server_seq`` counts by one for each station, so a jump is a loss.
    """
    fresh = {e.server_seq: e for e in delivered if e.server_seq > cursor}
    run = []
    while cursor + 1 in fresh:
        cursor += 1
        run.append(fresh.pop(cursor))
    missing = (cursor + 1, min(fresh) - 1) if fresh else None
    return FeedPage(tuple(run), cursor, missing)
