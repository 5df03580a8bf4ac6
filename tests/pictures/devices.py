"""Draw docs/pictures/perangkat.png: a pulled camera, a scanner that waits for a yes: ``python -m tests.pictures.devices``."""

import os
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from station.device_report import Condition
from station.devices import DeviceState
from tests.robots import desk, views
from ui import theme as look
from ui.i18n.language import speak
from ui.pages.devices import DevicesPage
from ui.presenters.device_cards import Asked, card_of
from ui.widgets.action_bar import Action, Actions

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "perangkat.png"
CAMERA, FINGER, IRIS, *OTHERS = views.REPORTS
REPORTS = (
    replace(CAMERA, condition=Condition.ABSENT, code="DEVICE_REMOVED", retry_in_s=1.4),
    replace(
        FINGER,
        condition=Condition.OTHER_DEVICE,
        code="DEVICE_OTHER",
        offered=replace(views.SFM, serial="SFM-000981"),
        state=DeviceState.READY,
        calibratable=False,
    ),
    replace(IRIS, condition=Condition.WAIT, code="DEVICE_BUSY", retry_in_s=3.5),
    *OTHERS,
)


def draw(app):
    """Save the picture."""
    speak(app, "id")
    theme = look.apply(app)
    window, page = desk.desk(theme), DevicesPage(theme)
    ready = sum(report.condition is Condition.READY for report in REPORTS)
    cards = tuple(card_of(report, Asked()) for report in REPORTS)
    page.show_devices(cards, f"{ready} dari {len(cards)} alat siap")
    window.set_actions(Actions(Action("again", "Cari lagi", "Enter"), (views.BACK, views.HELP)))
    window.set_rail(views.workplaces("devices"))
    conditions = tuple(report.condition for report in REPORTS)
    window.set_health(views.health(line=Condition.READY, devices=conditions))
    window.show()
    window.activateWindow()
    app.processEvents()
    window.show_page(page)
    app.processEvents()
    page.choose("finger")
    app.processEvents()
    window.grab().save(str(PICTURE))


if __name__ == "__main__":
    draw(QApplication([]))
