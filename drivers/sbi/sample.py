"""Believing a capture: signature, chain, binding to our request and to the device, hash chain."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drivers.sbi import jws
from drivers.sbi.identity import DigitalId, check_signers, key_of, word
from drivers.sbi.requests import Dialect, Setting, Wish
from drivers.sbi.rules import next_hash
from station.errors import AuthFailed, ProtocolError

_LOG = logging.getLogger(__name__)
_CLOCK_SKEW: Final = dt.timedelta(minutes=5)
UNKNOWN: Final = "UNKNOWN"


class OtherSigner(AuthFailed):
    """The sample is signed by another key than the device's statement: the key was changed, or the device."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One believed sample."""

    name: str  # bioSubType; "" for a face
    record: bytes = field(repr=False)  # ISO/IEC 19794
    score: int
    taken_at: dt.datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a capture's answer is held against."""

    wish: Wish
    setting: Setting
    dialect: Dialect
    identity: DigitalId
    device_code: str  # "" where the device never told one
    certification: str
    signer: bytes


def believe(
    items: Sequence[object], expected: Expected, trust: jws.Trust
) -> tuple[tuple[Sample, ...], str]:
    """Return the samples in the order of the wish and the last hash; AuthFailed, ProtocolError."""
    if len(items) != expected.wish.count:
        raise ProtocolError(what="count", count=len(items))
    previous, samples = expected.setting.previous, []
    for item in items:
        if not isinstance(item, dict):
            raise ProtocolError(what="biometrics entry")
        sample = _sample(item, expected, trust)
        previous = next_hash(expected.dialect.hashes, previous, sample.record)
        if word(item, "hash").upper() != previous:
            raise AuthFailed(what="hash chain")
        samples.append(sample)
    _LOG.info("%d samples believed, hash chain %s", len(samples), expected.dialect.hashes)
    return _in_order(samples, expected.wish.names), previous


def _in_order(samples: list[Sample], names: tuple[str, ...]) -> tuple[Sample, ...]:
    if not names or names == (UNKNOWN,):
        return tuple(samples)
    found = {sample.name: sample for sample in samples}
    if len(found) != len(samples) or set(found) != set(names):
        raise ProtocolError(what="other positions than asked")
    return tuple(found[name] for name in names)


def _sample(item: Mapping[str, Any], expected: Expected, trust: jws.Trust) -> Sample:
    token = word(item, "data")
    signed = trust.verify(token)
    data = signed.payload
    setting = expected.setting
    asked = {
        "transactionId": setting.transaction,
        "env": setting.env,
        "purpose": setting.purpose,
        "bioType": expected.wish.type_name,
    }
    if expected.device_code:
        asked["deviceCode"] = expected.device_code
    for name, value in asked.items():
        if word(data, name) != value:
            raise AuthFailed(what=name)
    taken_at = _moment(word(data, "timestamp"))
    if abs(taken_at - trust.clock.now()) > _CLOCK_SKEW:
        raise AuthFailed(what="timestamp")
    identity = trust.verify(word(data, "digitalId"))
    if DigitalId.of(identity.payload) != expected.identity:
        raise AuthFailed(what="digitalId")
    check_signers(expected.certification, signed, identity)
    if key_of(signed) != expected.signer:
        raise OtherSigner(what="device key")
    return Sample(
        name=word(data, "bioSubType"),
        record=jws.decode64(word(data, "bioValue")),
        score=_score(word(data, "qualityScore")),
        taken_at=taken_at,
        token=token,
    )


def _score(text: str) -> int:
    try:
        score = float(text)
    except ValueError:
        raise ProtocolError(what="qualityScore") from None
    if not 0 <= score <= 100:
        raise ProtocolError(what="qualityScore")
    return round(score)


def stamp(at: dt.datetime) -> str:
    """Return a time as device services write it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ProtocolError(what="timestamp") from None
    if moment.tzinfo is None:
        raise ProtocolError(what="timestamp")
    return moment.astimezone(dt.UTC)
