"""Hostile and wrong formulas: each is refused when the law is loaded, with a code, the exact place and the next step."""

from __future__ import annotations

import random
import time

import pytest
from formula_laws import FILE, FIRST_COLUMN, FIRST_LINE, HEAD, VARIABLES, column, escaped, files, formula_faults, scheme

from opensocle.errors import LawError, Problems
from opensocle.law import check, load
from opensocle.law.grammar import DEEPEST, parse
from opensocle.law.words import LONGEST

STRANGE = [
    ("a; drop table x", "F001", 2),
    ("1_000", "F001", 1),
    ("age::int", "F001", 4),
    ("age -- comment", "F001", 5),
    ("/* age */ 1", "F001", 1),
    ("age /* c */", "F001", 5),
    ("$1", "F001", 1),
    ("@x", "F001", 1),
    ("age \\ 2", "F001", 5),
    ("'a\\x", "F001", 1),
    ("\u0430ge", "F001", 1),
    ("age \uff0b 1", "F001", 5),
    ("\uff11\uff12", "F001", 1),
    ("age\u200f < 3", "F001", 4),
    ("age\u00a0< 3", "F001", 4),
    ("age\u200b < 3", "F001", 4),
    ("sex = 'fe\u200bmale'", "F001", 10),
    ('"age"', "F001", 1),
    ("`age`", "F001", 1),
    ("resident && resident", "F001", 10),
    ("resident || resident", "F001", 10),
    ("1e400", "F001", 1),
    ("0x10", "F001", 1),
    ("1..2", "F001", 1),
    (".5.", "F001", 1),
    ("5.", "F001", 1),
    ("'unclosed", "F001", 1),
    ("lambda x: x", "F001", 9),
    ("transfer[0:1]", "F001", 11),
    ("99999999999999999999999999999", "F001", 1),
    ("0.12345678901", "F001", 1),
    ("10 % 3", "F001", 4),
    ("2 ^ 3", "F001", 3),
    ("!resident", "F001", 1),
    ("age # years", "F001", 5),
    ("age { 3", "F001", 5),
    ("~age", "F001", 1),
    ("?", "F001", 1),
    ("\u20ac 3", "F001", 1),
    ("sex = 'fe\nmale'", "F001", 7),
]
"""Formula, code and column: words and characters that are not of the language."""
UNGRAMMATICAL = [
    ("(select 1)", "F002", 9),
    ("x.y.z", "F002", 4),
    ("age == 5", "F002", 6),
    ("(age", "F002", 5),
    ("age)", "F002", 4),
    ("transfer[1", "F002", 11),
    ("count(members", "F002", 14),
    ("null", "F002", 1),
    ("age = null", "F002", 7),
    ("age if resident else 3", "F002", 5),
    ("count(*)", "F002", 7),
    ("count(members,)", "F002", 15),
    ("count(members, where => resident, where => resident)", "F002", 35),
    ("count(where => resident, members)", "F002", 26),
    ("exists(select 1)", "F002", 15),
    ("interval '1 day'", "F002", 10),
    ("cast(age as integer)", "F002", 10),
    ("age in ()", "F002", 9),
    ("age in", "F002", 7),
    ("not", "F002", 4),
    ("age age", "F002", 5),
    ("1 < age < 3", "F002", 9),
    ("case when resident then 1 end", "F002", 27),
    ("case else 1 end", "F002", 6),
    ("case resident when true then 1 else 2 end", "F002", 6),
    ("if resident then 1", "F002", 1),
    ("test.amount(period, period)", "F002", 1),
    ("resident is true", "F002", 13),
    ("age is not", "F002", 11),
    ("age not 3", "F002", 9),
    ("sex in 'male'", "F002", 8),
    ("age between 1", "F002", 14),
    ("age between 1 or 2", "F002", 15),
    ("a.b(c)", "F002", 1),
    ("age.", "F002", 5),
    (".age", "F002", 1),
    ("age..x", "F002", 5),
    (",", "F002", 1),
    ("()", "F002", 2),
    ("+", "F002", 1),
    ("=> 3", "F002", 1),
    ("x => 3", "F002", 3),
    ("if", "F002", 1),
    ("IF", "F002", 1),
    ("9 9", "F002", 3),
    ("true false", "F002", 6),
    ("age <  = 3", "F002", 8),
    ("count(members age)", "F002", 15),
    ("case when resident 1 else 2 end", "F002", 20),
    ("transfer[]", "F002", 10),
    ("transfer[household_size", "F002", 24),
]
"""Formula, code and column: words of the language in an order that it does not have."""
MEANINGLESS = [
    ("read_csv('/etc/passwd')", "F011", 1),
    ("random()", "F011", 1),
    ("current_date", "F010", 1),
    ("lambda", "F010", 1),
    ("__import__('os')", "F011", 1),
    ("sum()", "F012", 1),
    ("count()", "F012", 1),
    ("count(members, age < 3, last => months(2))", "F031", 33),
    ("count(contributions, paid, best => months(60))", "F031", 36),
    ("count(contributions, within => months(2), last => months(3))", "F012", 51),
    ("exists(members)", "F011", 1),
    ("resident + amount", "F020", 1),
    ("birth_date >= 3", "F020", 1),
    ("amount + age_limit", "F021", 1),
    ("sex = 'femal'", "F022", 7),
    ("age in ('a')", "F020", 9),
    ("resident + 1", "F020", 1),
    ("if(1, 2, 3)", "F020", 4),
    ("if(resident, 2)", "F012", 1),
    ("least(amount, age_limit)", "F021", 1),
    ("least(amount)", "F012", 1),
    ("contributions.earnings", "F023", 1),
    ("contributions.nope", "F010", 1),
    ("transfer", "F012", 1),
    ("transfer[1, 2]", "F012", 1),
    ("wage['north']", "F012", 1),
    ("wage['nort', 'male']", "F022", 6),
    ("transfer['a']", "F020", 10),
    ("transfer[0.5]", "F020", 10),
    ("nope[1]", "F010", 1),
    ("rates", "F012", 1),
    ("scale(transfer, amount)", "F012", 7),
    ("scale(rates, age)", "F021", 14),
    ("scale(rates)", "F012", 1),
    ("count(contributions, paid, last => months(0.5))", "F031", 43),
    ("count(contributions, paid, last => 24)", "F031", 36),
    ("count(contributions, paid, last => months(0))", "F031", 43),
    ("count(contributions, paid, last => months(age))", "F031", 43),
    ("count(contributions, paid, befor => period)", "F012", 37),
    ("count(contributions, paid, before => 3)", "F031", 38),
    ("period + 1", "F020", 1),
    ("date('2026-02-30')", "F020", 6),
    ("date('tomorrow')", "F020", 6),
    ("date(birth_date)", "F020", 6),
    ("month(birth_date)", "F020", 7),
    ("month('2026-13')", "F020", 7),
    ("members", "F012", 1),
    ("contributions", "F012", 1),
    ("persons.age", "F010", 1),
    ("schemes.test", "F010", 1),
    ("other.benefit", "F010", 1),
    ("tests.amount", "F010", 1),
    ("test.amont", "F010", 1),
    ("agee", "F010", 1),
    ("coun(members)", "F011", 1),
    ("sum(members)", "F012", 1),
    ("sum(members, sex)", "F020", 14),
    ("count(age)", "F012", 7),
    ("any(members)", "F012", 1),
    ("all(members)", "F012", 1),
    ("successive(residence, true)", "F031", 1),
    ("duration(contributions, paid)", "F031", 1),
    ("first(members, age)", "F031", 1),
    ("count(contributions, count(contributions, paid) > 1)", "F023", 22),
    ("count(contributions, paid, paid)", "F012", 28),
    ("round(amount, 0)", "F020", 15),
    ("round(amount, -1)", "F020", 15),
    ("round(amount, age)", "F020", 15),
    ("round(amount, 1, 2)", "F012", 1),
    ("age('2020-01-01')", "F020", 1),
    ("age(period)", "F020", 1),
    ("year(age)", "F020", 1),
    ("add_months(birth_date, 0.5)", "F020", 1),
    ("months_between(birth_date, period)", "F020", 1),
    ("not age", "F020", 5),
    ("-resident", "F020", 2),
    ("resident and 1", "F020", 14),
    ("resident < true", "F020", 1),
    ("sex < 'male'", "F020", 1),
    ("if_unknown(age, 'a')", "F020", 1),
    ("if_unknown(sex, 'mal')", "F022", 17),
    ("if(resident, sex, 'mal')", "F022", 19),
    ("value_on(transfer, period)", "F012", 10),
    ("value_on(amount, 3)", "F020", 18),
    ("value_on(3, period)", "F012", 10),
    ("amount(period)", "F012", 1),
    ("amount(period, x => period)", "F012", 1),
    ("abs(age, where => resident)", "F012", 19),
    ("months(3, foo => 1)", "F012", 18),
    ("period.x", "F010", 1),
    ("case when resident then 1 else 'a' end", "F020", 1),
    ("greatest(sex, sex)", "F020", 10),
    ("max(members)", "F012", 1),
    ("true = 1", "F020", 1),
    ("'a' = 1", "F020", 1),
    ("sex = 3", "F020", 1),
    ("accrual + amount", "F021", 1),
    ("amount * accrual + amount", "F021", 1),
    ("sum(contributions.earnings, best => months(window), last => 3)", "F031", 61),
    ("sum(contributions.earnings, best => years(window))", "F021", 37),
]
"""Formula, code and column: names, types, units and rows that do not go together."""

