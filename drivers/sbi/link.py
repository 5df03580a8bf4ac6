"""Finding a device behind the services and believing who it is; the result is a link to it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from drivers.sbi.codes import raise_for_error
from drivers.sbi.identity import (
    Found,
    Kind,
    Statement,
    check_found,
    check_statement,
    read_statement,
    statements,
)
from drivers.sbi.jws import Trust
from drivers.sbi.requests import Dialect
from drivers.sbi.rules import Habits, ServiceRules
from drivers.sbi.scan import ANY_TYPE, PORTS, listed, scan
from drivers.sbi.service import SbiService
from station.clock import CancelToken, Deadline
from station.errors import AuthFailed, DeviceError, DeviceNotFound, DeviceRemoved

_TALK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which device is meant: "" and None stand for any."""

    kind: Kind
    port: int | None = None
    device_id: str = ""
    serial: str = ""

    def means(self, found: Found) -> bool:
        """Whether a listed device is that one."""
        named = not self.device_id or self.device_id in {found.device_id, found.serial}
        serial = not self.serial or found.serial == self.serial
        return found.identity.kind is self.kind and named and serial


@dataclass(frozen=True, slots=True)
class Link:
    """A device that was found, checked and believed."""

    service: SbiService
    found: Found
    said: Statement
    dialect: Dialect
    env: str

    @property
    def certification(self) -> str:
        """Its level, L0 or L1."""
        return self.said.certification or self.found.certification

    @property
    def device_code(self) -> str:
        """Its code; "" where 1.0 does not tell it."""
        return self.said.device_code or self.found.device_code

    @property
    def firmware(self) -> str:
        """Its firmware, else the version of its service."""
        return self.said.firmware or self.found.service_version


class Linker:
    """Makes and renews links; every call ends by its deadline or soon after a cancel."""

    def __init__(self, wanted: Wanted, trust: Trust, rules: ServiceRules) -> None:
        self._wanted, self._trust, self._rules = wanted, trust, rules

    def link(self, deadline: Deadline, cancel: CancelToken) -> Link:
        """Return a link to the wanted device; DeviceError kinds, OperatorCancelled."""
        found = self._find(deadline, cancel)
        check_found(found)
        said = self._statement(found, deadline, cancel)
        habits = self._rules.habits.get(found.serial, Habits())
        return Link(
            SbiService(found.port, found.prefix),
            found,
            said,
            Dialect(found.version, habits.numbers, habits.hashes),
            self._rules.env or said.env,
        )

    def renewed(self, link: Link, deadline: Deadline, cancel: CancelToken) -> Link:
        """Return the link with what the device says of itself now, its key above all."""
        return replace(link, said=self._statement(link.found, deadline, cancel))

    def look_after(self, link: Link, deadline: Deadline, cancel: CancelToken) -> None:
        """Raise unless the service still lists the very device, ready."""
        kind = self._wanted.kind
        for found in listed(link.found.port, kind.type_name, deadline, cancel):
            if (found.device_id, found.serial) == (link.found.device_id, link.found.serial):
                check_found(found)
                if found.identity != link.found.identity:
                    raise AuthFailed(what="digitalId")
                return
        raise DeviceRemoved(device=kind.value)

    def _find(self, deadline: Deadline, cancel: CancelToken) -> Found:
        refused: Found | None = None
        for found in self._candidates(deadline, cancel):
            if not self._wanted.means(found):
                continue
            with contextlib.suppress(DeviceError):
                check_found(found)
                return found
            refused = refused or found
        deadline.check(device="sbi")
        if refused is None:
            raise DeviceNotFound(device=self._wanted.kind.value)
        return refused

    def _candidates(self, deadline: Deadline, cancel: CancelToken) -> Iterator[Found]:
        port = self._wanted.port
        if not port:
            yield from scan(ANY_TYPE, PORTS, deadline=deadline, cancel=cancel)
            return
        # A service need not answer for all its devices at once.
        found = listed(port, self._wanted.kind.type_name, deadline, cancel)
        yield from found or listed(port, ANY_TYPE, deadline, cancel)

    def _statement(self, found: Found, deadline: Deadline, cancel: CancelToken) -> Statement:
        """Return what the device signs about itself; its service may speak for several devices."""
        until = deadline.within(_TALK_S)
        service = SbiService(found.port, found.prefix)
        answer = service.ask("MOSIPDINFO", "info", None, until, cancel)
        raise_for_error(answer)
        refusal: DeviceError = AuthFailed(what="no statement of this device")
        for token in statements(answer):
            try:
                said = read_statement(token, self._trust)
                check_statement(found, said, self._rules.env, self._rules.purpose)
            except DeviceError as error:
                if error.facts.get("what") != "digitalId":  # else it speaks for another device
                    refusal = error
                continue
            return said
        raise refusal
