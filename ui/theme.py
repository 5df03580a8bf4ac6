"""The look: one table of colours for light and dark, one typeface, one scale for every size."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

_FONTS: Final = Path(__file__).parent / "fonts"
FAMILY: Final = "Inter"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by their role, as ``#RRGGBB``."""

    ground: str
    panel: str
    line: str
    row_line: str
    ink: str
    quiet: str
    primary: str
    primary_hover: str
    on_primary: str
    primary_tint: str
    good: str
    on_good: str
    good_tint: str
    good_line: str
    attention: str
    on_attention: str
    attention_tint: str
    attention_line: str
    stop: str
    on_stop: str
    stop_tint: str
    stop_line: str
    exempt: str
    on_exempt: str
    track: str
    control: str
    empty: str
    brand: str
    on_brand: str


LIGHT: Final = Tokens(
    ground="#F4F6F8", panel="#FFFFFF", line="#D5DBE1", row_line="#E8ECEF",
    ink="#14181F", quiet="#4A5361",
    primary="#0B5C6B", primary_hover="#094B57", on_primary="#FFFFFF", primary_tint="#E3F0F2",
    good="#1B7A3D", on_good="#FFFFFF", good_tint="#E6F3EA", good_line="#A9D3B6",
    attention="#9A5B00", on_attention="#FFFFFF", attention_tint="#FFF4DF", attention_line="#DDBB80",
    stop="#B3261E", on_stop="#FFFFFF", stop_tint="#FDECEA", stop_line="#E3A6A1",
    exempt="#3F4855", on_exempt="#FFFFFF",
    track="#E4E8EC", control="#7A8591", empty="#79838F", brand="#094B57", on_brand="#FFFFFF",
)  # fmt: skip

DARK: Final = Tokens(
    ground="#10151B", panel="#19212A", line="#364350", row_line="#2A3540",
    ink="#F1F4F7", quiet="#B6C1CC",
    primary="#5BBDCD", primary_hover="#7BCEDB", on_primary="#04222A", primary_tint="#17343C",
    good="#62CD8F", on_good="#062413", good_tint="#153021", good_line="#2F6646",
    attention="#F2B457", on_attention="#2B1A00", attention_tint="#382A12", attention_line="#7A5D26",
    stop="#FF938A", on_stop="#33080A", stop_tint="#3C1A19", stop_line="#8A423E",
    exempt="#C3CCD6", on_exempt="#171D24",
    track="#2D3844", control="#8C99A6", empty="#8996A3", brand="#0A3A44", on_brand="#FFFFFF",
)  # fmt: skip

