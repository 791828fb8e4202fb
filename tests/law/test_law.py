"""A law as a whole: its hash, its reforms, its public names."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import yaml
from formula_laws import FILE, VARIABLES, files
from hypothesis import given, settings
from hypothesis import strategies as st

import opensocle.law
from opensocle.errors import InputError, LawError, Problems
from opensocle.law import Law, check, load

REFORM = {
    "overlay": "more",
    "schemes": {
        "test": {
            "parameters": {"amount": {"values": {"2026-01-01": 60}}, "top": {"unit": "XMU/month", "values": {"2026-01-01": 5}, "source": "Bill"}},
            "variables": {
                "benefit": {"formula": {"2026-01-01": "amount + supplement"}},
                "supplement": {"unit": "XMU/month", "formula": "if(resident, top, 0)"},
            },
        }
    },
}


@pytest.fixture(scope="module")
def law() -> Law:
    return load(files())


def shuffled(text: str, order: int) -> str:
    """The same YAML on one line, with the entries of all maps in another order and quotes where none are needed."""

    def shown(value: object) -> str:
        if isinstance(value, dict):
            items = [f"{shown(key)}: {shown(child)}" for key, child in value.items()]
            cut = order % max(len(items), 1)
            return "{" + ", ".join(items[cut:] + items[:cut]) + "}"
        if isinstance(value, list):
            return f"[{', '.join(map(shown, value))}]"
        return str(value) if re.fullmatch(r"[-0-9.]+", str(value)) else json.dumps(value, ensure_ascii=False)

    return shown(yaml.load(text, yaml.BaseLoader))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 50))
def test_the_hash_does_not_depend_on_order_quotes_or_layout(order: int) -> None:
    text = files()
    again = load({name: shuffled(text[name], order) for name in reversed(text)})
    assert again.hash == load(text).hash
    assert set(again.rules) == set(load(text).rules)


def test_the_hash_does_not_depend_on_comments_but_on_every_value(law: Law) -> None:
    text = files()
    assert load(text | {FILE: "# a comment\n" + text[FILE]}).hash == law.hash
    hashes = {law.hash}
    for old, new in (("values: {2024-01-01: 30}", "values: {2024-01-01: 31}"), ("formula: amount", "formula: amount * 1"), ("Act 12", "Act 13")):
        hashes.add(load(text | {FILE: text[FILE].replace(old, new)}).hash)
    assert len(hashes) == 4
    assert all(len(value) == 64 for value in hashes)


def test_a_reform_is_a_new_law_with_a_new_hash(law: Law) -> None:
    before = law.hash, dict(law.rules), law.text
    reformed = law.with_(REFORM)
    assert reformed is not law
    assert (law.hash, dict(law.rules), law.text) == before
    assert reformed.hash != law.hash
    assert load(files()).with_(REFORM).hash == reformed.hash
    assert ("test", "supplement") in reformed.rules
    assert ("test", "supplement") not in law.rules


def test_a_reforms_dated_formula_holds_from_its_date_the_old_one_before(law: Law) -> None:
    formulas = law.with_(REFORM).rules["test", "benefit"].formulas
    assert [(str(formula.since), formula.text) for formula in formulas] == [("0001-01-01", "amount"), ("2026-01-01", "amount + supplement")]


def test_reforms_are_applied_in_turn(law: Law) -> None:
    second = {"schemes": {"test": {"variables": {"supplement": {"formula": "top"}}}}}
    assert law.with_(REFORM, second).rules["test", "supplement"].formulas[0].text == "top"
    assert law.with_(REFORM, second).hash == law.with_(REFORM).with_(second).hash
    assert law.with_().hash == law.hash


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"benefit": {"formula": "amont"}}, "F010"),
        ({"benefit": {"formula": "age"}}, "F024"),
        ({"benefit": {"formula": "("}}, "F002"),
        ({"new": {"formula": "benefit"}, "benefit": {"formula": "new"}}, "F030"),
        ({"resident": {"type": "integer"}}, "F024"),
    ],
)
def test_a_wrong_formula_of_a_reform_is_refused(law: Law, change: dict[str, object], code: str) -> None:
    with pytest.raises(Problems) as raised:
        law.with_({"schemes": {"test": {"variables": change}}})
    assert [problem.code for problem in raised.value.problems] == [code]


def test_a_variable_that_others_need_cannot_be_removed_without_them(law: Law) -> None:
    text = VARIABLES + "  top: {unit: XMU/month, formula: 'if(resident, 1, 2)'}\n"
    with pytest.raises(Problems) as raised:
        load(files(text)).with_({"schemes": {"test": {"variables": {"resident": None}}}})
    assert [(problem.code, problem.hint) for problem in raised.value.problems] == [("F010", "did you mean 'residence_status'?")]


def test_a_float_in_a_reform_is_refused(law: Law) -> None:
    with pytest.raises(InputError, match=r"P020 0.1 cannot stand in a law.*Decimal"):
        law.with_({"schemes": {"test": {"parameters": {"amount": {"values": {"2026-01-01": 0.1}}}}}})


def test_check_gives_the_problems_that_load_raises() -> None:
    text = files(VARIABLES.replace("amount", "amont"))
    found, _ = check(text)
    with pytest.raises(Problems) as raised:
        load(text)
    assert [str(problem) for problem in found] == [str(problem) for problem in raised.value.problems]
    assert all(type(problem) is LawError for problem in found)


@pytest.mark.parametrize("source", [{}, {"country.yaml": ""}, {"country.yaml": "[]"}, {"country.yaml": "country: XE"}, "no/such/folder"])
def test_a_source_without_a_country_is_problems_not_a_crash(source: dict[str, str] | str) -> None:
    assert check(source)[0]
    with pytest.raises(Problems):
        load(source)


def test_public_names_are_there_and_cost_nothing_until_they_are_used() -> None:
    assert all(hasattr(opensocle.law, name) for name in opensocle.law.__all__)
    assert set(opensocle.law.__all__) <= set(dir(opensocle.law))
    with pytest.raises(AttributeError, match="nothing"):
        opensocle.law.nothing  # noqa: B018
    code = "import sys, opensocle.law; sys.exit('yaml' in sys.modules or 'opensocle.law.law' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_country_adds_facts_with_codes_none_and_formulas() -> None:
    text = files(VARIABLES + "  a: {type: boolean, formula: adult and licence_until is null and region_of_birth = 'north'}\n")
    text["country.yaml"] += """\
