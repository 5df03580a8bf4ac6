"""The thirteen promises of a driver, as a table: number, name, and how the kit looks at each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Invariant:
    """One promise."""

    number: int
    name: str
    looked_at: str  # how; printed in the report


INVARIANTS: Final = (
    Invariant(
        1,
        "The result is the exact sample or a typed error, never a wrong one",
        "every fault: the result is compared bit by bit; an opened device must be the one that was asked for",
    ),
    Invariant(
        2,
        "Every call ends by its deadline + 200 ms",
        "every fault: wall time, less the delay with which the machine itself woke a waiting thread meanwhile "
        "(at most 1 s); a late case is repeated once, and only twice late counts",
    ),
    Invariant(
        3,
        "Cancel in any state ends the capture in 250 ms, and the next capture succeeds",
        "before it begins, without a subject, and while each packet is held back; close during a capture <= 1 s",
    ),
    Invariant(
        4,
        "After a fault the next command works without reopening, unless the device was removed",
        "every fault: one more capture, which must give the exact sample",
    ),
    Invariant(
        5,
        "No thread and no descriptor stays, the port is released",
        "after the whole matrix and after the open and close cycles: threads and /proc/self/fd; reopened at once",
    ),
    Invariant(
        6,
        "Events are ordered, exactly one is terminal, none comes after the return",
        "every fault and every cancel: the states told to the sink, the last against how the call ended",
    ),
    Invariant(
        7,
        "200 open and close cycles; two devices in parallel",
        "one rig opened and closed in a row; two rigs capturing at the same time, each its own sample",
    ),
    Invariant(
        8,
        "Partial samples are wiped; nothing biometric in logs or exception texts",
        "every typed error: message, repr, traceback; all log lines at DEBUG; objects reachable from device and "
        "error; buffers in the traceback. Immutable bytes and freed memory cannot be wiped in Python: not judged",
    ),
    Invariant(
        9,
        "The serial number is there and stable, or declared as configured",
        "five openings; another device of the model must not go by the old number",
    ),
    Invariant(
        10,
        "Looking for devices never blocks and touches no port owned by others",
        "discover beside an open device: at most 300 ms, device files opened by it (audit events), capture after",
    ),
    Invariant(
        11,
        "A huge length takes less than 1 MB before it is refused",
        "each packet with the largest length its field can say: peak of tracemalloc above that of a clean capture",
    ),
    Invariant(
        12,
        "A capture never holds up another thread for more than 50 ms",
        "a thread beating every 2 ms beside captures, the best of five; with a real window: the project's tests",
    ),
    Invariant(
        13,
        "No fault, cancel or unplug leaves a light on for more than 10 s",
        "rigs with a lamp: five faults at each packet of both directions, the emulator's clock is the judge",
    ),
)
