"""The second person: a supervisor who is somebody else, with his or her own PIN and a reason."""

import datetime as dt
from dataclasses import dataclass

from station.errors import ApprovalRefused
from station.operators.account import OperatorId, Right
from station.operators.accounts import Accounts


@dataclass(frozen=True, slots=True)
class Approval:
    """Proof that two people stood behind an exception; goes into the record and the audit log."""

    first: OperatorId  # who asked
    second: OperatorId  # who approved
    reason: str
    at: dt.datetime  # UTC


def approve(
    accounts: Accounts, first: OperatorId, second_id: OperatorId, pin: str, reason: str
) -> Approval:
    """Return the approval of a second person.

    Raises:
        ApprovalRefused: reason NO_REASON, SAME_PERSON, UNKNOWN or ROLE; no PIN was looked at.
        SignInRefused: the PIN is wrong or has to wait; it counts like any other try.
    """
    if not reason.strip():
        raise ApprovalRefused(reason="NO_REASON")
    if first == second_id:
        raise ApprovalRefused(reason="SAME_PERSON")
    asking, second = accounts.get(first), accounts.get(second_id)
    if asking is None or not asking.active or second is None:
        raise ApprovalRefused(reason="UNKNOWN")
    if not second.may(Right.APPROVE):
        raise ApprovalRefused(reason="ROLE")
    accounts.check_pin(second_id, pin)
    return Approval(first, second_id, reason.strip(), accounts.now())
