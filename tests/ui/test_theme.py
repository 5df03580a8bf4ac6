"""The table of colours keeps its contrast, and sizes follow the text."""

import pytest

from ui import theme as look


@pytest.mark.parametrize("tokens", [look.LIGHT, look.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), look.TEXT_PAIRS)
def test_every_text_pair_is_at_least_4_5_to_1(tokens, ink, ground):
    assert look.contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [look.LIGHT, look.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["control", "empty", "primary", "good", "attention", "stop"])
def test_glyphs_and_control_borders_are_at_least_3_to_1(tokens, edge):
    assert look.contrast(getattr(tokens, edge), tokens.panel) >= 3


def test_contrast_of_black_on_white_is_21():
    assert look.contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_the_bundled_typeface_is_used_with_figures_of_one_width(theme):
    font = theme.font(40, 600)
    from PySide6.QtGui import QFontInfo, QFontMetricsF

    assert QFontInfo(font).family().startswith("Inter")
    metrics = QFontMetricsF(font)
    widths = [metrics.horizontalAdvance(figure) for figure in "0123456789"]
    assert max(widths) - min(widths) < 0.1


def test_text_lengths_follow_the_scale(large):
    assert large.text(48) == 60
    assert large.font(16).pixelSize() == 20
