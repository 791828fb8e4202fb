"""From formulas to rules: every fault in file order and at its place, cycles as paths, chains of any length."""

from __future__ import annotations

import pytest
from formula_laws import COUNTRY, FILE, HEAD, VARIABLES, files, problems, scheme

from opensocle.law import Law, check, load
from opensocle.law.model import Place
from opensocle.law.positions import spots_of

OTHER = f"""\
scheme: other
{HEAD}
variables:
  benefit: {{unit: XMU/month, formula: test.again}}
"""


def whats(variables: str, **other: str) -> list[str]:
    return [problem.what for problem in check(files(variables, **other))[0]]


def kind(law: Law, name: str) -> str:
    return str(law.rules["test", name].kind)


def line(variables: str, text: str) -> int:
    """The line of the scheme's file in which a text first stands."""
    return next(number for number, found in enumerate(scheme(variables).splitlines(), 1) if text in found)


# --- places


def test_six_faults_in_four_formulas_are_all_found_in_file_order() -> None:
    text = """\
variables:
  first: {type: boolean, formula: agee < 3 and sex = 'femal'}
  benefit: {unit: XMU/month, formula: "amount + age_limit + 'x'"}
  third:
    formula:
      2024-01-01: resident + 1
      2025-01-01: nobody
  resident: {type: boolean, formula: residence_status = 'usual_resident'}
  last: {unit: year, formula: amount}
"""
    start = line(text, "first:")
    assert problems(text) == [
        f"{FILE}:{start}:35 F010",
        f"{FILE}:{start}:54 F022",
        f"{FILE}:{start + 1}:40 F021",
        f"{FILE}:{start + 1}:61 F020",
        f"{FILE}:{start + 4}:19 F020",
        f"{FILE}:{start + 5}:19 F010",
        f"{FILE}:{start + 7}:31 F024",
    ]


def test_faults_of_all_files_come_in_the_order_of_files() -> None:
    text = files(VARIABLES.replace("amount", "amont"), aaa=OTHER.replace("other", "aaa").replace("test.again", "test.nope"))
    text["concepts.yaml"] = text["concepts.yaml"].replace("earnings", "earning")
    text["country.yaml"] = COUNTRY + "variables: {persons: {tall: {type: boolean, formula: 'height > 3'}}}\n"
    found, _ = check(text)
    assert [problem.at for problem in found] == [
        "concepts.yaml:2:63",
        "country.yaml:7:55",
        "schemes/aaa.yaml:12:39",
        f"{FILE}:{line(VARIABLES, 'benefit')}:39",
    ]


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("agee + bb", ["1:14", "1:21"]),
        ("'agee + bb'", ["1:15", "1:22"]),
        ('"agee + bb"', ["1:15", "1:22"]),
        ("if(sex = 'it''s', agee, 2)", ["1:23", "1:32"]),
        ("'if(sex = ''male'', agee, 2)'", ["1:34"]),
        ("\"if(sex = 'mal\\u0065', agee, 2)\"", ["1:37"]),
        ('"agee\\n+ bb"', ["1:15", "1:23"]),
        ('"agee \\\n      + bb"', ["1:15", "2:9"]),
        ("agee\n      + bb", ["1:14", "2:9"]),
        ("'agee\n\n      + bb'", ["1:15", "3:9"]),
        ("|\n      agee\n        + bb\n", ["2:7", "3:11"]),
        ("|-\n      agee\n      + bb", ["2:7", "3:9"]),
        (">\n      agee\n      + bb\n", ["2:7", "3:9"]),
        (">2  # folded\n        agee\n      + bb\n", ["2:9", "3:9"]),
        ("|\n\n      agee +\n\n      bb\n", ["3:7", "5:7"]),
        ("|\n      1 +\n      agee + 'é' + bb\n", ["3:7", "3:14", "3:20"]),
    ],
)
def test_a_fault_has_its_place_however_yaml_has_the_formula_written(written: str, places: list[str]) -> None:
    text = VARIABLES + f"  probe:\n    formula: {written}\n"
    start = line(VARIABLES + "  probe:\n    formula: x\n", "formula: x")
    found = [problem.at.split(":")[1:] for problem in check(files(text))[0]]
    assert [f"{int(row) - start + 1}:{column}" for row, column in found] == places


