"""The settings that the documentation prints can be read, and the guide's first ones run."""

from __future__ import annotations

import re
from pathlib import Path

from opensocle import country_folder
from opensocle.analysis.impact.reading import read_settings
from opensocle.analysis.impact.study import study
from opensocle.law.law import load
from opensocle.law.overlays import read_overlay
from opensocle.population.tables import Population

DOCS = Path(__file__).resolve().parents[3] / "docs"
FOLDER = Path(country_folder("exemplia"))


def blocks(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_reference_s_settings_are_those_that_are_read_and_its_formulas_run(tmp_path: Path) -> None:
    law = load(FOLDER)
    (tmp_path / "overlays").mkdir()
    (tmp_path / "overlays" / "child_grant_to_18.yaml").write_bytes((FOLDER / "overlays" / "child_grant_to_18.yaml").read_bytes())
    (tmp_path / "impact.yaml").write_text(blocks("reference/impact.md")[0], encoding="utf-8")
    told = read_settings(tmp_path / "impact.yaml", law)
    made = study(law, told, Population.open(FOLDER / "data" / "survey"), FOLDER)
    assert set(made.scenarios) == {"none", "current", "child_grant_to_18", "full_floor"} and set(made.lines) == {
        "national",
        "international",
        "relative",
    }
    assert made.figure("coverage", of="cash_transfer", grouping="elderly", group="yes").estimate >= 0
    assert made.figure("deprived", of="out_of_school", scenario="").estimate >= 0


def test_the_guide_s_first_settings_and_its_reform_run(tmp_path: Path) -> None:
    law = load(FOLDER)
    first, overlay = blocks("howto/who-benefits.md")
    (tmp_path / "impact.yaml").write_text(first, encoding="utf-8")
    (tmp_path / "reform.yaml").write_text(overlay, encoding="utf-8")
    assert read_overlay(tmp_path / "reform.yaml").title["fr"] == "Allocation pour enfant jusqu'à 18 ans"
    made = study(law, read_settings(tmp_path / "impact.yaml", law), Population.open(FOLDER / "data" / "survey"), FOLDER)
    assert made.figure("coverage", of="child_grant").estimate > 0
