"""A costing that contradicts itself is found out before it is published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sample

from opensocle.analysis.model import BudgetYear, Costing, Line
from opensocle.publish.checking import check, checked
from opensocle.publish.figures import milestones


@pytest.fixture(scope="module")
def small(costing: Costing) -> Costing:
    return sample.small(costing, 3, ["full_floor"])


def with_lines(costing: Costing, *lines: Line) -> Costing:
    return replace(costing, scenarios=(replace(costing.scenarios[0], lines=lines),))


def with_budget(costing: Costing, first: BudgetYear) -> Costing:
    result = costing.scenarios[0]
    return replace(costing, scenarios=(replace(result, budget=(first, *result.budget[1:])),))


def test_a_good_costing_has_no_problem(costing: Costing) -> None:
    assert check(costing) == [] and checked(costing) is costing


def test_all_problems_are_found_together(small: Costing) -> None:
    lines = small.scenarios[0].lines
    odd = replace(lines[0], scheme="other", year=1999)
    found = check(with_lines(small, *lines, lines[0], odd))
    assert {error.code for error in found} == {"U071", "U073"}
    texts = " ".join(str(error) for error in found)
    assert "2 lines of the same scheme and year" in texts and "'other' has no label" in texts and "not one of the costing's" in texts
    assert "full_floor, 2025" in texts and "gross expenditure" in texts


def test_who_is_paid_must_be_entitled(small: Costing) -> None:
    lines = small.scenarios[0].lines
    assert [error.code for error in check(with_lines(small, replace(lines[0], entitled=Decimal(0)), *lines[1:]))] == ["U072"]


PARTS = ["gross", "contributions", "already", "offset", "gap", "levers", "remaining", "share_of_gdp", "share_of_expenditure"]


@pytest.mark.parametrize("field", PARTS)
def test_a_budget_that_is_not_the_sum_of_its_parts_is_named(small: Costing, field: str) -> None:
    first = small.scenarios[0].budget[0]
    found = check(with_budget(small, replace(first, **{field: getattr(first, field) + 10})))
    assert found and {error.code for error in found} == {"U073"}


def test_people_by_age_who_are_not_the_account_s_population_are_named(small: Costing) -> None:
    result = small.scenarios[0]
    first = result.people[0]
    odd = replace(first, men=(first.men[0] + 1, *first.men[1:]))
    found = check(replace(small, scenarios=(replace(result, people=(odd, *result.people[1:])),)))
    assert [error.code for error in found] == ["U073"] and "the people by age are" in str(found[0]) and "2025" in str(found[0])


def test_scenarios_of_the_same_name_or_title_are_named(costing: Costing) -> None:
    again = replace(costing, scenarios=(*costing.scenarios, costing.scenarios[0]))
    assert [error.code for error in check(again)] == ["U070", "U070"]


def test_a_year_without_account_is_named(small: Costing) -> None:
    cut = replace(small, scenarios=(replace(small.scenarios[0], accounts=small.scenarios[0].accounts[1:]),))
    assert "the year has no account or no budget" in str(check(cut)[0])


def test_milestones_are_round_years_between_the_ends() -> None:
    assert milestones(range(2025, 2056)) == [2025, 2030, 2035, 2040, 2045, 2050, 2055]
    assert milestones(range(2025, 2056), 4) == [2025, 2030, 2050, 2055]
    assert milestones([2025]) == [2025] and milestones(range(2025, 2030)) == list(range(2025, 2030))
    for last in range(2026, 2101):
        for most in (4, 6, 7):
            found = milestones(range(2025, last + 1), most)
            assert len(found) <= most and found[0] == 2025 and found[-1] == last and found == sorted(set(found))
