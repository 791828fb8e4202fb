"""Life tables: against the slow twin, against identities, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from demography_twin import invented, lived_of, survival_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from opensocle.errors import InputError
from opensocle.projection.lifetables import group_years, life_table, mortality_ages, survival

ABRIDGED = mortality_ages(5, 21)
SINGLE = mortality_ages(1, 101)


def rates(ages: tuple[int, ...], infants: float = 0.02) -> np.ndarray:
    made = np.tile(0.0003 + 0.00005 * np.exp(np.array(ages) / 11), (2, 1))
    made[:, 0] = infants
    return made


@pytest.mark.parametrize(("width", "groups"), [(1, 101), (5, 21), (5, 18), (10, 9)])
@pytest.mark.parametrize("infants", [0.001, 0.02, 0.05, 0.09, 0.19])
def test_person_years_and_survival_are_those_of_the_slow_twin(width: int, groups: int, infants: float) -> None:
    ages = mortality_ages(width, groups)
    mx = np.array(invented(3, width=width, groups=groups).mortality)[0]
    mx[:, 0] = infants
    table = life_table(mx, ages)
    ratios = survival(group_years(table.Lx, width), width)
    for sex in range(2):
        survivors, lived = lived_of(mx[sex].tolist(), list(ages), sex)
        np.testing.assert_allclose(table.lx[sex], survivors, rtol=1e-12)
        np.testing.assert_allclose(table.Lx[sex], lived, rtol=1e-12)
        np.testing.assert_allclose(ratios[sex], survival_of(mx[sex].tolist(), list(ages), sex, width), rtol=1e-12)


@pytest.mark.parametrize(
    ("infant", "expected"),
    [
        ("andreev_kingkade", [0.14929 - 1.99545 * 0.02, 0.04667 + 3.88089 * 0.02]),
        ("coale_demeny", [0.045 + 2.684 * 0.02, 0.053 + 2.8 * 0.02]),
        ("half", [0.5, 0.5]),
    ],
)
def test_infants_who_die_live_as_long_as_the_formula_says(infant: str, expected: list[float]) -> None:
    table = life_table(rates(ABRIDGED), ABRIDGED, infant=infant)
    np.testing.assert_allclose(table.ax[:, 0], expected)
    np.testing.assert_allclose(table.ax[:, 1], [1.651 - 2.816 * 0.02, 1.522 - 1.518 * 0.02])
    assert (table.ax[:, 2:-1] == 2.5).all()
    np.testing.assert_allclose(table.ax[:, -1], 1 / table.mx[:, -1])


def test_high_infant_mortality_has_constant_separation() -> None:
    table = life_table(rates(ABRIDGED, 0.15), ABRIDGED)
    np.testing.assert_allclose(table.ax[:, :2], [[0.29915, 1.352], [0.31411, 1.361]])


def test_greville_moves_the_adults_only_and_follows_the_slope_of_mortality() -> None:
    mx = rates(ABRIDGED)
    half, table = life_table(mx, ABRIDGED), life_table(mx, ABRIDGED, middle="greville")
    np.testing.assert_array_equal(table.ax[:, :4], half.ax[:, :4])
    at40 = ABRIDGED.index(40)
    slope = np.log(mx[0, at40 + 1] / mx[0, at40 - 1]) / 10
    np.testing.assert_allclose(table.ax[0, at40], 2.5 - 25 / 12 * (mx[0, at40] - slope))
    assert ABRIDGED[4] == 15 and table.ax[0, 4] != 2.5


@settings(max_examples=100, deadline=None)
@given(arrays(float, (2, 22), elements=st.floats(0, 5)), st.sampled_from(["half", "greville"]))
def test_any_rates_give_a_table_in_which_everybody_dies_once(mx: np.ndarray, middle: str) -> None:
    mx[:, -1] += 0.01
    table = life_table(mx, ABRIDGED, middle=middle)
    assert (np.diff(table.lx) <= 0).all() and (table.lx >= 0).all() and (table.Lx >= 0).all()
    np.testing.assert_allclose(table.dx.sum(axis=1), 1)
    np.testing.assert_allclose(table.dx, table.mx * table.Lx, atol=1e-12)
    np.testing.assert_allclose(table.Tx[:, 0], table.ex[:, 0])
    ratios = survival(group_years(table.Lx, 5), 5)
    assert np.isfinite(ratios).all() and (ratios >= 0).all() and (ratios[:, 0] <= 1).all()


def test_a_stationary_population_stays_as_it_is() -> None:
    table = life_table(rates(SINGLE), SINGLE)
    ratios = survival(table.Lx, 1)
    after = np.zeros_like(table.Lx)
    after[:, 0] = ratios[:, 0]
    after[:, 1:] = table.Lx[:, :-1] * ratios[:, 1:]
    after[:, -1] = (table.Lx[:, -2] + table.Lx[:, -1]) * ratios[:, -1]
    np.testing.assert_allclose(after, table.Lx, rtol=1e-12)


def test_constant_mortality_gives_a_life_expectancy_of_its_inverse() -> None:
    table = life_table(np.full((2, 101), 0.02), SINGLE, ax=np.concatenate([np.full(100, 0.4983333), [50.0]]))
    np.testing.assert_allclose(table.ex, 50, rtol=1e-5)


@pytest.mark.parametrize(
    ("place", "value"), [((0, 3), -0.1), ((1, 3), np.nan), ((0, -1), 0.0), ((0, 2), np.inf)], ids=["negative", "nan", "open zero", "infinite"]
)
def test_rates_that_are_none_are_refused(place: tuple[int, int], value: float) -> None:
    mx = rates(ABRIDGED)
    mx[place] = value
    with pytest.raises(InputError, match="P111"):
        life_table(mx, ABRIDGED)


def test_shapes_and_options_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="last two axes are sex and age"):
        life_table(rates(ABRIDGED)[0], ABRIDGED)
    with pytest.raises(InputError, match="no way to find a"):
        life_table(rates(ABRIDGED), ABRIDGED, infant="guess")
    with pytest.raises(InputError, match="no way to find a"):
        life_table(rates(ABRIDGED), ABRIDGED, middle="guess")
