"""Whatever a client says, an emulated module goes on: any bytes, any command with any arguments."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.sfm import SfmModule
from drivers.emulation.zfm import ZfmModule
from drivers.emulation.zfm_models import ZFM_MODELS
from drivers.fingerprint.sfm_frames import Frame
from drivers.fingerprint.zfm_packets import Pid, encode

PICTURE = np.full((32, 32), 200, np.uint8)
UNLOCK = encode(Pid.COMMAND, b"\x13" + bytes(4))

zfm_packets = st.builds(
    encode,
    st.sampled_from(Pid),
    st.binary(min_size=1, max_size=40),
)
sfm_frames = st.builds(
    lambda *fields: Frame(*fields).encode(),
    st.integers(0, 255),
    st.integers(0, 0xFFFFFFFF),
    st.one_of(st.integers(0, 0xFFFFFFFF), st.sampled_from([0, 1, 2, 256, 4096])),
    st.integers(0, 255),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(zfm_packets, st.binary(max_size=60)), max_size=20))
def test_a_zfm_module_survives_any_conversation(said):
    module = ZfmModule(lambda: PICTURE, width=32, height=32, model=ZFM_MODELS["R503"])
    module.feed(UNLOCK)
    for each in said:
        module.feed(each)
    module.power_on()
    question = encode(Pid.COMMAND, b"\x53", module._para.address)  # it may have been given another
    assert module.feed(question)[0].data[9:-2] == b"\x55"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(sfm_frames, st.binary(max_size=60)), max_size=20))
def test_an_sfm_module_survives_any_conversation(said):
    module = SfmModule(lambda: PICTURE, width=32, height=32)
    for each in said:
        module.feed(each)
    module.power_on()
    assert module.feed(Frame(3, 0, 0, 0x6F).encode())[0].data[10] in (0x61, 0xA1)


def test_packets_too_many_to_be_numbered_are_refused():
    big = np.zeros((400, 300), np.uint8)
    module = SfmModule(lambda: big)
    module.feed(Frame(1, 0, 0x30, 0x6C).encode())
    answers = module.feed(Frame(0x83, 0, 1, 0).encode())
    assert [answer.data[10] for answer in answers] == [0x62, 0x75]
