"""The PC/SC service that this room's tests share."""

from collections.abc import Iterator

import pytest

from drivers.smartcard.service import service_readers, start_service
from station.clock import Deadline
from station.errors import NoReader


@pytest.fixture(scope="module")
def service() -> Iterator[None]:
    """One service per machine: use the running one, else start ours and stop it at the end."""
    try:
        service_readers()
    except NoReader:
        try:
            stop = start_service(Deadline.after(5))
        except NoReader as why:
            pytest.skip(f"no PC/SC service: {why}")
        yield
        stop()
    else:
        yield
