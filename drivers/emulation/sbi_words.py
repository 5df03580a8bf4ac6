"""Reading and checking a client's RCAPTURE: liberal in form, strict in content; every refusal has its code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drivers.emulation.sbi_device import EmulatedDevice
from drivers.sbi.identity import Kind, word, words
from drivers.sbi.pictures import EYES, POSITIONS
from drivers.sbi.rules import ENVIRONMENTS

_TRANSACTION: Final = re.compile(r"[A-Za-z0-9-]{4,50}")
_HASH: Final = re.compile(r"([0-9A-Fa-f]{64})?")
_MOST_OPTIONS: Final = 50
_PURPOSES: Final = ("Registration", "Auth")
_TYPES: Final = ("Finger", "Iris", "Face")
_DEFAULT_MS: Final = 10_000


class Refused(Exception):
    """The request is refused with a code of the protocol."""

    def __init__(self, code: str, info: str) -> None:
        self.code, self.info = code, info
        super().__init__(f"{code} {info}")


@dataclass(frozen=True, slots=True)
class Order:
    """One checked entry of a capture request."""

    device: EmulatedDevice
    sub_id: int
    names: tuple[str, ...]  # expected; empty for a face
    score: int
    previous: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked capture request."""

    transaction: str
    env: str
    purpose: str
    timeout_s: float
    orders: tuple[Order, ...]


def number(body: Mapping[str, Any], name: str, default: int, code: str) -> int:
    """Return a number written as such or as text; Refused."""
    text = word(body, name)
    if not text:
        return default
    if not re.fullmatch("[0-9]{1,9}", text):
        raise Refused(code, name)
    return int(text)


def read_capture(body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> Asked:
    """Return the request, or refuse it with the code of its first fault."""
    transaction = word(body, "transactionId")
    if not _TRANSACTION.fullmatch(transaction):
        raise Refused("112", "Invalid Transaction ID")
    bio = body.get("bio")
    entries = bio if isinstance(bio, list) else [bio]
    checked = [entry for entry in entries if isinstance(entry, dict)]
    if not checked or len(checked) != len(entries):
        raise Refused("114", "bio")
    options = body.get("customOpts")
    if isinstance(options, list | dict) and len(options) > _MOST_OPTIONS:
        raise Refused("999", "customOpts")
    orders = tuple(_order(entry, devices) for entry in checked)
    env, purpose = word(body, "env"), word(body, "purpose")
    # As the reference service does: any environment there is, and it is signed as asked.
    if env not in ENVIRONMENTS:
        raise Refused("115", "Env values Mismatch")
    if purpose not in _PURPOSES:
        raise Refused("121", "Purpose Value Mismatch")
    if purpose != orders[0].device.manner.purpose:
        raise Refused("706", "Device connected purpose should be for Registration only")
    timeout_ms = number(body, "timeout", _DEFAULT_MS, "999")
    return Asked(transaction, env, purpose, timeout_ms / 1000, orders)


def named_device(body: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> EmulatedDevice:
    """Return the device a request names, by deviceId or by serialNo; Refused 704, 705."""
    name = word(body, "deviceId") or word(body, "serialNo")
    if not name:
        raise Refused("704", "Device Id value not present")
    for device in devices:
        if device.is_named(name):
            return device
    raise Refused("705", "Device is not connected or not registered")


def _order(entry: Mapping[str, Any], devices: Sequence[EmulatedDevice]) -> Order:
    kind = word(entry, "type")
    if kind not in _TYPES:
        raise Refused("114", "type")
    device = named_device(entry, devices)
    if device.kind.type_name != kind:
        raise Refused("120", "Device Type MisMatch for given deviceId")
    sub_id = number(entry, "deviceSubId", 0, "109")
    group = device.sensor.names(sub_id)
    exceptions = tuple(name for name in words(entry, "exception") if name)
    asked = tuple(
        part.strip() for name in words(entry, "bioSubType") for part in name.split(",") if name
    )
    if not {*exceptions, *asked} <= {*POSITIONS, *EYES, "UNKNOWN"}:
        raise Refused("117" if set(exceptions) - {*POSITIONS, *EYES} else "119", "name")
    if group is None and asked and device.kind in {Kind.SLAP, Kind.IRIS} and sub_id == 0:
        group = asked
    if group is None:
        raise Refused("109", "deviceSubId")
    if device.kind is not Kind.FACE and not set(exceptions) <= set(group):
        raise Refused("118", "exception of another position")
    names = _names(device.kind, group, exceptions, asked)
    # Thumbs, four fingers, eyes: as many as there are without the exceptions. A face is one.
    if number(entry, "count", -1, "109") != max(1, len(names)):
        raise Refused("109", "count")
    previous = word(entry, "previousHash")
    if not _HASH.fullmatch(previous):
        raise Refused("999", "previousHash")
    score = number(entry, "requestedScore", 60, "505")
    if score > 100:
        raise Refused("505", "requestedScore")
    return Order(device, sub_id, names, score, previous.upper())


def _names(
    kind: Kind, group: tuple[str, ...], exceptions: tuple[str, ...], asked: tuple[str, ...]
) -> tuple[str, ...]:
    if kind is Kind.FACE:
        return ()
    if kind is Kind.FINGER:
        return asked[:1] or group
    there = tuple(name for name in group if name not in exceptions)
    if not there:
        raise Refused("109", "nothing left")
    if asked and "UNKNOWN" not in asked and set(asked) != set(there):
        if not set(asked) <= set(there):
            raise Refused("122", "bioSubType")
        return tuple(name for name in there if name in asked)
    return there