# (text, ground) pairs that the pages use; a test computes the contrast of each.
TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    ("ink", "ground"), ("ink", "panel"), ("quiet", "ground"), ("quiet", "panel"),
    ("on_primary", "primary"), ("on_primary", "primary_hover"), ("on_brand", "brand"),
    ("primary", "panel"), ("primary", "ground"), ("primary", "primary_tint"),
    ("ink", "primary_tint"), ("quiet", "primary_tint"),
    ("good", "panel"), ("good", "good_tint"), ("ink", "good_tint"), ("quiet", "good_tint"),
    ("attention", "panel"), ("attention", "attention_tint"), ("ink", "attention_tint"),
    ("quiet", "attention_tint"), ("stop", "panel"), ("stop", "stop_tint"), ("ink", "stop_tint"),
    ("quiet", "stop_tint"), ("on_good", "good"), ("on_attention", "attention"), ("on_stop", "stop"),
    ("on_exempt", "exempt"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """What a widget needs to draw itself: colours and the scale of text."""

    tokens: Tokens
    text_scale: float = 1.0

    def text(self, px: int) -> int:
        """Return a length that holds text (font size, row, button), scaled."""
        return round(px * self.text_scale)

    def wide(self, px: int) -> int:
        """Return a column's width: it takes half of the text's growth, the stage keeps the rest."""
        return round(px * (1 + (self.text_scale - 1) * 0.5))

    def colour(self, token: str) -> QColor:
        """Return the colour of a token by name; AttributeError for an unknown one."""
        return QColor(getattr(self.tokens, token))

    def font(self, px: int = 16, weight: int = 400, *, spacing: float = 0.0) -> QFont:
        """Return the typeface at ``px`` (before scaling) with tabular figures."""
        font = QFont(FAMILY)
        font.setPixelSize(self.text(px))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        # Set even when zero: a painter would otherwise take over the spacing of its widget's font.
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing * self.text_scale)
        return font

    def palette(self) -> QPalette:
        """Return the palette that Fusion and hand-painted widgets share."""
        c, palette = self.tokens, QPalette()
        roles = {
            QPalette.ColorRole.Window: c.ground, QPalette.ColorRole.Base: c.panel,
            QPalette.ColorRole.AlternateBase: c.ground, QPalette.ColorRole.Button: c.panel,
            QPalette.ColorRole.WindowText: c.ink, QPalette.ColorRole.Text: c.ink,
            QPalette.ColorRole.ButtonText: c.ink, QPalette.ColorRole.PlaceholderText: c.quiet,
            QPalette.ColorRole.Highlight: c.primary, QPalette.ColorRole.HighlightedText: c.on_primary,
            QPalette.ColorRole.Link: c.primary, QPalette.ColorRole.ToolTipBase: c.panel,
            QPalette.ColorRole.ToolTipText: c.ink, QPalette.ColorRole.Mid: c.line,
        }  # fmt: skip
        for role, value in roles.items():
            palette.setColor(role, QColor(value))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.empty))
        return palette

    def style_sheet(self) -> str:
        """Return the QSS for the stock widgets; painted widgets read the tokens themselves."""
        c = self.tokens
        tones = "".join(
            f'QLabel[tone="{tone}"] {{ color: {getattr(c, tone)}; }}\n'
            for tone in (
                "ink",
                "quiet",
                "primary",
                "good",
                "attention",
                "stop",
                "on_primary",
                "empty",
            )
        )
        panels = "".join(
            f'QFrame[panel="{name}"] {{ background: {ground}; border: 1px solid {edge}; border-radius: 8px; }}\n'
            for name, ground, edge in (
                ("plain", c.panel, c.line), ("ground", c.ground, c.line), ("tint", c.primary_tint, c.primary_tint),
                ("good", c.good_tint, c.good_line), ("attention", c.attention_tint, c.attention_line),
                ("stop", c.stop_tint, c.stop_line),
            )
        )  # fmt: skip
        return (
            tones
            + panels
            + _SHEET.format(
                c=c, h48=self.text(48) - 2, h46=self.text(48) - 6, pad=self.text(12), bar=12
            )
        )


_SHEET: Final = """
QToolTip {{ background: {c.panel}; color: {c.ink}; border: 1px solid {c.line}; padding: 4px; }}
QLabel {{ background: transparent; }}
QLabel:disabled {{ color: {c.empty}; }}
QFrame[rule="true"] {{ background: {c.line}; border: none; }}
QLineEdit {{ background: {c.panel}; color: {c.ink}; border: 1px solid {c.control}; border-radius: 8px;
    min-height: {h48}px; max-height: {h48}px; padding: 0 {pad}px; selection-background-color: {c.primary}; }}
QLineEdit:focus {{ border: 3px solid {c.primary}; padding: 0 10px;
    min-height: {h46}px; max-height: {h46}px; }}
QFrame[joined="above"] {{ border-bottom-left-radius: 0; border-bottom-right-radius: 0; }}
QFrame[joined="below"] {{ border-top-left-radius: 0; border-top-right-radius: 0; border-top: none; }}
QLineEdit:disabled {{ background: {c.ground}; color: {c.empty}; }}
QScrollArea, QScrollArea > QWidget > QWidget[plain="true"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {bar}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {c.control}; border-radius: 5px; min-height: 48px; margin: 1px; }}
QScrollBar:horizontal {{ background: transparent; height: {bar}px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {c.control}; border-radius: 5px; min-width: 48px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QTableView {{ background: {c.panel}; border: none; gridline-color: {c.row_line}; outline: none;
    selection-background-color: {c.primary_tint}; selection-color: {c.ink}; }}
QHeaderView {{ background: {c.ground}; border: none; }}
"""


def load_fonts() -> None:
    """Register the bundled typeface once."""
    if FAMILY in QFontDatabase.families():
        return
    for path in sorted(_FONTS.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


def apply(app: QApplication, text_scale: float = 1.0, *, dark: bool = False) -> Theme:
    """Dress the application and return the theme for its widgets; ``text_scale`` 1.0..2.0."""
    load_fonts()
    theme = Theme(DARK if dark else LIGHT, text_scale)
    scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
    app.styleHints().setColorScheme(scheme)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(theme.palette())
    app.setFont(theme.font())
    app.setStyleSheet(theme.style_sheet())
    return theme


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two ``#RRGGBB`` colours, 1..21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)