DEEP = {
    "brackets": ("(" * 400 + "age" + ")" * 400, DEEPEST + 1),
    "a sum": ("age" + " + age" * 100, 247),
    "a chain of or": ("age = 1" + " or age = 1" * 100, 469),
    "not": ("not " * 900 + "resident", 241),
    "minus": ("- " * 1900 + "age", 121),
    "calls": ("abs(" * 80 + "age" + ")" * 80, 241),
    "tables": ("transfer[" * 80 + "1" + "]" * 80, 541),
    "lists": ("age in ((" * 80 + "1" + "))" * 80, 541),
    "conditions": ("if(resident, 1, " * 80 + "2" + ")" * 80, 948),
    "cases": ("case when resident then " * 70 + "1" + " else 2 end" * 70, 1427),
    "a case of many branches": ("case " + "when resident then 1 " * 100 + "else 2 end", 2111),
    "rows": ("count(members, " * 80 + "true" + ")" * 80, 892),
}
"""Formulas that would overflow a parser that calls itself for each level, and the column where they are given up."""


@pytest.mark.parametrize(("formula", "code", "place"), [*STRANGE, *UNGRAMMATICAL, *MEANINGLESS])
def test_a_wrong_formula_is_refused_at_its_place_with_the_next_step(formula: str, code: str, place: int) -> None:
    faults = formula_faults(formula)
    assert [(fault.code, column(fault)) for fault in faults] == [(code, place)], faults
    assert type(faults[0]) is LawError
    assert faults[0].hint
    assert "\n" not in str(faults[0])
    assert str(faults[0]).isprintable()


