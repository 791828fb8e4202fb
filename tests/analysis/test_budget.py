"""The social budget, the mix that closes a gap, extensions, totals, and the search for a value that fits a budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle import country_folder
from opensocle.analysis.budget import closing_mix, financed, social_budget
from opensocle.analysis.goals import Wanted, seek_parameter
from opensocle.analysis.grouping import extensions, totals_by
from opensocle.analysis.model import Account, Costing, Lever, Line, People
from opensocle.analysis.people import GROUPS, dependency
from opensocle.analysis.scenarios import cost_country, extension
from opensocle.analysis.seeking import seek
from opensocle.errors import InputError
from opensocle.law.law import Law, load
from opensocle.law.parameters import value_on
from opensocle.projection.assumptions import read_assumptions
from opensocle.projection.outlook import Outlook
from opensocle.projection.scenarios import read_scenarios

D = Decimal
NONE = D(0)
MONEY = st.decimals(0, 10**9, places=2)


def line(scheme: str, year: int, paid: Decimal, benefits: Decimal, administration: Decimal = NONE, contributed: Decimal = NONE) -> Line:
    average = benefits / paid if paid else D(0)
    return Line("s", scheme, year, paid, paid, paid, benefits, administration, {"worker": contributed}, D(1), average)


def account(year: int) -> Account:
    return Account(year, D(1000), D(10**10), D(2 * 10**9), D(25 * 10**8), D(1), D(1))


@pytest.fixture(scope="module")
def law() -> Law:
    return load(country_folder("exemplia"))


@pytest.fixture(scope="module")
def costing(law: Law) -> Costing:
    return cost_country(country_folder("exemplia"), law, ["status_quo", "full_floor"], until=2028)


@given(st.lists(st.tuples(MONEY, MONEY, MONEY), min_size=1, max_size=4), MONEY, st.lists(MONEY, max_size=3))
def test_the_budget_adds_up(amounts: list[tuple[Decimal, Decimal, Decimal]], offset: Decimal, raised: list[Decimal]) -> None:
    lines = [line(f"s{at}", 2030, D(1), *each) for at, each in enumerate(amounts)]
    levers = [Lever("aid", {}, {2030: amount}, "") for amount in raised]
    (year,) = social_budget(lines, [account(2030)], {2030: offset}, levers)
    assert year.gross == sum(benefits + administration for benefits, administration, _ in amounts)
    assert year.gap == year.gross - year.contributions - offset
    assert year.remaining == year.gap - sum(raised)
    assert abs(year.share_of_gdp * 10**10 - year.gross) < D("1e-9")


@given(st.lists(st.tuples(MONEY, MONEY, MONEY), min_size=1, max_size=4), st.lists(st.tuples(MONEY, MONEY, MONEY), max_size=4), MONEY)
def test_what_the_baseline_costs_already_is_not_needed_again(
    now: list[tuple[Decimal, Decimal, Decimal]], before: list[tuple[Decimal, Decimal, Decimal]], offset: Decimal
) -> None:
    lines = [line(f"s{at}", 2030, D(1), *each) for at, each in enumerate(now)]
    baseline = [line(f"s{at}", 2030, D(1), *each) for at, each in enumerate(before)]
    (year,) = social_budget(lines, [account(2030)], {2030: offset}, (), financed(lines, baseline))
    shared = baseline[: len(lines)]  # a scheme that only the baseline costs saves nothing
    assert year.already == sum(each.net for each in shared)
    assert year.gap == year.net - year.already - offset
    (same,) = social_budget(lines, [account(2030)], None, (), financed(lines, lines))
    assert (same.gap, same.already) == (0, same.net)


def test_lines_of_a_year_without_an_economy_are_refused() -> None:
    with pytest.raises(InputError, match="A010 no economy is given for 2031"):
        social_budget([line("s", 2031, D(1), D(5))], [account(2030)])


@given(st.decimals(-(10**6), 10**6, places=2), st.lists(st.decimals(0, 10**6, places=2), max_size=5))
def test_levers_close_a_gap_in_order_and_no_further(gap: Decimal, amounts: list[Decimal]) -> None:
    used, left = closing_mix(gap, [Lever(str(at), {}, {2030: amount}, "") for at, amount in enumerate(amounts)], 2030)
    assert sum(taken for _, taken in used) + left == max(gap, 0)
    assert all(0 <= taken <= amount for (_, taken), amount in zip(used, amounts, strict=True))
    short = [taken < amount for (_, taken), amount in zip(used, amounts, strict=True)]
    assert left == 0 or not any(short)
    assert all(taken == 0 for (_, taken), before in zip(used[1:], short, strict=False) if before)


def test_more_people_and_higher_benefits_add_up_to_the_difference() -> None:
    before, after = [line("grant", 2030, D(100), D(12_000))], [line("grant", 2030, D(150), D(27_000)), line("pension", 2030, D(10), D(900))]
    found = extension(before, after)
    assert found["grant", 2030] == (6_000, 9_000)  # 50 more at 120; 150 at 60 more
    assert found["pension", 2030] == (900, 0)  # new: all of it is more people


def test_a_country_s_extensions_add_up_to_the_difference_of_benefits(costing: Costing) -> None:
    before, after = costing.scenarios
    for year in costing.years:
        parts = [part for part in extensions(before, after) if part.year == year]
        gained = sum(each.benefits for each in after.lines if each.year == year) - sum(each.benefits for each in before.lines if each.year == year)
        assert abs(sum(part.difference for part in parts) - gained) < D("1e-9")
        assert abs(sum(part.horizontal + part.vertical for part in parts) - gained) < D("1e-9")


def test_a_scenario_needs_what_it_costs_more_than_the_law_as_it_is(costing: Costing) -> None:
    now, full = costing.scenario("status_quo"), costing.scenario("full_floor")
    assert [result.baseline for result in costing.scenarios] == ["status_quo", "status_quo"] and full.baseline_title == now.title
    assert all(year.gap == 0 for year in now.budget)
    for before, after in zip(now.budget, full.budget, strict=True):
        assert abs(after.already - before.net) < D("1e-9")
        assert abs(after.gap - (after.net - before.net - after.offset)) < D("1e-9")


def test_a_baseline_that_is_not_asked_for_counts_all_the_same(law: Law, costing: Costing) -> None:
    alone = cost_country(country_folder("exemplia"), law, ["full_floor"], until=2026)
    (result,) = alone.scenarios
    assert [year.already for year in result.budget] == [year.already for year in costing.scenario("full_floor").budget[:2]]


def test_scenarios_do_not_differ_before_their_reforms_begin(law: Law) -> None:
    """Take-up is planned to rise from 2026; amounts, conditions and people are the same until the reforms of 2027."""
    costing = cost_country(country_folder("exemplia"), law, until=2026)
    first = costing.scenarios[0]
    for other in costing.scenarios[1:]:
        for one, two in zip(first.lines, other.lines, strict=True):
            assert (one.scheme, one.year) == (two.scheme, two.year)
            if one.year == 2025:
                assert replace(one, scenario="") == replace(two, scenario="")
    indices = Outlook(read_assumptions(country_folder("exemplia"), "base", law), law).indices
    for scenario in read_scenarios(country_folder("exemplia"), law).values():
        reformed = scenario.reform(law)
        for name, scheme in law.schemes.items():
            for key, parameter in scheme.parameters.items():
                values = [value_on(each, date(2026, 12, 31), indices).value for each in (parameter, reformed.schemes[name].parameters[key])]
                assert values[0] == values[1], f"{scenario.name}: {name}.{key}"
        assert not scenario.warnings


def test_the_people_of_a_costing_are_those_of_its_account(costing: Costing) -> None:
    for result in costing.scenarios:
        assert [people.year for people in result.people] == list(costing.years)
        for people, account in zip(result.people, result.accounts, strict=True):
            assert len(people.men) == len(people.women) == 101
            assert abs(people.total - account.population) < D("1e-6")
            assert abs(sum(people.between(*group) for group in GROUPS) - people.total) < D("1e-6")
            children, old, both = dependency(people)
            assert children == people.between(0, 15) / people.between(15, 65) and abs(children + old - both) < D("1e-20")


def test_nobody_of_working_age_gives_no_ratio() -> None:
    assert dependency(People(2030, (D(5), D(3)), (D(4), D(2)))) == (0, 0, 0)


def test_words_of_assumptions_have_the_titles_of_the_law_and_of_the_assumptions(costing: Costing) -> None:
    assert costing.names["old_age_pension.years"]["fr"] == "Années d'assurance"
    assert costing.names["certified_days"]["fr"] == "Jours certifiés par un médecin"
    assert costing.names["disability.parts.severe"] == {"en": "severe", "fr": "sévère"}
    assert costing.names["survivors_pension"]["en"]  # a scheme that is not costed


def test_branches_add_up_to_the_budget(costing: Costing) -> None:
    for result in costing.scenarios:
        parts = totals_by(costing, result, "branch")
        for year in result.budget:
            assert abs(sum(part.gross for part in parts if part.year == year.year) - year.gross) < D("1e-12")  # the last of 28 digits
            assert abs(sum(part.contributions for part in parts if part.year == year.year) - year.contributions) < D("1e-12")
        floor = totals_by(costing, result, "guarantee")
        assert {part.group for part in floor} <= {"children", "active_age", "older_persons", "health_care"}


def test_the_scheme_of_contributions_names_who_contributes(costing: Costing) -> None:
    found = [each for each in costing.scenario("status_quo").lines if each.scheme == "social_insurance_contributions"]
    assert all(each.entitled > 0 and each.paid == each.entitled * each.take_up for each in found)


RISING: list[Callable[[Decimal], Decimal]] = [lambda x: x * x, lambda x: 100 - x]


@pytest.mark.parametrize("compute", RISING)
@pytest.mark.parametrize("target", [D(0), D("0.5"), D(30), D(51), D(99), D(100)])
def test_the_value_found_meets_the_target_and_the_next_one_does_not(compute: Callable[[Decimal], Decimal], target: Decimal) -> None:
    low, high, step = D(0), D(100), D("0.25")
    found = seek(compute, target, low, high, step)
    values = [low + step * at for at in range(401)]
    fitting = [value for value in values if compute(value) <= target]
    assert compute(found.value) == found.result == max(compute(value) for value in fitting)
    assert found.evaluations <= 12


def test_a_target_that_cannot_be_met_and_bounds_that_are_wrong_are_said() -> None:
    with pytest.raises(InputError, match="A021"):
        seek(lambda x: x + 10, D(5), D(0), D(10), D(1))
    for low, high, step in ((D(2), D(1), D(1)), (D(0), D(1), D(0))):
        with pytest.raises(InputError, match="A020"):
            seek(lambda x: x, D(5), low, high, step)


def test_a_benefit_is_sought_for_a_share_of_gdp(law: Law) -> None:
    wanted = Wanted("child_grant.amount", D("0.02"), "gdp", 2027, D(10), D(80), D(1))
    goal = seek_parameter(country_folder("exemplia"), law, "status_quo", wanted)
    assert goal.cost <= goal.budget == goal.gdp * D("0.02")
    (now,) = goal.lines
    assert now.average_benefit == goal.value * 12
    assert goal.cost + goal.cost / goal.value > goal.budget  # one unit more would exceed it


def test_what_cannot_be_sought_is_said(law: Law) -> None:
    folder = country_folder("exemplia")
    for parameter, code in (("child_grant.amont", "A022"), ("nothing.amount", "A022")):
        with pytest.raises(InputError, match=code):
            seek_parameter(folder, law, "status_quo", Wanted(parameter, D(1), "money", 2027, D(1), D(2), D(1)))
    with pytest.raises(InputError, match="A023"):
        seek_parameter(folder, law, "status_quo", Wanted("child_grant.amount", D(1), "money", 1999, D(1), D(2), D(1)))
