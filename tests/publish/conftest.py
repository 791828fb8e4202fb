"""The invented costing, once for all tests of publications, and LibreOffice to recalculate workbooks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sample

from opensocle.analysis.model import Costing


@pytest.fixture(scope="session")
def costing() -> Costing:
    return sample.costing()


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """A function that has LibreOffice calculate every formula of a workbook anew: the values that the program wrote are thrown away first."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-calc-nogui)")
    import openpyxl

    home = tmp_path_factory.mktemp("office")

    def run(path: Path) -> Path:
        bare, out = home / path.name, home / "out"
        openpyxl.load_workbook(path).save(bare)  # openpyxl keeps formulas and drops their values
        command = [
            "soffice",
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(bare),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return out / path.name

    return run
