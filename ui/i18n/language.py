"""The language of the screen: Indonesian is in the source, others come from compiled files if they are there."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

_HERE: Final = Path(__file__).parent


def speak(app: QCoreApplication, language: str) -> QTranslator | None:
    """Install ``rekam_<language>.qm``; None when it is not built or the language is Indonesian.

    Call it before windows are made: widgets take their words when they are built.
    """
    QLocale.setDefault(QLocale("id_ID" if language == "id" else language))
    translator = QTranslator(app)
    if language == "id" or not translator.load(str(_HERE / f"rekam_{language}.qm")):
        return None
    app.installTranslator(translator)
    return translator
