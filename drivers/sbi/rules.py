"""What a site decides about device services: environment, dialects of single devices, the running hash chain."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # every driver's process imports this; settings cost a quarter of its start
    from station.settings import ServiceSettings

ENVIRONMENTS: Final = ("Staging", "Developer", "Pre-Production", "Production")
_NOTHING: Final = b""


class Numbers(StrEnum):
    """How timeout, count, sub-id and score are written in requests."""

    STRINGS = "strings"  # what running services take
    INTEGERS = "integers"  # what the published schema says


class HashForm(StrEnum):
    """What a link of the hash chain is computed over."""

    RAW = "raw"  # SHA256(previous digest + digest of the record)
    TEXT = "text"  # the same over the upper-case hexadecimal text of both


def next_hash(form: HashForm, previous: str, record: bytes) -> str:
    """Return the upper-case hash after ``previous`` (hexadecimal, "" at the start); ValueError for no hash."""
    before = bytes.fromhex(previous) if previous else hashlib.sha256(_NOTHING).digest()
    digest = hashlib.sha256(record).digest()
    joined = before + digest
    if form is HashForm.TEXT:
        joined = (before.hex() + digest.hex()).upper().encode("ascii")
    return hashlib.sha256(joined).hexdigest().upper()


@dataclass(frozen=True, slots=True)
class Habits:
    """How one device differs from the default; nothing here is ever guessed from what it sends."""

    numbers: Numbers = Numbers.STRINGS
    hashes: HashForm = HashForm.RAW


class HashChain:
    """The last hash of the samples taken so far, shared by the devices of one desk; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = ""

    @property
    def last(self) -> str:
        """What the next request must name as the previous hash; "" at the start."""
        with self._lock:
            return self._last

    def advance(self, last: str) -> None:
        """Keep the hash of the newest verified sample."""
        with self._lock:
            self._last = last

    def restart(self) -> None:
        """Begin anew: the next applicant's samples have nothing to do with these."""
        self.advance("")


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """The site's word on device services.

    Attributes:
        env: the environment a device must be registered for; "" takes the one its signed statement names.
        purpose: what captures are for.
        habits: by serial number, for the devices that speak another dialect.
        chain: what makes each capture name the hash of the one before, also of another device; None starts
            a chain with every capture.
    """

    env: str = ""
    purpose: str = "Registration"
    habits: Mapping[str, Habits] = field(default_factory=dict)
    chain: HashChain | None = None

    @classmethod
    def of(cls, settings: "ServiceSettings") -> "ServiceRules":
        """Return the rules of a site's settings, with a chain of their own."""
        return cls(
            env=settings.env,
            habits={
                each.serial: Habits(Numbers(each.numbers), HashForm(each.hashes))
                for each in settings.dialects
            },
            chain=HashChain() if settings.chain else None,
        )
