"""Judging a signature: long enough, large enough, not a dot and not a line, few points lost."""

from collections.abc import Sequence

import numpy as np

from station.biometrics.signature.plausible import plausible
from station.biometrics.verdict import Measure, Verdict
from station.devices import PenPoint
from station.guidance import Guidance

ALGORITHM, VERSION = "rekam.signature", "2"
MIN_SECONDS, MIN_POINTS = 2.0, 30
MIN_WIDTH_MM, MIN_HEIGHT_MM = 15.0, 5.0
MIN_BEND = 0.04  # largest distance from the best straight line, as a share of the length
MAX_DROPPED = 0.05  # more lost points than this speak of a cable or a parity setting

_TOLD = {
    "dropped_share": Guidance.CHECK_PAD_CABLE,
    "width_mm": Guidance.SIGN_LARGER,
    "height_mm": Guidance.SIGN_LARGER,
    "ink": Guidance.SIGN_LONGER,
    "bend": Guidance.SIGN_LONGER,
}


def judge(points: Sequence[PenPoint], dropped: int = 0) -> Verdict:
    """Judge the raw points; ``dropped`` counts the points the driver found implausible.

    Points that no pen can have made (see ``plausible``) count as lost too and are not measured.

    ``ink`` is 1 when the pen wrote for two seconds or left thirty points. A simple written name passes:
    nothing here judges beauty.
    """
    checked = plausible(points)
    ink = [point for point in checked.points if point.down]
    share = (dropped + checked.dropped) / max(1, dropped + len(points))
    lost = Measure("dropped_share", share, "", None, MAX_DROPPED)
    if not ink:
        told = Guidance.NO_SUBJECT if lost.ok else Guidance.CHECK_PAD_CABLE
        return Verdict(ALGORITHM, VERSION, 0, (lost, Measure("ink", 0.0, "", 1.0)), (told,))
    spots = np.array([(point.x_um, point.y_um) for point in ink], np.float64) / 1000
    width, height = (float(v) for v in np.ptp(spots, axis=0))
    seconds = (ink[-1].t_us - ink[0].t_us) / 1e6
    measures = (
        lost,
        Measure("width_mm", width, "mm", MIN_WIDTH_MM),
        Measure("height_mm", height, "mm", MIN_HEIGHT_MM),
        Measure("ink", max(seconds / MIN_SECONDS, len(ink) / MIN_POINTS), "", 1.0),
        Measure("bend", _bend(spots), "", MIN_BEND),
    )
    guidance = tuple(dict.fromkeys(_TOLD[m.name] for m in measures if not m.ok))
    return Verdict(ALGORITHM, VERSION, _score(measures, seconds), measures, guidance)


def _bend(spots: np.ndarray) -> float:
    """Return the largest distance from the points' main axis over their extent along it; 0 for a dot."""
    centred = spots - spots.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    along, across = (
        (centred @ axes.T).T if axes.shape[0] == 2 else (centred[:, 0] * 0, centred[:, 0] * 0)
    )
    extent = float(np.ptp(along))
    return float(np.abs(across).max()) / extent if extent > 0 else 0.0


def _score(measures: tuple[Measure, ...], seconds: float) -> int:
    value = {measure.name: measure.value for measure in measures}
    parts = (
        min(1.0, value["width_mm"] / (2 * MIN_WIDTH_MM)),
        min(1.0, value["height_mm"] / (2 * MIN_HEIGHT_MM)),
        min(1.0, max(value["ink"] / 4, seconds / MIN_SECONDS)),
        min(1.0, value["bend"] / (3 * MIN_BEND)),
        max(0.0, 1 - value["dropped_share"] / (2 * MAX_DROPPED)),
    )
    return round(100 * sum(parts) / len(parts))
