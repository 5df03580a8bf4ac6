"""Finding device services: which of the 100 ports listen, then what each service lists."""

import selectors
import socket
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Final

from drivers.sbi.codes import OK, error_code
from drivers.sbi.identity import Found
from drivers.sbi.service import SbiService
from drivers.sbi.wire import HOST
from drivers.tcp import SLICE_S
from station.clock import CancelToken, Deadline
from station.errors import DeviceError, DeviceTimeout, OperatorCancelled, ProtocolError

PORTS: Final = range(4501, 4601)
ANY_TYPE: Final = "Biometric Device"
_PROBE_S: Final = 0.2
_ASK_S: Final = 1.0
_THREADS: Final = 20
_MOST_DEVICES: Final = 32  # of one service
# The second is what services of 1.0 may answer to instead.
_VERBS: Final = ("MOSIPDISC", "SBIDISC")


def scan(
    kind: str = ANY_TYPE,
    ports: Sequence[int] = PORTS,
    *,
    deadline: Deadline | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[Found]:
    """Yield the devices of that type, each service's as soon as it answers; OperatorCancelled.

    A service that hangs costs its own second and nothing else; one that speaks nonsense is not ours.
    Leaving the loop early ends all questions within a slice of time.
    """
    until = deadline or Deadline.after(_PROBE_S + _ASK_S)
    ended = CancelToken()
    if cancel is not None:
        cancel.on_cancel(ended.cancel)
    open_ports = listening(ports, until, ended)
    if not open_ports:
        return
    pool = ThreadPoolExecutor(min(_THREADS, len(open_ports)), thread_name_prefix="sbi-scan")
    try:
        asked = [pool.submit(_quietly, port, kind, until, ended) for port in open_ports]
        for answered in as_completed(asked):
            yield from answered.result()
        ended.check()
    finally:
        ended.cancel()
        pool.shutdown(cancel_futures=True)


def listening(ports: Iterable[int], deadline: Deadline, cancel: CancelToken) -> list[int]:
    """Return the ports something listens on: all are knocked at once, 0.2 s for those that say nothing."""
    found: list[int] = []
    waiting: list[socket.socket] = []
    until = deadline.within(_PROBE_S)
    try:
        with selectors.DefaultSelector() as ready:
            for port in ports:
                line = socket.socket()
                waiting.append(line)
                line.setblocking(False)
                line.connect_ex((HOST, port))
                ready.register(line, selectors.EVENT_WRITE, port)
            while ready.get_map() and not until.passed():
                cancel.check()
                for key, _ in ready.select(min(until.left(), SLICE_S)):
                    line = key.fileobj  # type: ignore[assignment] # we registered sockets
                    ready.unregister(line)
                    if line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                        found.append(key.data)
    finally:
        for line in waiting:
            line.close()
    return sorted(found)


def listed(port: int, kind: str, deadline: Deadline, cancel: CancelToken) -> list[Found]:
    """Return the devices one service lists for that type; DeviceError kinds, OperatorCancelled."""
    until = deadline.within(_ASK_S)
    refused: DeviceError | None = None
    for verb in _VERBS:
        try:
            answer = SbiService(port).ask(verb, "device", {"type": kind}, until, cancel)
            found = _devices(port, answer)
        except DeviceTimeout:
            raise
        except DeviceError as error:
            refused = error
            continue
        if found:
            return found
    if refused is not None:
        raise refused
    return []


def _quietly(port: int, kind: str, deadline: Deadline, cancel: CancelToken) -> list[Found]:
    try:
        return listed(port, kind, deadline, cancel)
    except (DeviceError, OperatorCancelled):
        return []


def _devices(port: int, answer: object) -> list[Found]:
    """Read a discovery answer; an array, or one object from services that have one device."""
    items = answer if isinstance(answer, list) else [answer]
    found = [
        Found.of(port, item)
        for item in items[:_MOST_DEVICES]
        if isinstance(item, dict) and error_code(item) == OK and "digitalId" in item
    ]
    if items and not found and not isinstance(answer, list):
        raise ProtocolError(what="no discovery object")
    return found
