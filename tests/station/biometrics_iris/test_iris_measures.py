"""The formulas of ISO/IEC 29794-6, worked out by hand on pictures of known levels."""

import numpy as np
import pytest

from station.biometrics.iris import measure
from station.biometrics.iris.geometry import Circle
from tests.station.biometrics_iris.drawn import IRIS, PUPIL, discs, geometry


def test_the_contrasts_are_those_of_the_medians_of_pupil_iris_and_sclera():
    levels = measure.levels(discs(), geometry())
    assert (levels.pupil, levels.iris, levels.sclera) == (20, 90, 160)
    assert levels.sclera_contrast == pytest.approx(100 * (160 - 90) / (160 + 90 - 40))
    weber = (90 - 20) / (20 + 20)
    assert levels.pupil_contrast == pytest.approx(100 * weber / (0.75 + weber))


def test_the_sclera_contrast_is_zero_when_the_divisor_is_not_positive():
    assert measure.Levels(100, 100, 100).sclera_contrast == 0
    assert measure.Levels(120, 100, 110).sclera_contrast == 0


def test_an_iris_darker_than_the_pupil_has_no_pupil_contrast():
    assert measure.Levels(pupil=80, iris=40, sclera=200).pupil_contrast == 0


def test_the_pupil_contrast_reads_the_iris_and_not_the_sclera():
    one = measure.levels(discs(levels=(20, 90, 160)), geometry())
    other = measure.levels(discs(levels=(20, 90, 250)), geometry())
    assert one.pupil_contrast == other.pupil_contrast


def test_covered_pixels_change_no_median():
    covered = np.ones((480, 640), bool)
    covered[:240] = False
    picture = discs()
    picture[:240] = 255
    levels = measure.levels(picture, geometry(visible=covered))
    assert (levels.pupil, levels.iris, levels.sclera) == (20, 90, 160)


def test_half_a_covered_ring_is_half_usable():
    covered = np.ones((480, 640), bool)
    covered[:240] = False
    assert measure.usable_area(geometry(visible=covered)) == pytest.approx(50, abs=1)
    assert measure.usable_area(geometry()) == pytest.approx(100, abs=1)


def test_iris_beyond_the_picture_is_not_usable():
    iris, pupil = Circle(0.0, 240.0, 100.0), Circle(0.0, 240.0, 40.0)
    assert measure.usable_area(geometry(pupil, iris)) == pytest.approx(50, abs=1.5)


def test_the_ratio_is_that_of_the_radii():
    assert measure.pupil_ratio(geometry()) == 40


@pytest.mark.parametrize(("off", "expected"), [(0, 100), (10, 90), (60, 40), (150, 0)])
def test_concentricity_falls_by_the_way_between_the_centres(off, expected):
    pupil = Circle(PUPIL.x + off, PUPIL.y, PUPIL.radius)
    assert measure.concentricity(geometry(pupil)) == pytest.approx(expected)


