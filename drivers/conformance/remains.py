"""What of a sample is still held after a capture that failed.

Looked at: everything reachable from the device object and from the error itself (its facts, its causes), and
in the frames of the error's traceback every buffer that could have been wiped (bytearray, writable array).
Not looked at: immutable ``bytes`` in those frames and freed memory of the interpreter. Python cannot wipe
either; they are gone when the error is, or when the memory is used again.
"""

import gc
import types
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from drivers.conformance.words import RUN

_MOST: Final = 200_000  # objects; far more than any driver holds
# Code is no memory of a capture; proxies, rigs and emulators hold the sample by right.
_OUTSIDE: Final = (
    type,
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.FrameType,
    types.TracebackType,
)
_RIGHTFUL: Final = ("drivers.faults", "drivers.emulation", "drivers.conformance")


def remains_of(device: object, error: BaseException, secrets: Sequence[bytes]) -> str:
    """Return where part of the sample is still held; '' when nowhere."""
    if not secrets:
        return ""
    probe = _Probe(secrets)
    for held in _reachable(device):
        if probe.found(held):
            return f"the device still holds a {type(held).__name__} with part of the sample"
    for each in _chain(error):
        for held in _reachable(each.args, vars(each)):
            if probe.found(held):
                return (
                    f"{type(each).__name__} holds a {type(held).__name__} with part of the sample"
                )
        for name, held in _wipeable(each):
            if probe.found(held):
                return f"buffer {name!r} was not wiped ({type(held).__name__})"
    return ""


class _Probe:
    """Knows every run of the sample that is no coincidence."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._windows = {
            secret[at : at + RUN]
            for secret in secrets
            for at in range(len(secret) - RUN + 1)
            if len(set(secret[at : at + RUN])) >= RUN // 2
        }

    def found(self, held: object) -> bool:
        data = _octets(held)
        return len(data) >= RUN and any(
            data[at : at + RUN] in self._windows for at in range(len(data) - RUN + 1)
        )


def _octets(held: object) -> bytes:
    if isinstance(held, bytes | bytearray):
        return bytes(held)
    if isinstance(held, np.ndarray) and held.dtype == np.uint8:
        return held.tobytes()
    if isinstance(held, str) and len(held) > 2 * RUN:
        return held.encode("latin-1", "replace")
    return b""


def _reachable(*roots: object) -> Iterator[object]:
    seen: set[int] = set()
    queue = deque(roots)
    while queue and len(seen) < _MOST:
        held = queue.popleft()
        if id(held) in seen or isinstance(held, _OUTSIDE):
            continue
        if type(held).__module__.startswith(_RIGHTFUL):
            continue
        seen.add(id(held))
        yield held
        if isinstance(held, types.MethodType):
            queue.append(held.__self__)
        else:
            queue.extend(gc.get_referents(held))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]


def _wipeable(error: BaseException) -> Iterator[tuple[str, object]]:
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        module = str(frame.f_globals.get("__name__", ""))
        if not module.startswith(_RIGHTFUL):
            for name, held in tuple(frame.f_locals.items()):
                if isinstance(held, bytearray) or (
                    isinstance(held, np.ndarray) and held.flags.writeable
                ):
                    yield f"{module}.{name}", held
        trace = trace.tb_next
