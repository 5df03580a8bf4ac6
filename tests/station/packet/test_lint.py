import dataclasses
import datetime as dt

import pytest

from station.capture import events as ev
from station.capture.enrolment import replay
from station.capture.exemption import Exemption, ExemptionKind
from station.capture.sample import Sample
from station.capture.slots import CAPTURE_ORDER, Slot
from station.clock import FixedClock
from station.devices import Grade
from station.keys.certificates import Validity, issue, new_ec_key
from station.keys.roles import Role
from station.packet.context import Limits
from station.packet.lint import LintCode, lint
from tests.station.packet.builders import NOW, PLAN, complete_story, context, device


@pytest.fixture
def story():
    return complete_story()


def codes(story, given):
    return [finding.code for finding in lint(replay(story.events), PLAN, given)]


def without(story, kind):
    story.events = [event for event in story.events if not isinstance(event, kind)]
    return story


def with_samples(story, change):
    story.events = [
        ev.AttemptTaken(change(event.sample)) if isinstance(event, ev.AttemptTaken) else event
        for event in story.events
    ]
    return story


def test_a_complete_enrolment_has_no_finding(story, keys):
    assert codes(story, context(keys)) == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ev.DataConfirmed, LintCode.DATA_UNCONFIRMED),
        (ev.PhotoApproved, LintCode.PHOTO_UNAPPROVED),
        (ev.Rechecked, LintCode.RECHECK_OPEN),
        (ev.Confirmed, LintCode.UNCONFIRMED),
    ],
)
def test_what_the_applicant_did_not_confirm_is_found(story, keys, kind, code):
    assert set(codes(without(story, kind), context(keys))) == {code}


def test_every_open_slot_is_found_by_name(story, keys):
    story.events = [
        event
        for event in story.events
        if not (isinstance(event, ev.AttemptTaken) and event.sample.slot is Slot.IRIS_LEFT)
    ]
    found = lint(replay(story.events), PLAN, context(keys))
    assert [(item.code, item.slot) for item in found] == [(LintCode.SLOT_OPEN, Slot.IRIS_LEFT)]


@pytest.mark.parametrize(
    "nik", ["", "123", "610101520305000X", "６１０１０１５２０３０５０００１", 61]
)
def test_a_nik_of_the_wrong_form_is_found(keys, nik):
    story = complete_story(person={"nik": nik})
    assert codes(story, context(keys)) == [LintCode.NIK]


@pytest.mark.parametrize("area", ["", "6101", "61", "61.1", "61.01.1", "xx.yy"])
def test_area_codes_are_checked_for_station_and_domicile(story, keys, area):
    assert codes(story, context(keys, station_area=area)) == [LintCode.STATION_AREA]
    assert codes(story, context(keys, domicile_area=area)) == [LintCode.DOMICILE_AREA]


def test_an_area_the_region_table_does_not_know_is_found(story, keys):
    given = context(keys, knows_area=lambda area: area == "61.01")
    assert codes(story, given) == [LintCode.DOMICILE_AREA]


def exempt(story, **changes):
    given = {
        "slot": Slot.LEFT_LITTLE, "kind": ExemptionKind.MISSING_PERMANENT, "reason": "AMPUTASI",
        "operator": "rina", "at": NOW, "approved_by": "budi",
    }  # fmt: skip
    exemption = Exemption(**{**given, **changes})
    story.events = [*story.events[:-1], ev.ExemptionGiven(exemption), story.events[-1]]
    return story


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, LintCode.EXEMPTION_REASON),
        ({"approved_by": "rina"}, LintCode.EXEMPTION_APPROVAL),
        ({"kind": ExemptionKind.TEMPORARY}, LintCode.EXEMPTION_RETURN),
    ],
)
def test_an_exemption_needs_reason_approval_and_return_date(story, keys, changes, code):
    boss = keys.desk.signer(Role.SUPERVISOR, "budi")
    found = codes(exempt(story, **changes), context(keys, supervisor=boss))
    assert code in found


def test_an_exemption_that_nobody_approved_is_found(story, keys):
    assert codes(exempt(story, approved_by=""), context(keys)) == [LintCode.EXEMPTION_APPROVAL]


def test_an_approved_exemption_needs_that_supervisors_key(story, keys):
    exempt(story)
    assert codes(story, context(keys)) == [LintCode.SIGNER_SUPERVISOR]
    wrong = keys.desk.signer(Role.OPERATOR, "sari")
    assert codes(story, context(keys, supervisor=wrong)) == [LintCode.SIGNER_SUPERVISOR]
    right = keys.desk.signer(Role.SUPERVISOR, "budi")
    assert codes(story, context(keys, supervisor=right)) == []


