"""Rules for every test: on the build machine nothing that needs the card service may be left out."""

import os

import pytest
from hypothesis import settings

# Shared machines are noisy: how long one example takes says nothing; the benchmarks measure.
settings.register_profile("rekam", deadline=None)
settings.load_profile("rekam")

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
