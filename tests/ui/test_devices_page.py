"""Perangkat over a scripted supervisor: what is shown, when it is painted, what is asked and what is written down."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

from station.audit.chain import Action
from station.audit.log import AuditLog
from station.capabilities import Capabilities
from station.device_report import Condition, DeviceReport, Upkeep
from station.devices import DeviceState, Grade, Health, HealthState, Modality
from station.errors import StoreError
from tests.ui.device_puppets import INFO, DevicesBench, MemoryShelf
from ui.icons import State
from ui.presenters.device_cards import Asked, card_of
from ui.widgets.device_tile import LOOKS
from ui.widgets.pictures import Glyph

FINGER, FACE, IRIS = Modality.FINGER, Modality.FACE, Modality.IRIS
SHOWN_MS = (
    1000  # the page looks four times a second; the supervisor has the rest of the two seconds
)


@pytest.fixture
def bench(qtbot, theme):
    made = DevicesBench(qtbot, theme)
    yield made
    made.close()


def facts(report, **asked):
    return dict(card_of(report, Asked(**asked)).detail.facts)


# -- shown without a press ---------------------------------------------------------------------------


def test_a_pulled_cable_is_on_page_and_strip_without_pressing_anything(bench, qtbot):
    assert bench.tile(FINGER).view.said == "Siap"
    bench.supervision.becomes(FINGER, condition=Condition.ABSENT, code="DEVICE_REMOVED")
    qtbot.waitUntil(lambda: bench.tile(FINGER).view.said == "Kabelnya terlepas", timeout=SHOWN_MS)
    assert bench.tile(FINGER).view.step.startswith("Colokkan kembali")
    assert bench.dot(FINGER) is Condition.ABSENT
    assert bench.dot(FACE) is Condition.READY
    bench.supervision.becomes(FINGER, condition=Condition.READY, code="")
    qtbot.waitUntil(lambda: bench.tile(FINGER).view.said == "Siap", timeout=SHOWN_MS)
    assert bench.dot(FINGER) is Condition.READY


def test_the_strip_follows_during_a_capture_too(bench, qtbot):
    bench.shell.show("step:photo")
    bench.supervision.becomes(FACE, condition=Condition.ABSENT, code="DEVICE_REMOVED")
    qtbot.waitUntil(lambda: bench.dot(FACE) is Condition.ABSENT, timeout=SHOWN_MS)


@pytest.mark.parametrize("condition", list(Condition))
def test_each_condition_has_its_glyph_its_words_and_its_dot(bench, qtbot, condition):
    bench.supervision.becomes(IRIS, condition=condition, offered=INFO)
    qtbot.waitUntil(lambda: bench.dot(IRIS) is condition, timeout=SHOWN_MS)
    glyph = bench.tile(IRIS).findChild(Glyph)
    assert glyph.state is LOOKS[condition][0]
    assert len({look[0] for look in LOOKS.values()}) == len(Condition)


def test_what_did_not_change_is_not_painted_again(bench, qtbot):
    painted = []
    for modality in (FACE, FINGER):
        tile = bench.tile(modality)
        told, name = tile._show, modality
        tile._show = lambda view, told=told, name=name: (painted.append(name), told(view))
    for _ in range(5):
        bench.presenter.refresh()
    assert painted == []
    bench.supervision.becomes(FINGER, condition=Condition.WAIT, retry_in_s=2.95)
    bench.presenter.refresh()
    bench.supervision.becomes(FINGER, retry_in_s=2.7)  # still three seconds in words
    bench.presenter.refresh()
    assert painted == [FINGER]
    bench.supervision.becomes(FINGER, retry_in_s=1.9)
    bench.presenter.refresh()
    assert painted == [FINGER, FINGER]
    assert "2 detik" in bench.tile(FINGER).view.note


def test_a_waiting_or_missing_device_says_when_it_is_looked_for_again(bench):
    bench.supervision.becomes(FACE, condition=Condition.ABSENT, retry_in_s=0.2)
    bench.presenter.refresh()
    assert "1 detik" in bench.tile(FACE).view.note


def test_the_summary_counts_only_places_this_desk_uses(bench):
    bench.supervision.becomes(FACE, condition=Condition.UNCONFIGURED)
    bench.supervision.becomes(IRIS, condition=Condition.ABSENT)
    bench.presenter.refresh()
    assert bench.page._summary.text() == "3 dari 4 alat siap"


# -- the facts ---------------------------------------------------------------------------------------


@pytest.fixture
def indonesian():
    before = QLocale()
    QLocale.setDefault(QLocale("id_ID"))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("indonesian")
def test_the_facts_name_place_identity_grade_quality_and_troubles():
    report = DeviceReport(
        FINGER, Condition.READY, driver="finger.sfm", address="/dev/ttyUSB0", label="FT232R USB UART",
        info=INFO, state=DeviceState.WAIT_SUBJECT, captures=412, reconnects=2,
        failures={"DEVICE_TIMEOUT": 1, "DEVICE_CHECKSUM": 3},
        last_quality=71, usual_quality=78.4, usual_seconds=1.63,
    )  # fmt: skip
    told = facts(report, last_test="14.02: baik")
    assert told["Sambungan"] == "/dev/ttyUSB0"
    assert told["Terbaca sebagai"] == "FT232R USB UART"
    assert (told["Nomor seri"], told["Firmware"], told["Kelas"]) == ("A-1", "1.4", "perekaman")
    assert told["Mutu"] == "71 terakhir, biasanya 78"
    assert told["Lama ambil"] == "biasanya 1,6 detik"
    assert told["Pengambilan"] == "412 baik, 4 gagal"
    assert told["Kegagalan"] == "3 × kirimannya rusak di jalan"
    assert told["Sambung ulang"] == "2 kali"
    assert told["Sekarang"] == "menunggu pemohon"
    assert told["Uji terakhir"] == "14.02: baik"


def test_a_serial_number_from_the_settings_is_told_as_such():
    configured = Capabilities(FINGER, serial_is_configured=True)
    report = DeviceReport(FINGER, Condition.READY, info=INFO, capabilities=configured)
    assert facts(report)["Nomor seri"] == "A-1 (dari pengaturan)"


@pytest.mark.parametrize("grade", list(Grade))
def test_a_device_that_never_makes_a_real_record_says_so(grade):
    report = DeviceReport(FINGER, Condition.READY, info=replace(INFO, grade=grade))
    detail = card_of(report, Asked()).detail
    assert bool(detail.grade_note) is (grade is not Grade.ENROLMENT)
    if grade is Grade.EMULATED:
        assert "tidak pernah masuk ke rekaman" in detail.grade_note


def test_upkeep_stands_on_the_card_and_in_full_beside_it():
    report = DeviceReport(FINGER, Condition.READY, upkeep=(Upkeep.CLEAN, Upkeep.CHECK_CABLE))
    card = card_of(report, Asked())
    assert "lap kacanya" in card.tile.step
    assert len(card.detail.upkeep) == 2


def test_a_device_that_waits_for_a_yes_does_not_borrow_the_figures_of_the_one_before():
    report = DeviceReport(
        FINGER, Condition.OTHER_DEVICE, info=INFO, captures=412,
        offered=replace(INFO, serial="B-2", model="SFM6050"),
        last_quality=71, upkeep=(Upkeep.CLEAN,),
    )  # fmt: skip
    detail = card_of(report, Asked()).detail
    told = dict(detail.facts)
    assert (told["Nomor seri"], detail.model) == ("B-2", "Suprema SFM6050")
    assert "Pengambilan" not in told
    assert "Mutu" not in told
    assert detail.upkeep == ()


# -- hands -------------------------------------------------------------------------------------------


def press(bench, key):
    QTest.keyClick(bench.window.focusWidget() or bench.window, key)


def test_the_arrow_keys_choose_a_device_and_its_details_stand_beside_it(bench):
    assert bench.window.focusWidget() is bench.tile(FACE)
    press(bench, Qt.Key.Key_Down)
    assert bench.page.chosen == "finger"
    press(bench, Qt.Key.Key_Up)
    press(bench, Qt.Key.Key_Up)
    assert bench.page.chosen == "face"


def test_enter_looks_for_devices_whatever_has_the_focus(bench):
    bench.supervision.asked.clear()
    press(bench, Qt.Key.Key_Return)
    assert ("look",) in bench.supervision.asked


def test_a_press_in_the_strip_leads_to_that_device(bench):
    bench.shell.show("search")
    bench.window.health_pressed.emit("iris")
    assert bench.shell.current_key == "devices"
    assert bench.page.chosen == "iris"
    assert bench.window.focusWidget() is bench.tile(IRIS)


def test_f8_tests_the_chosen_device_and_it_cannot_be_tested_twice_at_once(bench, qtbot):
    bench.supervision.gate.clear()
    press(bench, Qt.Key.Key_Down)
    press(bench, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: bench.tile(FINGER).findChild(Glyph).state is State.NOW)
    assert bench.tile(FINGER).view.testing
    assert not bench.page.button("test").isEnabled()
    press(bench, Qt.Key.Key_F8)
    bench.supervision.gate.set()
    qtbot.waitUntil(
        lambda: "baik" in dict(bench.page.card("finger").detail.facts).get("Uji terakhir", "")
    )
    assert bench.supervision.asked.count(("test", FINGER)) == 1
    assert bench.page.button("test").isEnabled()


def test_a_failed_test_says_why(bench, qtbot):
    bench.supervision.health = Health(HealthState.ATTENTION, "DEVICE_TIMEOUT")
    bench.page.test_requested.emit("face")
    qtbot.waitUntil(
        lambda: (
            "tidak menjawab" in dict(bench.page.card("face").detail.facts).get("Uji terakhir", "")
        )
    )


def test_identify_and_calibrate_are_offered_only_where_the_device_can(bench, qtbot):
    assert not bench.page.button("identify").isVisible()
    assert not bench.page.button("calibrate").isVisible()
    press(bench, Qt.Key.Key_F7)
    bench.supervision.becomes(FACE, identifiable=True, calibratable=True)
    bench.presenter.refresh()
    press(bench, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: ("identify", FACE) in bench.supervision.asked)
    qtbot.waitUntil(lambda: "berkedip" in bench.message)
    press(bench, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: ("calibrate", FACE) in bench.supervision.asked)
    assert bench.supervision.asked.count(("identify", FACE)) == 1


def test_a_device_that_went_away_is_no_longer_asked_to_blink(bench):
    bench.supervision.becomes(FACE, identifiable=True, condition=Condition.ABSENT)
    bench.presenter.refresh()
    assert not bench.page.button("identify").isVisible()


# -- another serial number ---------------------------------------------------------------------------


def offer(bench, serial="B-2"):
    bench.supervision.becomes(
        FINGER, condition=Condition.OTHER_DEVICE, offered=replace(INFO, serial=serial)
    )
    bench.presenter.refresh()


def test_another_serial_is_asked_about_in_the_card_with_both_numbers(bench):
    offer(bench)
    question = bench.tile(FINGER).view.question
    assert "A-1" in question.before
    assert "B-2" in question.waiting
    assert bench.tile(FINGER).accept_button.isVisible()
    assert "B-2" in bench.tile(FINGER).accept_button.accessibleName()
    assert not bench.tile(FACE).accept_button.isVisible()
    assert bench.supervision.asked.count(("accept", FINGER, "B-2")) == 0


def test_the_yes_is_written_down_before_the_device_is_let_in(bench, qtbot):
    offer(bench)
    bench.tile(FINGER).setFocus()
    press(bench, Qt.Key.Key_Tab)
    press(bench, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bench.tile(FINGER).view.condition is Condition.READY)
    assert bench.supervision.asked[-1] == ("accept", FINGER, "B-2")
    action, operator, details = bench.rows[-1]
    assert (action, operator) == (Action.DEVICE_ADDED, "rina")
    assert (details["place"], details["serial"], details["instead_of"]) == ("finger", "B-2", "A-1")
    assert not bench.tile(FINGER).accept_button.isVisible()


def test_without_the_note_in_the_log_the_device_stays_outside(bench, qtbot):
    def full(*_args, **_details):
        raise StoreError()

    bench.desk.audit.append = full
    offer(bench)
    bench.tile(FINGER).accept_button.click()
    qtbot.waitUntil(lambda: "tersimpan" in bench.message)
    assert bench.tile(FINGER).view.condition is Condition.OTHER_DEVICE
    assert not any(asked[0] == "accept" for asked in bench.supervision.asked)


def test_a_yes_for_one_serial_does_not_admit_a_third(bench, qtbot):
    offer(bench, "B-2")
    bench.supervision.becomes(FINGER, offered=replace(INFO, serial="C-3"))
    bench.tile(FINGER).accept_button.click()  # the card still shows B-2
    qtbot.waitUntil(lambda: bench.message != "")
    assert bench.supervision.now[FINGER].condition is Condition.OTHER_DEVICE
    assert not any(asked[0] == "accept" for asked in bench.supervision.asked)


def test_a_serial_number_of_sixteen_digits_can_be_written_down(bench, qtbot):
    shelf = MemoryShelf()
    bench.desk.audit = AuditLog(shelf, bench.desk.clock, b"k" * 32, boot="t")
    offer(bench, "1234567890123456")
    bench.tile(FINGER).accept_button.click()
    qtbot.waitUntil(lambda: bench.tile(FINGER).view.condition is Condition.READY)
    assert shelf.kept[-1].details["serial"] == "12345678-90123456"
