"""One person at work: signing in, locking the screen, unlocking it, signing out."""

import datetime as dt
from typing import Final

from station.clock import Clock
from station.errors import SignInRefused
from station.operators.account import Account, OperatorId, Right
from station.operators.accounts import Accounts

IDLE_LOCK_S: Final = 300.0


class Session:
    """Who works at this desk now. Time without work locks it; only the same person unlocks it."""

    def __init__(
        self, accounts: Accounts, clock: Clock, *, idle_lock_s: float = IDLE_LOCK_S
    ) -> None:
        self._accounts, self._clock, self._idle = accounts, clock, idle_lock_s
        self._account: Account | None = None
        self._locked = False
        self._since: dt.datetime | None = None
        self._touched = 0.0

    @property
    def operator(self) -> Account | None:
        """Who is signed in, locked or not."""
        return self._account

    @property
    def since(self) -> dt.datetime | None:
        """When this person signed in."""
        return self._since

    @property
    def locked(self) -> bool:
        """Whether the screen is locked, by hand or by time."""
        idle = self._clock.monotonic() - self._touched
        if self._account is not None and idle >= self._idle:
            self._locked = True
        return self._locked

    def may(self, right: Right) -> bool:
        """Whether someone is at work here who has the right."""
        if self._account is None or self.locked:
            return False
        account = self._accounts.get(self._account.id)  # it may have been closed meanwhile
        return account is not None and account.may(right)

    def sign_in(self, operator: OperatorId, pin: str) -> Account:
        """Begin work; SignInRefused as in ``Accounts.check_pin``, or BUSY while another is signed in."""
        if self._account is not None and self._account.id != operator:
            raise SignInRefused(reason="BUSY")
        self._account = self._accounts.check_pin(operator, pin)
        self._since = self._clock.now()
        self._unlock()
        return self._account

    def touch(self) -> None:
        """Note that someone works: a key, a click, a capture that runs. Does not unlock."""
        if not self.locked:
            self._touched = self._clock.monotonic()

    def lock(self) -> None:
        """Lock the screen."""
        self._locked = self._account is not None

    def unlock(self, pin: str) -> None:
        """Unlock for the person who is signed in; SignInRefused otherwise."""
        if self._account is None:
            raise SignInRefused(reason="UNKNOWN")
        self._account = self._accounts.check_pin(self._account.id, pin)
        self._unlock()

    def sign_out(self) -> None:
        """End work; idempotent."""
        self._account, self._locked, self._since = None, False, None

    def _unlock(self) -> None:
        self._locked, self._touched = False, self._clock.monotonic()
