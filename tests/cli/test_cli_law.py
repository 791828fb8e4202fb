"""The commands about the text of a law: new, check, schema, show, cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from socle_runner import Socle

from opensocle.law.schema import KINDS


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_newcomer_goes_from_nothing_to_a_result(tmp_path: Path, socle: Socle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = socle("new", "mycountry").stdout
    assert "socle check mycountry" in said and "Mycountry" in said
    assert "is fine: 2 schemes" in socle("check", "mycountry").stdout

    scheme = tmp_path / "mycountry" / "schemes" / "child_grant.yaml"
    change(scheme, "if(eligible, amount, 0)", "if(eligible, amont, 0)")
    said = socle("check", "mycountry", code=1).stdout
    lines = said.splitlines()
    assert lines[0].startswith("mycountry/schemes/child_grant.yaml:31:") and "unknown name 'amont'" in lines[0]
    assert lines[2].index("^") == lines[1].index("amont")
    assert "did you mean 'amount'?" in lines[3]
    assert "1 problem" in lines[-1]
    assert "did you mean 'amount'?" in socle("cases", "mycountry", code=1).stderr

    change(scheme, "amont", "amount")
    assert "is fine" in socle("check", "mycountry").stdout
    assert "0 fail" in socle("cases", "mycountry").stdout
    socle("people", "people", "--persons", 200)
    said = socle("run", "mycountry", "people", "2026-01").stdout
    assert "Child grant" in said and "a month" in said and "What made these results" in said


def test_new_overwrites_nothing_and_says_what_it_wrote(mycountry: Path, tmp_path: Path, socle: Socle) -> None:
    assert "nothing is overwritten" in socle("new", mycountry, code=2).stderr
    assert {Path(name).name for name in socle("new", tmp_path / "two", "--json").data["files"]} >= {"country.yaml", "concepts.yaml"}


def test_check_gives_all_problems_as_data(mycountry: Path, socle: Socle) -> None:
    change(mycountry / "schemes" / "child_grant.yaml", "branch: family", "branch: famly")
    change(mycountry / "schemes" / "old_age_pension.yaml", "kind:", "knid:")
    data = socle("check", mycountry, "--json", code=1).data
    assert {problem["at"].split(":")[0] for problem in data["problems"]} == {"schemes/child_grant.yaml", "schemes/old_age_pension.yaml"}
    assert any("family" in problem["hint"] for problem in data["problems"])
    assert data["law"] is None


def test_check_gives_counts_and_the_hash_of_a_law_that_is_fine(socle: Socle) -> None:
    data = socle("check", "exemplia", "--json").data
    assert data["problems"] == [] and len(data["law"]) == 64 and data["counts"]["schemes"] >= 20
    assert data["law"] in socle("check", "exemplia").stdout


def test_warnings_are_shown_apart_and_count_with_strict(mycountry: Path, socle: Socle) -> None:
    change(
        mycountry / "schemes" / "child_grant.yaml",
        "values: {2024-01-01: 30}",
        "values: {2021-01-01: 26, 2022-01-01: 27, 2023-01-01: 28, 2024-01-07: 30}",
    )
    said = socle("check", mycountry).stdout
    assert ": warning " in said and "1 warning" in said and "is fine" in said
    assert socle("check", mycountry, "--json").data["warnings"]
    socle("check", mycountry, "--strict", code=1)


def test_check_reads_the_form_of_the_cases_too(mycountry: Path, socle: Socle) -> None:
    change(mycountry / "cases" / "child_grant.yaml", "expect:", "expects:")
    said = socle("check", mycountry, code=1).stdout
    assert "cases/child_grant.yaml:" in said and "'expect'" in said


def test_a_long_line_is_cut_around_the_column(mycountry: Path, socle: Socle) -> None:
    long = " + ".join(["0"] * 25)
    change(mycountry / "schemes" / "child_grant.yaml", "if(eligible, amount, 0)", f"{long} + amont + {long}")
    shown = [line for line in socle("check", mycountry, code=1).stdout.splitlines() if " | " in line]
    assert max(map(len, shown)) < 120
    assert shown[1].index("^") == shown[0].index("amont")


def test_no_sign_of_a_strangers_file_steers_the_terminal(mycountry: Path, socle: Socle) -> None:
    (mycountry / "schemes" / "child_grant.yaml").write_bytes(b"scheme: \x1b[31mred\n")
    said = socle("check", mycountry, code=1).stdout
    assert "\x1b" not in said and "U+001B" in said


def test_cases_that_fail_show_what_differs_first_with_its_place(mycountry: Path, socle: Socle) -> None:
    change(mycountry / "schemes" / "child_grant.yaml", "values: {2024-01-01: 5}", "values: {2024-01-01: 3}")
    said = socle("cases", mycountry, code=1).stdout
    assert "differs first: child_grant.eligible" in said and "differs too: child_grant.benefit" in said
    assert "expected true, found false" in said and "cases/child_grant.yaml:" in said
    data = socle("cases", mycountry, "--json", code=1).data
    bad = next(case for case in data["cases"] if not case["passed"])
    assert [d["variable"] for d in bad["differences"]] == ["child_grant.eligible", "child_grant.benefit"]
    assert data["failed"] >= 1


def test_cases_are_counted_by_scheme_and_can_be_chosen(socle: Socle) -> None:
    said = socle("cases", "exemplia", "--scheme", "child_grant", "-v").stdout
    assert "passes  child_grant:" in said and "old_age_pension" not in said
    assert "cases: " in said


def test_a_schema_is_printed_and_is_one(socle: Socle) -> None:
    for kind in KINDS:
        Draft202012Validator.check_schema(json.loads(socle("schema", kind).stdout))


def test_schemas_are_written_for_an_editor_and_leave_its_own_settings_alone(mycountry: Path, socle: Socle) -> None:
    assert "VS Code" in socle("schema", "--out", mycountry).stdout
    settings = mycountry / ".vscode" / "settings.json"
    written = json.loads(settings.read_text(encoding="utf-8"))["yaml.schemas"]
    assert all((mycountry / name).is_file() for name in written) and len(written) == len(KINDS)
    socle("check", mycountry)
    settings.write_text("{}", encoding="utf-8")
    assert "left alone" in socle("schema", "--out", mycountry).stdout
    assert settings.read_text(encoding="utf-8") == "{}"


def test_a_scheme_is_shown_in_two_languages_and_three_forms(tmp_path: Path, socle: Socle) -> None:
    assert "Old-age pension" in socle("show", "exemplia", "old_age_pension").stdout
    assert "Pension de vieillesse" in socle("show", "exemplia", "old_age_pension", "--lang", "fr").stdout
    assert socle("show", "exemplia", "concepts", "--format", "markdown").stdout.startswith("# ")
    socle("show", "exemplia", "child_grant", "--format", "html", "--out", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_law_is_shown_as_the_list_of_its_schemes(socle: Socle) -> None:
    said = socle("show", "exemplia").stdout
    assert "child_grant" in said and "Universal child grant" in said
    assert len(socle("show", "exemplia", "--json").data["schemes"]) >= 20
    assert socle("show", "exemplia", "child_grant", "--json").data["parameters"]["amount"]["unit"] == "XMU/month"


def test_a_scheme_is_shown_as_a_reform_would_have_it(bill: Path, socle: Socle) -> None:
    assert "Bill 3/2026" in socle("show", "exemplia", "child_grant", "--reform", bill).stdout
