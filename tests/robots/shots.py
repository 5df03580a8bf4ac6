"""Take a picture of every page: ``python -m tests.robots.shots [folder] [names]``; normal and worst case, 100 % and 125 % text, light and dark."""

import os
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.robots.desk import PAGES, open_page
from tests.robots.steps import STEP_PAGES, open_step
from ui import theme as look

OPENERS = {name: partial(open_page, name=name) for name in PAGES} | {
    name: partial(open_step, name=name) for name in STEP_PAGES
}


def take(app, folder, names=tuple(OPENERS)):
    """Save the pictures; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for scale, dark in ((1.0, False), (1.25, False), (1.0, True)):
        theme = look.apply(app, scale, dark=dark)
        for name in names:
            for worst in (False, True):
                window = OPENERS[name](theme, worst=worst)
                window.show()
                window.activateWindow()
                app.processEvents()
                window.show_page(window.page)
                app.processEvents()
                label = f"{name}{'-sulit' if worst else ''}-{round(scale * 100)}{'-gelap' if dark else ''}"
                path = folder / f"{label}.png"
                window.grab().save(str(path))
                taken.append(path)
                window.close()
                window.deleteLater()
    return taken


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shots")
    chosen = tuple(sys.argv[2:]) or tuple(OPENERS)
    for picture in take(QApplication([]), target, chosen):
        sys.stdout.write(f"{picture}\n")
