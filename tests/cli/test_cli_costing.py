"""Projections, costs, budgets, reports, scenarios and data on the command line."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path
from urllib.error import URLError

import pytest
from socle_runner import Socle

from opensocle import country_folder


def test_a_projection_shows_people_work_and_the_economy(socle: Socle) -> None:
    text = socle("project", "exemplia", "--until", "2026").stdout
    assert "Labour force" in text and "Dependency" in text and "GDP" in text
    years = socle("project", "exemplia", "--scenario", "full_floor", "--until", "2027", "--json").data["years"]
    assert [year["year"] for year in years] == [2025, 2026, 2027]
    assert all(abs(sum(int(year[part]) for part in ("children", "adults", "old")) - int(year["population"])) <= 2 for year in years)
    for year in years:
        ages = [Decimal(number) for sex in ("men", "women") for number in year["by_age"][sex]]
        assert len(ages) == 202 and abs(sum(ages) - int(year["population"])) <= 101
    french = socle("project", "exemplia", "--until", "2027", "--lang", "fr").stdout
    assert "2025, hommes  2025, femmes  2026, hommes" in french and "\n100+ " in french


def test_a_cost_is_the_same_on_the_screen_in_json_and_in_the_file(socle: Socle, tmp_path: Path) -> None:
    out = tmp_path / "cost.csv"
    args = ("cost", "exemplia", "--scenario", "full_floor", "--against", "status_quo", "--until", "2027")
    data = socle(*args, "--json", "--out", out).data
    with out.open(encoding="utf-8") as file:
        rows = {(row["scenario"], row["scheme"], int(row["year"])): row for row in csv.DictReader(file)}
    scenarios = {each["scenario"]: each for each in data["scenarios"]}
    assert list(scenarios) == ["status_quo", "full_floor"]
    for name, scenario in scenarios.items():
        assert all(rows[name, line["scheme"], line["year"]]["benefits"] == line["benefits"] for line in scenario["lines"])
        for whole in scenario["totals"]:
            assert sum(Decimal(line["gross"]) for line in scenario["lines"] if line["year"] == whole["year"]) == Decimal(whole["gross"])
    for part in scenarios["full_floor"]["extension"]:
        assert abs(Decimal(part["horizontal"]) + Decimal(part["vertical"]) - Decimal(part["difference"])) < Decimal("1e-9")
    text = socle(*args, "--years", "2027", "--lang", "fr").stdout
    assert "Ayants droit" in text and "par rapport à" in text


def test_a_budget_shows_the_account_the_gap_and_the_mix(socle: Socle) -> None:
    text = socle("budget", "exemplia", "--scenario", "full_floor", "--until", "2027").stdout
    assert all(word in text for word in ("general government", "Additional financing need", "how the levers close the gap"))
    found = socle("budget", "exemplia", "--scenario", "full_floor", "--until", "2027", "--json").data["scenarios"][0]
    for year, mix in zip(found["budget"], found["closing"], strict=True):
        assert sum(Decimal(each["amount"]) for each in mix["used"]) + Decimal(mix["open"]) == max(Decimal(year["gap"]), 0)


def test_scenarios_are_listed_shown_and_compared(socle: Socle) -> None:
    listed = socle("scenario", "list", "exemplia")
    assert "full_floor" in listed.stdout and "Warning" not in listed.stderr
    assert "the net cost of status_quo" in socle("scenario", "show", "exemplia", "full_floor").stdout
    assert "take_up.birth_grant" in socle("scenario", "show", "exemplia", "full_floor").stdout
    assert socle("scenario", "show", "exemplia", "full_floor", "--json").data["changes"]
    assert "Gross expenditure" in socle("scenario", "compare", "exemplia", "--until", "2026").stdout
    swings = socle("scenario", "sensitivity", "exemplia", "full_floor", "--until", "2025", "--json").data["sensitivity"]
    assert {swing["path"] for swing in swings} >= {"take_up.child_grant"}


def test_a_reform_that_ends_an_indexation_is_warned_of(socle: Socle, tmp_path: Path) -> None:
    country = tmp_path / "exemplia"
    shutil.copytree(country_folder("exemplia"), country)
    path = country / "overlays/basic_floor.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-01: 31.40, ", ""), encoding="utf-8")
    said = "child_grant.amount: the value of 2027-01-01 ends the indexation of 2026"
    assert said in socle("check", country).stdout
    assert [each["code"] for each in socle("check", country, "--json").data["warnings"]] == ["L034"]
    socle("check", country, "--strict", code=1)
    assert socle("scenario", "list", country).stderr.count(said) == 1
    assert said in socle("scenario", "show", country, "full_floor").stderr
    assert "Warning" not in socle("scenario", "show", country, "status_quo").stderr


def test_a_benefit_is_sought_for_a_budget(socle: Socle) -> None:
    args = ("scenario", "seek", "exemplia", "status_quo", "--parameter", "child_grant.amount", "--year", "2026", "--low", "10", "--high", "80")
    found = socle(*args, "--step", "1", "--budget", "0.01", "--json").data
    assert Decimal(found["cost"]) <= Decimal(found["budget"]) and found["overlay"]["schemes"]["child_grant"]
    assert "child_grant.amount = " in socle(*args, "--step", "1", "--budget", "0.01").stdout
    assert "A021" in socle(*args, "--step", "1", "--budget", "0.000001", code=2).stderr


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("cost", "exemplia", "--scenario", "nothing"), "A002"),
        (("cost", "exemplia", "--until", "1950"), "U050"),
        (("cost", "jordan"), "A003"),
        (("scenario", "show", "exemplia", "full_flor"), "U051"),
        (("scenario", "list", "jordan"), "U051"),
        (("project", "jordan"), "U052"),
        (("data", "show", "nowhere"), "U014"),
        (("data", "download", "nothing.csv"), "P118"),
        (("data", "import", "nowhere.csv", "--kind", "births", "--out", "x"), "D111"),
    ],
)
def test_wrong_input_is_said_with_its_code(socle: Socle, args: tuple[str, ...], code: str) -> None:
    assert code in socle(*args, code=2).stderr
    assert socle(*args, "--json", code=2).data["problems"][0]["code"] == code


@pytest.mark.parametrize(
    "args", [("report", "exemplia", "--out", "x", "--format", "odt"), ("cost", "exemplia", "--years", "x"), ("scenario", "nothing")]
)
def test_wrong_use_is_said(socle: Socle, args: tuple[str, ...]) -> None:
    assert "Error" in socle(*args, code=2).stderr


def test_a_table_is_brought_in_and_shown_with_its_source(socle: Socle, tmp_path: Path) -> None:
    table = tmp_path / "births.csv"
    table.write_text("year,value\n2024,1000\n2025,1010\n", encoding="utf-8")
    made = socle(
        "data", "import", table, "--kind", "births", "--out", tmp_path / "data/births", "--source", "Office 2025", "--licence", "open", "--json"
    )
    assert made.data["rows"] == 2
    text = socle("data", "show", tmp_path / "data").stdout
    assert "Office 2025" in text and "2024-2025" in text
    assert "P118" in socle("data", "import", table, "--kind", "births", "--out", tmp_path / "other", code=2).stderr


def test_without_a_network_the_message_says_what_to_fetch(socle: Socle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise URLError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    name = socle("data", "download", "--json").data["files"][0]
    message = socle("data", "download", name, "--out", tmp_path, code=2).stderr
    assert "D113" in message and "fetch https://" in message


def test_a_report_is_written_in_both_languages(socle: Socle, tmp_path: Path) -> None:
    for library in ("altair", "typst", "xlsxwriter", "vl_convert"):
        pytest.importorskip(library, reason="opensocle[report] is not installed")
    files = socle("report", "exemplia", "--out", tmp_path, "--until", "2027", "--scenario", "full_floor", "--format", "html,xlsx", "--json").data[
        "files"
    ]
    assert sorted(Path(file).name for file in files) == ["costing-en.xlsx", "costing-fr.xlsx", "report-en.html", "report-fr.html"]
