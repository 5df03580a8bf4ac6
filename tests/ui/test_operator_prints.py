"""The rehearsal's operator lays her own finger: the real engine finds her among the applicant's ten."""

import pytest

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.capture.builtin_engine import builtin_engine
from station.capture.checks import Found, check_finger
from station.capture.slots import Slot
from station.clock import FixedClock
from station.devices import FingerPosition
from station.operators.demo import RINA, demo_accounts
from station.operators.prints import OperatorPrints
from tests.station.capture.bench import NOW
from ui.rehearsal import OPERATOR_BODY, enrol_operator


@pytest.fixture(scope="module")
def prints():
    class Shelf(dict):
        put = dict.__setitem__

    made = OperatorPrints(Shelf())
    enrol_operator(made)
    return made


def test_the_operators_index_finger_is_found_and_an_applicants_is_not(prints):
    engine, staff = builtin_engine(), prints.staff(demo_accounts(FixedClock(NOW)))

    def finding(body):
        picture = impression(FingerIdentity(body, FingerPosition.RIGHT_INDEX), 7)
        template = engine.template(picture, 500)
        return check_finger(Slot.RIGHT_MIDDLE, template, [], engine.compare, good=True, staff=staff)

    own = finding(OPERATOR_BODY)
    assert (own.kind, own.who) == (Found.OPERATOR_FINGER, RINA)
    assert finding(17) is None


def test_an_operator_who_is_enrolled_is_not_enrolled_anew(prints):
    before = prints.of(RINA)
    enrol_operator(prints)
    assert prints.of(RINA) is before
