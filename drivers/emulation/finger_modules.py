"""The two finger modules as ``rekam emulate`` runs them: a person's finger on the glass, verbs, a diary."""

from collections.abc import Mapping
from typing import Final, Self

from drivers.emulation.emulated import Fact, Order
from drivers.emulation.faults import parse_fault
from drivers.emulation.glass import CYCLE, Glass
from drivers.emulation.people import body_of, today_of
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.script import split_fault
from drivers.emulation.sfm import SfmModule
from drivers.emulation.transport import OrderedPort
from drivers.emulation.zfm import ZfmModule
from drivers.emulation.zfm_models import ZFM_MODELS

_FINGER: Final = "finger"  # what lies there from the start: a position, cycle, none
_LIFT: Final = "lift"  # seconds the glass is empty after each image taken
_DRAWN_S: Final = 5.0  # growing a finger takes a fifth of a second, importing the tools longer
_VERBS: Final = ("FINGER", "IMAGE", "QUALITY", "STATUS", "GRADE")

FingerModule = SfmModule | ZfmModule


class FingerEmulator(SerialEmulator):
    """A finger module that obeys scripts; ``drivers.emulation.emulated.Emulated``."""

    def __init__(
        self, order: Order, place: OrderedPort, module: FingerModule, glass: Glass
    ) -> None:
        """Put module, glass and port together; nothing is plugged in yet."""
        super().__init__(module, place.port, paced=order.paced, clock=order.clock)
        self._place = place
        self._module = module
        self._glass = glass
        self._first = order.option(_FINGER, CYCLE)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Rate, serial number and size of the image."""
        return self._module.facts

    def start(self) -> Self:
        """Lay the first finger on, then plug in."""
        if self._first:
            self._glass.place(self._first)
            self._glass.wait_drawn(_DRAWN_S)
        return super().start()

    def stop(self) -> None:
        """Unplug and end."""
        super().stop()
        self._glass.close()
        self._place.remove()

    def check(self, verb: str, argument: str) -> None:
        """Raise the ValueError that ``act`` or ``suffer`` would raise."""
        match verb:
            case "FINGER":
                self._glass.check(argument)
            case "IMAGE":
                self._glass.read(argument)
            case "QUALITY":
                self._glass.quality_of(argument)
            case "STATUS":
                self._module.check_status(argument)
            case "GRADE":
                self._module.check_claim(argument)
            case "FAULT":
                parse_fault(*split_fault(argument))
            case _:
                known = ", ".join((*_VERBS, "FAULT", "SLEEP", "UNPLUG", "REPLUG"))
                raise ValueError(f"verb {verb}: one of {known}")

    def act(self, verb: str, argument: str) -> None:
        """Obey FINGER, IMAGE, QUALITY, STATUS or GRADE; ValueError."""
        self.check(verb, argument)
        match verb:
            case "FINGER":
                self._first = ""
                self._glass.place(argument)
            case "IMAGE":
                self._first = ""
                self._glass.show(argument)
            case "QUALITY":
                self._glass.set_quality(argument)
            case "STATUS":
                self._module.set_status(argument)
            case _:
                self._module.claim(argument)


def build_zfm(order: Order) -> FingerEmulator:
    """Return a ZFM / R30x / R503 module; ValueError for what the order cannot mean."""
    order.check_options(
        {_FINGER, _LIFT, "model", "width", "height", "password", "address", "packet", "prodinfo", "baud_ack"}
    )  # fmt: skip
    name = order.option("model", "ZFM-20")
    model = ZFM_MODELS.get(name.upper())
    if model is None:
        raise ValueError(f"model {name}: one of {', '.join(ZFM_MODELS)}")
    size = (order.number("width", model.width), order.number("height", model.height))
    glass = _glass(order, size)
    module = ZfmModule(
        glass,
        width=size[0],
        height=size[1],
        seed=order.seed,
        password=order.number("password", 0),
        address=order.number("address", 0xFFFFFFFF),
        baud=order.baud or 57600,
        packet_size=order.number("packet", 128),
        old=order.choice("prodinfo", ("told", "refused")) == "refused",
        rate_first=order.choice("baud_ack", ("old", "new")) == "new",
        model=model,
        clock=order.clock,
        diary=order.diary,
    )
    return FingerEmulator(order, OrderedPort(order, "ttyZFM0"), module, glass)


def build_sfm(order: Order) -> FingerEmulator:
    """Return a Suprema SFM module; ValueError for what the order cannot mean."""
    order.check_options({_FINGER, _LIFT, "width", "height", "baud_ack", "top_baud"})
    size = (order.number("width", 300), order.number("height", 400))
    glass = _glass(order, size)
    module = SfmModule(
        glass,
        width=size[0],
        height=size[1],
        seed=order.seed,
        baud=order.baud or 115200,
        top_baud=order.number("top_baud", 921600),
        rate_first=order.choice("baud_ack", ("old", "new")) == "new",
        clock=order.clock,
        diary=order.diary,
    )
    return FingerEmulator(order, OrderedPort(order, "ttySFM0"), module, glass)


def _glass(order: Order, size: tuple[int, int]) -> Glass:
    body = body_of(order.nik, order.seed, today_of(order.clock))
    lift_s = order.measure(_LIFT, 0)
    glass = Glass(body, order.clock, size, seed=order.seed, lift_s=lift_s)
    glass.check(order.option(_FINGER, CYCLE))
    return glass