def test_sizes_are_held_to_the_centres_limits(story, keys):
    big = with_samples(story, lambda s: dataclasses.replace(s, size=1_000_001))
    found = lint(replay(big.events), PLAN, context(keys))
    assert [item.code for item in found].count(LintCode.DOCUMENT_SIZE) == 14
    assert LintCode.PACKET_SIZE in [item.code for item in found]
    wide = Limits(document_bytes=2_000_000, packet_bytes=20_000_000)
    warned = lint(replay(big.events), PLAN, context(keys, limits=wide))
    assert [(item.code, item.blocks) for item in warned] == [(LintCode.LARGE, False)]


def certificate(keys, role, *, organisation="Dukcapil", days=30, start=NOW):
    authority = keys.centre.pair(Role.AUTHORITY)
    validity = Validity(start, start + dt.timedelta(days=days))
    key = new_ec_key()
    return issue("x", role, key, validity, organisation=organisation, issuer=authority).certificate


def production(keys):
    return (certificate(keys, Role.RECIPIENT), certificate(keys, Role.ESCROW))


def test_emulated_samples_are_never_sealed_to_production_recipients(story, keys):
    found = codes(story, context(keys, recipients=production(keys)))
    assert found.count(LintCode.EMULATED_FOR_PRODUCTION) == 14


def test_real_samples_are_never_sealed_to_rehearsal_recipients(keys):
    story = complete_story(grade=Grade.ENROLMENT)
    assert set(codes(story, context(keys))) == {LintCode.REAL_FOR_REHEARSAL}


def test_one_emulated_sample_among_real_ones_is_enough(keys):
    story = complete_story(grade=Grade.ENROLMENT)

    def one(sample: Sample) -> Sample:
        fake = sample.slot is Slot.IRIS_LEFT
        return dataclasses.replace(sample, device=device()) if fake else sample

    found = codes(with_samples(story, one), context(keys, recipients=production(keys)))
    assert found.count(LintCode.EMULATED_FOR_PRODUCTION) == 1


def test_a_verification_sensor_never_enrols(keys):
    story = complete_story(grade=Grade.VERIFICATION)
    assert set(codes(story, context(keys))) == {LintCode.GRADE}
    trainees = Limits(real_devices_in_rehearsal=True)
    assert codes(story, context(keys, recipients=production(keys), limits=trainees)).count(
        LintCode.GRADE
    ) == len(CAPTURE_ORDER)
    assert LintCode.GRADE not in codes(story, context(keys, limits=trainees))


def test_rehearsal_and_production_recipients_are_never_mixed(story, keys):
    mixed = (*keys.desk.recipients(), certificate(keys, Role.RECIPIENT))
    assert LintCode.RECIPIENT_MIXED in codes(story, context(keys, recipients=mixed))


def test_data_centre_and_escrow_are_both_needed_and_valid_with_grace(story, keys):
    for role in (Role.RECIPIENT, Role.ESCROW):
        only = tuple(
            item for item in keys.desk.recipients() if item == keys.centre.certificate(role)
        )
        assert codes(story, context(keys, recipients=only)) == [LintCode.RECIPIENT_MISSING]
    old = certificate(
        keys, Role.RECIPIENT, organisation="Rekam Latihan", start=NOW - dt.timedelta(days=31)
    )
    three = (*keys.desk.recipients(), old)
    assert codes(story, context(keys, recipients=three)) == [LintCode.RECIPIENT_VALIDITY]
    grace = Limits(recipient_grace=dt.timedelta(days=2))
    assert codes(story, context(keys, recipients=three, limits=grace)) == []


def test_each_signer_must_have_its_own_role_and_be_valid(story, keys):
    machine, operator = keys.desk.signer(Role.MACHINE), keys.desk.signer(Role.OPERATOR, "rina")
    assert LintCode.SIGNER_MACHINE in codes(story, context(keys, machine=operator))
    assert LintCode.SIGNER_OPERATOR in codes(story, context(keys, operator=machine))
    assert codes(story, context(keys, station_id="other")) == [LintCode.SIGNER_MACHINE]
    late = FixedClock(NOW + dt.timedelta(days=4000))
    assert LintCode.SIGNER_VALIDITY in codes(story, context(keys, late))


def test_findings_name_nobody(keys):
    story = complete_story(person={"nik": "123", "full_name": "PENANDA RAHASIA"})
    found = repr(lint(replay(story.events), PLAN, context(keys)))
    assert "PENANDA" not in found
    assert "123" not in found