def test_the_tables_of_wrong_formulas_are_long_and_have_no_formula_twice() -> None:
    formulas = [row[0] for row in (*STRANGE, *UNGRAMMATICAL, *MEANINGLESS)]
    assert len(formulas) == len(set(formulas)) >= 180


@pytest.mark.parametrize("name", DEEP)
def test_a_formula_that_is_too_deep_is_refused_not_overflowed(name: str) -> None:
    formula, place = DEEP[name]
    faults = formula_faults(formula)
    assert [(fault.code, column(fault)) for fault in faults] == [("F003", place)]


@pytest.mark.parametrize(
    "formula",
    [
        "(" * (DEEPEST - 1) + "age = 1" + ")" * (DEEPEST - 1),
        "age = 1" + " or age = 1" * (DEEPEST - 3),
        "not " * (DEEPEST - 1) + "resident",
        "count(members, " * 20 + "true" + ") > 1" * 20,
        "case " + "when resident then 1 " * (DEEPEST - 3) + "else 2 end",
    ],
)
def test_a_formula_that_is_just_not_too_deep_is_read(formula: str) -> None:
    assert not formula_faults(formula)


def test_a_formula_of_5000_characters_is_too_long() -> None:
    assert [problem.code for problem in formula_faults("a" * 5_000)] == ["L012"]
    with pytest.raises(LawError, match=r"formula:1:1: F003 a formula of 4,001 characters"):
        parse("a" * (LONGEST + 1))
    assert parse(" " * (LONGEST - 1) + "a")


