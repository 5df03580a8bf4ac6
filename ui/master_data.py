"""Checking an official region table on the command line, before anyone accepts it."""

from collections.abc import Iterator
from pathlib import Path

from station.clock import SystemClock
from station.person.bundle import load_demo_bundle
from station.person.importer import import_regions
from station.settings import Settings


def checked_regions(table: Path) -> Iterator[str]:
    """Yield what the table would change in the running bundle; MasterDataRefused names the line."""
    running = load_demo_bundle()
    today = SystemClock().now().astimezone(Settings().zone_info).date()
    found = import_regions(
        table.read_bytes(),
        running.regions,
        version=running.regions.version + "+1",
        decree=running.regions.decree,
        valid_from=today,
        coverage=running.regions.coverage,
    )
    yield f"tabel berjalan: {running.version}"
    for what, count in found.counts.items():
        yield f"{what}: {count}"
