"""Take pictures of the capture pages: ``python -m tests.robots.step_shots folder scale light|dark [names]``."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.robots.steps import STEP_PAGES, open_step
from ui import theme as look


def take(app, folder, scale, dark, names, worsts=(False, True)):
    """Save the pictures; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    taken, theme = [], look.apply(app, scale, dark=dark)
    for name in names:
        for worst in worsts:
            window = open_step(theme, name, worst=worst)
            window.show()
            window.activateWindow()
            app.processEvents()
            window.show_page(window.page)
            app.processEvents()
            tail = f"{round(scale * 100)}{'-gelap' if dark else ''}"
            path = folder / f"{name}{'-sulit' if worst else ''}-{tail}.png"
            window.grab().save(str(path))
            taken.append(path)
            window.close()
            window.deleteLater()
    return taken


if __name__ == "__main__":
    target, zoom, shade = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "dark"
    for picture in take(QApplication([]), target, zoom, shade, tuple(sys.argv[4:]) or STEP_PAGES):
        sys.stdout.write(f"{picture}\n")
