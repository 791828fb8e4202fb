"""The package's own facts, code lists and labels."""

import re
from collections.abc import Iterator

import pytest

from opensocle.vocabulary import LABELS, TABLES, TYPES, Fact, Unit, labels, vocabulary
from opensocle.vocabulary.checking import RESERVED

WORDS = vocabulary("XMU")
FACTS = [fact for table in TABLES for fact in WORDS.tables[table].values()]
DERIVED = [fact for fact in FACTS if fact.formula]
FUNCTIONS = {"age", "count", "if_unknown", "and", "or", "not", "in", "is", "null", "true", "false", "members", "reference_date"}


def name_of(fact: Fact) -> str:
    return f"{fact.table}.{fact.name}"


def texts() -> Iterator[tuple[str, object]]:
    for fact in FACTS:
        yield name_of(fact), fact.title
        if fact.description:
            yield f"{name_of(fact)} description", fact.description
    for found in WORDS.codes.values():
        yield found.name, found.title
        yield from ((f"{found.name}.{code}", title) for code, title in found.values.items())
    for kind in LABELS:
        yield from ((f"{kind}.{label.name}", label.title) for label in labels(kind).values())


def test_everything_has_a_title_in_english_and_french() -> None:
    incomplete = [name for name, title in texts() if not isinstance(title, dict) or set(title) != {"en", "fr"} or not all(title.values())]
    assert incomplete == []


def test_no_title_has_stray_spaces() -> None:
    untidy = [name for name, title in texts() if isinstance(title, dict) for text in title.values() if text != " ".join(text.split())]
    assert untidy == []


def test_the_tables_are_complete() -> None:
    assert tuple(WORDS.tables) == TABLES
    assert {fact.type for fact in FACTS} <= set(TYPES)
    for table in TABLES:
        assert ("household_id" if table == "households" else "person_id") in WORDS.tables[table]


@pytest.mark.parametrize("table", ["residence", "employment", "benefits_in_payment"])
def test_a_spell_without_an_end_goes_on(table: str) -> None:
    assert WORDS.tables[table]["end_date"].none
    assert not WORDS.tables[table]["start_date"].none


@pytest.mark.parametrize("fact", DERIVED, ids=name_of)
def test_a_formula_names_known_facts_only(fact: Fact) -> None:
    names = set(re.findall(r"[a-z_][a-z0-9_]*", re.sub(r"'[^']*'", "", fact.formula))) - FUNCTIONS
    known = set(WORDS.tables["persons"]) | (set(WORDS.tables["households"]) if fact.table == "households" else set())
    assert names <= known
    assert fact.name not in names


@pytest.mark.parametrize("fact", DERIVED, ids=name_of)
def test_a_formula_uses_codes_that_exist(fact: Fact) -> None:
    for name, listed in re.findall(r"([a-z_]+) in \(([^)]*)\)", fact.formula) + re.findall(r"([a-z_]+) = ('[a-z_]+')", fact.formula):
        codes = WORDS.codes[WORDS.tables[fact.table][name].codes].values
        assert set(re.findall(r"'([^']*)'", listed)) <= set(codes)


def test_disabled_is_the_cut_off_of_the_washington_group() -> None:
    formula = WORDS.tables["persons"]["disabled"].formula
    for domain in ("seeing", "hearing", "walking", "cognition", "self_care", "communication"):
        assert f"{domain} in ('a_lot_of_difficulty', 'cannot_do')" in formula
        assert WORDS.tables["persons"][domain].codes == "difficulty"


def test_numbers_have_bounds_that_fit_in_eighteen_digits() -> None:
    for fact in FACTS:
        if fact.type not in ("integer", "decimal"):
            assert (fact.minimum, fact.maximum, fact.digits, fact.unit) == (None, None, 0, Unit())
            continue
        assert fact.minimum is not None and fact.maximum is not None
        assert fact.minimum < fact.maximum
        assert max(abs(fact.minimum), abs(fact.maximum)) * 10**fact.digits < 10**18
        if fact.type == "integer":
            assert fact.maximum <= 2_000_000_000


