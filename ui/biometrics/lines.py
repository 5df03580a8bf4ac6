"""One JSON object per line on standard output; an error is a line too, and the run goes on."""

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from station.errors import StationError

Line = Mapping[str, object]

# What can be told of an operating-system error without its sentence: code and the technician's words.
_OS_CODES: Final[tuple[tuple[type[OSError], str, str], ...]] = (
    (FileNotFoundError, "FILE_MISSING", "berkas tidak ada"),
    (IsADirectoryError, "NOT_A_FILE", "bukan berkas biasa"),
    (PermissionError, "FILE_UNREADABLE", "berkas tidak boleh dibaca atau ditulis"),
)


class InputRefused(Exception):
    """A file or a pair cannot be worked on; told on its line, so it never reaches the desk's screen."""

    code = "INPUT"

    def __init__(self, reason: str, message: str, **facts: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.facts = {"reason": reason, **facts}


def error_of(cause: BaseException) -> dict[str, object]:
    """Return the ``error`` object of a line: code, message and facts. Never a traceback, never NaN."""
    if isinstance(cause, InputRefused):
        return {"code": cause.code, "message": cause.message, "facts": cause.facts}
    if isinstance(cause, StationError):
        facts = dict(cause.facts)
        return {"code": cause.code, "message": _sentence(cause.code, facts), "facts": facts}
    if isinstance(cause, OSError):
        for kind, code, words in _OS_CODES:
            if isinstance(cause, kind):
                return {"code": code, "message": words, "facts": {}}
        return {"code": "FILE", "message": cause.strerror or "galat berkas", "facts": {}}
    if isinstance(cause, MemoryError):
        return {"code": "MEMORY", "message": "memori tidak cukup untuk berkas ini", "facts": {}}
    kind_name = type(cause).__name__
    return {
        "code": "UNEXPECTED",
        "message": f"galat tak terduga ({kind_name}); laporkan berkasnya",
        "facts": {"kind": kind_name},
    }


def guarded(work: Callable[[], Iterable[Line]], about: Line) -> Iterator[Line]:
    """Yield the work's lines; whatever it raises becomes one error line that says what it was about."""
    try:
        yield from work()
    except Exception as cause:  # noqa: BLE001 - one bad file must never stop the rest
        yield {**about, "error": error_of(cause)}


def failed(line: Line) -> bool:
    """Whether the line tells an error."""
    return "error" in line


def text_of(line: Line) -> str:
    """Return the line as strict JSON: ASCII, so that any file name and any terminal can carry it."""
    return json.dumps(_clean(line), separators=(", ", ": "), allow_nan=False)


def write(line: Line) -> None:
    """Write one line and flush it: a reader on a pipe sees each result as it is made."""
    sys.stdout.write(text_of(line) + "\n")
    sys.stdout.flush()


def _sentence(code: str, facts: Mapping[str, object]) -> str:
    told = ", ".join(f"{key} {value}" for key, value in facts.items())
    return f"{_WORDS.get(code, code)}: {told}" if told else _WORDS.get(code, code)


_WORDS: Final[Mapping[str, str]] = {
    "FORMAT": "isi berkas tidak sah",
    "ENGINE_REFUSED": "mesin biometrik yang dipilih tidak bisa dipakai",
    "FACE_LOCATOR": "pencari wajah tidak bekerja di komputer ini",
}


def _clean(value: object) -> object:
    """Return the value with NumPy scalars as numbers, and what is no finite number as null."""
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    item = getattr(value, "item", None)
    return _clean(item()) if callable(item) else str(value)
