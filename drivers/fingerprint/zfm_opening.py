"""Finding a ZFM module on its line: rate, password, a faster rate, and who it is."""

import contextlib
import struct
from dataclasses import dataclass
from typing import Final

from drivers.fingerprint.zfm_packets import (
    BROADCAST,
    Ack,
    Command,
    ProductInfo,
    Register,
    SysPara,
)
from drivers.fingerprint.zfm_talk import ZfmTalk
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import (
    AuthFailed,
    ChecksumError,
    DeviceRejected,
    DeviceTimeout,
    ProtocolError,
)

# The usual rates first, then every other multiple of 9600 that the register can hold.
_BAUDS: Final = (57600, 115200, 38400, 19200, 9600, *range(28800, 115200, 9600))
_PROBE_S: Final = 0.3
_SETTLE_S: Final = 3.0  # one late ack and the silence after it
_ROUNDS: Final = 2  # a probe can be lost to noise


@dataclass(frozen=True, slots=True)
class Access:
    """What it takes to talk to a module."""

    password: int = 0
    address: int = BROADCAST
    baud: int = 57600  # tried first
    top_baud: int = 115200  # raised to after opening; 0 leaves the rate alone


@dataclass(frozen=True, slots=True)
class Opened:
    """A module that answers."""

    talk: ZfmTalk
    baud: int
    packet_size: int
    product: ProductInfo | None  # None: an old module that refuses or ignores the question


def open_module(
    line: ByteLine, access: Access, deadline: Deadline, cancel: CancelToken | None = None
) -> Opened:
    """Make a module ready on a fresh line.

    DeviceTimeout when nothing answers, AuthFailed for a wrong password, DeviceRejected, ProtocolError.
    """
    talk, baud = _find(line, access, deadline, cancel)
    para = _sys_para(talk, deadline, cancel)
    if access.top_baud > baud:
        baud = _raise_rate(line, talk, access, (baud, access.top_baud), deadline, cancel)
        para = _sys_para(talk, deadline, cancel)
    return Opened(talk, baud, para.packet_size, _product(talk, deadline, cancel))


def unlock(
    talk: ZfmTalk,
    access: Access,
    deadline: Deadline,
    cancel: CancelToken | None = None,
    *,
    reply_s: float = 1.0,
) -> None:
    """Say the password; AuthFailed, DeviceRejected, ChecksumError."""
    password = struct.pack(">I", access.password)
    code = talk.ask_again(Command.VERIFY_PASSWORD, password, deadline, cancel, reply_s=reply_s)[0]
    if code == Ack.WRONG_PASSWORD:
        raise AuthFailed(what="VfyPwd")
    if code == Ack.RECEIVE_ERROR:
        raise ChecksumError(what="VfyPwd")
    if code != Ack.OK:
        raise DeviceRejected(what="VfyPwd", code=code)


def _find(
    line: ByteLine, access: Access, deadline: Deadline, cancel: CancelToken | None
) -> tuple[ZfmTalk, int]:
    first = (access.baud, access.top_baud)
    rates = tuple(dict.fromkeys(rate for rate in (*first, *_BAUDS) if rate))
    for baud in rates * _ROUNDS:
        talk = _answering(line, access, baud, deadline, cancel)
        if talk is not None:
            return talk, baud
        deadline.check(transport=line.url)
    raise DeviceTimeout(transport=line.url)


def _answering(
    line: ByteLine, access: Access, baud: int, deadline: Deadline, cancel: CancelToken | None
) -> ZfmTalk | None:
    """Return the talk when the module answers at this rate; at a wrong one both sides hear noise."""
    line.set_baud(baud)
    line.discard()
    talk = ZfmTalk(line, access.address)
    with contextlib.suppress(DeviceTimeout, ProtocolError):
        unlock(talk, access, deadline, cancel, reply_s=_PROBE_S)
        return talk
    with contextlib.suppress(DeviceTimeout):
        line.drain(0.02, deadline, cancel)
    return None


def _raise_rate(
    line: ByteLine,
    talk: ZfmTalk,
    access: Access,
    rates: tuple[int, int],
    deadline: Deadline,
    cancel: CancelToken | None,
) -> int:
    """Ask for the faster of two rates and return the one that holds.

    Modules differ on which rate carries the ack, so it is not judged: the probes decide.
    """
    present, wanted = rates
    setting = struct.pack(">BB", Register.BAUD, wanted // 9600)
    acknowledged = False
    with contextlib.suppress(DeviceTimeout, ProtocolError):
        ack = talk.ask(Command.SET_SYS_PARA, setting, deadline, cancel, reply_s=_PROBE_S)
        if ack[0] == Ack.BAD_REGISTER:
            return present  # this module keeps its rate
        acknowledged = True
    for baud in (wanted, present) * _ROUNDS:
        line.set_baud(baud)
        with contextlib.suppress(DeviceTimeout, ProtocolError):
            talk.fall_silent(deadline, cancel)
            unlock(talk, access, deadline, cancel, reply_s=_PROBE_S)
            if not acknowledged:  # a slow module: its word on the rate may have answered the probe
                talk.lose_step()
                talk.get_in_step(deadline.within(_SETTLE_S), cancel)
            return baud
        deadline.check(transport=line.url, what="baud")
    raise DeviceTimeout(transport=line.url, what="baud")


def _sys_para(talk: ZfmTalk, deadline: Deadline, cancel: CancelToken | None) -> SysPara:
    ack = talk.ask_again(Command.READ_SYS_PARA, b"", deadline, cancel)
    if ack[0] != Ack.OK:
        raise DeviceRejected(what="ReadSysPara", code=ack[0])
    return SysPara.parse(ack[1:])


def _product(talk: ZfmTalk, deadline: Deadline, cancel: CancelToken | None) -> ProductInfo | None:
    """Ask who it is. Only a module that answers other questions and not this one counts as an old one."""
    for _ in range(_ROUNDS):
        try:
            ack = talk.ask_again(Command.READ_PROD_INFO, b"", deadline, cancel, reply_s=0.5)
        except DeviceTimeout:
            talk.get_in_step(deadline, cancel)
            continue
        if ack[0] == Ack.OK:
            return ProductInfo.parse(ack[1:])
        # The same code means "refused" and "your question came damaged": is the line sound?
        _sys_para(talk, deadline, cancel)
    return None
