"""The signature pads as ``rekam emulate`` runs them: a person's hand over the pad, verbs, a diary."""

from collections.abc import Callable, Mapping
from typing import Final

from drivers.emulation.emulated import Fact, Order
from drivers.emulation.faults import parse_fault
from drivers.emulation.people import body_of, today_of
from drivers.emulation.runner import Port, SerialEmulator
from drivers.emulation.scenes import pen
from drivers.emulation.script import split_fault
from drivers.emulation.stu import StuModule
from drivers.emulation.stu_models import STU_MODELS
from drivers.emulation.tcp_port import TcpPort
from drivers.emulation.topaz import TopazModule
from drivers.emulation.transport import OrderedPort
from drivers.hid.frames import SCHEME
from drivers.signature.topaz_models import MODELS
from station.clock import Deadline
from station.devices import PenPoint

_AUTO: Final = "auto"  # seconds from an opened or cleared pad to a signature nobody asked for
_SIGN: Final = "SIGN"
# Nobody reads: a real line loses the bytes, it does not hold the pen.
_TAKEN_S: Final = 0.1
_GLANCE_S: Final = 0.002

PadModule = TopazModule | StuModule


class Hand:
    """The signature of whoever sits at the pad."""

    def __init__(self, order: Order) -> None:
        """Take the order's person; UnknownPerson."""
        self._order = order
        self.take(order.nik)

    def take(self, nik: str) -> None:
        """Let another person sit down; UnknownPerson."""
        self._body = body_of(nik, self._order.seed, today_of(self._order.clock))

    def __call__(self) -> tuple[PenPoint, ...]:
        """Return the points; none for somebody who cannot sign."""
        if self._body.cannot_sign:
            self._order.diary.note("this person cannot sign")
            return ()
        return pen.signature(self._body.body, self._body.name)


class UnreadPort:
    """A port whose bytes are lost when nobody reads them, as on a line; the pen does not wait."""

    def __init__(self, port: Port) -> None:
        """Wrap a port."""
        self._port = port
        self._taken = True

    @property
    def url(self) -> str:
        """What a driver opens."""
        return self._port.url

    @property
    def openings(self) -> int:
        """How often a client has been seen to open."""
        return int(getattr(self._port, "openings", 0))

    def plug(self) -> None:
        """Appear."""
        self._port.plug()

    def unplug(self) -> None:
        """Disappear."""
        self._port.unplug()

    def receive(self, seconds: float) -> bytes:
        """Return what arrives."""
        return self._port.receive(seconds)

    def send(self, data: bytes, interrupted: Callable[[], bool]) -> bool:
        """Write what is taken within a moment; the rest is lost."""
        patience = Deadline.after(_TAKEN_S if self._taken else _GLANCE_S)
        self._taken = self._port.send(data, lambda: interrupted() or patience.passed())
        return self._taken or not interrupted()

    def client_line(self) -> tuple[int, bool] | None:
        """Return the client's line settings."""
        return self._port.client_line()


class HidPort(UnreadPort):
    """The same over TCP, under the address of framed HID."""

    @property
    def url(self) -> str:
        """What a driver opens."""
        return SCHEME + super().url.removeprefix("socket://")


class PadEmulator(SerialEmulator):
    """A signature pad that obeys scripts; ``drivers.emulation.emulated.Emulated``."""

    def __init__(
        self,
        order: Order,
        port: UnreadPort,
        pad: PadModule,
        hand: Hand,
        remove: Callable[[], None] = lambda: None,
    ) -> None:
        """Put pad, hand and port together; nothing is plugged in yet. ``remove`` ends the port's place."""
        super().__init__(pad, port, paced=order.paced, clock=order.clock)
        self._unread = port
        self._pad = pad
        self._hand = hand
        self._remove = remove
        self._today = today_of(order.clock)
        self._openings = 0

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Model and serial number."""
        return {"model": self._pad.model_name, "serial": str(self._pad.serial)}

    def stop(self) -> None:
        """Unplug and end."""
        super().stop()
        self._remove()

    def check(self, verb: str, argument: str) -> None:
        """Raise the ValueError that ``act`` or ``suffer`` would raise."""
        match verb:
            case "SIGN":
                body_of(argument, 1, self._today)
            case "FAULT":
                parse_fault(*split_fault(argument))
            case _:
                raise ValueError(f"verb {verb}: one of {_SIGN}, FAULT, SLEEP, UNPLUG, REPLUG")

    def act(self, verb: str, argument: str) -> None:
        """Obey SIGN: the person signs now, or somebody else by NIK; ValueError."""
        self.check(verb, argument)
        if argument:
            self._hand.take(argument)
        self._pad.sign()

    def _serve(self) -> None:
        self._unread.client_line()  # a pty shows a client only when it is looked at
        if self._unread.openings != self._openings:
            self._openings = self._unread.openings
            self._pad.opened()
        super()._serve()


def build_topaz(order: Order) -> PadEmulator:
    """Return a Topaz pad; ValueError for what the order cannot mean."""
    order.check_options({_AUTO, "model"})
    name = order.option("model", "SigLite 1x5")
    if name not in MODELS:
        raise ValueError(f"model {name}: one of {', '.join(MODELS)}")
    model = MODELS[name]
    if order.baud not in (0, model.baud):
        raise ValueError(f"baud {order.baud}: this pad speaks {model.baud}")
    hand = Hand(order)
    pad = TopazModule(
        model, order.clock, seed=order.seed, diary=order.diary, hand=hand, auto_s=_auto(order)
    )
    place = OrderedPort(order, "ttyPAD0")
    return PadEmulator(order, UnreadPort(place.port), pad, hand, place.remove)


def build_stu(order: Order) -> PadEmulator:
    """Return a Wacom STU pad on loopback TCP; ValueError for what the order cannot mean."""
    order.check_options({_AUTO, "model", "timed"})
    if order.link is not None:
        raise ValueError("a HID device has no pty: --port")
    name = order.option("model", "STU-540")
    if name not in STU_MODELS:
        raise ValueError(f"model {name}: one of {', '.join(STU_MODELS)}")
    timed = order.choice("timed", ("yes", "no"))
    hand = Hand(order)
    pad = StuModule(
        order.clock,
        model=STU_MODELS[name],
        seed=order.seed,
        diary=order.diary,
        hand=hand,
        auto_s=_auto(order),
        timed=timed == "yes",
    )
    return PadEmulator(order, HidPort(TcpPort(order.port or 0)), pad, hand)


def _auto(order: Order) -> float | None:
    return order.measure(_AUTO, 0) if order.option(_AUTO) else None
