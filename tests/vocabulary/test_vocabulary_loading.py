"""What a country adds to the vocabulary, and what is refused."""

import pickle
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import InputError, Problems
from opensocle.vocabulary import CodeList, Unit, labels, loading, vocabulary
from opensocle.vocabulary.checking import FACT_KEYS

REGION = {"title": {"en": "Region", "fr": "Région"}, "values": {"north": {"en": "North", "fr": "Nord"}, "south": {"en": "South", "fr": "Sud"}}}


def problems(**given: Any) -> list[tuple[str, str]]:
    """The codes and places of all problems."""
    with pytest.raises(Problems) as raised:
        vocabulary("XMU", 2, **given)
    assert all(isinstance(problem, InputError) for problem in raised.value.problems)
    return [(problem.code, problem.at) for problem in raised.value.problems]


def refused(entry: object, table: str = "persons", name: str = "plot") -> list[tuple[str, str]]:
    """The codes and places of all problems of one variable; places are inside the variable."""
    return [(code, at.removeprefix(f"variables.{table}.{name}").lstrip(".")) for code, at in problems(variables={table: {name: entry}})]


def test_the_base_is_made_once() -> None:
    assert vocabulary("XMU", 2) is vocabulary("XMU", 2)
    assert vocabulary("XMU", 2) is not vocabulary("XMU", 0)


def test_a_currency_that_the_standard_does_not_list_has_two_decimals() -> None:
    assert vocabulary("XMU").currency_digits == 2
    assert vocabulary("XMU", 3).currency_digits == 3


def test_a_country_adds_and_replaces_code_lists() -> None:
    words = vocabulary("XMU", codes={"region": REGION, "ethnic_group": {"values": {"a": {"en": "A"}}}})
    assert list(words.codes["region"].values) == ["north", "south"]
    assert words.codes["ethnic_group"] == CodeList("ethnic_group", {"en": "Ethnic group"}, {"a": {"en": "A"}})
    assert vocabulary("XMU").codes["region"].values == {}


def test_a_replaced_list_keeps_its_title_where_none_is_given() -> None:
    assert vocabulary(codes={"region": {"values": {"n": {"en": "N"}}}}).codes["region"].title == {"en": "Region", "fr": "Région"}


def test_the_list_of_countries_is_added_to() -> None:
    names = vocabulary(codes={"country": {"values": {"XE": {"en": "Exemplia", "fr": "Exemplie"}}}}).codes["country"].values
    assert names["XE"]["fr"] == "Exemplie"
    assert "FR" in names


def test_a_country_adds_variables() -> None:
    words = vocabulary(
        "XMU",
        codes={"crop": {"values": {"rice": {"en": "Rice"}}}},
        variables={
            "households": {"plot": {"type": "decimal", "unit": "square_metre", "digits": 1, "minimum": 0, "maximum": 1e6, "title": {"en": "Plot"}}},
            "persons": {
                "main_crop": {"codes": "crop"},
                "dowry": {"unit": "XMU"},
                "wage": {"unit": "{currency}/day", "minimum": Decimal("0.5")},
                "poor": {"type": "boolean", "formula": "earnings < 10"},
                "tax_rate": {"type": "decimal", "unit": "rate"},
            },
        },
    )
    plot = words.fact("households", "plot")
    assert plot is not None
    assert (plot.digits, plot.minimum, plot.maximum, plot.title) == (1, 0, 1_000_000, {"en": "Plot"})
    facts = words.tables["persons"]
    assert (facts["main_crop"].type, facts["main_crop"].codes) == ("code", "crop")
    assert (facts["dowry"].type, facts["dowry"].digits, facts["dowry"].minimum) == ("decimal", 2, -999_999_999_999)
    assert (facts["wage"].unit, facts["wage"].minimum) == (Unit.parse("XMU/day"), Decimal("0.5"))
    assert facts["poor"].formula == "earnings < 10"
    assert (facts["tax_rate"].digits, facts["tax_rate"].unit) == (6, Unit())
    assert words.fact("persons", "plot") is None
    assert vocabulary("XMU").fact("persons", "dowry") is None