def test_money_has_the_decimals_of_its_currency() -> None:
    for currency, digits in (("JOD", 3), ("XOF", 0), ("XMU", 2)):
        words = vocabulary(currency)
        assert words.currency_digits == digits
        earnings = words.fact("persons", "earnings")
        assert earnings is not None
        assert (earnings.unit, earnings.unit_text, earnings.digits) == (Unit.parse(f"{currency}/month"), f"{currency}/month", digits)
        assert (earnings.minimum, earnings.maximum) == (0, 999_999_999_999)
        other = words.fact("persons", "other_income")
        assert other is not None and other.minimum == -999_999_999_999
        assert {fact.unit.currency for table in words.tables.values() for fact in table.values()} == {None, currency}


def test_the_unit_is_what_its_text_says() -> None:
    for fact in FACTS:
        assert Unit.parse(fact.unit_text) == fact.unit


def test_no_fact_has_a_reserved_name() -> None:
    assert {fact.name for fact in FACTS} & RESERVED == set()


def test_the_weight_has_nine_decimals_and_others_at_most_six() -> None:
    assert {name_of(fact) for fact in FACTS if fact.digits > 6} == {"persons.weight"}


def test_every_code_list_is_used_and_every_code_is_a_word() -> None:
    assert {fact.codes for fact in FACTS} - {""} == set(WORDS.codes)
    for found in WORDS.codes.values():
        assert all(isinstance(code, str) for code in found.values)


@pytest.mark.parametrize(
    ("name", "source", "codes"),
    [
        ("sex", "5218", {"male": "1", "female": "2", "not_known": "0", "not_applicable": "9"}),
        ("difficulty", "WG-SS", {"no_difficulty": "1", "some_difficulty": "2", "a_lot_of_difficulty": "3", "cannot_do": "4"}),
    ],
)
def test_codes_keep_the_numbers_of_their_standard(name: str, source: str, codes: dict[str, str]) -> None:
    assert source in WORDS.codes[name].source
    assert WORDS.codes[name].standard_codes == codes


def test_the_classifications_are_complete() -> None:
    assert "".join(WORDS.codes["economic_activity"].values) == "ABCDEFGHIJKLMNOPQRSTU"
    icse = ["11", "12", "21", "22", "30", "41", "42", "43", "44", "51"]
    assert list(WORDS.codes["status_in_employment"].standard_codes.values()) == icse
    assert list(WORDS.codes["education_level"].standard_codes.values()) == list("0123456789")
    assert sorted(WORDS.codes["occupation"].standard_codes.values()) == list("0123456789")


def test_the_nine_branches_of_the_convention_come_first() -> None:
    branches = labels("branches")
    nine = ["medical_care", "sickness", "unemployment", "old_age", "employment_injury", "family", "maternity", "invalidity", "survivors"]
    assert list(branches)[:9] == nine
    parts = ["II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert [branches[name].source for name in nine] == [f"C102, Part {part}" for part in parts]
    assert set(WORDS.codes["branch"].values) == set(branches)


def test_the_guarantees_are_those_of_the_recommendation() -> None:
    found = {label.source[-3:]: name for name, label in labels("guarantees").items()}
    assert found == {"(a)": "health_care", "(b)": "children", "(c)": "active_age", "(d)": "older_persons"}


def test_a_contingency_is_a_state_or_an_event() -> None:
    contingencies = labels("contingencies")
    assert {label.nature for label in contingencies.values()} == {"state", "event"}
    assert contingencies["old_age"].nature == "state"
    assert contingencies["unemployment"].nature == "event"
    assert set(WORDS.codes["event"].values) == {name for name, label in contingencies.items() if label.nature == "event"}
    assert all(label.nature == "" for kind in LABELS if kind != "contingencies" for label in labels(kind).values())
