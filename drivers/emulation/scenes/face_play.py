"""What a person does before the camera: stands wrong at first, steps into place, sways and blinks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from drivers.emulation.scenes.face import Backdrop, FaceIdentity, Pose


@dataclass(frozen=True, slots=True)
class _Blink:
    at: float
    seconds: float = 0.24


def performance(
    identity: FaceIdentity, seed: int, *, backdrop: Backdrop = "red", settle_s: float = 2.0
) -> Callable[[float], Pose]:
    """Return the pose as a function of seconds since the start.

    The person stands off-centre and too far, walks in between ``settle_s`` - 0.8 s and ``settle_s``, then
    holds with a small sway and blinks every three to six seconds. Same seed, same play.
    """
    rng = np.random.default_rng([identity.body, seed, 0x9A7])
    start_dx = float(rng.choice((-1, 1)) * rng.uniform(0.16, 0.24))
    start_dy = float(rng.uniform(0.03, 0.07))
    start_scale = float(rng.uniform(0.62, 0.70))
    lean = float(rng.uniform(-2.0, 2.0))
    rate, phase = float(rng.uniform(0.22, 0.34)), float(rng.uniform(0, 6.28))
    gaps = rng.uniform(2.8, 5.5, 200)
    blinks = [_Blink(float(at)) for at in settle_s * 0.4 + np.cumsum(gaps) - gaps[0]]

    def pose(seconds: float) -> Pose:
        arrived = _eased((seconds - settle_s + 0.8) / 0.8)
        sway = float(np.sin(2 * np.pi * rate * seconds + phase))
        bob = float(np.sin(2 * np.pi * rate * 1.7 * seconds + 1.3 * phase))
        return Pose(
            dx=start_dx * (1 - arrived) + 0.004 * sway,
            dy=start_dy * (1 - arrived) + 0.003 * bob,
            scale=start_scale + (1 - start_scale) * arrived + 0.003 * bob,
            roll=lean * (1.6 - arrived) * 0.6 + 0.4 * sway,
            eyes_open=min(_lids(blink, seconds) for blink in blinks),
            blur=2.2 * float(np.sin(np.pi * arrived)),  # motion while walking in
            backdrop=backdrop,
        )

    return pose


def _eased(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def _lids(blink: _Blink, seconds: float) -> float:
    into = (seconds - blink.at) / blink.seconds
    return 1.0 if not 0 <= into <= 1 else abs(2 * into - 1)
