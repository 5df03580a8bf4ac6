"""What an emulated service can say falsely on purpose, by name; each lie is well formed and wrongly believed by somebody."""

import base64
import copy
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.emulation.sbi_authority import certificate
from drivers.emulation.sbi_device import EmulatedDevice
from drivers.sbi import jws

_AGE: Final = dt.timedelta(hours=1)
_OTHER: Final[Mapping[str, str]] = {
    "Left": "Right",
    "Right": "Left",
    "Left IndexFinger": "Left MiddleFinger",
    "Right IndexFinger": "Right MiddleFinger",
    "Left Thumb": "Right Thumb",
    "Right Thumb": "Left Thumb",
}
_CHANGES: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "transaction": lambda data: data | {"transactionId": "XXXX"},
    "env": lambda data: data | {"env": "Staging"},
    "purpose": lambda data: data | {"purpose": "Auth"},
    "device-code": lambda data: data | {"deviceCode": "OTHER-1"},
    "type": lambda data: data | {"bioType": "Iris" if data["bioType"] != "Iris" else "Finger"},
    "label": lambda data: data | {"bioSubType": _OTHER.get(data["bioSubType"], "Left Thumb")},
    "score": lambda data: data | {"qualityScore": "101"},
}


class Lies:
    """The lie in force, "" for the truth. A replayed answer is the first one ever given."""

    def __init__(self) -> None:
        self.name = ""
        self._first: list[dict[str, Any]] = []
        self._keys: dict[str, rsa.RSAPrivateKey] = {}

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return all lies."""
        return (*_CHANGES, *_TOKENS, *_ITEMS, "hash", "identity", "stale")

    def told(self, lie: str) -> "Lies":
        """Return the same liar with another lie for once, itself for ""."""
        if not lie:
            return self
        other = copy.copy(self)
        other.name = lie
        return other

    def age(self) -> dt.timedelta:
        """How much older than now a sample says it is."""
        return _AGE if self.name == "stale" else dt.timedelta(0)

    def hash(self, digest: str) -> str:
        """Return the link of the chain."""
        return "00" * 32 if self.name == "hash" else digest

    def token(self, data: dict[str, Any], device: EmulatedDevice) -> str:
        """Return the signed sample."""
        if self.name == "identity":
            data = data | {"digitalId": device.signed_identity(serialNo="0")}
        change = _CHANGES.get(self.name)
        said = change(data) if change is not None else data
        return _TOKENS.get(self.name, _honest)(self, said, device)

    def items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the entries of an answer."""
        self._first = self._first or items
        change = _ITEMS.get(self.name)
        return change(self, items) if change is not None else items

    def key(self, whose: str) -> rsa.RSAPrivateKey:
        """Return a key that is nobody's."""
        if whose not in self._keys:
            self._keys[whose] = rsa.generate_private_key(65537, 2048)
        return self._keys[whose]

    @property
    def first(self) -> list[dict[str, Any]]:
        """The first answer, to be given again."""
        return self._first


def _honest(_lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    return device.authority.sign(data)


def _spoiled(_lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    token = device.authority.sign(data)
    return token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)


def _self_signed(lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    key, name = lies.key("self"), "Rekam EMU Device"
    return jws.sign(data, key, [certificate(name, key.public_key(), name, key, device.clock.now())])


def _expired(lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    key = lies.key("expired")
    authority = device.authority
    old = certificate(
        "Rekam EMU Device",
        key.public_key(),
        "Rekam EMU Root",
        authority.root_key,
        device.clock.now() - dt.timedelta(days=10),
        dt.timedelta(days=5),
    )
    return jws.sign(data, key, [old])


def _other_key(lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    """Signed by another device below the same root, its certificate in order."""
    key = lies.key("other")
    authority = device.authority
    other = certificate(
        "Rekam EMU Other",
        key.public_key(),
        "Rekam EMU Root",
        authority.root_key,
        device.clock.now(),
    )
    return jws.sign(data, key, [other])


def _swapped(lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
    """The device's certificate in the header, somebody else's signature below."""
    return jws.sign(data, lies.key("swapped"), [device.authority.device])


def _headed(header: Mapping[str, Any]) -> Callable[[Lies, dict[str, Any], EmulatedDevice], str]:
    def build(_lies: Lies, data: dict[str, Any], device: EmulatedDevice) -> str:
        x5c = base64.b64encode(device.authority.device.public_bytes(Encoding.DER)).decode()
        whole = {"alg": "RS256", "typ": "JWT", "x5c": [x5c], **header}
        body = ".".join(jws.encode64(json.dumps(part).encode()) for part in (whole, data))
        if whole["alg"] == "none":
            return body + "."
        signature = device.authority.device_key.sign(
            body.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        return f"{body}.{jws.encode64(signature)}"

    return build


_TOKENS: Final[Mapping[str, Callable[[Lies, dict[str, Any], EmulatedDevice], str]]] = {
    "signature": _spoiled,
    "self-signed": _self_signed,
    "expired": _expired,
    "other-key": _other_key,
    "swapped": _swapped,
    "alg-none": _headed({"alg": "none"}),
    "alg-hs256": _headed({"alg": "HS256"}),
    "alg-lower": _headed({"alg": "rs256"}),
    "critical": _headed({"crit": ["exp"]}),
}


def _replayed(lies: Lies, _items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lies.first


_ITEMS: Final[Mapping[str, Callable[[Lies, list[dict[str, Any]]], list[dict[str, Any]]]]] = {
    "count": lambda _lies, items: items[:-1],
    "twice": lambda _lies, items: [*items[:-1], items[0]] if len(items) > 1 else items * 2,
    "more": lambda _lies, items: [*items, items[-1]],
    "replay": _replayed,
}
