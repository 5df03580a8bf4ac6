"""Points in time as the database keeps them: whole microseconds since 1970, UTC, so that they sort."""

import datetime as dt
from typing import Final

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


def to_us(moment: dt.datetime) -> int:
    """Return microseconds since 1970 of an aware time."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(value: int) -> dt.datetime:
    """Return the aware UTC time."""
    return _EPOCH + value * _MICROSECOND


def to_us_or_none(moment: dt.datetime | None) -> int | None:
    """Return microseconds, or None."""
    return None if moment is None else to_us(moment)


def from_us_or_none(value: int | None) -> dt.datetime | None:
    """Return the time, or None."""
    return None if value is None else from_us(value)
