"""Will the centre accept it? Every cause of refusal is found before the person leaves the desk."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from station.capture import flow
from station.capture.enrolment import Enrolment, SlotState
from station.capture.exemption import NEEDS_RETURN_DATE, NEEDS_SECOND_PERSON
from station.capture.plan import CapturePlan
from station.capture.sample import Sample
from station.capture.slots import CAPTURE_ORDER, Slot
from station.devices import Grade
from station.errors import Fact
from station.keys.roles import Role, has_role, holder, is_rehearsal
from station.packet.context import SealContext
from station.packet.routing import AREA
from station.person.nik import is_nik_shaped


class LintCode(StrEnum):
    """Everything that can be found; all but LARGE forbid sealing."""

    CLOSED = "CLOSED"
    PERSON = "PERSON"
    NIK = "NIK"
    STATION_AREA = "STATION_AREA"
    DOMICILE_AREA = "DOMICILE_AREA"
    DATA_UNCONFIRMED = "DATA_UNCONFIRMED"
    SLOT_OPEN = "SLOT_OPEN"
    PHOTO_UNAPPROVED = "PHOTO_UNAPPROVED"
    RECHECK_OPEN = "RECHECK_OPEN"
    UNCONFIRMED = "UNCONFIRMED"
    EXEMPTION_REASON = "EXEMPTION_REASON"
    EXEMPTION_APPROVAL = "EXEMPTION_APPROVAL"
    EXEMPTION_RETURN = "EXEMPTION_RETURN"
    WAIVER_APPROVAL = "WAIVER_APPROVAL"
    DOCUMENT_SIZE = "DOCUMENT_SIZE"
    PACKET_SIZE = "PACKET_SIZE"
    LARGE = "LARGE"
    RECIPIENT_MISSING = "RECIPIENT_MISSING"
    RECIPIENT_VALIDITY = "RECIPIENT_VALIDITY"
    RECIPIENT_MIXED = "RECIPIENT_MIXED"
    GRADE = "GRADE"
    EMULATED_FOR_PRODUCTION = "EMULATED_FOR_PRODUCTION"
    REAL_FOR_REHEARSAL = "REAL_FOR_REHEARSAL"
    SIGNER_MACHINE = "SIGNER_MACHINE"
    SIGNER_OPERATOR = "SIGNER_OPERATOR"
    SIGNER_SUPERVISOR = "SIGNER_SUPERVISOR"
    SIGNER_VALIDITY = "SIGNER_VALIDITY"


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause; facts are sizes and counts, never personal."""

    code: LintCode
    slot: Slot | None = None
    facts: tuple[tuple[str, Fact], ...] = field(default=())

    @property
    def blocks(self) -> bool:
        """Whether the packet must not be sealed."""
        return self.code is not LintCode.LARGE


@dataclass(frozen=True, slots=True)
class _Case:
    state: Enrolment
    plan: CapturePlan
    context: SealContext
    now: dt.datetime


def lint(state: Enrolment, plan: CapturePlan, context: SealContext) -> tuple[Finding, ...]:
    """Return everything the centre would refuse, in the order of the page that can mend it."""
    case = _Case(state, plan, context, context.clock.now())
    return tuple(finding for check in _CHECKS for finding in check(case))


def chosen(state: Enrolment, plan: CapturePlan) -> tuple[Sample, ...]:
    """Return the samples that go into the packet: the best of every captured slot."""
    taken = (
        state.best(slot) for slot in CAPTURE_ORDER if state.state(slot, plan) is SlotState.CAPTURED
    )
    return tuple(sample for sample in taken if sample is not None)


def approvers(state: Enrolment) -> frozenset[str]:
    """Return who approved something as the second person."""
    given = [item.approved_by for item in state.exemptions.values()]
    given += [item.approved_by for item in state.waivers]
    return frozenset(name for name in given if name)


def _closed(case: _Case) -> Iterator[Finding]:
    if case.state.sealed or case.state.abandoned:
        yield Finding(LintCode.CLOSED)


def person_of(state: Enrolment) -> Any:  # noqa: ANN401 - the register's JSON
    """Return the register's record as shown; ValueError when it is not a JSON object."""
    person = json.loads(state.started.person_json)
    if not isinstance(person, dict):
        raise ValueError("person")  # noqa: TRY004 - one kind of error for one bad text
    return person


def _person(case: _Case) -> Iterator[Finding]:
    try:
        nik = person_of(case.state).get("nik")
    except ValueError:
        yield Finding(LintCode.PERSON)
        return
    if not isinstance(nik, str) or not is_nik_shaped(nik):
        yield Finding(LintCode.NIK)
    if not case.state.data_confirmed:
        yield Finding(LintCode.DATA_UNCONFIRMED)


def _areas(case: _Case) -> Iterator[Finding]:
    context = case.context
    for code, area in (
        (LintCode.STATION_AREA, context.station_area),
        (LintCode.DOMICILE_AREA, context.domicile_area),
    ):
        known = context.knows_area is None or context.knows_area(area)
        if not re.fullmatch(AREA, area) or not known:
            yield Finding(code, facts=(("area", area[:13]),))


