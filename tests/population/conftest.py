"""What the tests of populations share."""

from __future__ import annotations

from pathlib import Path

import pytest

from opensocle.vocabulary import Vocabulary, vocabulary

REGIONS = ("burgenland", "carinthia", "lower_austria", "upper_austria", "salzburg", "styria", "tyrol", "vienna", "vorarlberg", "north", "south")


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    """The package's vocabulary in euros, with some regions."""
    return vocabulary("EUR", 2, {"region": {"values": {name: {"en": name, "fr": name} for name in REGIONS}}})


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that is not part of the project."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data (../shared/data) are not here")
    return folder