def test_a_redefined_variable_keeps_what_the_country_does_not_say() -> None:
    old = vocabulary("XMU").tables["persons"]["disabled"]
    new = vocabulary("XMU", variables={"persons": {"disabled": {"formula": "disability_degree >= 50"}}}).tables["persons"]["disabled"]
    assert (new.type, new.title) == (old.type, old.title)
    assert new.formula == "disability_degree >= 50" != old.formula
    none = vocabulary("XMU", variables={"persons": {"disabled": {"formula": None}}}).tables["persons"]["disabled"]
    assert none.formula == ""


def test_the_example_of_the_files_page_is_accepted() -> None:
    entry = {"type": "integer", "unit": "percent", "minimum": 0, "maximum": 100, "title": {"en": "Degree"}}
    assert vocabulary("XMU", 2, {"region": REGION}, {"persons": {"disability_degree": entry}}).tables["persons"]["disability_degree"].maximum == 100


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({}, [("P014", "")]),
        ({"type": "number"}, [("P014", "type")]),
        ({"type": "money", "unit": "XMU"}, [("P014", "type")]),
        ({"type": ["integer"]}, [("P014", "type")]),
        ({"type": "integer", "unit": "monht"}, [("P010", "unit")]),
        ({"type": "integer", "unit": 3}, [("P010", "unit")]),
        ({"unit": "USD/month"}, [("P015", "unit")]),
        ({"type": "integer", "unit": "XMU"}, [("P015", "type")]),
        ({"type": "date", "unit": "day"}, [("P014", "unit")]),
        ({"type": "integer", "digits": 2}, [("P014", "digits")]),
        ({"type": "code"}, [("P016", "")]),
        ({"codes": "regoin"}, [("P016", "codes")]),
        ({"codes": ["region"]}, [("P016", "codes")]),
        ({"type": "text", "codes": "region"}, [("P014", "codes")]),
        ({"type": "integer", "minimum": 3, "maximum": 2}, [("P017", "minimum")]),
        ({"type": "integer", "minimum": 0.5}, [("P017", "minimum")]),
        ({"type": "integer", "maximum": 3_000_000_000}, [("P017", "maximum")]),
        ({"type": "decimal", "maximum": float("nan")}, [("P017", "maximum")]),
        ({"type": "decimal", "minimum": "0"}, [("P017", "minimum")]),
        ({"type": "decimal", "digits": 7}, [("P017", "digits")]),
        ({"unit": "XMU", "digits": 2}, [("P017", "digits")]),
        ({"type": "boolean", "none": "yes"}, [("P013", "none")]),
        ({"type": "boolean", "formula": 3}, [("P013", "formula")]),
        ({"type": "boolean", "titel": {"en": "Plot"}}, [("P013", "")]),
        ({"type": "boolean", "title": "Plot"}, [("P013", "title")]),
        ({"type": "boolean", "title": {"en": ""}}, [("P013", "title")]),
        ("boolean", [("P013", ""), ("P014", "")]),
    ],
)
def test_a_wrong_variable_is_refused_with_its_place(entry: object, found: list[tuple[str, str]]) -> None:
    assert refused(entry) == found


@pytest.mark.parametrize(
    "name", ["Plot", "plot size", "plot__size", "_plot", "2plot", "", "période", "benefit", "members", "contributions", "and", "period"]
)
def test_a_wrong_or_reserved_name_is_refused(name: str) -> None:
    assert refused({"type": "boolean"}, name=name)[0][0] == "P012"


@pytest.mark.parametrize(
    ("name", "entry", "what"),
    [
        ("disability_degree", {"type": "decimal"}, "type"),
        ("contract_months", {"unit": "year"}, "unit"),
        ("earnings", {"unit": "XMU/year"}, "unit"),
        ("sex", {"codes": "urban"}, "codes"),
    ],
)
def test_a_variable_of_the_vocabulary_cannot_change_its_kind(name: str, entry: dict[str, object], what: str) -> None:
    assert refused(entry, name=name) == [("P018", what)]


