"""The device service as ``rekam emulate sbi`` runs it: options, the person by NIK, the root certificate in a file."""

import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from drivers.emulation.emulated import Fact, Order
from drivers.emulation.people import body_of, today_of
from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_device import Manner
from drivers.emulation.sbi_subject import DrawnSubject
from drivers.sbi.identity import VERSIONS, Kind
from drivers.sbi.rules import ENVIRONMENTS, HashForm, Numbers
from drivers.sbi.scan import PORTS

_KINDS: Final[Mapping[str, Kind]] = {
    "iris": Kind.IRIS,
    "slap": Kind.SLAP,
    "finger": Kind.FINGER,
    "face": Kind.FACE,
}
_FPS: Final = (3.0, 60.0)  # the protocol asks for three or more
_PEM: Final = b"-----BEGIN CERTIFICATE-----"
# Option -> what it may be, the default first; () takes any text.
_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "devices": (),  # of iris, slap, finger, face
    "version": VERSIONS,
    "level": ("L0", "L1"),
    "env": ("Developer", *ENVIRONMENTS),
    "numbers": tuple(Numbers),
    "hashes": tuple(HashForm),
    "serial": (),
    "fps": (),
    "root": (),  # file for the root certificate, PEM; default: one in the temporary folder
}


class OrderedService(SbiEmulator):
    """A service that announces where its root certificate lies, which a client must provision."""

    root: Path
    root_is_ours = True
    _drawing: threading.Thread | None = None

    @cached_property
    def _ended(self) -> threading.Event:
        return threading.Event()

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Port, version and trust level, serial numbers, the root's file."""
        serials = ",".join(device.serial for device in self.devices)
        return {
            "port": self.port,
            "version": self.manner.version,
            "level": self.manner.level,
            "env": self.manner.env,
            "serials": serials,
            "root": str(self.root),
        }

    def start(self) -> Self:
        """Write the root certificate and serve; what the devices will be asked for is drawn meanwhile."""
        self.root.write_bytes(self.authority.root_pem)
        if isinstance(self.subject, DrawnSubject) and self._drawing is None:
            self._ended.clear()
            kinds = [device.kind for device in self.devices]
            self._drawing = threading.Thread(
                target=self.subject.draw_ahead, args=(kinds, self._ended), name="draw", daemon=True
            )
            self._drawing.start()
        return super().start()

    def stop(self) -> None:
        """End, and take our file away."""
        self._ended.set()
        super().stop()
        drawing, self._drawing = self._drawing, None
        if drawing is not None:  # a process may not end while OpenCV works in a thread
            drawing.join()
        if self.root_is_ours:
            self.root.unlink(missing_ok=True)

    def unplug(self) -> None:
        """Take the service away; the certificate stays."""
        super().stop()


def build(order: Order) -> OrderedService:
    """Return the service, its port bound; ValueError for what the order cannot mean, OSError without a port."""
    order.check_options(_OPTIONS)
    manner = Manner(
        version=order.choice("version", _OPTIONS["version"]),
        level=order.choice("level", _OPTIONS["level"]),
        env=order.choice("env", _OPTIONS["env"]),
        numbers=Numbers(order.choice("numbers", _OPTIONS["numbers"])),
        hashes=HashForm(order.choice("hashes", _OPTIONS["hashes"])),
    )
    kinds = _kinds(order.option("devices", "iris,slap,face"))
    fps = order.measure("fps", 6, *_FPS)
    given = order.option("root")
    _refuse_other_file(given)
    body = body_of(order.nik, order.seed, today_of(order.clock))
    service = OrderedService(
        DrawnSubject(body, order.seed),
        EmulatedAuthority.make(order.clock.now()),
        order.clock,
        serial=order.option("serial", f"EMU-SBI-{order.seed:04d}"),
        ports=PORTS if order.port is None else [order.port],
        fps=fps,
        kinds=kinds,
        manner=manner,
        diary=order.diary,
    )
    folder = Path(tempfile.gettempdir())
    service.root = Path(given) if given else folder / f"rekam-sbi-{service.port}.pem"
    service.root_is_ours = not given
    return service


def _refuse_other_file(given: str) -> None:
    """A file that is there already and is no certificate is somebody's: it is not written over."""
    path = Path(given)
    if not given or not (path.exists() or path.is_symlink()):
        return
    with path.open("rb") as there:
        ours = there.read(len(_PEM)) == _PEM
    if not ours:
        message = f"--set root={given}: another file is there"
        raise ValueError(message)


def _kinds(text: str) -> Sequence[Kind]:
    names = text.split(",")
    if not set(names) <= set(_KINDS) or len(set(names)) != len(names):
        message = f"--set devices={text}: of {', '.join(_KINDS)}, each once"
        raise ValueError(message)
    return [_KINDS[name] for name in names]
