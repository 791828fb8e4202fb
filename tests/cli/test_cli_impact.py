"""Studies of impact on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from socle_runner import Socle

ALONE = """
title: {en: Reported pensions}
survey: {folder: SURVEY, source: "Exemplia's survey"}
month: 2025-01
welfare: {persons: [earnings, pension_income], includes: [pensions], missing: zero}
lines: {national: {value: 90, source: "Decree 4/2026"}}
transfers: {pensions: {reported: pension_income, title: {en: Pensions}}}
"""
SURVEY = Path(__file__).resolve().parents[2] / "src/opensocle/countries/exemplia/data/survey"


def test_a_study_shows_poverty_transfers_groups_reforms_and_causes(socle: Socle, tmp_path: Path) -> None:
    outs = [tmp_path / "impact.csv", tmp_path / "impact.json"]
    shown = socle("impact", "exemplia", "--out", outs[0], "--out", outs[1])
    for text in (
        "Before transfers",
        "Poverty rate",
        "Gini coefficient",
        "Universal child grant",
        "Region",
        "North",
        "Gain",
        "Lose",
        "First condition that fails",
    ):
        assert text in shown.stdout, text
    with outs[0].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    data = json.loads(outs[1].read_text(encoding="utf-8"))
    assert len(rows) == len(data["figures"]) > 1000 and {row["measure_title"] for row in rows} >= {"Poverty rate", "Coverage"}
    rate = next(f for f in data["figures"] if (f["measure"], f["line"], f["scenario"], f["grouping"]) == ("fgt0", "national", "current", "all"))
    assert f"{100 * rate['estimate']:.1f}%" in shown.stdout


def test_a_study_speaks_french_and_takes_groups_and_reforms_from_the_command(socle: Socle, tmp_path: Path) -> None:
    overlay = tmp_path / "double.yaml"
    overlay.write_text(
        "overlay: double\ntitle: {en: Twice the grant, fr: Double allocation}\nschemes:\n  child_grant:\n    parameters:\n"
        '      amount: {values: {2025-01-01: 60}, source: "a bill"}\n',
        encoding="utf-8",
    )
    text = socle("impact", "exemplia", "--lang", "fr", "--group", "urban", "--reform", overlay).stdout
    assert "Taux de pauvreté" in text and "Gagnants et perdants" in text and "Double allocation" in text and "Urbain" in text and "Région" not in text
    data = socle("impact", "exemplia", "--group", "urban", "--reform", overlay, "--json").data
    assert [one["name"] for one in data["groupings"]] == ["all", "urban", "quantile"] and list(data["scenarios"]) == ["none", "current", "double"]


def test_a_survey_is_studied_without_a_law(socle: Socle, tmp_path: Path) -> None:
    settings = tmp_path / "silc.yaml"
    settings.write_text(ALONE.replace("SURVEY", str(SURVEY)), encoding="utf-8")
    text = socle("impact", settings).stdout
    assert "Pensions" in text and "Gini coefficient" in text
    other = socle("impact", settings, "--survey", SURVEY, "--json").data
    assert other["statement"]["law"] == "" and other["causes"] == []


def test_wrong_use_of_a_study_is_told(socle: Socle, tmp_path: Path) -> None:
    overlay = tmp_path / "x.yaml"
    overlay.write_text("overlay: x\nschemes: {child_grant: {notes: {en: a, fr: b}}}\n", encoding="utf-8")
    settings = tmp_path / "alone.yaml"
    settings.write_text(ALONE, encoding="utf-8")
    assert "U080" in socle("impact", settings, "--reform", overlay, code=2).stderr
    assert "A078" in socle("impact", "exemplia", "--out", tmp_path / "impact.doc", code=2).stderr
    assert "U080" in socle("impact", "togo", code=2).stderr
    settings.write_text("survey: {folder: a}\nwelfare: {persons: [earnings]}\nlines: {a: {share: 60}}\n", encoding="utf-8")
    assert "alone.yaml:3:" in socle("impact", "exemplia", "--settings", settings, code=1).stderr


def test_a_study_is_published_in_a_language_and_left_out_of_a_report_when_asked(socle: Socle, tmp_path: Path) -> None:
    for library in ("altair", "typst", "vl_convert", "xlsxwriter"):
        pytest.importorskip(library, reason="opensocle[report] is not installed")
    outs = [tmp_path / f"impact.{ending}" for ending in ("pdf", "html", "xlsx")]
    socle("impact", "exemplia", "--lang", "fr", *(part for out in outs for part in ("--out", out)))
    assert outs[0].read_bytes().startswith(b"%PDF-") and outs[2].read_bytes().startswith(b"PK")
    assert "Qui en bénéficie" in outs[1].read_text(encoding="utf-8")
    asked = ("report", "exemplia", "--until", "2026", "--scenario", "full_floor", "--format", "html", "--lang", "en")
    socle(*asked, "--out", tmp_path / "with")
    socle(*asked, "--out", tmp_path / "without", "--no-impact")
    found = ["Whom it helps" in (tmp_path / name / "report-en.html").read_text(encoding="utf-8") for name in ("with", "without")]
    assert found == [True, False]
