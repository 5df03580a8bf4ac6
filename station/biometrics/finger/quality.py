"""Station quality of a fingerprint: measures, one score 0..100, why it is poor and what to tell the applicant.

The measures follow ISO/IEC 29794-4 and NFIQ 2, the score is the station's own and is never called NFIQ 2.
Built for the live view: ten milliseconds for a picture of 500x500.
"""

from typing import Final

from station.biometrics.finger.features import Features, measure
from station.biometrics.finger.minutiae import to_500_ppi
from station.biometrics.finger.reasons import GATES, GUIDANCE, reasons_of
from station.biometrics.finger.score import station_score
from station.biometrics.verdict import Measure, Verdict
from station.devices import Pixels

ALGORITHM: Final = "rekam.finger"
VERSION: Final = "2"


def judge(image: Pixels, ppi: int) -> Verdict:
    """Return the verdict on a grey picture (h, w) uint8, ridges dark; never raises on any content.

    Light ridges on a dark platen are measured as their negative and refused as INVERTED. ``ppi`` is the
    picture's resolution; a wrong one shows as a ``period_mm`` that no finger has, reason SCALE.
    """
    return verdict_on(measure(to_500_ppi(image, ppi)))


def verdict_on(features: Features) -> Verdict:
    """Return the verdict on what was measured."""
    measures = tuple(
        Measure(name, round(float(getattr(features, name)), 3), band.unit, band.low, band.high)
        for name, band in GATES.items()
    )
    reasons = reasons_of(features)
    guidance = tuple(dict.fromkeys(told for reason in reasons for told in GUIDANCE[reason]))
    return Verdict(ALGORITHM, VERSION, station_score(features), measures, guidance, reasons=reasons)
