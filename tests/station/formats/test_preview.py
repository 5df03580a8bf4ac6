"""The live picture, cut and scaled to the room it is shown in."""

import numpy as np
import pytest

from station.formats import preview


@pytest.mark.parametrize(
    ("size", "room"), [((108, 192), (96, 54)), ((108, 192), (54, 54)), ((30, 40), (200, 100)), ((50, 50), (50, 50))]
)  # fmt: skip
def test_a_covering_picture_has_the_room_s_size_and_shows_the_middle(size, room):
    picture = np.zeros((*size, 3), np.uint8)
    picture[:, size[1] // 2 - 2 : size[1] // 2 + 2] = 255
    made = preview.covering(picture, *room)
    assert made.shape == (room[1], room[0], 4)
    middle = made[:, room[0] // 2, 0]
    assert middle.min() > 100


def test_a_grey_picture_is_covered_too():
    assert preview.covering(np.zeros((10, 20), np.uint8), 10, 10).shape == (10, 10, 4)
