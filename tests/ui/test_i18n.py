"""Every visible word of the frame has its English."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QTranslator

from ui.messages import advice_table, coach_sentences

TS = Path(__file__).parents[2] / "ui" / "i18n" / "rekam_en.ts"


def _messages():
    return list(ET.parse(TS).getroot().iter("message"))


def test_no_translation_is_empty_or_unfinished():
    for message in _messages():
        translation = message.find("translation")
        assert translation.get("type") != "unfinished", message.find("source").text
        assert translation.text


def test_translations_keep_their_placeholders():
    for message in _messages():
        wanted, given = (
            set(re.findall(r"{\w+}", message.find(part).text)) for part in ("source", "translation")
        )
        assert wanted == given, message.find("source").text


def test_all_messages_and_coach_sentences_are_in_the_catalogue(qapp):
    known = {message.find("source").text for message in _messages()}
    for advice in advice_table().values():
        assert advice.happened in known
        assert advice.next_step in known
    assert set(coach_sentences().values()) <= known


def test_the_compiled_catalogue_speaks_english(qapp, tmp_path):
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    if not tool.exists():
        pytest.skip("the release tool of PySide6 is not beside this Python")
    built = tmp_path / "rekam_en.qm"
    subprocess.run([tool, TS, "-qm", built], check=True, capture_output=True)
    translator = QTranslator()
    assert translator.load(str(built))
    qapp.installTranslator(translator)
    try:
        assert advice_table()["DISK_FULL"].happened == "The disk is full."
    finally:
        qapp.removeTranslator(translator)
