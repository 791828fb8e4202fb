"""The notebook on costing runs from top to bottom, and is kept without outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples/costing_a_floor.ipynb"


def code_cells() -> list[dict[str, Any]]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_every_cell_of_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for library in ("altair", "vl_convert", "xlsxwriter", "openpyxl"):
        pytest.importorskip(library, reason="opensocle[report] is not installed")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in code_cells():
        exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, {cell['id']}", "exec"), names)
    said = capsys.readouterr().out
    assert "full_floor: Full floor (basic_floor, full_floor)" in said and "Additional financing need" in said
    line = next(item for item in names["full"].lines if (item.scheme, item.year) == ("child_grant", 2030))
    assert f"child_grant: {line.paid:,.0f} paid of {line.entitled:,.0f} entitled" in said
    goal = names["goal"]
    assert goal.cost <= goal.budget < goal.cost * (goal.value + 1) / goal.value  # one unit more would exceed it
    values = names["reformed"].schemes["child_grant"].parameters["amount"].values
    assert (values[-1].since.year, values[-1].value) == (2028, goal.value)
    assert {path.name for path in tmp_path.iterdir()} == {"full_floor.svg", "population.svg", "costing.xlsx"}


def test_the_notebook_is_kept_without_outputs() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code_cells())