variables:
  persons:
    region_of_birth: {type: code, codes: region, title: {en: Region of birth}}
    licence_until: {type: date, none: true, title: {en: Licence until}}
    adult: {type: boolean, formula: age >= 18, title: {en: Adult}}
"""
    law = load(text)
    assert law.vocabulary.tables["persons"]["licence_until"].none
    assert ("vocabulary", "adult") in law.rules


def test_parameters_and_variables_have_notes_and_parameters_a_type() -> None:
    text = files(VARIABLES.replace("formula: amount", "formula: amount, notes: {en: A note}"))
    text[FILE] = text[FILE].replace("type: integer, unit: month", "type: integer, notes: {en: A note}, unit: month")
    assert load(text).schemes["test"].parameters["window"].type == "integer"


@pytest.mark.parametrize(("contingency", "found"), [("birth", "events"), ("dependent_children", "persons")])
def test_the_columns_of_the_claim_hide_a_persons_fact_of_the_same_name_but_not_in_a_concept(contingency: str, found: str) -> None:
    text = files("variables:\n  benefit: {unit: XMU/month, formula: 'if(job_seeker_registered, 1, 2)'}\n  b: {type: boolean, formula: seeker}\n")
    text[FILE] = text[FILE].replace("contingency: dependent_children", f"contingency: {contingency}")
    text["concepts.yaml"] += "  seeker: {of: person, type: boolean, formula: job_seeker_registered}\n"
    law = load(text)
    assert f"table='{'event' if found == 'events' else found}'" in repr(law.rules["test", "benefit"].formulas[0].expr)
    assert "table='persons'" in repr(law.rules["concepts", "seeker"].formulas[0].expr)
