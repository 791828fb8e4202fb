"""A country and people to try `socle` on."""

from __future__ import annotations

from pathlib import Path

import pytest
from socle_runner import Socle, invoke


@pytest.fixture
def socle() -> Socle:
    return invoke


@pytest.fixture
def mycountry(tmp_path: Path) -> Path:
    """A new country's folder."""
    invoke("new", tmp_path / "mycountry", "--name", "My country")
    return tmp_path / "mycountry"


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few hundred people of Exemplia, with gaps in the data."""
    folder = tmp_path_factory.mktemp("socle") / "people"
    invoke("people", folder, "--persons", "600", "--unknowns", "0.1")
    return folder


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    """A reform: the child grant doubles, and the disability grant is no more."""
    path = tmp_path / "bill.yaml"
    path.write_text(
        'overlay: bill\nschemes:\n  child_grant: {parameters: {amount: {values: {2026-01-01: 60}, source: "Bill 3/2026"}}}\n  mutual_health: null\n',
        encoding="utf-8",
    )
    return path
