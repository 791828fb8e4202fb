"""The commands about people: people, read, run, compare, demo."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from socle_runner import MONTH, Socle

from opensocle.population import Population

CSV = "person_id,birth_date,sex,earnings\n1,1950-01-01,male,100.50\n2,2023-01-01,female,\n"
MAPPING = """\
kind: registry
date: 2026-01-01
tables:
  persons:
    file: data.csv
    columns: {person_id: P, birth_date: B, sex: {column: S, codes: {M: male, F: female}}}
"""


def test_people_are_made_the_same_from_a_seed(tmp_path: Path, socle: Socle) -> None:
    socle("people", tmp_path / "a", "--persons", 50, "--seed", 3, "--date", "2025-07-01", "--months", 12)
    assert socle("people", tmp_path / "b", "--persons", 50, "--seed", 3, "--date", "2025-07-01", "--months", 12, "--json").data["persons"] == 50
    assert Population.open(tmp_path / "a").hash() == Population.open(tmp_path / "b").hash()
    socle("people", tmp_path / "c", "--persons", 50, "--no-contributions", "--progress")
    assert Population.open(tmp_path / "c").tables["contributions"].rows == 0


def test_a_survey_is_drawn_the_same_from_a_seed_and_can_be_run(people: Path, tmp_path: Path, socle: Socle) -> None:
    said = socle("sample", people, tmp_path / "a", "--households", 60, "--per-area", 10, "--seed", 3).stdout
    assert "asked in 16 areas" in said and f"are in {tmp_path / 'a'}" in said  # two in each of eight strata
    data = socle("sample", people, tmp_path / "b", "--households", 60, "--per-area", 10, "--seed", 3, "--json").data
    assert 60 < data["asked"] == data["answered"] < data["households_of_the_population"]
    assert Decimal(data["weight"]) == pytest.approx(data["households_of_the_population"])
    assert Population.open(tmp_path / "a").hash() == Population.open(tmp_path / "b").hash()
    assert Population.open(tmp_path / "a").kind == "survey"
    assert "Social assistance" in socle("run", "exemplia", tmp_path / "a", MONTH).stdout


def test_a_survey_has_silent_households_and_what_the_others_receive(people: Path, tmp_path: Path, socle: Socle) -> None:
    base = ("sample", people, tmp_path / "survey", "--response", "0.7", "--selection", "equal", "--country", "exemplia")
    data = socle(*base, "--json").data
    assert data["answered"] < data["asked"] == data["households_of_the_population"]
    schemes = pq.read_table(tmp_path / "survey" / "benefits_in_payment.parquet").column("scheme").to_pylist()
    assert "child_grant" in schemes
    assert "P048" in socle("sample", people, tmp_path / "other", "--households", 0, code=2).stderr
    assert not (tmp_path / "other").exists()


def test_a_run_adds_up_by_scheme_and_says_what_made_it(people: Path, socle: Socle) -> None:
    said = socle("run", "exemplia", people, MONTH).stdout
    for words in ("Universal child grant", "a month", "granted", "Duration granted", "days", "Contribution", "Unknown results", "Family\n"):
        assert words in said
    assert Population.open(people).hash() in said


def test_the_totals_of_a_run_are_those_of_its_rows(people: Path, tmp_path: Path, socle: Socle) -> None:
    data = socle("run", "exemplia", people, MONTH, "--out", tmp_path / "results", "--json").data
    rows = pq.read_table(tmp_path / "results" / "persons.parquet").column("child_grant.benefit").to_pylist()
    total = next(row for row in data["totals"] if (row["scheme"], row["variable"]) == ("child_grant", "benefit"))
    assert Decimal(total["total"]) == sum(value for value in rows if value is not None)
    assert total["unknown"] == rows.count(None)
    assert json.loads((tmp_path / "results" / "run.json").read_text(encoding="utf-8")) == data["statement"]


def test_durations_are_those_of_benefits_granted_only(people: Path, tmp_path: Path, socle: Socle) -> None:
    data = socle("run", "exemplia", people, MONTH, "--out", tmp_path / "results", "--json").data
    table = pq.read_table(tmp_path / "results" / "persons.parquet")
    pairs = zip(table.column("sickness_benefit.duration").to_pylist(), table.column("sickness_benefit.eligible").to_pylist(), strict=True)
    line = next(line for line in data["durations"] if line["scheme"] == "sickness_benefit")
    assert Decimal(line["amount"]) == sum(days for days, granted in pairs if granted and days is not None)


def test_groups_add_up_to_the_total_and_are_shown_by_their_titles(people: Path, socle: Socle) -> None:
    base = ("run", "exemplia", people, MONTH, "--outputs", "child_grant.benefit,social_assistance.benefit")
    data = socle(*base, "--by", "region,sex", "--json").data["totals"]
    whole = socle(*base, "--json").data["totals"]
    for scheme in ("child_grant", "social_assistance"):
        parts = sum(Decimal(row["total"]) for row in data if row["scheme"] == scheme and row["total"])
        assert parts == Decimal(next(row["total"] for row in whole if row["scheme"] == scheme))
    said = socle(*base, "--by", "region,sex", "--lang", "fr").stdout
    assert "Nord, Féminin" in said or "Nord, Femme" in said
    assert "Les ménages" in said or "Ménages" in said


def test_several_months_are_added_up_or_shown_apart(people: Path, socle: Socle) -> None:
    base = ("run", "exemplia", people, "2025-11:2025-12", "--outputs", "child_grant")
    assert "in 2 months" in socle(*base).stdout
    said = socle(*base, "--by", "month").stdout
    assert "2025-11" in said and "2025-12" in said


def test_results_that_are_no_numbers_are_named(people: Path, socle: Socle) -> None:
    said = socle("run", "exemplia", people, MONTH, "--outputs", "record_end,age").stdout
    assert "not added up" in said and "record_end" in said and "age" in said


def test_a_query_is_printed_instead_of_run(people: Path, socle: Socle) -> None:
    base = ("run", "exemplia", people, MONTH, "--outputs", "child_grant.benefit", "--sql")
    assert socle(*base).stdout.startswith("-- persons\nSELECT")
    assert list(socle(*base, "--json").data["queries"]) == ["person"]


def test_a_run_takes_limits_columns_and_a_reform(people: Path, bill: Path, tmp_path: Path, socle: Socle) -> None:
    base = ("run", "exemplia", people, MONTH, "--outputs", "child_grant", "--memory", "1GB", "--threads", 1, "--progress")
    socle(*base, "--reform", bill, "--keep", "region", "--out", tmp_path / "results")
    assert "region" in pq.read_schema(tmp_path / "results" / "persons.parquet").names
    before, after = socle(*base, "--json").data, socle(*base, "--reform", bill, "--json").data
    amounts = [next(Decimal(row["total"]) for row in data["totals"] if row["variable"] == "benefit") for data in (before, after)]
    assert amounts[1] == 2 * amounts[0] > 0


def test_a_spreadsheet_is_read_with_its_mapping_on_the_way(tmp_path: Path, socle: Socle) -> None:
    (tmp_path / "data.csv").write_text("P,B,S\n1,1950-01-01,M\n2,2023-01-01,F\n", encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    result = socle("run", "exemplia", tmp_path / "data.csv", MONTH, "--mapping", tmp_path / "mapping.yaml", "--outputs", "child_grant")
    assert "2 accepted" in result.stderr
    assert "Not in the data: persons.residence_status" in result.stdout
    assert "read it with --mapping" in socle("run", "exemplia", tmp_path / "data.csv", MONTH, code=2).stderr


def test_a_database_is_refused_what_only_files_have(socle: Socle) -> None:
    said = socle("run", "exemplia", "postgresql://nobody:secret@localhost:1/none", MONTH, "--memory", "1GB", code=2).stderr
    assert "PostgreSQL" in said and "secret" not in said


def test_files_are_read_into_a_population_with_a_report(tmp_path: Path, socle: Socle) -> None:
    (tmp_path / "data.csv").write_text(CSV, encoding="utf-8")
    said = socle("read", tmp_path / "data.csv", "--country", "exemplia", "--out", tmp_path / "people").stdout
    assert "persons: 2 rows read, 2 accepted, 0 rejected" in said
    assert Population.open(tmp_path / "people").currency == "XMU"


def test_rows_that_do_not_fit_stop_a_reading_unless_it_keeps_going(tmp_path: Path, socle: Socle) -> None:
    (tmp_path / "data.csv").write_text(CSV.replace("female", "femail"), encoding="utf-8")
    base = ("read", tmp_path / "data.csv", "--country", "exemplia", "--out", tmp_path / "people")
    said = socle(*base, code=2).stderr
    assert "row 2" in said and "--keep-going" in said
    assert not (tmp_path / "people").exists()
    data = socle(*base, "--keep-going", "--rejected", tmp_path / "rejected.csv", "--json").data
    assert data["tables"]["persons"]["rejected"] == 1
    assert (tmp_path / "rejected.csv").read_text(encoding="utf-8").count("\n") == 2


def test_the_united_nations_table_becomes_cells_that_go_with_any_law(tmp_path: Path, socle: Socle) -> None:
    rows = [f"THA,2025,{age}-{age + 4},1.5,2" for age in range(0, 100, 5)] + ["THA,2025,100+,0.1,0.2"]
    (tmp_path / "un.csv").write_text("\n".join(["iso3,year,age,popM,popF", *rows]) + "\n", encoding="utf-8")
    base = ("read", "--united-nations", tmp_path / "un.csv", "--iso3", "tha", "--year", 2025, "--split", "uniform")
    data = socle(*base, "--fact", "migration_status=national", "--fact", "public_pension=false", "--out", tmp_path / "cells", "--json").data
    assert Decimal(data["persons"]) == 70_300
    said = socle("run", "thailand", tmp_path / "cells", "2025-07").stdout
    assert "unknown rows" in said
    socle(*base, "--fact", "migration_status=national", "--country", "thailand", "--out", tmp_path / "with_country")


def test_two_laws_are_compared_in_words_and_as_data(bill: Path, socle: Socle) -> None:
    assert "30 XMU/month since 2025-01-01" in socle("compare", "exemplia", "--reform", bill).stdout
    assert "No difference." in socle("compare", "exemplia", "exemplia").stdout
    assert any(change["group"] == "child_grant" for change in socle("compare", "exemplia", "--reform", bill, "--json").data["changes"])


def test_the_effect_of_a_reform_counts_who_gains_and_who_loses(people: Path, bill: Path, socle: Socle) -> None:
    base = ("compare", "exemplia", "--reform", bill, "--people", people, "--period", "2025-11:2025-12")
    data = {(c["scheme"], c["variable"]): c for c in socle(*base, "--json").data["effect"]["changes"]}
    assert not data.get(("old_age_pension", "benefit"), {}).get("gainers", "0").strip("0")
    months = socle("run", "exemplia", people, "2025-11:2025-12", "--outputs", "mutual_health.benefit", "--json").data["totals"]
    repealed = data["mutual_health", "benefit"]
    assert Decimal(repealed["after"]) == 0
    assert Decimal(repealed["lost"]) == Decimal(repealed["before"]) <= sum(Decimal(row["total"]) for row in months)
    base = (*base[:-1], "2026-01")
    grant = next(c for c in socle(*base, "--json").data["effect"]["changes"] if (c["scheme"], c["variable"]) == ("child_grant", "benefit"))
    assert Decimal(grant["after"]) == 2 * Decimal(grant["before"]) > 0
    assert Decimal(grant["gained"]) == Decimal(grant["gainers"]) * 30 and Decimal(grant["losers"]) == 0
    said = socle(*base, "--lang", "fr").stdout
    assert "Effet sur 600 personnes" in said and "Allocation universelle pour enfant" in said


def test_a_law_compared_with_itself_has_no_effect(people: Path, socle: Socle) -> None:
    assert "Nobody's amounts differ." in socle("compare", "exemplia", "exemplia", "--people", people, "--period", MONTH).stdout


def test_the_demo_runs_twice_and_keeps_to_its_own_folder(tmp_path: Path, socle: Socle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = socle("demo", "--persons", 1500, "--no-office").stdout
    for words in ("25 schemes", "all pass", "Old age", "entitled", "share unknown", "One decision explained", "Why", "Try next:"):
        assert words in said
    again = socle("demo", "--persons", 1500, "--no-office", "--no-serve").stdout
    assert "of last time" in again
    assert again.split("3. ")[1] == said.split("3. ")[1]
    assert "made up" in socle("demo", "--persons", 400, "--lang", "fr", "--no-office").stdout
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("mine", encoding="utf-8")
    assert "did not make" in socle("demo", "--folder", "mine", code=2).stderr
    assert (tmp_path / "mine" / "note.txt").is_file()
