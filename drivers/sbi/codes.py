"""Error codes of device services, which travel inside HTTP 200, and what each means for the desk."""

import re
from collections.abc import Mapping
from typing import Final

from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRejected,
    HardwareFault,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance

# Everything else, the vendor's 5xx too, is a fault of the device.
_ERRORS: Final[Mapping[str, type[DeviceError]]] = {
    "100": NotSupported,  # not registered
    "101": NoSubject,
    "104": DeviceRejected,  # its management server is out of reach
    "105": NoSubject,
    "106": DeviceNotFound,
    "107": AuthFailed,  # its key has expired
    "108": AuthFailed,
    "109": ProtocolError,
    "110": DeviceBusy,
    "111": DeviceBusy,
    "112": ProtocolError,
    **{str(code): ProtocolError for code in range(113, 123)},  # a value of our request
    "202": DeviceNotFound,
    "500": NotSupported,  # no such path
    "501": NotSupported,
    "502": NotSupported,
    "503": DeviceNotFound,
    "605": DeviceNotFound,
    "607": DeviceBusy,
    "700": DeviceBusy,  # the preview broke during the capture; it may begin anew
    "701": NoSubject,
    "702": ProtocolError,
    "703": DeviceBusy,
    "704": ProtocolError,
    "705": DeviceNotFound,
}
# About the person, not the device: said to the operator, then the device is asked again.
NOT_YET: Final[Mapping[str, Guidance]] = {
    "101": Guidance.NO_SUBJECT,
    "105": Guidance.LIFT_AND_REPEAT,
    "701": Guidance.NO_SUBJECT,
}
OK: Final = "0"


def error_code(answer: object) -> str:
    """Return the digits of an answer's errorCode: "0" when there is none, "?" when it is no number."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return OK
    found = error.get("errorCode", "")
    text = "" if found is None else str(found).strip()
    digits = re.match(r"[0-9]+", text)
    if digits is not None:
        return digits.group().lstrip("0") or OK
    return "?" if text else OK


def raise_for_error(answer: object) -> None:
    """Raise the typed error that an answer carries; nothing when errorCode is 0 or absent."""
    code = error_code(answer)
    if code != OK:
        raise _ERRORS.get(code, HardwareFault)(sbi_code=code[:6])
