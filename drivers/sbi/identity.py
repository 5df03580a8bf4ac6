"""Who a device says it is: the discovery object, its digital identity, and its signed statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.sbi import jws
from drivers.sbi.codes import OK, error_code
from drivers.sbi.rules import ENVIRONMENTS
from station.devices import EMULATOR_MARK, Modality
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    NotSupported,
    ProtocolError,
)

VERSIONS: Final = ("0.9.5", "1.0")
# What our emulators call themselves in their signed identity; no graded model may begin so.
EMULATED_MARK: Final = f"{EMULATOR_MARK}-"
_LEVELS: Final[Mapping[str, str]] = {"L0": "L0", "L1": "L1", "CL1.0": "L0", "CL2.0": "L1"}
_NESTED: Final = 3


class Kind(StrEnum):
    """What a device behind a service senses; also how a reference's ``model`` names it."""

    IRIS = "iris"
    SLAP = "finger.slap"
    FINGER = "finger.single"
    FACE = "face"

    @property
    def type_name(self) -> str:
        """The protocol's word."""
        return _TYPE_NAMES[self]

    @property
    def modality(self) -> Modality:
        """The station's word."""
        return _MODALITIES[self]


_TYPE_NAMES: Final[Mapping[Kind, str]] = {
    Kind.IRIS: "Iris",
    Kind.SLAP: "Finger",
    Kind.FINGER: "Finger",
    Kind.FACE: "Face",
}
_MODALITIES: Final[Mapping[Kind, Modality]] = {
    Kind.IRIS: Modality.IRIS,
    Kind.SLAP: Modality.FINGER,
    Kind.FINGER: Modality.FINGER,
    Kind.FACE: Modality.FACE,
}


@dataclass(frozen=True, slots=True)
class DigitalId:
    """The identity of a device: what is compared between what it says unsigned and what it signs."""

    serial: str
    make: str
    model: str
    type: str
    sub_type: str
    provider: str

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "DigitalId":
        """Read the JSON of a digitalId."""
        return cls(
            serial=word(said, "serialNo"),
            make=word(said, "make"),
            model=word(said, "model"),
            type=word(said, "type"),
            sub_type=word(said, "deviceSubType") or word(said, "subType"),
            provider=word(said, "deviceProviderId"),
        )

    @property
    def kind(self) -> Kind | None:
        """What it senses; None for what this driver does not know."""
        kind, sub = self.type.lower(), self.sub_type.lower()
        if kind == "iris":
            return Kind.IRIS
        if kind == "face":
            return Kind.FACE
        return {"slap": Kind.SLAP, "single": Kind.FINGER}.get(sub) if kind == "finger" else None

    @property
    def emulated(self) -> bool:
        """Whether it bears the mark of our emulators."""
        return self.model.startswith(EMULATED_MARK)


@dataclass(frozen=True, slots=True)
class Found:
    """One device as a service lists it, unsigned."""

    port: int
    device_id: str
    device_code: str
    status: str
    certification: str
    version: str
    service_version: str
    sub_ids: tuple[str, ...]
    purpose: str
    prefix: str
    code: str
    identity: DigitalId

    @classmethod
    def of(cls, port: int, said: Mapping[str, Any]) -> "Found":
        """Read a discovery object; ProtocolError."""
        token = word(said, "digitalId")
        identity = DigitalId.of(jws.read_json(_payload(token)) if token else {})
        return cls(
            port=port,
            device_id=word(said, "deviceId"),
            device_code=word(said, "deviceCode"),
            status=word(said, "deviceStatus"),
            certification=level(word(said, "certification")),
            version=next(iter(words(said, "specVersion")), ""),
            service_version=word(said, "serviceVersion"),
            sub_ids=words(said, "deviceSubId"),
            purpose=word(said, "purpose"),
            prefix=_prefix(word(said, "callbackId")),
            code=error_code(said),
            identity=identity,
        )

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self.identity.serial


@dataclass(frozen=True, slots=True)
class Statement:
    """What a device has signed about itself."""

    env: str
    purpose: str
    firmware: str
    certification: str
    status: str
    device_code: str
    version: str
    signer: bytes  # the public key, for comparing
    identity: DigitalId


