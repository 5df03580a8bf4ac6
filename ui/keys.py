"""Which key of the keyboard stands for which key cap, and which ones ask the desk for something."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt

K = Qt.Key

# Keys that press the action which carries this cap.
CAPS: Final[Mapping[int, str]] = {
    K.Key_Return: "Enter", K.Key_Enter: "Enter", K.Key_Escape: "Esc",
    **{K(K.Key_F1 + n): f"F{n + 1}" for n in range(12)},
}  # fmt: skip
# Keys that ask the desk itself when no action carries their cap.
REQUESTS: Final[Mapping[str, str]] = {
    "F1": "help", "F3": "supervisor", "F4": "applicant_screen", "F5": "look_again",
    "F6": "next_zone", "F9": "lock",
}  # fmt: skip
DIGITS: Final[Mapping[int, int]] = {K(K.Key_1 + n): n for n in range(9)}
