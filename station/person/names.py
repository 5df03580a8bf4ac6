"""The rules for a name, by whether it is written for the first time or stands in old documents.

Regulation 73/2022 of the home minister: Latin letters, at most 60 characters with spaces, at least two
words (not held rigidly), no digit, symbol or abbreviation; earlier documents stay valid as they are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST: Final = 60

_LETTERS: Final = re.compile(r"[A-Za-z]+( [A-Za-z]+)*")
_LEGACY: Final = re.compile(r"[A-Za-z'’`.,/ -]+")
_TITLE: Final = re.compile(r"[A-Za-z.,() -]*")


class NameRule(StrEnum):
    """What can be found in a name."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    SYMBOL = "SYMBOL"  # a digit or a symbol
    SPACES = "SPACES"  # outer or double spaces
    ONE_WORD = "ONE_WORD"


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One finding; only errors stop a name."""

    rule: NameRule
    error: bool


# (rule, newly written) -> is it an error? A pair that is not here is no finding at all.
_WEIGHT: Final[Mapping[tuple[NameRule, bool], bool]] = {
    (NameRule.EMPTY, True): True,
    (NameRule.EMPTY, False): True,
    (NameRule.TOO_LONG, True): True,
    (NameRule.TOO_LONG, False): True,
    (NameRule.SYMBOL, True): True,
    (NameRule.SPACES, True): True,
    (NameRule.ONE_WORD, True): False,
    (NameRule.ONE_WORD, False): False,
}


def check_name(name: str, *, newly_written: bool) -> tuple[NameFinding, ...]:
    """Return what is wrong or notable about a full name without titles."""
    broken = [rule for rule, breaks in _BREAKS.items() if breaks(name)]
    return tuple(
        NameFinding(rule, _WEIGHT[rule, newly_written])
        for rule in broken
        if (rule, newly_written) in _WEIGHT
    )


def check_title(title: str) -> tuple[NameFinding, ...]:
    """Check a title before or after the name: letters, full stops and commas."""
    return () if _TITLE.fullmatch(title) else (NameFinding(NameRule.SYMBOL, error=True),)


def is_legacy_name(name: str) -> bool:
    """Whether a name holds signs that only earlier documents may carry, such as an apostrophe."""
    return bool(_LEGACY.fullmatch(name)) and not _LETTERS.fullmatch(name)


def with_titles(prefix: str, name: str, suffix: str) -> str:
    """Return the name as it is printed: ``H. UMAR, S.Kom``."""
    front = f"{prefix} {name}" if prefix else name
    return f"{front}, {suffix}" if suffix else front


_BREAKS: Final[Mapping[NameRule, Callable[[str], bool]]] = {
    NameRule.EMPTY: lambda name: not name.strip(),
    NameRule.TOO_LONG: lambda name: len(name) > LONGEST,
    NameRule.SYMBOL: lambda name: any(
        not (c == " " or (c.isascii() and c.isalpha())) for c in name
    ),
    NameRule.SPACES: lambda name: name != " ".join(name.split()),
    NameRule.ONE_WORD: lambda name: len(name.split()) == 1,
}
