"""The face camera behind a device service: it chooses, judges and signs its own picture."""

from collections.abc import Collection
from typing import Final

from drivers.sbi.device import SbiDevice
from drivers.sbi.identity import Kind
from drivers.sbi.pictures import NAMES, picture
from drivers.sbi.requests import Wish
from station.clock import CancelToken, Deadline
from station.devices import FingerPosition, ImageCapture, Modality, Sink
from station.errors import ProtocolError

_FACE_ID: Final = 0


class SbiFaceScanner(SbiDevice):
    """A ``station.devices.FaceScanner``."""

    kind = Kind.FACE

    def capture_face(
        self,
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
        missing: Collection[FingerPosition] = (),
    ) -> ImageCapture:
        """Stream preview frames to the sink and return one BGR image; NoSubject at the deadline.

        With ``missing`` fingers it is the exception photo: face and hands, which shows why they are not taken.
        """
        exceptions = tuple(name for finger, name in NAMES.items() if finger in missing)
        wish = Wish(self.kind.type_name, _FACE_ID, (), exceptions, self._score)
        with self._watching(wish.sub_id, sink, cancel, deadline) as session:
            (sample,) = self._samples(wish, session, cancel, deadline)
            if sample.name.lower() not in {"", "face", "unknown"}:
                raise ProtocolError(what="face label")
            number = self._judged(sample, session)
            taken = picture(sample.record, Modality.FACE)
        return ImageCapture(
            pixels=taken.pixels,
            ppi=0,
            depth=8,
            frame_id=number,
            captured_at=sample.taken_at,
            device=self._info,
            evidence=sample.token.encode("ascii"),
        )

    def _positions(self) -> tuple[str, ...]:
        return ()
