"""A desk without a screen, to be killed: records one person and seals, telling what it acknowledged."""

import random
import sys
from pathlib import Path

from station.capture import events as ev
from station.clock import FixedClock
from station.keys.rehearsal import make_rehearsal_keys
from station.store.sealing import seal_and_store
from station.store.store import open_store
from tests.station.packet.builders import NOW, PLAN, attempts, context, started

KEY = b"k" * 32


def say(*words: str) -> None:
    """Tell the parent what was acknowledged, at once."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def work(folder: Path, persons: int, seed: int) -> None:
    """Record and seal; every line printed is a promise the store must keep."""
    clock = FixedClock(NOW)
    keys = make_rehearsal_keys(folder / "keys", clock)
    store = open_store(folder / "store", KEY, clock)
    rng = random.Random(seed)
    for person in range(persons):
        draft = store.new_draft(started(clock))
        say("draft", draft.id)
        draft.append(ev.DataConfirmed("rina", NOW))

        def keep(data: bytes, draft=draft) -> str:
            return draft.keep(data)

        for event in attempts(keep, rng):
            draft.append(event)
            if isinstance(event, ev.AttemptTaken):
                say("sample", draft.id, event.sample.sha256)
        draft.append(ev.Confirmed("rina", NOW))
        say("complete", draft.id)
        seal_and_store(store, draft, PLAN, context(keys, clock, record_id=f"r-{seed}-{person}"))
        say("sealed", draft.id)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