def test_an_unknown_table_is_refused() -> None:
    assert problems(variables={"person": {"plot": {"type": "boolean"}}}) == [("P011", "variables.person")]


@pytest.mark.parametrize(
    ("name", "entry", "found"),
    [
        ("branch", REGION, [("P019", "codes.branch")]),
        ("event", REGION, [("P019", "codes.event")]),
        ("Region", REGION, [("P012", "codes.Region")]),
        ("region", {"title": {"en": "Region"}}, [("P019", "codes.region")]),
        ("region", ["north"], [("P013", "codes.region"), ("P019", "codes.region")]),
        ("region", {"values": {1: {"en": "One"}}}, [("P019", "codes.region.values.1")]),
        ("region", {"values": {False: {"en": "No"}}}, [("P019", "codes.region.values.False")]),
        ("region", {"values": {"n o": {"en": "No"}}}, [("P019", "codes.region.values.n o")]),
        ("region", {"values": {"north": "North"}}, [("P013", "codes.region.values.north")]),
        ("region", {"values": {"north": {"en": 1}}}, [("P013", "codes.region.values.north")]),
        ("region", {**REGION, "source": 3}, [("P019", "codes.region.source")]),
        ("region", {**REGION, "vaules": {}}, [("P013", "codes.region")]),
    ],
)
def test_a_wrong_code_list_is_refused(name: str, entry: object, found: list[tuple[str, str]]) -> None:
    assert problems(codes={name: entry}) == found


def test_all_problems_are_raised_at_once() -> None:
    found = problems(
        codes={"Region": REGION, "district": {"values": {1: {"en": "One"}}}},
        variables={"persons": {"a": {"type": "x"}, "b": {"codes": "y"}}, "z": {}},
    )
    assert [code for code, _ in found] == ["P012", "P019", "P014", "P016", "P011"]


def test_a_wrong_currency_is_refused() -> None:
    for currency, digits in (("xmu", 2), ("XMUX", 2), (None, None), ("XMU", 5), ("XMU", True), ("XMU", -1)):
        with pytest.raises(Problems) as raised:
            vocabulary(currency, digits)  # ty: ignore[invalid-argument-type]
        assert [problem.code for problem in raised.value.problems] == ["P009"]


def test_a_hint_names_the_nearest_word() -> None:
    with pytest.raises(Problems, match="did you mean 'region'"):
        vocabulary(variables={"persons": {"plot": {"codes": "regoin"}}})
    with pytest.raises(InputError, match="did you mean 'branches'"):
        labels("branch")


def test_a_vocabulary_can_be_sent_to_another_process() -> None:
    words = vocabulary("XMU", variables={"persons": {"plot": {"type": "integer"}}})
    again = pickle.loads(pickle.dumps(words))
    assert again.tables == words.tables
    assert again.codes["country"].values["FR"] == words.codes["country"].values["FR"]


def test_loading_takes_no_more_than_forty_milliseconds() -> None:
    taken = []
    for _ in range(5):
        for cached in (loading._read, loading._labels, loading._base_codes, loading._base):
            cached.cache_clear()
        start = time.process_time()
        vocabulary("XMU")
        taken.append(time.process_time() - start)
    assert min(taken) <= 0.04


scraps = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.sampled_from(["integer", "code", "XMU/month"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers() | st.sampled_from(["en", "values"]), inner, max_size=3)
    ),
    max_leaves=6,
)
entries = st.dictionaries(st.sampled_from(FACT_KEYS), scraps, max_size=5)


@settings(deadline=None, max_examples=150)
@given(
    codes=st.dictionaries(st.sampled_from(["region", "country", "crop"]) | st.text(max_size=4), scraps, max_size=2) | scraps,
    variables=st.dictionaries(st.sampled_from(["persons", "events"]), st.dictionaries(st.sampled_from(["plot", "sex", "age"]), entries, max_size=2))
    | scraps,
)
def test_whatever_a_file_holds_it_is_loaded_or_refused(codes: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
    try:
        words = vocabulary("XMU", 2, codes, variables)
    except Problems as error:
        assert error.problems
    else:
        assert set(words.tables["persons"]) >= {"person_id", "age"}
