"""Write one card and prove it: journal first, resume where a tear left off, read everything back."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from station.card.contents import CardContents, WriteStep
from station.card.control import Control, Lifecycle
from station.card.counter import CardCounter, Progress, silent
from station.card.files import (
    Connected,
    Sender,
    open_channel,
    read_control,
    read_file,
    read_selected,
    select_file,
    write_control,
    write_file,
    write_selected,
)
from station.card.hint import ResumeHint, parse_hint
from station.card.journal import Entry
from station.card.profile import CONTENT_ORDER, Fid, KeySet
from station.card.register import CardState
from station.card.verify import verify_files
from station.devices import CardReader
from station.errors import (
    CardDamaged,
    CardStateRefused,
    CardSwapped,
    CardVerificationFailed,
)

_LOG = logging.getLogger(__name__)
_OPEN: Final = frozenset({Lifecycle.BLANK, Lifecycle.PERSO_OPEN})


@dataclass(frozen=True, slots=True)
class Personalised:
    """A card that was written, read back and committed."""

    serial: str
    tx: int
    resumed: bool
    exchanges: int
    writes: int


def personalise(
    reader: CardReader,
    contents: CardContents,
    counter: CardCounter,
    *,
    expected_serial: str = "",
    progress: Progress = silent,
) -> Personalised:
    """Write the contents to the card on the reader and commit it as PERSONALISED. Blocks for the whole run.

    After CardOutcomeUnknown call again with the same contents: the same card is resumed at the first
    differing chunk. ``expected_serial`` (from the first try) makes any other card a CardSwapped before
    anything is written. Contents that do not verify against the counter's trust are refused before the
    reader is touched. Raises UnknownCard (nothing written), CardStateRefused, CardDamaged (then the
    register says CHIP_FAIL), CardVerificationFailed, CardOutcomeUnknown.
    """
    verify_files(contents.files, counter.trust, counter.clock)  # a bad plan never touches a card
    with _connected(reader, counter, expected_serial) as card:
        serial = card.control.serial_text
        if expected_serial and serial != expected_serial:
            raise CardSwapped(serial=serial, begun=expected_serial)
        entry = counter.register.entry(serial)
        if entry.record_id == contents.record_id and entry.state is CardState.PRINTED:
            return _already(card, contents, counter)
        if entry.state is not CardState.ISSUED_TO_DESK:
            raise CardStateRefused(reason="not_at_desk", serial=serial, state=entry.state.value)
        counter.register.assign(serial, contents.record_id)
        if card.control.state is Lifecycle.PERSONALISED:
            return _already(card, contents, counter)
        if card.control.state not in _OPEN:
            raise CardStateRefused(reason="lifecycle", serial=serial, state=card.control.state.name)
        try:
            return _Writing(card, contents, counter, progress).run()
        except CardDamaged as damage:
            _fail(counter, card.control, str(damage.facts.get("reason", "")))
            raise


def _connected(reader: CardReader, counter: CardCounter, expected_serial: str) -> Connected:
    try:
        return Connected(reader)
    except (
        CardDamaged
    ) as damage:  # a chip that cannot say its serial: only the caller knows which it was
        if expected_serial:
            reason = str(damage.facts.get("reason", ""))
            counter.register.move(expected_serial, CardState.CHIP_FAIL, reason)
        raise


class _Writing:
    """One run over one connected card."""

    def __init__(
        self, card: Connected, contents: CardContents, counter: CardCounter, progress: Progress
    ) -> None:
        self._card = card
        self._contents = contents
        self._counter = counter
        self._progress = progress
        self._serial = card.control.serial_text
        self._steps = contents.steps()
        self._number = {(s.fid, s.offset): at for at, s in enumerate(self._steps)}
        self._resumed = card.control.state is Lifecycle.PERSO_OPEN

    def run(self) -> Personalised:
        control = self._card.control
        self._note(control, Entry.PERSO_BEGIN, self._contents.digest)
        channel = open_channel(self._card.link, self._counter.sam, control.serial, KeySet.PERSO)
        if not self._resumed:
            control = control.next(Lifecycle.PERSO_OPEN)
            write_control(channel, control)
        todo = self._left(channel) if self._resumed else self._steps
        self._write(channel, control, todo)
        self._read_back(channel, control)
        committed = control.next(Lifecycle.PERSONALISED)
        self._note(committed, Entry.PERSO_COMMIT)
        write_control(channel, committed)
        if read_control(self._card.link) != committed:
            raise CardDamaged(reason="commit_read_back", serial=self._serial)
        self._note(committed, Entry.PERSO_DONE)
        self._counter.register.move(self._serial, CardState.PRINTED)
        self._progress("commit", 1, 1)
        link = self._card.link
        return Personalised(self._serial, committed.tx, self._resumed, link.exchanges, link.writes)

    def _left(self, channel: Sender) -> tuple[WriteStep, ...]:
        """Return the steps from the first differing chunk on; JRN only says where to start looking."""
        hint = parse_hint(read_file(channel, Fid.JRN))
        digest = bytes.fromhex(self._contents.digest)[:16]
        start = hint.step if hint and hint.digest == digest and hint.step < len(self._steps) else 0
        selected: Fid | None = None
        for number, step in enumerate(self._steps[start:], start=start):
            if step.fid is not selected:
                select_file(channel, step.fid)
                selected = step.fid
            self._progress("compare", number, len(self._steps))
            if read_selected(channel, step.offset, len(step.data)) != step.data:
                return self._steps[number:]
        return ()

    def _write(self, channel: Sender, control: Control, steps: Iterable[WriteStep]) -> None:
        total = len(self._steps)
        digest = bytes.fromhex(self._contents.digest)[:16]
        selected: Fid | None = None
        for step in steps:
            number = self._number[step.fid, step.offset]
            if step.fid is not selected:
                hint = ResumeHint(number, step.fid, step.offset, len(step.data), digest)
                write_file(channel, Fid.JRN, hint.encode())
                select_file(channel, step.fid)
                selected = step.fid
            self._note(control, Entry.STEP, f"{step.fid.name}+{step.offset}")
            write_selected(channel, step.offset, step.data)
            self._progress("write", number + 1, total)

    def _read_back(self, channel: Sender, control: Control) -> None:
        """Read every file, repeat a differing one once, then verify the bytes read."""
        files: dict[Fid, bytes] = {}
        for done, fid in enumerate(CONTENT_ORDER):
            self._progress("read_back", done, len(CONTENT_ORDER))
            data = read_file(channel, fid)
            if not _same(data, self._contents.files[fid]):
                _LOG.warning("read-back of %s differs, writing it once more", fid.name)
                self._write(channel, control, [step for step in self._steps if step.fid is fid])
                data = read_file(channel, fid)
                if not _same(data, self._contents.files[fid]):
                    raise CardDamaged(reason="read_back", file=fid.name, serial=self._serial)
            files[fid] = data
        self._progress("read_back", len(CONTENT_ORDER), len(CONTENT_ORDER))
        verify_files(files, self._counter.trust, self._counter.clock)

    def _note(self, control: Control, kind: Entry, detail: str = "") -> None:
        self._counter.journal.note(self._serial, control.tx, kind, detail)


def _already(card: Connected, contents: CardContents, counter: CardCounter) -> Personalised:
    """Finish a run whose answer to the commit was lost: prove that the chip holds these contents."""
    control = card.control
    if control.state is not Lifecycle.PERSONALISED:
        raise CardStateRefused(
            reason="lifecycle", serial=control.serial_text, state=control.state.name
        )
    channel = open_channel(card.link, counter.sam, control.serial, KeySet.AUTH)
    files: Mapping[Fid, bytes] = {fid: read_file(channel, fid) for fid in CONTENT_ORDER}
    verify_files(files, counter.trust, counter.clock)
    if any(not _same(files[fid], contents.files[fid]) for fid in CONTENT_ORDER):
        raise CardVerificationFailed(reason="other_contents", serial=control.serial_text)
    counter.journal.note(control.serial_text, control.tx, Entry.PERSO_DONE)
    counter.register.move(control.serial_text, CardState.PRINTED)
    return Personalised(
        control.serial_text,
        control.tx,
        resumed=True,
        exchanges=card.link.exchanges,
        writes=card.link.writes,
    )


def _same(one: bytes, other: bytes) -> bool:
    return hashlib.sha256(one).digest() == hashlib.sha256(other).digest()


def _fail(counter: CardCounter, control: Control, reason: str) -> None:
    counter.journal.note(control.serial_text, control.tx, Entry.CHIP_FAIL, reason)
    counter.register.move(control.serial_text, CardState.CHIP_FAIL, reason)
