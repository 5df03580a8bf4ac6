"""Faults of an emulated card, asked for by name and by the number of the command they hit."""

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    """What a cut leaves on the chip."""

    NOT_WRITTEN = "not written"
    TORN = "torn page"
    ANSWER_LOST = "written, answer lost"


@dataclass(frozen=True, slots=True)
class Cut:
    """Take the field away at command ``apdu`` (0 = the next one); ``page`` counts in its write."""

    apdu: int
    outcome: Outcome
    page: int = 0


@dataclass(frozen=True, slots=True)
class Mute:
    """Never answer command ``apdu``; only removal ends it."""

    apdu: int


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """Answer command ``apdu`` with a status word and do nothing."""

    apdu: int
    sw: int


@dataclass(frozen=True, slots=True)
class AlterAnswer:
    """Flip one bit in the answer to command ``apdu``."""

    apdu: int


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """Send these bytes as the whole answer to command ``apdu``."""

    apdu: int
    answer: bytes


@dataclass(frozen=True, slots=True)
class LyingRead:
    """Show a flipped bit in the first byte at ``offset`` of a file, ``times`` times."""

    fid: int
    offset: int
    times: int


Fault = Cut | Mute | AnswerWith | AlterAnswer | RawAnswer | LyingRead


class CardTorn(Exception):
    """The card left the field during a command; the reader gets no answer."""


class CardMute(Exception):
    """The card got the command and stays silent."""
