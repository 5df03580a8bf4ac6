"""A desk with one page on it, as an operator would meet it."""

from tests.robots import views
from ui.pages.devices import DevicesPage
from ui.pages.outbox import OutboxPage
from ui.pages.records import RecordsPage
from ui.pages.search import SearchPage
from ui.pages.sign_in import SignInPage
from ui.widgets.rail import RailView
from ui.window import DeskWindow


def desk(theme, size=(1366, 768)):
    window = DeskWindow(theme, "Meja 07")
    window.set_rehearsal(True)
    window.set_health(views.health())
    window.set_operator("Rina W.")
    window.resize(*size)
    return window


def _search(window, worst):
    page = SearchPage(window.theme)
    page.show_text("6101015203090003")
    page.show_query(views.NIK_READ)
    page.show_answer(views.NO if worst else views.YES)
    page.show_person(views.person(worst))
    page.show_queue(views.queue(worst))
    window.set_actions(views.SEARCH_ACTIONS)
    window.set_rail(views.workplaces("search"))
    return page


def _search_empty(window, _worst):
    page = SearchPage(window.theme)
    page.show_queue(views.queue(False))
    window.set_actions(views.SEARCH_ACTIONS)
    window.set_rail(views.workplaces("search"))
    return page


def _records(window, worst):
    page = RecordsPage(window.theme)
    page.show_filters(views.CHIPS)
    page.show_records(views.records(worst))
    page.show_detail(views.detail(worst))
    window.set_actions(views.RECORD_ACTIONS)
    window.set_rail(views.workplaces("records"))
    return page


def _outbox(window, worst):
    page = OutboxPage(window.theme)
    page.show_outbox(views.outbox(worst))
    window.set_actions(views.OUTBOX_ACTIONS)
    window.set_rail(views.workplaces("outbox"))
    return page


def _devices(window, worst):
    page = DevicesPage(window.theme)
    page.show_devices(views.devices(worst), "0 dari 4 alat siap" if worst else "5 dari 5 alat siap")
    if worst:
        page.choose("finger")
        window.set_health(views.health(devices=tuple(r.condition for r in views.WORST)))
    window.set_actions(views.DEVICE_ACTIONS)
    window.set_rail(views.workplaces("devices"))
    return page


def _sign_in(window, worst):
    page = SignInPage(window.theme)
    page.show_heading("Selamat pagi", "Meja 07 · Kec. Sambas · Kamis, 26 November 2026")
    page.show_check(views.morning(worst))
    if worst:
        page.show_operator("raden.ajeng.maria.goretti")
        page.show_refusal(
            "Petugas atau PIN tidak cocok. Periksa dan ketik lagi. Sisa percobaan: 2."
        )
    window.set_operator("")
    window.set_actions(views.SIGN_IN_ACTIONS)
    window.set_rail(RailView())
    return page


PAGES = {
    "masuk": _sign_in,
    "cari": _search,
    "cari-kosong": _search_empty,
    "rekaman": _records,
    "pengiriman": _outbox,
    "perangkat": _devices,
}


def open_page(theme, name, *, worst=False, size=(1366, 768)):
    """Return a window with the named page and its content; not shown yet."""
    window = desk(theme, size)
    page = PAGES[name](window, worst)
    if worst and name != "masuk":
        window.set_person(views.LONG_PERSON)
        window.set_message(views.STOPPED)
    window.show_page(page)
    return window
