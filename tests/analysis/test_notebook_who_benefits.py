"""The notebook on who benefits runs from top to bottom, and is kept without outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples/who_benefits.ipynb"


def code_cells() -> list[dict[str, Any]]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_every_cell_of_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for library in ("altair", "vl_convert", "xlsxwriter", "pandas"):
        pytest.importorskip(library, reason="opensocle[report] is not installed")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in code_cells():
        exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, {cell['id']}", "exec"), names)
    said = capsys.readouterr().out
    made = names["made"]
    rate = made.figure("fgt0", line="national")
    assert f"current: {rate.estimate:.1%} poor, standard error {rate.se:.1%}" in said
    assert "child_grant_to_18: " in said and "Share of the poor" not in said
    regions = [cause for cause in names["found"] if cause.grouping == ("region",) and cause.text == "not public_pension"]
    whole = next(cause for cause in names["found"] if not cause.grouping and cause.text == "not public_pension")
    assert sum(cause.persons for cause in regions) == whole.persons and f"{regions[0].group[0]}: not public_pension" in said
    assert {path.name for path in tmp_path.iterdir()} == {"groups.svg", "winners.svg", "impact.xlsx", "impact.html"}


def test_the_notebook_is_kept_without_outputs() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells())