def test_a_text_with_windows_line_ends_keeps_its_places() -> None:
    text = files(VARIABLES + "  probe:\n    formula: |\n      1 +\n      agee\n")
    text[FILE] = text[FILE].replace("\n", "\r\n")
    assert [problem.at for problem in check(text)[0]] == [f"{FILE}:{line(VARIABLES, 'benefit') + 4}:7"]


def test_an_end_that_comes_too_soon_stands_after_the_last_character() -> None:
    text = VARIABLES + "  probe:\n    formula: |\n      (1 +\n      2\n\n"
    assert problems(text) == [f"{FILE}:{line(VARIABLES, 'benefit') + 4}:8 F002"]


def test_a_declared_unit_that_does_not_fit_is_shown_at_the_formula() -> None:
    text = VARIABLES + "  probe:\n    unit: year\n    formula: |\n\n      amount\n"
    assert problems(text) == [f"{FILE}:{line(VARIABLES, 'benefit') + 5}:7 F024"]


def test_places_compare_without_their_pieces() -> None:
    assert Place("f", 1, 2, ((0, 1, 2),)) == Place("f", 1, 2)
    assert spots_of("", "''", "'", 1, 1) == ()


def test_a_wrong_formula_of_an_overlay_names_the_overlay() -> None:
    law = load(files())
    with pytest.raises(Exception, match=r"overlay: F010 unknown name 'amont'.*did you mean 'amount'"):
        law.with_({"schemes": {"test": {"variables": {"benefit": {"formula": "1 +\n amont"}}}}})


# --- names


def test_near_names_are_offered_from_where_the_name_could_stand() -> None:
    hints = {
        "amout": "amount", "test.benfit": "benefit", "tesst.benefit": "test", "birth_dat": "birth_date", "por": "poor",
        "sum(contributions, earnngs)": "earnings", "sum(contributions.earnngs)": "earnings", "cout(members, true)": "count",
        "transfr[1]": "transfer", "scale(rats, amount)": "rates", "household_siz": "household_size",
    }  # fmt: skip
    for formula, near in hints.items():
        found = check(files(VARIABLES + f"  probe: {{formula: '{formula}'}}\n"))[0]
        assert [problem.hint for problem in found] == [f"did you mean '{near}'?"], formula


def test_the_claims_own_facts_are_offered_in_an_event_scheme_only() -> None:
    text = scheme("variables:\n  benefit: {unit: XMU/month, formula: 'if(event_dat > reference_date, 1, 2)'}\n")
    assert "event_date" not in check(files() | {FILE: text})[0][0].hint
    text = text.replace("contingency: dependent_children", "contingency: birth")
    assert check(files() | {FILE: text})[0][0].hint == "did you mean 'event_date'?"


def test_a_bare_name_is_the_column_then_the_schemes_then_the_concepts_then_the_vocabularys() -> None:
    text = VARIABLES + "  earnings: {unit: XMU/month, formula: amount}\n  a: {formula: earnings}\n  b: {formula: 'sum(contributions, earnings)'}\n"
    law = load(files(text + "  c: {type: boolean, formula: poor}\n  d: {formula: household_size}\n"))
    trees = {name: repr(law.rules["test", name].formulas[0].expr) for name in "abcd"}
    assert "owner='test', name='earnings'" in trees["a"]
    assert "Fact" in trees["b"] and "table='contributions'" in trees["b"]
    assert "owner='concepts', name='poor'" in trees["c"]
    assert "owner='vocabulary', name='household_size'" in trees["d"]


# --- cycles


