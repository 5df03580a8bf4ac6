"""The first thing after opening: finish or undo what a kill left half-done. Nothing acknowledged is touched."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station.capture import events as ev
from station.errors import StoreCorrupt
from station.store import disk, drafts, packets
from station.store.database import Database
from station.store.drafts import Drafts
from station.store.packets import Packets

_LOG = logging.getLogger(__name__)
ASIDE: Final = "aside"


@dataclass(slots=True)
class SweepReport:
    """What was found at start; the audit log notes it when anything is there."""

    torn: int = 0  # .tmp files of a write that was cut
    orphans: int = 0  # sealed files without a row whose draft is still whole
    set_aside: list[str] = field(default_factory=list)  # sealed files nobody knows: kept apart
    shredded: int = 0  # drafts of sealed packets, and abandoned ones, that a kill left behind
    remains: int = 0  # files of drafts whose key is gone, and samples never acknowledged
    missing: list[str] = field(
        default_factory=list
    )  # packets whose file is gone or has another size
    damaged: list[str] = field(default_factory=list)  # drafts that cannot be read

    @property
    def quiet(self) -> bool:
        """Whether nothing was found."""
        return self == SweepReport()


def sweep(
    folder: Path, database: Database, kept_drafts: Drafts, kept_packets: Packets
) -> SweepReport:
    """Bring files and rows into agreement; the caller holds the store alone."""
    report = SweepReport()
    with disk.translated("sweep"):
        _remove_torn(folder, report)
        _settle_packets(folder, kept_drafts, kept_packets, report)
        _settle_drafts(kept_drafts, kept_packets, report)
    database.execute("UPDATE outbox SET lease_until=NULL")  # whoever held a lease is gone
    if not report.quiet:
        _LOG.warning("sweep: %s", report)
    return report


def _remove_torn(folder: Path, report: SweepReport) -> None:
    for path in folder.rglob("*.tmp"):
        path.unlink()
        report.torn += 1


def _settle_packets(folder: Path, kept: Drafts, sealed: Packets, report: SweepReport) -> None:
    rows = {row.id: row for row in sealed.all()}
    unsealed = set(kept.ids())
    for path in sorted(sealed.folder.glob(f"*{packets.SUFFIX}")):
        row = rows.get(path.stem)
        if row is not None and row.destroyed_at is not None:
            path.unlink()  # the destruction was committed, the removal was cut
        elif row is None and path.stem in unsealed:
            path.unlink()  # never acknowledged; its draft is whole and will be sealed again
            report.orphans += 1
        elif row is None:
            path.replace(folder / ASIDE / path.name)
            report.set_aside.append(path.stem)
    disk.sync_folder(sealed.folder)
    for row in rows.values():
        path = sealed.path(row.id)
        if row.destroyed_at is None and (not path.exists() or path.stat().st_size != row.size):
            report.missing.append(row.id)


def _settle_drafts(kept: Drafts, sealed: Packets, report: SweepReport) -> None:
    for draft_id in kept.ids():
        if draft_id in report.missing:
            continue  # the packet's file is not as sealed: the draft is the only copy that is left
        if sealed.known(draft_id):
            kept.shred(draft_id)
            report.shredded += 1
            continue
        try:
            draft = kept.get(draft_id)
            if any(isinstance(event, ev.Abandoned) for event in draft.events()):
                draft.shred()  # the operator ended it, the shredding was cut
                report.shredded += 1
            else:
                report.remains += _remove_unacknowledged(kept.folder, draft)
        except StoreCorrupt:
            report.damaged.append(draft_id)
    known = set(kept.ids())
    for folder in kept.folder.iterdir():
        if folder.is_dir() and folder.name not in known:
            kept.shred(folder.name)
            report.remains += 1


def _remove_unacknowledged(folder: Path, draft: drafts.Draft) -> int:
    used = set()
    for event in draft.events():
        if isinstance(event, ev.AttemptTaken):
            used |= {event.sample.sha256, event.sample.companion_sha256}
    removed = 0
    for path in (folder / draft.id).glob(f"*{drafts.SUFFIX}"):
        if path.stem not in used:
            path.unlink()
            removed += 1
    return removed
