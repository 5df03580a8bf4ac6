"""What an operator cannot read: words that do not fit where they stand."""

from PySide6.QtWidgets import QLabel

from ui.widgets.text import ElidedLabel


def clipped(page):
    """Return the texts of a page that are cut off; one shortened with dots must stand whole elsewhere."""
    seen = [text for text in page.findChildren(QLabel) if text.isVisible() and text.text()]
    whole = [text.text() for text in seen if not _cut(text)]
    return [
        text.text()
        for text in seen
        if _cut(text)
        and not (isinstance(text, ElidedLabel) and any(text.text() in words for words in whole))
    ]


def _cut(text):
    words = text.text()
    if isinstance(text, ElidedLabel):
        return text.fontMetrics().horizontalAdvance(words) > text.width() + 1
    if text.wordWrap():
        longest = max(words.split(), key=len, default="")
        return (
            text.heightForWidth(text.width()) > text.height() + 1
            or text.fontMetrics().horizontalAdvance(longest) > text.width() + 1
        )
    ignored = text.sizePolicy().horizontalPolicy().name == "Ignored"
    return not ignored and text.sizeHint().width() > text.width() + 1
