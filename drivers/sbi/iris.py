"""The iris scanner behind a device service: one or both eyes, labelled and signed."""

from collections.abc import Mapping, Sequence
from typing import Final

from drivers.sbi.device import SbiDevice, require
from drivers.sbi.identity import Kind
from drivers.sbi.pictures import EYE_NAMES, EYES, picture
from drivers.sbi.requests import Wish
from drivers.sbi.sample import Sample
from station.clock import CancelToken, Deadline
from station.devices import Eye, ImageCapture, Modality, Sink
from station.errors import ProtocolError

_LEFT, _RIGHT, _BOTH = 1, 2, 3
_SUB_ID: Final[Mapping[Eye, int]] = {Eye.LEFT: _LEFT, Eye.RIGHT: _RIGHT}


class SbiIrisScanner(SbiDevice):
    """A ``station.devices.IrisScanner``: a two-eye camera takes both at once, a one-eye camera one by one."""

    kind = Kind.IRIS

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Stream previews to the sink while the device looks for its best frames of the asked eyes.

        NoSubject when nobody looked in by the deadline; AuthFailed when what the device says is not signed
        by a provisioned root or not about this request.
        """
        require(bool(eyes) and len(set(eyes)) == len(eyes), "eyes")
        wishes = self._wishes(tuple(eyes))
        taken: dict[Eye, ImageCapture] = {}
        with self._session(sink, cancel) as session:
            for wish in wishes:
                with self._previewing(wish.sub_id, session, cancel, deadline):
                    for sample in self._samples(wish, session, cancel, deadline):
                        capture = self._still(sample, self._judged(sample, session))
                        taken[EYES[sample.name]] = capture
            cancel.check()  # whoever has asked to stop wants no result any more
        return tuple(taken[eye] for eye in eyes)

    def _positions(self) -> tuple[str, ...]:
        return tuple(eye.name for eye in Eye)

    def _wishes(self, eyes: tuple[Eye, ...]) -> tuple[Wish, ...]:
        names = tuple(EYE_NAMES[eye] for eye in eyes)
        found = self._link.found if self._link is not None else None
        offered = set(found.sub_ids) if found is not None else set()
        one_by_one = found is not None and found.identity.sub_type.lower() == "single"
        if len(eyes) == 2 and not one_by_one:
            return (self._wish(_BOTH, names, ()),)
        if len(eyes) == 1 and str(_SUB_ID[eyes[0]]) not in offered and str(_BOTH) in offered:
            others = tuple(name for eye, name in EYE_NAMES.items() if eye not in eyes)
            return (self._wish(_BOTH, names, others),)
        return tuple(self._wish(_SUB_ID[eye], (EYE_NAMES[eye],), ()) for eye in eyes)

    def _wish(self, sub_id: int, names: tuple[str, ...], exceptions: tuple[str, ...]) -> Wish:
        return Wish(self.kind.type_name, sub_id, names, exceptions, self._score)

    def _still(self, sample: Sample, number: int) -> ImageCapture:
        taken = picture(sample.record, Modality.IRIS)
        eye = EYES[sample.name]
        if taken.code != eye.value:
            raise ProtocolError(what="eye label")
        return ImageCapture(
            pixels=taken.pixels,
            ppi=0,
            depth=8,
            frame_id=number,
            captured_at=sample.taken_at,
            device=self._info,
            eye=eye,
            evidence=sample.token.encode("ascii"),
        )
