"""The core of every device behind a service: its life, its preview, and the fronts' way to a capture."""

import contextlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from cryptography import x509

from drivers.contract import GradedModels, Site
from drivers.owned import OwnedDevice, Session
from drivers.sbi.identity import Kind
from drivers.sbi.jws import Trust
from drivers.sbi.link import Link, Linker, Wanted
from drivers.sbi.preview import Preview, counter
from drivers.sbi.requests import Dialect, Wish, stream_body
from drivers.sbi.rounds import Rounds
from drivers.sbi.rules import ServiceRules
from drivers.sbi.sample import Sample
from drivers.sbi.wire import HOST
from station.capabilities import Capabilities, Option, OptionKind
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Grade, Quality, Sink
from station.errors import DeviceNotFound, DeviceRemoved, NotSupported

_STREAM_MORE_S: Final = 5.0


class SbiDevice(OwnedDevice):
    """One device of one service; a front adds the call of its port.

    Args:
        roots: provisioned trust roots: what is not signed below one of them is not believed.
        clock: the desk's clock; samples may differ five minutes from it.
        port: where the service is; None searches 4501..4600.
        device_id: which of the service's devices; "" takes the first of the right kind.
        serial: its serial number where the caller insists on one.
        graded: grades of the site by (driver, make, model, firmware).
        rules: environment, dialects and hash chain of the site.
        requested_score: from which the device ends a capture early.
    """

    kind: Kind

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        clock: Clock,
        *,
        port: int | None = None,
        device_id: str = "",
        serial: str = "",
        graded: GradedModels | None = None,
        rules: ServiceRules | None = None,
        requested_score: int = 60,
    ) -> None:
        url = f"http://{HOST}:{port}" if port else f"http://{HOST}"
        super().__init__(DeviceInfo("sbi", "", "", serial, "", url, Grade.VERIFICATION))
        self._trust = Trust(tuple(roots), clock)
        self._site = Site(clock, tuple(roots), graded or {})
        self._rules = rules or ServiceRules()
        self._clock = clock
        wanted = Wanted(self.kind, port, device_id, serial)
        self._linker = Linker(wanted, self._trust, self._rules)
        self._score = requested_score
        self._numbers = counter()
        self._link: Link | None = None
        self._opening: CancelToken | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the device offers, with the dialect that is spoken to it; final after open."""
        link = self._link
        told = () if link is None else _told(link)
        return Capabilities(
            self.kind.modality,
            positions=self._positions(),
            ppi=Fraction(500) if self.kind in {Kind.SLAP, Kind.FINGER} else Fraction(0),
            preview=True,
            quality=True,
            options=told,
        )

    @property
    def dialect(self) -> Dialect | None:
        """How the opened device is spoken to, its form of the hash chain included."""
        return self._link.dialect if self._link is not None else None

    def close(self) -> None:
        """Forget the service; cuts a search or a capture short."""
        opening = self._opening
        if opening is not None:
            opening.cancel()
        super().close()

    @abstractmethod
    def _positions(self) -> tuple[str, ...]:
        """Names of what can be captured."""

    def _connected(self) -> bool:
        return self._link is not None

    def _disconnect(self) -> None:
        self._link = None

    def _wake(self) -> None:
        """Nothing to wake: every read looks at the token itself."""

    def _ping(self, deadline: Deadline) -> None:
        """Ask the service for the device; other words than at open are another device."""
        self._linker.look_after(self._opened(), deadline, self._running or CancelToken())

    def _connect(self, deadline: Deadline) -> DeviceInfo:
        self._opening = cancel = CancelToken()
        try:
            self._link = link = self._linker.link(deadline, cancel)
        finally:
            self._opening = None
        identity = link.found.identity
        graded = self._site.grade("sbi", identity.make, identity.model, link.firmware)
        return replace(
            self._info,
            make=identity.make,
            model=identity.model,
            serial=identity.serial,
            firmware=link.firmware,
            transport=link.service.url,
            grade=Grade.EMULATED if identity.emulated else graded,
        )

    def _opened(self) -> Link:
        if self._link is None:
            raise DeviceRemoved(device=self.kind.value, reason="not open")
        return self._link

    @contextlib.contextmanager
    def _watching(
        self, sub_id: int, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> Iterator[Session]:
        """Own the device for one capture, with its preview running."""
        with self._session(sink, cancel) as session:
            with self._previewing(sub_id, session, cancel, deadline):
                yield session
            cancel.check()  # whoever has asked to stop wants no result any more

    @contextlib.contextmanager
    def _previewing(
        self, sub_id: int, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> Iterator[None]:
        """Run the preview of one sub-id, begun before anything is asked; a service that has gone is forgotten."""
        link = self._opened()
        # The preview may not end before the capture does: that would stop it.
        milliseconds = int(1000 * (deadline.left() + _STREAM_MORE_S))
        with Preview(
            link.service,
            stream_body(link.dialect, link.found, sub_id, milliseconds),
            session,
            self._numbers,
            self._clock.monotonic,
            grey=self.kind is not Kind.FACE,
            deadline=deadline,
        ) as preview:
            preview.wait_begun(cancel)
            try:
                yield
            except (DeviceNotFound, DeviceRemoved):
                self._link = None
                raise

    def _samples(
        self, wish: Wish, session: Session, cancel: CancelToken, deadline: Deadline
    ) -> tuple[Sample, ...]:
        """Return the believed samples of one wish, in its order; NoSubject at the deadline."""

        def renew() -> Link:
            self._link = self._linker.renewed(self._opened(), deadline, cancel)
            return self._link

        rounds = Rounds(self._opened(), self._rules, self._trust, session, cancel, deadline, renew)
        return rounds.samples(wish)

    def _judged(self, sample: Sample, session: Session) -> int:
        """Tell the device's own score of a still and return the still's number."""
        number = next(self._numbers)
        session(Quality(sample.score, number))
        return number


def _told(link: Link) -> tuple[Option, ...]:
    facts = {
        "spec_version": link.dialect.version,
        "certification": link.certification,
        "environment": link.env,
        "hash_chain": str(link.dialect.hashes),
        "numbers": str(link.dialect.numbers),
    }
    return tuple(
        Option(name, OptionKind.CHOICE, choices=(value,), writable=False)
        for name, value in facts.items()
    )


def require(holds: bool, what: str) -> None:  # noqa: FBT001 - an assertion
    """Raise NotSupported for a wish that no device could fulfil."""
    if not holds:
        raise NotSupported(device="sbi", what=what)
