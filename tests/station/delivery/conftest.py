import pytest

from station.clock import FixedClock
from station.keys.rehearsal import make_rehearsal_keys
from tests.station.packet.builders import NOW


@pytest.fixture(scope="package")
def keys(tmp_path_factory):
    return make_rehearsal_keys(tmp_path_factory.mktemp("keys"), FixedClock(NOW))