def test_a_variable_that_needs_itself_is_named() -> None:
    assert whats(VARIABLES + "  a: {type: integer, formula: a + 1}\n") == ["test.a needs itself"]
    assert whats(VARIABLES + "  a: {formula: a + 1}\n") == ["test.a needs itself"]


@pytest.mark.parametrize("declared", ["type: integer, ", ""])
def test_a_cycle_is_shown_once_as_a_path_from_where_it_was_met(declared: str) -> None:
    text = VARIABLES + "".join(f"  {name}: {{{declared}formula: {needed} + 1}}\n" for name, needed in ("ab", "bc", "ca", "xa"))
    assert whats(text) == ["variables need each other: test.a → test.b → test.c → test.a"]
    assert problems(text)[0].startswith(f"{FILE}:{line(text, '  a:')}:3")


def test_several_cycles_are_all_shown() -> None:
    pairs = [("a", "b + c"), ("b", "a"), ("c", "a"), ("d", "e"), ("e", "d"), ("f", "f")]
    text = VARIABLES + "".join(f"  {name}: {{type: integer, formula: {needed}}}\n" for name, needed in pairs)
    assert whats(text) == [
        "variables need each other: test.a → test.b → test.a",
        "variables need each other: test.a → test.c → test.a",
        "variables need each other: test.d → test.e → test.d",
        "test.f needs itself",
    ]


def test_a_cycle_across_schemes_concepts_and_members_is_shown() -> None:
    text = VARIABLES + "  again: {unit: XMU/month, formula: other.benefit}\n"
    assert whats(text, other=OTHER) == ["variables need each other: other.benefit → test.again → other.benefit"]
    home = VARIABLES + "  home: {of: household, unit: XMU/month, formula: 'sum(members, mine)'}\n  mine: {unit: XMU/month, formula: home / 2}\n"
    assert whats(home) == ["variables need each other: test.home → test.mine → test.home"]
    concepts = "variables:\n  poor: {of: household, type: boolean, formula: 'sum(members, test.benefit) < 3'}\n"
    assert whats(VARIABLES.replace("formula: amount", "formula: 'if(poor, 1, 2)'"), concepts=concepts) == [
        "variables need each other: poor → test.benefit → poor",
    ]


def test_a_cycle_of_formulas_in_force_at_different_times_is_one() -> None:
    text = VARIABLES + "  a: {type: integer, formula: {2024-01-01: b, 2025-01-01: '1'}}\n"
    text += "  b: {type: integer, formula: {2024-01-01: '1', 2025-01-01: a}}\n"
    assert whats(text) == ["variables need each other: test.a → test.b → test.a"]


def test_a_cycle_of_the_countrys_own_facts_is_shown_where_they_are_written() -> None:
    own = COUNTRY + "variables:\n  persons:\n    a1: {type: integer, formula: b1 + 1}\n    b1: {type: integer, formula: a1 + 1}\n"
    found, _ = check(files(country=own))
    assert [(problem.at, problem.what) for problem in found] == [("country.yaml:9:34", "variables need each other: a1 → b1 → a1")]


def test_a_cycle_through_a_fact_and_a_concept_is_shown() -> None:
    own = COUNTRY + "variables: {persons: {tall: {type: boolean, formula: 'poor'}}}\n"
    concepts = "variables:\n  poor: {of: household, type: boolean, formula: 'any(members, tall)'}\n"
    assert whats(VARIABLES, country=own, concepts=concepts) == ["variables need each other: tall → poor → tall"]


# --- order and kinds


def test_rules_come_after_those_that_they_need() -> None:
    law = load(files(VARIABLES + "  z: {formula: y * 2}\n  y: {formula: x * 2}\n  x: {formula: age}\n"))
    order = list(law.rules)
    assert order.index(("vocabulary", "age")) < order.index(("test", "x")) < order.index(("test", "y")) < order.index(("test", "z"))
    assert order.index(("vocabulary", "works")) < order.index(("vocabulary", "employee"))


