"""Every interface test runs off-screen in the product's own dress."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from ui import theme as look


@pytest.fixture
def theme(qapp):
    return look.apply(qapp)


@pytest.fixture
def large(qapp):
    return look.apply(qapp, 1.25)
