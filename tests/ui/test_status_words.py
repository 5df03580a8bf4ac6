"""The screen's words for a status are the station's own, and every one has its English."""

import datetime as dt

import pytest
from PySide6.QtCore import QLocale

from station.lifecycle.status import RawStatus, Status
from station.lifecycle.words import Circumstances, operator_action, plain_words
from ui.presenters.status_words import status_word, task_word


@pytest.mark.parametrize("status", [*Status, RawStatus("APA_INI")])
def test_the_screen_says_of_a_status_what_the_station_says(qapp, status):
    assert status_word(status) == plain_words(status)
    assert task_word(status, Circumstances()) == operator_action(status)


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        (Status.PRINT_READY_RECORD, Circumstances(age_hold=True)),
        (
            Status.PRINT_READY_RECORD,
            Circumstances(age_hold=True, print_from=dt.date(2027, 3, 12)),
        ),
        (Status.CARD_ISSUED, Circumstances(report_waits=True)),
    ],
)
def test_a_card_that_waits_has_its_own_task(qapp, status, facts):
    QLocale.setDefault(QLocale("id_ID"))
    assert task_word(status, facts) == operator_action(status, facts)