def test_a_type_or_unit_that_is_left_out_is_that_of_the_formula() -> None:
    text = "  a: {formula: amount}\n  b: {formula: a / 12}\n  c: {formula: age < 3}\n  d: {formula: sex}\n  e: {formula: '3'}\n"
    text += "  f: {formula: birth_date}\n"
    law = load(files(VARIABLES + text + "  g: {unit: XMU/day, formula: amount / 30}\n  h: {formula: accrual * age}\n"))
    assert [kind(law, name) for name in "abcdefgh"] == [
        "decimal (XMU/month)", "decimal (XMU/month)", "boolean", "code (sex)", "integer", "date", "decimal (XMU/day)", "decimal",
    ]  # fmt: skip


@pytest.mark.parametrize("declared", ["type: integer, ", ""])
def test_a_long_chain_of_variables_is_no_deep_recursion(declared: str) -> None:
    chain = "".join(f"  v{n}: {{{declared}formula: v{n + 1} + 1}}\n" for n in range(480))
    law = load(files(VARIABLES + chain + f"  v480: {{{declared}formula: '1'}}\n"))
    assert list(law.rules).index(("test", "v480")) < list(law.rules).index(("test", "v0"))
    assert kind(law, "v0") == "integer"
    longer = "".join(f"  v{n}: {{{declared}formula: v{n + 1} + 1}}\n" for n in range(2_000))
    assert [fault.split()[-1] for fault in problems(VARIABLES + longer + f"  v2000: {{{declared}formula: '1'}}\n")] == ["F032"]


def test_a_cycle_of_2000_variables_is_one_problem() -> None:
    chain = "".join(f"  v{n}: {{formula: v{(n + 1) % 2_000} + 1}}\n" for n in range(2_000))
    assert [fault.split()[-1] for fault in problems(VARIABLES + chain)] == ["F030"]


def test_a_wrong_variable_causes_no_complaint_where_it_is_used() -> None:
    text = VARIABLES + "  a: {formula: agee + 1}\n  b: {formula: a + amount}\n  c: {type: boolean, formula: 'a = 3 or a in (1, 2)'}\n"
    assert [fault.split()[-1] for fault in problems(text)] == ["F010"]


@pytest.mark.parametrize(
    ("variable", "code", "words"),
    [
        ("eligible: {formula: age}", "L040", "eligible must be boolean"),
        ("duration: {formula: amount}", "L040", "duration must be a length of time"),
        ("worker_contribution: {formula: age}", "L040", "must be money"),
        ("eligible: {of: household, type: boolean, formula: poor}", "L040", "belongs to a household"),
        ("a: {type: integer, formula: amount}", "F024", "gives a decimal, but the type is integer"),
        ("a: {type: date, formula: age}", "F024", "gives integer, but the type is date"),
        ("a: {type: rate, formula: amount}", "F024", "gives XMU/month, but the unit is a pure number"),
        ("a: {type: code, formula: age}", "F024", "gives integer, but the type is code"),
        ("a: {formula: sex, rounding: {to: 1, way: up, source: A}}", "F020", "it cannot be rounded"),
        ("a: {unit: year, formula: {2024-01-01: age, 2025-01-01: amount}}", "F024", "gives XMU/month, but the unit is year"),
        ("a: {formula: {2024-01-01: age, 2025-01-01: resident}}", "F024", "gives boolean, but the type is integer"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(variable: str, code: str, words: str) -> None:
    found, _ = check(files(VARIABLES + f"  {variable}\n"))
    assert [problem.code for problem in found] == [code]
    assert words in found[0].what
    assert found[0].hint


def test_a_type_that_is_left_out_fits_all_dated_formulas() -> None:
    law = load(files(VARIABLES + "  a: {formula: {2024-01-01: age, 2025-01-01: age / 2}}\n"))
    assert kind(law, "a") == "decimal (year)"
