"""How long to wait after a failure: full jitter, so that thirty desks do not come back in step."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits drawn evenly between nothing and a limit that doubles with every failure."""

    rng: random.Random = field(default_factory=random.Random, repr=False)
    first_s: float = 0.5
    longest_s: float = 300.0

    def limit(self, failures: int) -> float:
        """Return the longest wait after so many failures in a row (1 = the first), in seconds."""
        doublings = min(max(failures - 1, 0), 32)  # 2**32 s is past any limit: no overflow
        return min(self.longest_s, self.first_s * float(1 << doublings))

    def wait(self, failures: int) -> float:
        """Return the seconds to wait before the next try; 0 after no failure."""
        return self.rng.uniform(0.0, self.limit(failures)) if failures > 0 else 0.0