def statements(answer: object) -> list[str]:
    """Return the signed texts in an answer to MOSIPDINFO; ProtocolError for one that has none."""
    found: list[str] = []
    for item in answer if isinstance(answer, list) else [answer]:
        inner: object = item
        for _ in range(_NESTED):  # {deviceInfo: ...}, once or twice around
            if not isinstance(inner, dict):
                break
            if error_code(inner) != OK:
                inner = None
                break
            inner = inner.get("deviceInfo")
        if isinstance(inner, str) and inner:
            found.append(inner)
    if not found:
        raise ProtocolError(what="no deviceInfo")
    return found


def read_statement(token: str, trust: jws.Trust) -> Statement:
    """Verify a deviceInfo and the identity within; AuthFailed, ProtocolError."""
    if token.count(".") != 2:
        # Only the bare payload: what an unregistered device sends.
        raise NotSupported(what="unsigned deviceInfo")
    signed = trust.verify(token)
    said = signed.payload
    identity = trust.verify(word(said, "digitalId"))
    certification = level(word(said, "certification"))
    check_signers(certification, signed, identity)
    return Statement(
        env=word(said, "env"),
        purpose=word(said, "purpose"),
        firmware=word(said, "firmware"),
        certification=certification,
        status=word(said, "deviceStatus"),
        device_code=word(said, "deviceCode"),
        version=next(iter(words(said, "specVersion")), ""),
        signer=key_of(signed),
        identity=DigitalId.of(identity.payload),
    )


def check_signers(certification: str, statement: jws.Signed, identity: jws.Signed) -> None:
    """At L1 the identity is the trust module's word, so another key than the device's; AuthFailed."""
    if certification == "L1" and key_of(statement) == key_of(identity):
        raise AuthFailed(what="digitalId not by the trust module")


def check_found(found: Found) -> None:
    """Raise unless version, status and certification all allow captures."""
    if found.version not in VERSIONS:
        raise NotSupported(device="sbi", what="specVersion")
    check_status(found.status)
    if not found.certification:
        raise NotSupported(device="sbi", what="certification")


def check_statement(found: Found, said: Statement, env: str, purpose: str) -> None:
    """Raise unless the signed word agrees with the unsigned one and with the site's."""
    if said.identity != found.identity:
        raise AuthFailed(what="digitalId")
    if said.device_code and found.device_code and said.device_code != found.device_code:
        raise AuthFailed(what="deviceCode")
    if said.certification and said.certification != found.certification:
        raise AuthFailed(what="certification")
    if said.version and said.version not in VERSIONS:
        raise NotSupported(device="sbi", what="specVersion")
    check_status(said.status or found.status)
    if said.env not in ENVIRONMENTS or (env and said.env != env):
        raise NotSupported(device="sbi", what="env")
    purposes = (said.purpose or found.purpose).lower().split(",")
    if purpose.lower() not in {each.strip() for each in purposes}:
        raise NotSupported(device="sbi", what="purpose")


_STATUSES: Final[Mapping[str, type[DeviceError] | None]] = {
    "ready": None,
    "busy": None,  # because its preview streams: it still takes a capture
    "not ready": DeviceBusy,
    "not registered": NotSupported,
}


def check_status(status: str) -> None:
    """Raise the error of a status in which no capture is taken."""
    refusal = _STATUSES.get(status.lower(), DeviceNotFound)
    if refusal is not None:
        raise refusal(device="sbi", what="status")


def word(said: Mapping[str, Any], name: str) -> str:
    """Return a field as text: numbers are written as text by some, and an only item is the item."""
    value = said.get(name)
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def words(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a field as texts, whether it is an array or one item."""
    value = said.get(name)
    items = value if isinstance(value, list) else [value]
    return tuple(str(item).strip() for item in items if isinstance(item, str | int | float))


def level(text: str) -> str:
    """Return "L0" or "L1", "" for what is neither."""
    return _LEVELS.get(text.upper().replace(" ", ""), "")


def key_of(signed: jws.Signed) -> bytes:
    """Return the signer's public key in a form that can be compared."""
    return signed.certificate.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def _payload(token: str) -> str:
    pieces = token.split(".")
    return pieces[1] if len(pieces) == 3 else token


def _prefix(callback: str) -> str:
    """Return the path of a callbackId; its host must be this machine, its port is the one we asked."""
    if not callback:
        return "/"
    try:
        split = urlsplit(callback)
        host = split.hostname
    except ValueError:
        raise ProtocolError(what="callbackId") from None
    ours = split.scheme == "http" and host in {"127.0.0.1", "localhost"}
    if not ours or not split.path.isascii():
        raise ProtocolError(what="callbackId")
    return split.path if split.path.endswith("/") else split.path + "/"
