"""Yearly values: what each form gives, and what is said of wrong ones."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_future import small_law

from opensocle.errors import InputError
from opensocle.law.nodes import Findings
from opensocle.law.reading import read_text
from opensocle.projection.reading import AMOUNT, GROWTH, SHARE, Limits, Reader
from opensocle.projection.series import Series, levels_of
from opensocle.projection.tables import Table

BY = ("sex", "age", "status")


def read(text: str, limits: Limits = SHARE, source: str = "S") -> tuple[Table | None, list[str]]:
    found = Findings()
    node = read_text(text, "file.yaml", found)
    assert node is not None
    table = Reader(found, small_law()).table(node, "it", limits, BY, inherited=source)
    return table, [f"{p.at} {p.code} {p.what} | {p.hint}" for p in found.problems]


def series(text: str, limits: Limits = AMOUNT) -> Series:
    table, problems = read(text, limits)
    assert table is not None, problems
    return table.rows[()]


def test_a_number_is_the_same_every_year() -> None:
    assert series("0.05").value(2025) == series("0.05").value(2090) == Decimal("0.05")


def test_between_years_the_line_is_straight_and_outside_it_is_level() -> None:
    line = series("{values: {2025: 0.05, 2030: 0.03}}")
    assert [line.value(year) for year in (2020, 2025, 2027, 2030, 2060)] == [Decimal(v) for v in ("0.05", "0.05", "0.042", "0.03", "0.03")]


def test_steps_hold_until_the_next() -> None:
    steps = series("{values: {2025: 5, 2030: 3}, between: step}")
    assert [steps.value(year) for year in (2020, 2029, 2030, 2040)] == [5, 5, 3, 3]


def test_a_level_grows_from_its_year_and_back_before_it() -> None:
    level = series("{value: 1000, year: 2025, growth: 0.03}")
    assert level.value(2027) == Decimal("1060.9")
    assert abs(level.value(2024) - Decimal(1000) / Decimal("1.03")) < Decimal("1e-9")


def test_growth_may_itself_change_over_the_years() -> None:
    level = series("{value: 100, year: 2025, growth: {values: {2026: 0.1, 2027: 0.2}, between: step}}")
    assert level.value(2027) == Decimal("132")


def test_a_level_follows_a_series_of_the_economy() -> None:
    level = series("{value: 1000, year: 2025, follows: wages}")
    assert level.value(2026, {"wages": {2025: Decimal(2), 2026: Decimal(3)}}) == 1500


def test_following_a_series_that_is_not_there_is_refused() -> None:
    level = series("{value: 1000, year: 2025, follows: wages}")
    with pytest.raises(InputError, match="no series 'wages'"):
        level.value(2026, {})
    with pytest.raises(InputError, match="no level for 2026"):
        level.value(2026, {"wages": {2025: Decimal(1)}})


def test_large_amounts_may_be_written_with_an_exponent() -> None:
    assert series("{value: 20e9, year: 2025}").value(2030) == 20_000_000_000


@given(st.dictionaries(st.integers(1990, 2100), st.decimals(0, 1, places=4), min_size=1, max_size=6), st.integers(1980, 2110))
def test_a_value_between_years_is_never_outside_those_given(points: dict[int, Decimal], year: int) -> None:
    value = Series(tuple(sorted(points.items()))).value(year)
    assert min(points.values()) <= value <= max(points.values())


@given(st.decimals("-0.3", "0.5", places=3), st.integers(1, 20))
def test_levels_before_and_after_the_base_year_are_one_chain(growth: Decimal, back: int) -> None:
    levels = levels_of(Series.constant(growth), 2025, 2025 - back, 2035)
    assert levels[2025] == 1
    for year in range(2026 - back, 2036):
        assert abs(levels[year] - levels[year - 1] * (1 + growth)) < Decimal("1e-8") * max(1, levels[year])


def test_a_table_is_an_array_by_sex_age_and_status() -> None:
    table, _ = read("{by: [sex, age], values: {male: {0-14: 0, 15+: 0.5}, female: {0-64: 0.2, 65+: {values: {2025: 0, 2035: 1}}}}}")
    assert table is not None
    grid = table.grid(2030)
    assert grid.shape == (2, 101, 1)
    assert (grid[0, 14, 0], grid[0, 15, 0], grid[0, 100, 0], grid[1, 64, 0], grid[1, 65, 0]) == (0, 0.5, 0.5, 0.2, 0.5)


def test_both_means_both_sexes_and_axes_without_rows_have_length_one() -> None:
    table, _ = read("{by: [age, sex], values: {0-17: {both: 1}, 18+: {male: 0.5, female: 0}}}")
    assert table is not None
    assert table.grid(2025)[:, 17, 0].tolist() == [1, 1] and table.grid(2025)[:, 18, 0].tolist() == [0.5, 0]
    assert read("0.3")[0].grid(2025).shape == (1, 1, 1)  # ty: ignore[unresolved-attribute]


def test_a_status_that_is_not_named_is_unknown_rather_than_zero() -> None:
    table, _ = read("{by: [status], values: {formal_employee: 1, self_employed: 0.5, informal: 0}}")
    assert table is not None
    assert np.isnan(table.grid(2025)[0, 0]).tolist() == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{by: [age], values: {0-14: 0, 25+: 0.5}}", "says nothing of the ages 15-24 | add 15-24:"),
        ("{by: [age], values: {0-14: 0, 15-64: 1}}", "says nothing of the ages from 65 | add 65+:"),
        ("{by: [age], values: {0-14: 0, 16+: 1}}", "says nothing of the ages 15 |"),
        ("{by: [age], values: {0-20: 0, 15+: 1}}", "the ages 0-20 and 15+ overlap"),
        ("{by: [age], values: {0-x: 0, 15+: 1}}", "'0-x' is no band of ages | write 15-24"),
        ("{by: [sex], values: {male: 0.5}}", "says nothing of female | add female:"),
        ("{by: [sex], values: {both: 0.5, male: 1}}", "'both' stands beside male or female"),
        ("{by: [sex], values: {man: 0.5, female: 1}}", "'man' is no sex | known: both, female, male"),
        ("{by: [status], values: {formal_employee: 0.5}}", "says nothing of self_employed, informal"),
        ("{by: [agee], values: {0+: 1}}", "cannot be by 'agee' | did you mean 'age'?"),
        ("{by: [sex, sex], values: {0+: 1}}", "name each once"),
        ("{by: [age], values: {0+: 1.5}}", "it[0+] is 1.5 | write a share as a fraction"),
        ("{by: [age], values: 3}", "it by age must be a map"),
        ("{by: [age]}", "it has no 'values'"),
        ("-0.1", "it is -0.1 | write a share as a fraction"),
        ("5%", "write it as a fraction: 0.05"),
        ("{values: {205: 0.05}}", "'205' is no year | write years as {2025: 0.05}; for a table, say by"),
        ("{values: {}}", "gives no year"),
        ("{values: {2025: 0.1}, between: sstep}", "did you mean 'step'?"),
        ("{value: 0.1, grwth: 0.1}", "it has no key 'grwth' | did you mean 'growth'?"),
        ("{value: 0.1, growth: 0.1}", "does not say which year its value is of | add year: 2025"),
        ("{value: 0.1, year: 2025, growth: 0.1, follows: wages}", "grows and follows a series"),
        ("{value: 0.1, year: 2025, follows: wage}", "did you mean 'wages'?"),
        ("{value: 0.1, year: 25}", "25 is no year"),
        ("{value: 0.1, year: 2025, growth: -1}", "it.growth is -1"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_next_step(text: str, said: str) -> None:
    table, problems = read(text)
    assert table is None
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("file.yaml:1:") for problem in problems)


def test_all_problems_are_found_at_once() -> None:
    _, problems = read("{by: [sex, age], values: {male: {0-14: 2, 15+: x}, femal: {0+: 1}}}")
    assert len(problems) == 3, problems


def test_a_value_without_a_source_is_refused() -> None:
    assert "has no source" in read("0.05", source="")[1][0]
    assert read("{value: 0.05, source: Survey}", source="")[0].source == "Survey"  # ty: ignore[unresolved-attribute]


def test_growth_of_a_thousand_percent_is_a_slip() -> None:
    assert "write growth as a fraction" in read("12", GROWTH)[1][0]
