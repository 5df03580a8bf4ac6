"""Rules for every test: on the build machine nothing that needs the card service may be left out."""

import os

import pytest

# What shares the machine's card slots, device-service ports or processors runs in one worker.
_TOGETHER = (
    "tests/journeys",
    "tests/drivers/card",
    "tests/drivers/sbi",
    "tests/drivers/stage",
    "tests/drivers/camera",
)
_OUT = "skipped on the build machine; the card service is needed there"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skipped ``pcsc`` test into a failure when CI=true."""
    report = yield
    wanted = os.environ.get("CI") == "true" and item.get_closest_marker("pcsc") is not None
    if wanted and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{_OUT}: {report.longrepr}"
    return report


def pytest_collection_modifyitems(config, items):
    """Keep the tests that share something in one worker when several run."""
    root = config.rootpath
    for item in items:
        place = item.path.relative_to(root).as_posix()
        if place.startswith(_TOGETHER):
            item.add_marker(pytest.mark.xdist_group("machine"))