def _slots(case: _Case) -> Iterator[Finding]:
    for slot in case.plan.required:
        if not case.state.settled(slot, case.plan):
            yield Finding(LintCode.SLOT_OPEN, slot)
    photo = case.state.best(Slot.FACE)
    captured = case.state.state(Slot.FACE, case.plan) is SlotState.CAPTURED
    if captured and (photo is None or photo.sha256 != case.state.photo_approved):
        yield Finding(LintCode.PHOTO_UNAPPROVED, Slot.FACE)
    for slot in flow.open_rechecks(case.state, case.plan):
        yield Finding(LintCode.RECHECK_OPEN, slot)
    if case.state.confirmed is None:
        yield Finding(LintCode.UNCONFIRMED)


def _exceptions(case: _Case) -> Iterator[Finding]:
    for slot, exemption in case.state.exemptions.items():
        if not exemption.reason.strip():
            yield Finding(LintCode.EXEMPTION_REASON, slot)
        needed = exemption.kind in NEEDS_SECOND_PERSON
        if (needed and not exemption.approved_by) or exemption.approved_by == exemption.operator:
            yield Finding(LintCode.EXEMPTION_APPROVAL, slot)
        if exemption.kind in NEEDS_RETURN_DATE and exemption.return_on is None:
            yield Finding(LintCode.EXEMPTION_RETURN, slot)
    for waiver in case.state.waivers:
        if not waiver.approved_by or waiver.approved_by == waiver.operator:
            yield Finding(LintCode.WAIVER_APPROVAL, waiver.slot)


def _sizes(case: _Case) -> Iterator[Finding]:
    limits, total = case.context.limits, 0
    for sample in chosen(case.state, case.plan):
        for size in (sample.size, sample.companion_size):
            total += size
            if size > limits.document_bytes:
                yield Finding(LintCode.DOCUMENT_SIZE, sample.slot, (("bytes", size),))
    if total > limits.packet_bytes:
        yield Finding(LintCode.PACKET_SIZE, facts=(("bytes", total),))
    elif total > limits.design_bytes:
        yield Finding(LintCode.LARGE, facts=(("bytes", total),))


def _recipients(case: _Case) -> Iterator[Finding]:
    context = case.context
    for role in (Role.RECIPIENT, Role.ESCROW):
        if not any(has_role(item, role) for item in context.recipients):
            yield Finding(LintCode.RECIPIENT_MISSING, facts=(("role", role.value),))
    for item in context.recipients:
        end = item.not_valid_after_utc + context.limits.recipient_grace
        if not item.not_valid_before_utc <= case.now <= end:
            yield Finding(LintCode.RECIPIENT_VALIDITY)


def _grades(case: _Case) -> Iterator[Finding]:
    rehearsal = {is_rehearsal(item) for item in case.context.recipients}
    if len(rehearsal) > 1:
        yield Finding(LintCode.RECIPIENT_MIXED)
    allowed = case.context.limits.real_devices_in_rehearsal
    training = rehearsal == {True} and allowed
    for sample in chosen(case.state, case.plan):
        if sample.device.grade is Grade.VERIFICATION and not training:
            yield Finding(LintCode.GRADE, sample.slot)
        elif sample.device.emulated and rehearsal != {True}:
            yield Finding(LintCode.EMULATED_FOR_PRODUCTION, sample.slot)
        elif not sample.device.emulated and True in rehearsal and not allowed:
            yield Finding(LintCode.REAL_FOR_REHEARSAL, sample.slot)


def _signers(case: _Case) -> Iterator[Finding]:
    context = case.context
    machine, operator = context.machine.certificate, context.operator.certificate
    certificates = [machine, operator]
    if not has_role(machine, Role.MACHINE) or holder(machine) != context.station_id:
        yield Finding(LintCode.SIGNER_MACHINE)
    if not has_role(operator, Role.OPERATOR):
        yield Finding(LintCode.SIGNER_OPERATOR)
    approved = approvers(case.state)
    if approved:
        signer = context.supervisor.certificate if context.supervisor else None
        if (
            signer is None
            or not has_role(signer, Role.SUPERVISOR)
            or holder(signer) not in approved
        ):
            yield Finding(LintCode.SIGNER_SUPERVISOR)
        else:
            certificates.append(signer)
    marks = {is_rehearsal(item) for item in (*certificates, *context.recipients)}
    valid = all(
        item.not_valid_before_utc <= case.now <= item.not_valid_after_utc for item in certificates
    )
    if not valid or len(marks) > 1:
        yield Finding(LintCode.SIGNER_VALIDITY)


_CHECKS: Final[tuple[Callable[[_Case], Iterator[Finding]], ...]] = (
    _closed,
    _person,
    _areas,
    _slots,
    _exceptions,
    _sizes,
    _recipients,
    _grades,
    _signers,
)
