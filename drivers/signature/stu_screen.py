"""The screen of an STU pad: paper, ink, light, and pictures in chunks."""

from drivers.hid.transport import HidTransport
from drivers.signature.stu_reports import IMAGE_24_BIT, Report, image_chunks
from station.clock import CancelToken, Deadline
from station.errors import ProtocolError


class StuScreen:
    """Orders to one pad's screen; each is one feature report. Raises DeviceError."""

    def __init__(self, hid: HidTransport) -> None:
        self._hid = hid

    def offer_paper(self, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Show an empty sheet that takes ink."""
        self._order(Report.CLEAR, 0, deadline=deadline, cancel=cancel)
        self._order(Report.INK, 1, deadline=deadline, cancel=cancel)

    def put_paper_away(self, deadline: Deadline) -> None:
        """Take ink and picture off; the pen leaves none any more."""
        self._order(Report.INK, 0, deadline=deadline)
        self._order(Report.CLEAR, 0, deadline=deadline)

    def brightness(self, deadline: Deadline) -> int:
        """Return the light, 0..3."""
        report = self._hid.get_feature(Report.BRIGHTNESS, deadline)
        if len(report) < 2 or report[0] != Report.BRIGHTNESS:
            raise ProtocolError(what="brightness", got=len(report))
        return report[1]

    def set_brightness(self, level: int, deadline: Deadline) -> None:
        """Set the light, unless it is so already: the pad keeps it in memory that wears."""
        if self.brightness(deadline) != level:
            self._order(Report.BRIGHTNESS, level, 0, deadline=deadline)

    def draw(self, bgr: bytes, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Show a picture of the screen's size, rows from the top, three bytes a pixel."""
        self._order(Report.IMAGE_START, IMAGE_24_BIT, deadline=deadline, cancel=cancel)
        try:
            for chunk in image_chunks(bgr):
                self._hid.set_feature(chunk, deadline, cancel)
        finally:
            # Also a picture that was cut is ended, or the pad waits for the rest of it.
            self._order(Report.IMAGE_END, 0, deadline=Deadline.after(0.2))

    def _order(
        self,
        report: Report,
        *values: int,
        deadline: Deadline,
        cancel: CancelToken | None = None,
    ) -> None:
        self._hid.set_feature(bytes([report, *values]), deadline, cancel)
