"""Named places where a test may kill the process, so that every order of writing is proved by a real kill.

``REKAM_FAILPOINT=name`` kills at the first visit, ``name#3`` at the third. Without the variable a
failpoint costs one look into the environment.
"""

import os
import signal
from typing import Final

VARIABLE: Final = "REKAM_FAILPOINT"

DRAFT_POINTS: Final[tuple[str, ...]] = (
    "draft.row",
    "draft.event",
    "keep.created",
    "keep.written",
    "keep.synced",
    "keep.renamed",
    "keep.durable",
)
SEAL_POINTS: Final[tuple[str, ...]] = (
    "seal.linted",
    "seal.created",
    "seal.written",
    "seal.synced",
    "seal.read_back",
    "seal.renamed",
    "seal.durable",
    "seal.in_transaction",
    "seal.committed",
    "shred.key_gone",
    "shred.files_gone",
)
FAILPOINTS: Final[tuple[str, ...]] = DRAFT_POINTS + SEAL_POINTS


def failpoint(name: str) -> None:
    """Kill this process, without any clean-up, when the environment asks for it here."""
    asked = os.environ.get(VARIABLE)
    if not asked:
        return
    wanted, _, visits = asked.partition("#")
    if wanted != name:
        return
    left = int(visits or "1") - 1
    if left > 0:
        os.environ[VARIABLE] = f"{name}#{left}"
        return
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)
