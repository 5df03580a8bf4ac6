"""Who may work at this station: checking a PIN with a growing wait, adding people, changing PINs."""

import datetime as dt
import threading
from dataclasses import replace
from typing import Final

from station.clock import Clock
from station.errors import ApprovalRefused, SignInRefused
from station.operators.account import Account, OperatorId, PinHasher, Right, Role
from station.operators.shelf import AccountShelf

TRIES: Final = 5
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 3600.0


class Accounts:
    """The accounts of one station, over a shelf; safe from several threads.

    Five wrong PINs in a row begin a wait of 30 s; every further wrong one doubles it, up to an hour.
    The count survives a restart and ends with a right PIN.
    """

    def __init__(self, shelf: AccountShelf, clock: Clock, hasher: PinHasher | None = None) -> None:
        self._shelf, self._clock = shelf, clock
        self._hasher = hasher or PinHasher()
        self._lock = threading.Lock()
        self._accounts = {account.id: account for account in shelf.load()}
        # Checked for names nobody has, so that a refusal takes equally long for all.
        self._nobody = self._hasher.hash("824617")

    def now(self) -> dt.datetime:
        """Return the time by which waits and approvals are reckoned, UTC."""
        return self._clock.now()

    def all(self) -> tuple[Account, ...]:
        """Return all accounts, by name."""
        return tuple(sorted(self._accounts.values(), key=lambda account: account.name))

    def get(self, operator: OperatorId) -> Account | None:
        """Return one account; never waits for a PIN that is being checked (0.3 s)."""
        return self._accounts.get(operator)

    def check_pin(self, operator: OperatorId, pin: str) -> Account:
        """Return the account when the PIN is right.

        Raises:
            SignInRefused: reason UNKNOWN (also an inactive account), PIN (with ``tries_left``, and
                ``wait_s`` when there are none), or WAIT (with ``wait_s``; the PIN was not looked at).
        """
        with self._lock:
            account = self._accounts.get(operator)
            if account is None or not account.active:
                self._hasher.matches(self._nobody, pin)
                raise SignInRefused(reason="UNKNOWN")
            now = self._clock.now().timestamp()
            wait = account.wait_until - now
            if wait > 0:
                # A clock set back must not turn a short wait into a year.
                longest = _wait_after(account.failures)
                if wait > longest:
                    self._keep(replace(account, wait_until=now + longest))
                raise SignInRefused(
                    reason="WAIT", tries_left=0, wait_s=round(min(wait, longest), 1)
                )
            if self._hasher.matches(account.pin_hash, pin):
                if account.failures or account.wait_until:
                    account = replace(account, failures=0, wait_until=0.0)
                    self._keep(account)
                return account
            failures = account.failures + 1
            wait = _wait_after(failures)
            # Kept before it is told: pulling the plug does not give a try back.
            self._keep(replace(account, failures=failures, wait_until=now + wait if wait else 0.0))
            raise SignInRefused(reason="PIN", tries_left=max(0, TRIES - failures), wait_s=wait)

    def add(self, by: OperatorId, operator: OperatorId, name: str, role: Role, pin: str) -> Account:
        """Add an account; ApprovalRefused unless ``by`` may manage accounts (or there are none yet).

        Raises:
            ValueError: the id is taken, or the PIN is weak (the message names the rule).
        """
        pin_hash = self._hasher.hash(pin)
        with self._lock:
            if self._accounts:
                self._demand_manager(by)
            if not operator or operator in self._accounts:
                raise ValueError("ID")
            account = Account(operator, name, role, pin_hash)
            self._keep(account)
            return account

    def change_pin(self, operator: OperatorId, old: str, new: str) -> None:
        """Change one's own PIN; SignInRefused when the old one is wrong, ValueError when the new is weak."""
        account = self.check_pin(operator, old)
        pin_hash = self._hasher.hash(new)
        with self._lock:
            self._keep(replace(account, pin_hash=pin_hash))

    def deactivate(self, by: OperatorId, operator: OperatorId) -> None:
        """Close an account for good; its id stays taken, the audit log names it.

        Raises:
            ApprovalRefused: ``by`` may not, or it is the last account that may manage accounts.
        """
        with self._lock:
            self._demand_manager(by)
            closed = replace(self._accounts[operator], active=False)
            others = [a for a in self._accounts.values() if a.id != operator]
            if not any(other.may(Right.MANAGE_ACCOUNTS) for other in others):
                raise ApprovalRefused(reason="LAST_MANAGER")
            self._keep(closed)

    def _demand_manager(self, by: OperatorId) -> None:
        manager = self._accounts.get(by)
        if manager is None or not manager.may(Right.MANAGE_ACCOUNTS):
            raise ApprovalRefused(reason="ROLE")

    def _keep(self, account: Account) -> None:
        accounts = self._accounts | {account.id: account}
        self._shelf.save(tuple(accounts.values()))
        self._accounts = accounts  # replaced whole: readers need no lock


def _wait_after(failures: int) -> float:
    if failures < TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - TRIES, 20))
