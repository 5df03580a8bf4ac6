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


def pytest_terminal_summary(terminalreporter):
    """Say what the conformance kit tried; the figures travel with the reports, also from xdist's workers."""
    told = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, value in getattr(report, "user_properties", ())
        if name == "conformance"
    ]
    if not told:
        return

    def total(figure):
        return sum(each[figure] for each in told)

    terminalreporter.section("drivers on a bad wire")
    for each in told:
        terminalreporter.line(
            f"{each['driver']}: {each['faults']} faults tried, "
            f"{each['held']} of {each['invariants']} invariants held"
        )
    terminalreporter.line(
        f"{len(told)} drivers, {total('faults')} faults tried, {total('held')} of {total('invariants')} "
        f"invariants held, {total('wrong')} wrong results, {total('hangs')} hangs, {total('late')} late, "
        f"{total('leaks')} leaks"
    )
