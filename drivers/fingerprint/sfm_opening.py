"""Finding an SFM module on its line: rate, settings that an exact image needs, a faster rate, who it is."""

import contextlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drivers.fingerprint.sfm_frames import BAUD_CODES, Code, ImageFormat, Parameter
from drivers.fingerprint.sfm_talk import SfmTalk
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceRejected,
    DeviceTimeout,
    HardwareFault,
    NotSupported,
    ProtocolError,
)

_PROBE_S: Final = 0.2
_QUIET_S: Final = 0.02
_ROUNDS: Final = 2  # a probe can be lost to noise
_PROVEN: Final = 3  # answers in a row that a new rate must carry
_PROBE_BAUDS: Final = (921600, 115200, 57600, 460800, 230400, 38400, 19200, 9600)
_SCAN_SUCCESS_ON: Final = 0x31
_UPRIGHT: Final = 0x30
_FAKES_OFF: Final = 0x30

# What a code says about the device.
REFUSALS: Final[Mapping[int, type[DeviceError]]] = {
    Code.BUSY: DeviceBusy,
    Code.UNSUPPORTED: NotSupported,
    Code.LOCKED: AuthFailed,
    Code.NO_SERIAL: HardwareFault,
    Code.RECOVERY_MODE: HardwareFault,
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Line rates: where to look first, and how far to go up."""

    first: tuple[int, ...]
    top: int  # 0 leaves the rate alone


@dataclass(frozen=True, slots=True)
class Opened:
    """A module that is ready to scan."""

    talk: SfmTalk
    baud: int
    firmware: str
    serial: str  # '' when the module has none
    detects_fakes: bool


def open_module(
    line: ByteLine, rates: Rates, deadline: Deadline, cancel: CancelToken | None = None
) -> Opened:
    """Make a module ready on a fresh line.

    DeviceTimeout when nothing answers; NotSupported for one that cannot send an upright grey image; AuthFailed
    for a locked one; DeviceBusy, DeviceRejected, HardwareFault, ProtocolError.
    """
    talk, baud = _find(line, rates, deadline, cancel)
    talk.get_in_step(deadline, cancel)
    firmware = talk.sure_parameter(Parameter.FIRMWARE, deadline, cancel)
    # The factory setting is a binary image.
    _must_write(talk, Parameter.IMAGE_FORMAT, ImageFormat.GREY, deadline, cancel)
    # A convenience: without it the finger shows when the image is announced.
    talk.write_parameter(Parameter.SEND_SCAN_SUCCESS, _SCAN_SUCCESS_ON, deadline, cancel)
    _must_be_upright(talk, deadline, cancel)
    baud = _raise_rate(line, talk, (baud, rates.top), deadline, cancel)
    serial = talk.sure_parameter(Parameter.SERIAL, deadline, cancel)
    fakes = _optional(talk, Parameter.FAKE_FINGER, deadline, cancel)
    return Opened(
        talk,
        baud,
        _characters(firmware),
        "" if serial is None else f"{serial:010d}",
        fakes is not None and fakes > _FAKES_OFF,
    )


def refusal(what: str, code: int, **facts: int) -> DeviceError:
    """Return the typed error for an answer's code."""
    return REFUSALS.get(code, DeviceRejected)(what=what, code=code, **facts)


def _find(
    line: ByteLine, rates: Rates, deadline: Deadline, cancel: CancelToken | None
) -> tuple[SfmTalk, int]:
    for baud in tuple(dict.fromkeys((*rates.first, *_PROBE_BAUDS))) * _ROUNDS:
        if _answers(line, baud, deadline, cancel):
            return SfmTalk(line), baud
        deadline.check(transport=line.url)
    raise DeviceTimeout(transport=line.url)


def _answers(
    line: ByteLine, baud: int, deadline: Deadline, cancel: CancelToken | None, times: int = 1
) -> bool:
    """Whether the module answers at a rate; at a wrong one both sides hear noise."""
    line.set_baud(baud)
    # At a wrong rate the module hears and says noise; one that is busy answers all the same.
    with contextlib.suppress(DeviceTimeout, ProtocolError):
        line.drain(_QUIET_S, deadline, cancel)
        for _ in range(times):
            with contextlib.suppress(DeviceBusy):
                SfmTalk(line).read_parameter(Parameter.FIRMWARE, deadline, cancel, reply_s=_PROBE_S)
        return True
    return False


def _raise_rate(
    line: ByteLine,
    talk: SfmTalk,
    rates: tuple[int, int],
    deadline: Deadline,
    cancel: CancelToken | None,
) -> int:
    """Go to the fastest rate the module takes and the line carries; return the one that holds."""
    present, top = rates
    for wanted in sorted((rate for rate in BAUD_CODES if present < rate <= top), reverse=True):
        # When the new rate begins is not documented, so silence is not judged: the probes decide.
        with contextlib.suppress(DeviceTimeout, ProtocolError):
            code = talk.write_parameter(
                Parameter.BAUD, BAUD_CODES[wanted], deadline, cancel, reply_s=_PROBE_S
            )
            if code == Code.UNSUPPORTED:
                continue
        if _answers(line, wanted, deadline, cancel, _PROVEN):
            return wanted
        if not any(_answers(line, rate, deadline, cancel) for rate in (present, wanted, present)):
            raise DeviceTimeout(transport=line.url, what="baud")
        return _settled(line, (present, wanted), deadline, cancel)
    return present


def _settled(
    line: ByteLine, rates: tuple[int, int], deadline: Deadline, cancel: CancelToken | None
) -> int:
    """Return the one of two rates that carries several answers in a row."""
    for rate in rates:
        if _answers(line, rate, deadline, cancel, _PROVEN):
            return rate
    raise DeviceTimeout(transport=line.url, what="baud")


def _must_write(
    talk: SfmTalk,
    parameter: Parameter,
    value: int,
    deadline: Deadline,
    cancel: CancelToken | None,
) -> None:
    code = talk.write_parameter(parameter, value, deadline, cancel)
    if code != Code.OK:
        raise refusal("SW", code, parameter=int(parameter))


def _must_be_upright(talk: SfmTalk, deadline: Deadline, cancel: CancelToken | None) -> None:
    """A module that turns its pictures would give a wrong image that nothing shows."""
    turned = _optional(talk, Parameter.ROTATE, deadline, cancel)
    if turned in {None, _UPRIGHT}:
        return
    _must_write(talk, Parameter.ROTATE, _UPRIGHT, deadline, cancel)
    if talk.sure_parameter(Parameter.ROTATE, deadline, cancel) != _UPRIGHT:
        raise NotSupported(what="upright image")


def _optional(
    talk: SfmTalk, parameter: Parameter, deadline: Deadline, cancel: CancelToken | None
) -> int | None:
    """Return a parameter that a module may not have; one that answers others and not this has none."""
    for _ in range(_ROUNDS):
        with contextlib.suppress(DeviceTimeout):
            return talk.sure_parameter(parameter, deadline, cancel)
        talk.get_in_step(deadline, cancel)
    return None


def _characters(value: int | None) -> str:
    """Return the characters a parameter packs into its four bytes."""
    packed = struct.pack("<I", value or 0)
    return bytes(each for each in packed if 0x20 < each < 0x7F).decode("ascii")