def test_the_entropy_is_that_of_the_iris_alone():
    y, x = np.mgrid[0:480, 0:640]
    picture = discs()
    ring = (np.hypot(x - 320, y - 240) < 102) & (np.hypot(x - 320, y - 240) > 38)
    picture[ring] = (64 * ((x // 2 + y // 2) % 4))[ring]  # four levels, equally often
    assert measure.grey_bits(picture, geometry()) == pytest.approx(2, abs=0.01)
    assert measure.grey_bits(discs(), geometry()) == 0


def test_the_entropy_of_256_equal_levels_is_eight_bits():
    assert measure.entropy(np.repeat(np.arange(256, dtype=np.uint8), 3)) == pytest.approx(8)
    assert measure.entropy(np.zeros(0, np.uint8)) == 0


@pytest.mark.parametrize(
    ("iris", "expected"),
    [
        (Circle(320, 240, 100), 100),
        (Circle(130, 240, 100), 50),  # left: 30 of 60 px
        (Circle(640 - 130, 240, 100), 50),  # right, where the public code adds the radius
        (Circle(320, 110, 100), 50),  # above: 10 of 20 px
        (Circle(320, 480 - 110, 100), 50),  # below
        (Circle(100, 240, 100), 0),
        (Circle(40, 240, 100), 0),
    ],
)
def test_the_margin_is_the_least_of_four_sides(iris, expected):
    assert measure.margin((480, 640), iris) == pytest.approx(expected)


def test_the_focus_kernel_is_symmetric_and_blind_to_flat_pictures():
    kernel = measure.FOCUS_KERNEL
    assert kernel.shape == (9, 9)
    assert kernel.sum() == 0
    assert (kernel == kernel[::-1]).all()
    assert (kernel == kernel[:, ::-1]).all()
    assert (kernel == kernel.T).all()
    assert list(kernel[4]) == [2, 5, 0, -24, -40, -24, 0, 5, 2]


def test_the_sharpness_of_one_bright_pixel_is_that_of_the_kernel():
    picture = np.zeros((64, 80), np.uint8)
    picture[32, 40] = 200  # every fourth pixel: the taps at -4, 0 and 4 see it
    power = float(((200 * measure.FOCUS_KERNEL[::4, ::4]) ** 2).sum()) / (64 * 80)
    expected = 100 * power**2 / (power**2 + 180_000.0**2)
    assert measure.sharpness(picture) == pytest.approx(expected, rel=1e-6)
    assert expected > 0


@pytest.mark.parametrize("shape", [(9, 9), (10, 13), (37, 50), (64, 81)])
def test_the_folded_filter_is_the_filter_at_every_fourth_pixel(shape):
    picture = np.random.default_rng(5).integers(0, 256, shape).astype(np.uint8)
    height, width = shape
    power = 0.0
    for y in range(4, height - 4, 4):
        for x in range(4, width - 4, 4):
            seen = picture[y - 4 : y + 5, x - 4 : x + 5].astype(float)
            power += float((seen * measure.FOCUS_KERNEL).sum()) ** 2
    expected = measure.focus_of_power(power / (height * width))
    assert measure.sharpness(picture) == pytest.approx(expected, rel=1e-12)


def test_sharpness_squares_every_response_and_not_their_sum():
    """A row of alternating stripes has responses that cancel when summed first."""
    picture = np.tile(np.array([90] * 4 + [150] * 4, np.uint8), (64, 10))
    assert measure.sharpness(picture) > 0.01


def test_half_power_gives_fifty():
    assert measure.focus_of_power(180_000.0) == pytest.approx(50)
    assert measure.focus_of_power(0) == 0


def test_a_flat_picture_and_one_smaller_than_the_kernel_have_no_sharpness():
    assert measure.sharpness(np.full((480, 640), 130, np.uint8)) == 0
    assert measure.sharpness(np.zeros((8, 200), np.uint8)) == 0


def test_a_round_boundary_is_circular_and_a_wavy_one_less_by_its_coefficients():
    angles = np.linspace(0, 2 * np.pi, 256, endpoint=False)
    assert measure.circularity(np.full(256, 40.0)) == pytest.approx(100)
    # One cosine of amplitude a has |DFT|^2 = (256 a/2)^2: over 256 that is 64 a^2.
    wavy = 40 + 0.5 * np.cos(3 * angles)
    assert measure.circularity(wavy) == pytest.approx(100 - 64 * 0.25)
    assert measure.circularity(40 + 0.5 * np.cos(17 * angles)) == pytest.approx(100)
    assert measure.circularity(40 + 5 * np.cos(2 * angles)) == 0


def test_a_boundary_that_hardly_shows_has_no_circularity():
    assert measure.circularity(np.full(20, 40.0)) == 0


def test_a_drawn_pupil_is_rounder_than_a_flattened_one():
    y, x = np.mgrid[0:480, 0:640]
    flat = np.full((480, 640), 90, np.uint8)
    flat[((x - 320) / 42) ** 2 + ((y - 240) / 38) ** 2 < 1] = 20
    round_one = measure.pupil_circularity(discs(), geometry())
    assert round_one > 90
    assert measure.pupil_circularity(flat, geometry()) < round_one - 30


def test_the_iris_sharpness_hears_nothing_of_lashes_beside_the_iris():
    y, x = np.mgrid[0:480, 0:640]
    texture = (90 + 20 * np.sin(x / 3.0) * np.sin(y / 3.0)).astype(np.uint8)
    lashes = texture.copy()
    lashes[np.hypot(x - IRIS.x, y - IRIS.y) > 1.1 * IRIS.radius] = 255
    lashes[::3][np.hypot(x - IRIS.x, y - IRIS.y)[::3] > 1.1 * IRIS.radius] = 0
    assert measure.iris_sharpness(lashes, geometry()) == pytest.approx(
        measure.iris_sharpness(texture, geometry())
    )
    assert measure.sharpness(lashes) > measure.sharpness(texture)
