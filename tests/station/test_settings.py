"""The site's settings are read once, strictly; a wrong value names its place."""

import pytest

from station.settings import Profile, Settings, SettingsRefused, load_settings


def written(tmp_path, text):
    path = tmp_path / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_a_file_changes_what_it_names(tmp_path):
    path = written(tmp_path, 'desk = "12"\nprofile = "rehearsal"\n[devices]\ncamera = "0"\n')
    settings = load_settings(path)
    assert (settings.desk, settings.profile, settings.devices.camera) == (
        "12",
        Profile.REHEARSAL,
        "0",
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("desk = 5", "desk"),
        ('area = "6101"', "area"),
        ('zone = "Asia/Atlantis"', "zone"),
        ("unknown = 1", "unknown"),
        ('[devices]\nfinger_protocol = "usb"', "devices.finger_protocol"),
        ("desk =", "syntax"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(tmp_path, text, where):
    with pytest.raises(SettingsRefused) as caught:
        load_settings(written(tmp_path, text))
    assert caught.value.facts["where"] == where
