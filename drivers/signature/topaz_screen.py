"""The control bytes a Topaz pad with a screen obeys; others have nothing to show."""

from typing import Final

from drivers.serial.line import ByteLine

CLEAR: Final = 0x04  # empty the screen; ink fades by itself
PERSISTENT_INK: Final = 0x14  # ink stays as it is written
INVERTED_INK: Final = 0x09  # white on black
CONTROLS: Final = {CLEAR: "clear", PERSISTENT_INK: "persistent-ink", INVERTED_INK: "inverted-ink"}


def offer_paper(line: ByteLine) -> None:
    """Show an empty sheet on which the ink stays."""
    line.send(bytes([CLEAR, PERSISTENT_INK]))


def invert(line: ByteLine) -> None:
    """Show the screen the other way round, so that the pad can be told from others."""
    line.send(bytes([INVERTED_INK]))


def wipe_paper(line: ByteLine) -> None:
    """Take a signature off the screen: the next applicant must not see it."""
    line.send(bytes([CLEAR]))
