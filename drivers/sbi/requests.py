"""The bodies of our requests, in exactly one strict dialect per device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from drivers.sbi.identity import Found
from drivers.sbi.rules import HashForm, Numbers

_FIRST: Final = "0.9.5"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one device is spoken to: the version it lists first, and its configured habits."""

    version: str = _FIRST
    numbers: Numbers = Numbers.STRINGS
    hashes: HashForm = HashForm.RAW

    def number(self, value: int) -> str | int:
        """Return a number as this device wants it."""
        return value if self.numbers is Numbers.INTEGERS else str(value)

    def name_of(self, found: Found) -> dict[str, str]:
        """Return the field by which requests name the device."""
        if self.version == _FIRST:
            return {"deviceId": found.device_id}
        return {"serialNo": found.serial}


@dataclass(frozen=True, slots=True)
class Wish:
    """What one capture is asked for. ``names`` are the bioSubTypes that must come back, in order."""

    type_name: str
    sub_id: int
    names: tuple[str, ...]  # none for a face
    exceptions: tuple[str, ...] = ()
    score: int = 60

    @property
    def count(self) -> int:
        """How many samples come back."""
        return max(1, len(self.names))


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a wish and must come back unchanged."""

    transaction: str
    env: str
    purpose: str
    previous: str  # hash before this capture's first sample


def stream_body(dialect: Dialect, found: Found, sub_id: int, timeout_ms: int) -> dict[str, Any]:
    """Return the body of STREAM."""
    return {
        **dialect.name_of(found),
        "deviceSubId": dialect.number(sub_id),
        "timeout": dialect.number(timeout_ms),
    }


def capture_body(
    dialect: Dialect, found: Found, wish: Wish, setting: Setting, timeout_ms: int, now: str
) -> Mapping[str, Any]:
    """Return the body of RCAPTURE."""
    bio = {
        "type": wish.type_name,
        "count": dialect.number(wish.count),
        **_sub_types(dialect, wish),
        "exception": list(wish.exceptions),
        "requestedScore": dialect.number(wish.score),
        **dialect.name_of(found),
        "deviceSubId": dialect.number(wish.sub_id),
        "previousHash": setting.previous,
    }
    body = {
        "env": setting.env,
        "purpose": setting.purpose,
        "specVersion": dialect.version,
        "timeout": dialect.number(timeout_ms),
        "captureTime": now,
        "transactionId": setting.transaction,
        "bio": [bio],
        "customOpts": [],
    }
    return body if dialect.version == _FIRST else body | {"domainUri": ""}


def _sub_types(dialect: Dialect, wish: Wish) -> dict[str, Any]:
    """0.9.5 takes a list; 1.0 one text, which has room for one name only: the sub-id tells the others."""
    if dialect.version == _FIRST:
        return {"bioSubType": list(wish.names)}
    return {"bioSubType": wish.names[0]} if len(wish.names) == 1 else {}
