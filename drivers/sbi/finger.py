"""Finger scanners behind a device service: slaps of a hand or both thumbs, and single fingers."""

from collections.abc import Collection, Mapping
from typing import Final

from drivers.sbi.device import SbiDevice, require
from drivers.sbi.identity import Kind
from drivers.sbi.pictures import NAMES, POSITIONS, picture
from drivers.sbi.requests import Wish
from drivers.sbi.sample import UNKNOWN, Sample
from station.clock import CancelToken, Deadline
from station.devices import FingerPosition, ImageCapture, Modality, Sink, Slap
from station.errors import ProtocolError

_SUB_ID: Final[Mapping[Slap, int]] = {Slap.LEFT_FOUR: 1, Slap.RIGHT_FOUR: 2, Slap.THUMBS: 3}
_UNKNOWN_ID: Final = 0


class _FingerDevice(SbiDevice):
    """What slap and single-finger scanners share: a still of one labelled finger."""

    def _still(self, sample: Sample, number: int) -> ImageCapture:
        taken = picture(sample.record, Modality.FINGER)
        position = POSITIONS.get(sample.name)
        if position is None and sample.name not in {UNKNOWN, ""}:
            raise ProtocolError(what="finger label")
        if taken.code != (0 if position is None else position.value):
            raise ProtocolError(what="finger label")
        return ImageCapture(
            pixels=taken.pixels,
            ppi=taken.ppi,
            depth=8,
            frame_id=number,
            captured_at=sample.taken_at,
            device=self._info,
            position=position,
            evidence=sample.token.encode("ascii"),
        )


class SbiSlapScanner(_FingerDevice):
    """A ``station.devices.SlapScanner``: 4-4-2, parted and labelled by the device."""

    kind = Kind.SLAP

    def capture_slap(
        self,
        slap: Slap,
        missing: Collection[FingerPosition],
        sink: Sink,
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[ImageCapture, ...]:
        """Return one grey image per finger that is not missing, in the order of ``slap.fingers``.

        NoSubject when no hand was there by the deadline; AuthFailed for what is not signed by a provisioned
        root or not about this request; ProtocolError for other fingers than asked.
        """
        absent = frozenset(missing)
        there = tuple(finger for finger in slap.fingers if finger not in absent)
        require(bool(there), "no finger left")
        wish = Wish(
            self.kind.type_name,
            _SUB_ID[slap],
            tuple(NAMES[finger] for finger in there),
            tuple(NAMES[finger] for finger in slap.fingers if finger in absent),
            self._score,
        )
        with self._watching(wish.sub_id, sink, cancel, deadline) as session:
            return tuple(
                self._still(sample, self._judged(sample, session))
                for sample in self._samples(wish, session, cancel, deadline)
            )

    def _positions(self) -> tuple[str, ...]:
        offered = self._link.found.sub_ids if self._link is not None else ()
        return tuple(
            slap.name for slap, sub_id in _SUB_ID.items() if not offered or str(sub_id) in offered
        )


class SbiFingerScanner(_FingerDevice):
    """A ``station.devices.FingerScanner``: which finger it is, the operator knows."""

    kind = Kind.FINGER

    def capture(self, sink: Sink, cancel: CancelToken, deadline: Deadline) -> ImageCapture:
        """Wait for a finger and return one grey image; NoSubject at the deadline."""
        wish = Wish(self.kind.type_name, _UNKNOWN_ID, (UNKNOWN,), (), self._score)
        with self._watching(wish.sub_id, sink, cancel, deadline) as session:
            (sample,) = self._samples(wish, session, cancel, deadline)
            return self._still(sample, self._judged(sample, session))

    def _positions(self) -> tuple[str, ...]:
        return tuple(finger.name for finger in FingerPosition)