def test_a_character_that_yaml_cannot_hold_is_refused_by_the_file_and_by_the_grammar() -> None:
    assert [(fault.code, fault.at) for fault in formula_faults("age\x00")] == [("L001", f"{FILE}:{FIRST_LINE}:{FIRST_COLUMN - 1}")]
    with pytest.raises(LawError, match=r"formula:1:4: F001 '\\x00'"):
        parse("age\x00")


def test_a_file_of_5_megabytes_is_one_problem() -> None:
    text = files() | {FILE: scheme(VARIABLES + "# " + "x" * 5_000_000)}
    assert [(problem.code, problem.at) for problem in check(text)[0]] == [("L001", FILE)]


def test_a_yaml_bomb_is_one_problem_at_its_first_anchor_and_takes_no_time() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    start = time.perf_counter()
    found, _ = check(files() | {"schemes/bomb.yaml": bomb})
    assert [(problem.code, problem.at) for problem in found] == [("L003", "schemes/bomb.yaml:1:4")]
    assert time.perf_counter() - start < 5


def test_a_household_may_not_use_its_persons_facts_or_variables_directly() -> None:
    for formula, hint in (("age > 3", "members, age"), ("if(resident, 1, 2)", "members, resident"), ("test.benefit", "members, test.benefit")):
        fault = formula_faults(formula, "    of: household\n")[0]
        assert fault.code == "F023"
        assert hint in fault.hint


def test_a_household_uses_histories_through_its_members_only() -> None:
    fault = formula_faults("sum(contributions.earnings)", "    of: household\n")[0]
    assert (fault.code, fault.hint) == ("F023", "add up the members: sum(members, sum(contributions.earnings))")
    assert not formula_faults("sum(members, sum(contributions.earnings))", "    of: household\n")


def test_load_raises_all_problems_once() -> None:
    text = files(VARIABLES + f"  a: {{formula: {escaped('agee')}}}\n  b: {{formula: {escaped('1_000')}}}\n")
    with pytest.raises(Problems) as raised:
        load(text)
    assert [problem.code for problem in raised.value.problems] == ["F010", "F001"]


def test_refusing_takes_no_time_whatever_the_formula() -> None:
    words = ["'" + "''" * 1_900, "a." * 1_900, "1" * 3_900, "(" * 3_900, "=" * 3_900, "a " * 1_900, "x" * 3_900, "- not " * 600, "'" * 3_999]
    shuffled = random.Random(1).sample(words, len(words))
    start = time.perf_counter()
    for formula in shuffled:
        assert formula_faults(formula)
    assert time.perf_counter() - start < 10


def test_an_event_scheme_of_households_is_refused() -> None:
    text = scheme(VARIABLES, HEAD.replace("dependent_children", "birth").replace("unit: person", "unit: household"))
    assert "L041" in [problem.code for problem in check(files() | {FILE: text})[0]]
