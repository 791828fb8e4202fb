"""The starter country is valid and passes its own cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from opensocle.errors import InputError
from opensocle.law.cases import read_cases
from opensocle.law.loading import read_country
from opensocle.law.skeleton import new_country


@pytest.mark.parametrize("name", ["Newland", "Côte d'Azur", 'The "old" \\ {new} land: #1', "null", "日本"])
def test_a_new_country_has_no_problem_and_no_warning(tmp_path: Path, name: str) -> None:
    paths = new_country(tmp_path / "a" / "new", name)
    assert len(paths) == 7
    text = read_country(tmp_path / "a" / "new").require()
    assert not text.warnings
    assert text.country is not None
    assert text.country.title["en"] == name
    cases, problems = read_cases(tmp_path / "a" / "new")
    assert len(cases) == 6
    assert not problems


def test_it_compiles_and_its_cases_pass(tmp_path: Path) -> None:
    from opensocle.engine.cases import run_cases
    from opensocle.law.law import load

    new_country(tmp_path, "Newland")
    outcomes = run_cases(load(tmp_path), read_cases(tmp_path)[0])
    assert [outcome.case.name for outcome in outcomes if not outcome.passed] == []


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="not an empty folder"):
        new_country(tmp_path, "Newland")
    with pytest.raises(InputError, match="not an empty folder"):
        new_country(tmp_path / "note.txt", "Newland")
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101])
def test_a_name_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="one line"):
        new_country(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()
