"""Find the PC/SC service and our virtual reader; start the service for a rehearsal when asked."""

import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from typing import Final

from drivers.emulation.card.rack import Rack
from drivers.emulation.card.vpcd import PORT, VpcdSlot
from drivers.smartcard.direct import DirectReader
from drivers.smartcard.pcsc import PcscReader
from drivers.smartcard.scard import pcsc_context
from station.clock import Deadline
from station.devices import CardReader, Grade
from station.errors import CardError, NoReader

_LOG = logging.getLogger(__name__)
_VIRTUAL: Final = "Virtual PCD"
_SLOTS: Final = 2
_START_S: Final = 5.0
_FREE_S: Final = 3.0  # a card lifted just now is gone for the service after its next poll


def service_readers() -> tuple[str, ...]:
    """Return the names of all readers of the running service; NoReader when none runs."""
    with pcsc_context() as context:
        return context.readers()


def start_service(deadline: Deadline) -> Callable[[], None]:
    """Start ``pcscd`` in the foreground as our child and wait for virtual readers; returns its stopper.

    NoReader when it is not installed, we are not root, or no virtual reader shows up in time. One
    service per machine: call this only after ``service_readers`` failed.
    """
    program = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise NoReader(reason="cannot_start_service")
    child = subprocess.Popen(  # noqa: S603 - a fixed program found on the system path
        [program, "--foreground"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stop = _stopper(child)
    pause = threading.Event()
    while not deadline.passed() and child.poll() is None:
        try:
            if any(_VIRTUAL in name for name in service_readers()):
                return stop
        except NoReader:
            pass  # not up yet
        pause.wait(0.05)
    stop()
    raise NoReader(reason="service_did_not_start")


def open_rehearsal_reader(rack: Rack, *, start: bool = False) -> CardReader:
    """Return an opened reader for a rack: real PC/SC with vpcd when reachable, else in process.

    ``start`` allows starting ``pcscd`` (root, installed); it ends with the reader's ``close``. The
    reader's ``path_kind`` says which way it became: ``pcsc`` or ``in-process``.
    """
    stop: Callable[[], None] | None = None
    try:
        try:
            names = service_readers()
        except NoReader:
            if not start:
                raise
            stop = start_service(Deadline.after(_START_S))
            names = service_readers()
        return _free_slot(rack, names, stop, Deadline.after(_FREE_S))
    except (NoReader, CardError) as why:
        if stop is not None:
            stop()
        _LOG.info("card reader in process: %s", why.facts.get("reason", why.code))
        return DirectReader(rack)


def _free_slot(
    rack: Rack, names: tuple[str, ...], stop: Callable[[], None] | None, deadline: Deadline
) -> CardReader:
    """Return the first free virtual reader; the service still sees a lifted card for half a second."""
    pause = threading.Event()
    while True:
        reader = _first_free(rack, names, stop)
        if reader is not None:
            return reader
        if deadline.passed():
            raise NoReader(reason="no_free_virtual_reader")
        pause.wait(0.2)


def _first_free(
    rack: Rack, names: tuple[str, ...], stop: Callable[[], None] | None
) -> CardReader | None:
    for number in range(_SLOTS):
        name = next((n for n in names if _VIRTUAL in n and n.endswith(f" 00 {number:02d}")), None)
        if name is None:
            continue
        if _occupied(name):  # somebody else's card lies there
            continue
        slot = VpcdSlot(port=PORT + number)
        reader = PcscReader(name, grade=Grade.EMULATED, on_close=_closer(rack, slot, stop))
        try:
            rack.attach(slot)
            reader.open(Deadline.after(1.0))
        except NoReader:
            rack.attach(None)
            slot.remove()
            continue
        return reader
    return None


def _occupied(reader: str) -> bool:
    with pcsc_context() as context:
        return context.present(context.slots([reader])[0])


def _closer(rack: Rack, slot: VpcdSlot, stop: Callable[[], None] | None) -> Callable[[], None]:
    def close() -> None:
        rack.attach(None)
        slot.remove()
        if stop is not None:
            stop()

    return close


def _stopper(child: subprocess.Popen[bytes]) -> Callable[[], None]:
    def stop() -> None:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(3.0)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(3.0)

    return stop
