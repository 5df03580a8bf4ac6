"""Errors between desk and helper: a code of ``station.errors`` and small facts, never a text or a class."""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from drivers.contract import DriverRefused
from drivers.isolation.codec import Malformed
from station import errors
from station.errors import Fact, HardwareFault, OperatorCancelled, StationError

_KNOWN: Final[Mapping[str, type[StationError]]] = {
    error.code: error
    for error in (*vars(errors).values(), DriverRefused)
    if isinstance(error, type) and issubclass(error, StationError)
}
_FACTS: Final = 8
_NAME: Final = re.compile(r"[a-z][a-z_]{0,31}")
_WORD: Final = re.compile(r"[\w .:/+-]{0,64}", re.ASCII)  # a place, a reason; no message, no data
_CANCELLED: Final = "CANCELLED"


def encode_failure(error: BaseException) -> Mapping[str, object]:
    """Return an error as code and facts; a driver's own kinds of exception are a HardwareFault."""
    if isinstance(error, OperatorCancelled):
        return {"code": _CANCELLED, "facts": {}}
    if isinstance(error, StationError):
        facts = {name: fact for name, fact in error.facts.items() if _may_cross(name, fact)}
        return {"code": error.code, "facts": dict(list(facts.items())[:_FACTS])}
    kind = re.sub(r"\W", "", type(error).__name__)[:40]
    return {"code": HardwareFault.code, "facts": {"reason": "raised", "kind": kind}}


def decode_failure(data: object, driver: str) -> StationError | OperatorCancelled:
    """Return the error to raise; a code nobody knows is a HardwareFault. Malformed."""
    if not isinstance(data, dict) or set(data) != {"code", "facts"}:
        raise Malformed("not a failure")
    code, facts = data["code"], data["facts"]
    if not isinstance(code, str) or not isinstance(facts, dict):
        raise Malformed("not a failure")
    if code == _CANCELLED:
        return OperatorCancelled()
    kept: dict[str, Fact] = {n: f for n, f in list(facts.items())[:_FACTS] if _may_cross(n, f)}
    kind = _KNOWN.get(code)
    if kind is None:
        return HardwareFault(driver=driver, reason="unknown error")
    return kind(**{**kept, "driver": driver})


def _may_cross(name: object, fact: Any) -> bool:  # noqa: ANN401 - anything a driver put there
    if not isinstance(name, str) or name == "self" or not _NAME.fullmatch(name):
        return False
    if isinstance(fact, str):
        return bool(_WORD.fullmatch(fact))
    if isinstance(fact, float):
        return math.isfinite(fact)
    return isinstance(fact, int) and abs(fact) < 1 << 63
