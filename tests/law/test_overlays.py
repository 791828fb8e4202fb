"""Reforms: an overlay merged into a country and read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from opensocle.errors import InputError, Problems
from opensocle.law.loading import LawText, read_country
from opensocle.law.overlays import Overlay, apply_overlay, read_overlay

OVERLAY = """\
overlay: double_child_grant
title: {en: Double the child grant, fr: Doubler l'allocation}
schemes:
  child_grant: {parameters: {amount: {values: {2026-01-01: 60}, source: "Bill 3/2026"}}}
"""


@pytest.fixture
def law(files: dict[str, str]) -> LawText:
    return read_country(files).require()


def reform(law: LawText, scheme: Mapping[str, object] | None, name: str = "child_grant") -> LawText:
    return apply_overlay(law, read_overlay({"schemes": {name: scheme}}))


def test_a_file_adds_a_value_and_keeps_the_rest(law: LawText, tmp_path: Path) -> None:
    path = tmp_path / "double.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    overlay = read_overlay(path)
    assert (overlay.name, overlay.title["en"]) == ("double_child_grant", "Double the child grant")
    after = apply_overlay(law, overlay).require()
    amount = after.schemes["child_grant"].parameters["amount"]
    assert [(dated.since, dated.value) for dated in amount.values] == [(date(2024, 1, 1), 30), (date(2026, 1, 1), 60)]
    assert amount.source == "Bill 3/2026"
    assert amount.index == law.schemes["child_grant"].parameters["amount"].index
    assert after.schemes["child_grant"].variables == law.schemes["child_grant"].variables
    assert law.schemes["child_grant"].parameters["amount"].source == "Decree 118/2023, art. 2"


def test_each_thing_keeps_the_place_where_it_stands(law: LawText, tmp_path: Path) -> None:
    path = tmp_path / "double.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    values = apply_overlay(law, read_overlay(path)).schemes["child_grant"].parameters["amount"].values
    assert str(values[0].place) == "schemes/child_grant.yaml:21:14"
    assert str(values[1].place) == "double.yaml:4:48"


def test_a_value_of_the_same_date_is_replaced_and_a_null_removes_it(law: LawText) -> None:
    after = reform(law, {"parameters": {"age_limit": {"values": {"2024-01-01": 6, "2027-01-01": None}}}}).require()
    assert [dated.value for dated in after.schemes["child_grant"].parameters["age_limit"].values] == [6]


def test_tables_are_merged_key_by_key(law: LawText) -> None:
    after = reform(law, {"parameters": {"transfer": {"values": {date(2024, 1, 1): {2: Decimal("33.5"), 3: 40}}}}}).require()
    assert after.schemes["child_grant"].parameters["transfer"].values[0].value == {(1,): 25, (2,): Decimal("33.5"), (3,): 40}


def test_schemes_are_repealed_and_added(law: LawText, files: dict[str, str]) -> None:
    assert not reform(law, None).require().schemes
    import yaml

    new: dict[str, Any] = yaml.load(files["schemes/child_grant.yaml"], Loader=yaml.BaseLoader)
    new["scheme"] = "second_grant"
    new["parameters"] = {"amount": {"unit": "XMU/month", "values": {"2024-01-01": "30", "2026-01-01": None}, "source": "Bill 4"}}
    new["variables"] = {"benefit": {"unit": "XMU/month", "formula": "amount"}}
    after = reform(law, new, "second_grant").require()
    assert list(after.schemes) == ["child_grant", "second_grant"]
    assert after.schemes["second_grant"].parameters["amount"].values[1].value is None  # in a new scheme a null is a repealed value


def test_a_formula_without_a_date_stays_in_force_until_the_reform_s_date(law: LawText) -> None:
    after = reform(law, {"variables": {"eligible": {"formula": {"2026-01-01": "age < 9"}}}}).require()
    formulas = after.schemes["child_grant"].variables["eligible"].formulas
    assert [(formula.since, formula.text) for formula in formulas] == [
        (date.min, "age < age_limit and resident"),
        (date(2026, 1, 1), "age < 9"),
    ]
    assert reform(law, {"variables": {"eligible": {"formula": "true"}}}).schemes["child_grant"].variables["eligible"].formulas[0].text == "true"


def test_concepts_change_too(law: LawText) -> None:
    after = apply_overlay(law, read_overlay({"concepts": {"variables": {"resident": {"formula": "true"}}}})).require()
    assert after.concepts.variables["resident"].formulas[0].text == "true"


def test_two_overlays_apply_in_turn(law: LawText) -> None:
    first = reform(law, {"parameters": {"amount": {"values": {"2026-01-01": 60}}}})
    second = reform(first, {"parameters": {"amount": {"values": {"2026-01-01": 70}}}}).require()
    assert [dated.value for dated in second.schemes["child_grant"].parameters["amount"].values] == [30, 70]


def test_removing_what_is_not_there_is_a_problem_with_the_nearest_name(law: LawText) -> None:
    text = reform(law, {"parameters": {"amont": None}})
    assert [problem.code for problem in text.problems] == ["L024"]
    assert "did you mean 'amount'?" in str(text.problems[0])
    assert "child_grnt" in str(reform(law, None, "child_grnt").problems[0])


def test_a_slip_in_a_name_gives_a_problem_not_a_silent_no_change(law: LawText) -> None:
    assert reform(law, {"parameters": {"amonut": {"values": {"2026-01-01": 60}}}}).problems
    assert reform(law, {"parametres": {"amount": {"values": {"2026-01-01": 60}}}}).problems
    assert reform(law, {"parameters": {"amount": {"values": {"2026-01-01": 60}}}}, "child_grnt").problems


def test_the_name_in_a_scheme_must_be_its_key(law: LawText) -> None:
    assert not reform(law, {"scheme": "child_grant", "paid": "yearly"}).problems
    assert "L018" in str(reform(law, {"scheme": "other"}).problems[0])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("overlay: x\n", "L011"),
        ("overlay: x\nscheme: {a: 1}\n", "L010"),
        ("overlay: Not a name\nschemes: {a: null}\n", "L017"),
        ("overlay: x\nschemes: [a]\n", "L012"),
        ("- a\n", "L012"),
        ("a: &x 1\n", "L003"),
    ],
)
def test_a_file_that_is_no_overlay_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems, match=code):
        read_overlay(path)


def test_floats_are_refused_in_python_s_overlays() -> None:
    with pytest.raises(InputError, match=r"Decimal\('0.05'\)"):
        read_overlay({"schemes": {"child_grant": {"parameters": {"amount": {"values": {"2026-01-01": 0.1}}}}}})


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="no such file"):
        read_overlay(tmp_path / "absent.yaml")


def test_an_overlay_is_taken_as_it_is(law: LawText) -> None:
    overlay = read_overlay({"schemes": {"child_grant": None}})
    assert isinstance(overlay, Overlay)
    assert read_overlay(overlay) is overlay
