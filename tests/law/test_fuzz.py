"""Whatever stands in a formula or in a file, reading it gives a law or problems, and never another error."""

from __future__ import annotations

import random

from formula_laws import FILE, VARIABLES, files, formula_faults
from hypothesis import given, settings
from hypothesis import strategies as st

import opensocle
from opensocle.errors import LawError, SocleError
from opensocle.law import check, load, parse
from opensocle.law.functions import SCALARS
from opensocle.law.rows import ROW_FUNCTIONS
from opensocle.law.syntax import Node, depths
from opensocle.law.words import LONGEST, WORDS

TEXT = """
age amount resident sex earnings birth_date transfer wage rates accrual window poor household_size members contributions residence events
test.amount contributions.earnings contributions.month residence.country concepts.poor test other.x agee death_date event_date
+ - * / = != <> < <= > >= => ( ) [ ] , . '
0 1 12 0.05 .5 99999999999999999999999999999 'male' '' 'l''an' '2024-01-01' date('2024-02-30') month('2024-02') months(24) years(2)
"""
PIECES = [*TEXT.split(), *sorted(WORDS)]
CALLS = [f"{name}(" for name in (*SCALARS, *ROW_FUNCTIONS)]
WINDOWS = ["where => ", "last => ", "within => ", "before => ", "after => ", "best => "]
TOKENS = st.sampled_from([*PIECES, *CALLS, *WINDOWS, ")", ")", ",", "\n"])


def corpus() -> list[str]:
    """The formulas of all countries that come with the program."""
    laws = [load(opensocle.country_folder(name)) for name in opensocle.country_names()]
    return sorted({formula.text for law in laws for rule in law.rules.values() for formula in rule.formulas})


CORPUS = corpus()


def tries(formula: str) -> Node | None:
    """Parses a formula; the tree, or None where it is refused as it should be."""
    try:
        tree = parse(formula)
    except LawError as error:
        assert error.code in ("F001", "F002", "F003")
        assert error.hint
        assert error.at.startswith("formula:")
        assert "\n" not in str(error)
        return None
    for node, level in depths(tree):
        assert 0 <= node.at < node.end <= len(formula)
        assert level <= 60
    return tree


def checks(formula: str) -> None:
    """Checks a country with a formula: problems with a code, a place in the file and a next step, or none."""
    for fault in formula_faults(formula):
        assert isinstance(fault, SocleError)
        assert fault.at.startswith(f"{FILE}:"), fault
        assert fault.hint, fault


def mutated(formula: str, seed: int) -> str:
    """A formula with a few characters or words dropped, doubled, moved or exchanged."""
    chance = random.Random(seed)
    joint = chance.choice(("", " "))
    pieces = list(formula) if not joint else formula.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split(" ")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(pieces) + 1)
        match chance.randrange(4):
            case 0:
                del pieces[at : at + 1]
            case 1:
                pieces.insert(at, chance.choice(PIECES))
            case 2:
                other = chance.choice(CORPUS)
                pieces[at:at] = list(other[: chance.randrange(len(other) + 1)])
            case 3:
                pieces[at:at] = pieces[at : at + chance.randint(1, 5)]
    return joint.join(pieces)


def test_the_formulas_of_all_countries_are_a_corpus_that_parses() -> None:
    assert len(CORPUS) > 150
    assert all(tries(formula) for formula in CORPUS)


@settings(deadline=None, max_examples=500)
@given(st.lists(TOKENS, max_size=30).map(" ".join))
def test_any_row_of_words_is_a_formula_or_a_fault(formula: str) -> None:
    tries(formula)


@settings(deadline=None, max_examples=150)
@given(st.lists(TOKENS, min_size=1, max_size=12).map(" ".join))
def test_a_country_with_any_row_of_words_has_faults_or_none(formula: str) -> None:
    checks(formula)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_fault(formula: str) -> None:
    tries(formula)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_a_country_with_any_text_as_formula_has_faults_or_none(formula: str) -> None:
    checks(formula)


@settings(deadline=None, max_examples=400)
@given(st.integers(0, 10_000), st.integers(0, 2**32))
def test_a_formula_of_a_real_law_with_slips_is_a_formula_or_a_fault(which: int, seed: int) -> None:
    tries(mutated(CORPUS[which % len(CORPUS)], seed)[: LONGEST + 9])


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.integers(0, 2**32))
def test_a_country_with_a_formula_with_slips_has_faults_or_none(which: int, seed: int) -> None:
    checks(mutated(CORPUS[which % len(CORPUS)], seed)[:LONGEST])


OPENINGS = [
    ("(", ")"), ("not ", ""), ("- ", ""), ("abs(", ")"), ("if(resident, ", ", 1)"), ("transfer[", "]"), ("case when resident then ", " else 1 end"),
    ("case when ", " then 1 else 2 end"), ("count(members, ", ")"), ("sum(members, where => resident, ", ")"), ("1 + ", " + 1"), ("months(", ")"),
    ("age in (", ")"), ("age between 1 and ", ""), ("resident or ", ""), ("sum(contributions, ", ")"), ("wage['north', ", "]"),
]  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(OPENINGS), min_size=1, max_size=4), st.integers(1, 400), st.sampled_from(["1", "age", "resident", "", "sex"]))
def test_nested_formulas_of_any_depth_are_read_or_refused(openings: list[tuple[str, str]], times: int, core: str) -> None:
    times = min(times, (LONGEST - 50) // sum(len(before) + len(after) for before, after in openings))
    before, after = "".join(part for part, _ in openings), "".join(part for _, part in reversed(openings))
    formula = before * times + core + after * times
    tries(formula)
    checks(formula)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32))
def test_a_file_with_slips_has_problems_or_none(seed: int) -> None:
    chance, text = random.Random(seed), files(VARIABLES)
    name = chance.choice(sorted(text))
    lines = text[name].splitlines()
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        cut = lines[at][chance.randrange(len(lines[at]) + 1) :]
        lines[at] = chance.choice([cut, lines[at] + chance.choice(":{}[]'\",&*!|>% \t"), chance.choice(lines)])
    for problem in check(text | {name: "\n".join(lines)})[0]:
        assert isinstance(problem, SocleError)
        assert problem.code[0] in "LFP"
