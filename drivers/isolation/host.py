"""The helper: runs one driver, obeys the desk over a socket, and dies with the desk (``python -m``)."""

import argparse
import contextlib
import fcntl
import os
import queue
import resource
import select
import signal
import socket
import threading
from typing import Any, Final

from cryptography import x509

from drivers.contract import Hints, Reference, Site
from drivers.isolation import orders
from drivers.isolation.channel import Channel, ChannelClosed, Message
from drivers.isolation.codec import Malformed, decode, encode
from drivers.isolation.failures import encode_failure
from drivers.isolation.memory import Kept, SharedMemory
from drivers.isolation.previews import Previews
from drivers.isolation.verbs import VERBS, Call, Found, Offer, extras_of, port_of
from drivers.registry import DriverRegistry
from station.capabilities import Capabilities, Described
from station.clock import CancelToken, Deadline
from station.devices import DeviceEvent, Frame, Modality
from station.errors import HardwareFault, NotSupported, ProtocolError

_F_SETSIG: Final = 10  # Linux; the module ``fcntl`` has no name for it before 3.12
_LEAVE_S: Final = 0.5
_DRAIN: Final = 1 << 16


class Host:
    """The helper's two threads: this one runs the driver, the other listens."""

    def __init__(self, channel: Channel, memory: SharedMemory, output: int) -> None:
        self._channel = channel
        self._memory = memory
        self._output = output
        self._orders: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._cancel: tuple[int, CancelToken] = (0, CancelToken())
        self._previews = Previews(channel, memory)
        self._device: Any = None
        self._printed = 0

    def run(self) -> None:
        """Obey until the desk is gone."""
        listener = threading.Thread(target=self._listen, name="isolation-listen", daemon=True)
        listener.start()
        while (order := self._orders.get()) is not None:
            self._obey(order)
        if self._device is not None:
            with contextlib.suppress(Exception):  # the driver is foreign, and we are leaving
                self._device.close()

    def _listen(self) -> None:
        """Take orders and cancellations, and empty the driver's own output; ends the process at the end."""
        waiting = select.poll()
        for descriptor in (self._channel.fileno(), self._output):
            waiting.register(descriptor, select.POLLIN)
        try:
            while True:
                for descriptor, _ in waiting.poll():
                    if descriptor == self._output:
                        self._drain()
                    else:
                        self._channel.feed()
                        while (message := self._channel.take()) is not None:
                            self._hear(message)
        except (ChannelClosed, Malformed):
            self._leave()

    def _hear(self, message: Message) -> None:
        number = int(message.get("n", 0))
        if "want" in message:
            self._previews.want(number)
        elif "cancel" in message:
            with self._lock:
                running, token = self._cancel
            if running == number:
                token.cancel()
        else:
            with self._lock:
                self._cancel = (number, CancelToken())
            self._orders.put(message)

    def _drain(self) -> None:
        """Count what the driver printed and throw it away: nobody knows what is in it."""
        self._printed += len(os.read(self._output, _DRAIN))

    def _leave(self) -> None:
        """Close the device in peace for a moment, then end whatever it does."""
        with self._lock:
            self._cancel[1].cancel()
        self._orders.put(None)
        threading.Timer(_LEAVE_S, os._exit, (1,)).start()

    def _obey(self, order: Message) -> None:
        number = int(order["n"])
        with self._lock:
            _, token = self._cancel
        kept = Kept(self._memory, number)
        try:
            result = self._answer(number, order, token)
            self._previews.end()
            answer: dict[str, object] = {"n": number, "done": encode(result, kept)}
            kept.store()
        except Malformed as cause:
            self._previews.end()
            answer = {"n": number, "failed": encode_failure(ProtocolError(reason=f"{cause}"))}
        except BaseException as error:  # noqa: BLE001 - the driver is foreign
            self._previews.end()
            answer = {"n": number, "failed": encode_failure(error)}
        self._channel.send({**answer, "printed": self._printed})

    def _answer(self, number: int, order: Message, token: CancelToken) -> object:
        if "make" in order:
            return self._make(order["make"])
        if "look" in order:
            return _look(order["look"])
        if self._device is None:
            raise HardwareFault(reason="no device")
        verb = VERBS[order["call"]]
        given = {n: decode(hint, order["args"][n]) for n, hint in verb.takes.items()}
        call = Call(Deadline(order["until"]), token, lambda event: self._tell(number, event))
        if verb.pictures:
            self._previews.begin(number)
        return verb.run(self._device, call, given)

    def _tell(self, number: int, event: DeviceEvent) -> None:
        if isinstance(event, Frame):
            self._previews.offer(event)
        elif not isinstance(event, DeviceEvent):
            raise Malformed("event")
        else:
            self._channel.send({"n": number, "event": encode(event)})

    def _make(self, data: Any) -> Offer:  # noqa: ANN401 - JSON
        order = decode(orders.Make, data)
        roots = tuple(x509.load_der_x509_certificate(bytes.fromhex(r)) for r in order.roots)
        clock = orders.DeskClock(order)
        site = Site(
            clock, roots, orders.graded_models(order.graded), services=order.services.rules()
        )
        driver = DriverRegistry(order.allowed).driver(order.driver)
        place = Reference(order.driver, order.address, order.model, order.serial, order.label)
        device = driver.create(place, site)
        modality = _modality(device, driver.modality)
        port = port_of(device, modality)
        if not port:
            raise NotSupported(driver=order.driver, reason="cannot be isolated")
        self._device = device
        return Offer(port, extras_of(device), modality, device.info)


def _look(data: Any) -> tuple[Found, ...]:  # noqa: ANN401 - JSON
    order = decode(orders.Look, data)
    driver = DriverRegistry(order.allowed).driver(order.driver)
    found = driver.discover(Hints(order.addresses, order.model))
    return tuple(Found(r.address, r.model, r.serial, r.label) for r in found)


def _modality(device: object, claimed: Modality) -> Modality:
    if isinstance(device, Described):
        with contextlib.suppress(Exception):  # not open yet: some know nothing before
            capabilities = device.capabilities
            if isinstance(capabilities, Capabilities):
                return Modality(capabilities.modality)
    return Modality(claimed)


def _die_with_desk(lifeline: int) -> None:
    """Have the kernel kill this process when the desk's end of the lifeline closes.

    Not PR_SET_PDEATHSIG: that watches the *thread* that started us, and the desk's threads come and go. A
    signal from the pipe needs no cooperation of a driver that hangs in C with the interpreter lock held.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, _F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)
    waiting = select.poll()
    waiting.register(lifeline, select.POLLIN)
    if waiting.poll(0):  # gone before we watched
        os._exit(1)


def _swallow_output() -> int:
    """Lead everything printed, by C code too, into a pipe of our own and return its end."""
    read, write = os.pipe()
    for standard in (1, 2):
        os.dup2(write, standard)
    os.close(write)
    return read


def main() -> None:
    """Serve the desk whose descriptors stand on the command line."""
    parser = argparse.ArgumentParser(prog="drivers.isolation.host")
    for name in ("socket", "memory", "lifeline"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    _die_with_desk(given.lifeline)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write a finger to the disk
    for descriptor in (given.socket, given.memory, given.lifeline):
        os.set_inheritable(descriptor, False)
    channel = Channel(socket.socket(fileno=given.socket))
    host = Host(channel, SharedMemory(given.memory), _swallow_output())
    with contextlib.suppress(ChannelClosed):
        host.run()
    os._exit(0)  # a foreign library's threads and exit handlers are not waited for


if __name__ == "__main__":
    main()
