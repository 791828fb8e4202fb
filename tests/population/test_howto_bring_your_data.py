"""The guide's example runs as it is printed."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from opensocle.population import Population

GUIDE = Path(__file__).resolve().parents[2] / "docs/howto/bring-your-data.md"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_guide_reads_its_own_survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("silc.csv").write_text(blocks("csv")[0], encoding="utf-8")
    Path("silc.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    rows = ["ISO3_code,Time,Variant,AgeGrp,PopMale,PopFemale"]
    rows += [f"TGO,2024,Medium,{f'{first}-{first + 4}' if first < 100 else '100+'},{101 - first}.5,{101 - first}" for first in range(0, 101, 5)]
    Path("WPP2024_PopulationByAge5GroupSex_Medium.csv").write_text("\n".join(rows), encoding="utf-8")
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)
    assert capsys.readouterr().out == "".join(blocks("text"))
    opened, cells = Population.open("silc"), names["cells"]
    assert isinstance(cells, Population)
    assert opened.person(12)["members"][12]["age"] == 6 and not Path("rejected.csv").exists()
    data = cells.tables["persons"].data
    assert data is not None and sum(data.column("weight").to_pylist(), Decimal()) == sum(
        Decimal(2 * (101 - f)) * 1000 + 500 for f in range(0, 101, 5)
    )
