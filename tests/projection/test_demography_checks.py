"""Wrong inputs: every problem at once, each with its place and how to mend it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from demography_twin import invented

from opensocle.errors import Problems
from opensocle.projection.demography_inputs import Inputs


def given(**changes: Any) -> dict[str, Any]:
    """The fields of good inputs, some of them changed."""
    good = invented(1, width=1, groups=101)
    made = {each.name: getattr(good, each.name) for each in fields(good)}
    made |= {name: np.array(value) for name, value in made.items() if isinstance(value, np.ndarray)}
    return made | changes


def problems_of(**changes: Any) -> list[str]:
    with pytest.raises(Problems) as caught:
        Inputs(**given(**changes))
    assert all(problem.code and problem.at and problem.hint for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def with_cell(name: str, place: tuple[int, ...], value: float) -> dict[str, np.ndarray]:
    array = given()[name]
    array[place] = value
    return {name: array}


@pytest.mark.parametrize(
    ("name", "place", "value", "expected"),
    [
        ("population", (1, 27), -3.0, "population females, age 27: P115 population is negative: -3"),
        ("population", (0, 100), np.nan, "population males, age 100+: P115 population is not a finite number: nan"),
        ("mortality", (2, 0, 5), -0.1, "mortality 2023, males, age 5: P115 mortality is negative: -0.1"),
        ("mortality", (2, 0, 5), 12.0, "mortality 2023, males, age 5: P115 mortality is too high: 12"),
        ("mortality", (0, 1, 100), 0.0, "mortality 2021, females, age 100+: P115 mortality is zero in the open age group: 0"),
        ("fertility", (1, 20), 98.0, "fertility 2022, age 20: P115 fertility is too high: 98"),
        ("fertility", (1, 70), 0.01, "fertility 2022, age 70: P115 fertility is at an age without births: 0.01"),
        ("sex_ratio", (3,), 105.0, "sex_ratio 2024: P115 sex_ratio is out of range: 105"),
        ("sex_ratio", (3,), 0.5, "sex_ratio 2024: P115 sex_ratio is out of range: 0.5"),
        ("migration", (5, 1, 3), np.inf, "migration 2026, females, age 3: P115 migration is not a finite number: inf"),
    ],
)
def test_a_wrong_cell_is_named_with_its_year_sex_and_age(name: str, place: tuple[int, ...], value: float, expected: str) -> None:
    (found,) = problems_of(**with_cell(name, place, value))
    assert found.startswith(expected)


def test_all_problems_come_together() -> None:
    changes = with_cell("population", (0, 1), -1) | with_cell("mortality", (0, 0, 9), np.nan) | with_cell("sex_ratio", (0,), 2) | {"total": 5.0}
    found = problems_of(**changes)
    assert [text.split(":")[0] for text in found] == ["population males, age 1", "mortality 2021, males, age 9", "sex_ratio 2021", "population 2021"]


def test_many_wrong_cells_of_a_sort_are_counted() -> None:
    found = problems_of(sex_ratio=np.full(6, 105.0))
    assert len(found) == 4
    assert "out of range in 3 other cells" in found[-1]


def test_a_year_or_an_age_too_few_is_told() -> None:
    good = given()
    found = problems_of(mortality=good["mortality"][:-1], migration=good["migration"][:, :, :-1], sex_ratio=good["sex_ratio"][:3])
    assert len(found) == 3
    assert "mortality has the shape (5, 2, 101), not (6, 2, 101) — give 6 years" in found[1]
    assert "give 101 ages" in found[2]
    (found_axis,) = problems_of(population=good["population"][0])
    assert "give males and females by age" in found_axis


def test_five_year_groups_need_death_rates_of_infants_and_of_children_of_one_to_four() -> None:
    five = invented(1, width=5)
    with pytest.raises(Problems, match=r"not \(6, 2, 22\)"):
        Inputs(2021, 5, five.population, five.fertility, five.sex_ratio, mortality=five.mortality[:, :, 1:])


def test_totals_that_are_not_the_sum_are_told() -> None:
    good = given()
    total = good["population"].sum()
    Inputs(**given(total=total, tfr=good["fertility"].sum(axis=1)))
    (population,) = problems_of(total=total * 1.01)
    assert "an age group is missing or there twice" in population
    (fertility,) = problems_of(tfr=good["fertility"].sum(axis=1) * np.array([1, 1, 1.1, 1, 1, 1]))
    assert fertility.startswith("fertility 2023: P116")


def test_an_empty_population_and_missing_or_double_mortality_are_told() -> None:
    assert "nobody is in the population" in problems_of(population=np.zeros((2, 101)))[0]
    assert "mortality is missing" in problems_of(mortality=None)[0]
    assert "both death rates and survival ratios" in problems_of(survival=np.ones((6, 2, 101)))[0]
    assert "above 1" in problems_of(mortality=None, survival=np.full((6, 2, 101), 1.1))[0]


@pytest.mark.parametrize("name", ["stock", "flows", "averaged", "timing", "infant", "middle"])
def test_an_unknown_convention_is_refused_with_the_known_ones(name: str) -> None:
    (found,) = problems_of(**{name: "perhaps"})
    assert f"'perhaps' is no {name} — use " in found


@pytest.mark.parametrize(("name", "value"), [("width", 0), ("width", 2.5), ("start", "2025"), ("width", True)])
def test_years_are_whole_numbers(name: str, value: Any) -> None:
    assert problems_of(**{name: value})[0].startswith(f"{name}: P113")


def test_text_is_no_array() -> None:
    assert "sex_ratio is no array of numbers" in problems_of(sex_ratio=["a", "b"])[0]
    assert "fertility is no array of numbers" in problems_of(fertility=[[1, 2], [3]])[0]


def test_one_calendar_year_is_not_enough_from_mid_year_to_mid_year() -> None:
    good = given(flows="calendar", stock="mid_year")
    short = {name: value[:1] if isinstance(value, np.ndarray) and name != "population" else value for name, value in good.items()}
    with pytest.raises(Problems, match="give at least 2"):
        Inputs(**short)
