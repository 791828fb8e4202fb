"""`socle explain`: facts from a case, a file, standard input or a population."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from socle_runner import Socle

YAML = """\
period: 2026-03
household: {region: north}
members:
  amina: {birth_date: 1990-05-01, sex: female, earnings: 300.10}
  koffi: {birth_date: 2023-01-15, residence_status: usual_resident}
contributions:
  amina: [{from: 2025-01, until: 2026-01, earnings: 250, paid: true}]
"""
JSON = '{"person": {"birth_date": "2023-01-15", "residence_status": "usual_resident", "earnings": 0.10}}'


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(YAML, encoding="utf-8")
    return path


def test_a_worked_case_is_explained_in_two_languages_by_a_part_of_its_name(socle: Socle) -> None:
    case = ("explain", "exemplia", "--case", "thirty years at")
    assert "302.40 XMU a month" in socle(*case).stdout
    assert "302,40 XMU par mois" in socle(*case, "--lang", "fr").stdout


def test_facts_of_a_file_are_explained_for_a_member(facts: Path, socle: Socle) -> None:
    said = socle("explain", "exemplia", "--facts", facts, "--person", "koffi", "--scheme", "child_grant").stdout
    assert "entitled — 30.00 XMU a month (March 2026), koffi" in said


def test_without_a_scheme_all_answers_are_listed_with_the_facts_to_ask_for(facts: Path, socle: Socle) -> None:
    said = socle("explain", "exemplia", "--facts", facts).stdout
    assert said.splitlines()[1].split()[0] == "child_grant"
    assert "cannot be decided" in said and "Degree of disability" in said
    verdicts = socle("explain", "exemplia", "--facts", facts, "--person", "koffi", "--json").data["verdicts"]
    assert {v["subject"] for v in verdicts} == {"koffi", "household"}


def test_facts_come_from_standard_input_and_numbers_stay_exact(socle: Socle) -> None:
    args = ("explain", "exemplia", "--facts", "-", "--month", "2026-03", "--json")
    assert socle(*args, "--scheme", "child_grant", text=JSON).data["verdict"]["outcome"] == "entitled"
    assert socle(*args, "--variable", "child_grant.benefit", text=JSON).data["steps"]
    exact = socle(*args, "--variable", "sum_of_nothing", text=JSON, code=2).data
    assert exact["problems"][0]["code"] == "U012"


def test_a_page_and_a_json_file_are_written(facts: Path, tmp_path: Path, socle: Socle) -> None:
    base = ("explain", "exemplia", "--facts", facts, "--person", "koffi", "--scheme", "child_grant")
    socle(*base, "--format", "html", "--out", tmp_path / "a.html")
    socle(*base, "--format", "json", "--out", tmp_path / "a.json")
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["verdict"]["outcome"] == "entitled"


def test_a_person_of_a_population_is_explained(people: Path, socle: Socle) -> None:
    said = socle("explain", "exemplia", people, "--person", 1).stdout
    assert "child_grant" in said
    said = socle("explain", "exemplia", people, "--person", 1, "--scheme", "child_grant", "--month", "2025-12").stdout
    assert "(December 2025), 1" in said


def test_a_reform_changes_the_explanation(facts: Path, bill: Path, socle: Socle) -> None:
    said = socle("explain", "exemplia", "--facts", facts, "--person", "koffi", "--scheme", "child_grant", "--reform", bill).stdout
    assert "60.00 XMU a month" in said and "Bill 3/2026" in said


@pytest.mark.parametrize(
    "text",
    [
        "[]", "3", "", "person: 3", "person: {birth_date: [1]}", "members: [a]", "members: {a: 1}", "contributions: 3", "contributions: {a: 3}",
        "contributions: [3]", "persn: {}", "person: {birthdate: 2020-01-01}", "person: {birth_date: yesterday}", "person: {sex: femail}",
        "person: {birth_date: 2020-01-01", "person: !!python/object:os.system {}", "period: 2026-13\nperson: {}", '{"person": }',
        '{"person": {"earnings": NaN}}', '{"person": {}, "person": {}}', "{" * 2000, '{"person": {"earnings": ' + "9" * 5000 + "}}",
        '{"person": {"earnings": 1e400}}', '{"person": {"earnings": 0.001}}', '{"person": {"earnings": true}}', "events: {b: []}\nmembers: {a: {}}",
        "\x00", "household: {}\nmembers: {}\n", "person:\nmembers:\n",
    ],
)  # fmt: skip
def test_facts_that_are_wrong_are_refused_in_words(text: str, socle: Socle) -> None:
    result = socle("explain", "exemplia", "--facts", "-", "--month", "2026-03", "--scheme", "child_grant", text=text, code=None)
    assert result.exit_code in (0, 2), result.output
    assert "U099" not in result.stderr
