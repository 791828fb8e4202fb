"""The labour market: nobody is lost or counted twice, and a total of employment is met."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError
from opensocle.law.model import Band
from opensocle.projection.earnings import Earnings, group_means
from opensocle.projection.labour import project_labour
from opensocle.projection.model import Pay, Work
from opensocle.projection.series import Series
from opensocle.projection.tables import Table

SHARES = st.decimals(0, 1, places=3)
CODES = {"formal_employee": "permanent_employee", "self_employed": "own_account_worker", "informal": "own_account_worker"}


def by_age(children: str, adults: str) -> Table:
    rows = {(Band(0, 14),): Series.constant(Decimal(children)), (Band(15, None),): Series.constant(Decimal(adults))}
    return Table(("age",), rows)


def work(participation: Table, unemployment: str = "0.1", formal: str = "0.4", own: str = "0.2", total: Table | None = None) -> Work:
    return Work(participation, Table.constant(Decimal(unemployment)), Table.constant(Decimal(formal)), Table.constant(Decimal(own)), CODES, total)


PEOPLE = np.full((2, 101), 100.0)


def test_statuses_follow_from_the_shares() -> None:
    labour = project_labour(PEOPLE, work(by_age("0", "0.5")), 2025)
    assert labour.persons[0, 20] == pytest.approx([18, 9, 18, 5, 50])
    assert labour.persons[0, 10].tolist() == [0, 0, 0, 0, 100]
    assert labour.employed == pytest.approx(0.45 * 86 * 200) and labour.labour_force == pytest.approx(0.5 * 86 * 200)


@given(SHARES, SHARES, SHARES, SHARES, st.integers(0, 10_000))
def test_nobody_is_lost_or_counted_twice(taking_part: Decimal, idle: Decimal, formal: Decimal, own: Decimal, seed: int) -> None:
    people = np.random.default_rng(seed).uniform(0, 1000, (2, 101))
    shares = work(by_age("0", str(taking_part)), str(idle), str(formal), str(min(own, 1 - formal)))
    labour = project_labour(people, shares, 2025)
    assert np.allclose(labour.persons.sum(axis=2), people) and (labour.persons >= 0).all()


@given(st.floats(1000, 17_000))
def test_the_total_of_employment_is_met_and_nobody_is_lost(total: float) -> None:
    given_total = Table.constant(Decimal(repr(total)))
    mixed = Table(("sex",), {("male",): Series.constant(Decimal("0.9")), ("female",): Series.constant(Decimal("0.3"))})
    labour = project_labour(PEOPLE, work(mixed, total=given_total), 2025)
    assert labour.employed == pytest.approx(total, rel=1e-9)
    assert np.allclose(labour.persons.sum(axis=2), PEOPLE) and (labour.persons > -1e-9).all()


def test_the_factor_is_reported_and_keeps_unemployment() -> None:
    labour = project_labour(PEOPLE, work(by_age("0", "0.5"), total=Table.constant(Decimal("3870"))), 2025)
    assert labour.factor == pytest.approx(0.5)
    assert labour.total("unemployed") / labour.labour_force == pytest.approx(0.1)


def test_more_workers_than_people_are_refused() -> None:
    with pytest.raises(InputError, match="20,000, but 15,480 persons can work at most"):
        project_labour(PEOPLE, work(by_age("0", "0.5"), total=Table.constant(20_000)), 2025)


def test_groups_of_a_log_normal_have_its_mean_and_rise() -> None:
    means = group_means(5, 0.6)
    assert means.mean() == pytest.approx(1) and (np.diff(means) > 0).all()
    assert group_means(1, 0.6).tolist() == [1] and group_means(4, 0.0) == pytest.approx([1, 1, 1, 1])


def test_groups_agree_with_draws_of_the_distribution() -> None:
    draws = np.sort(np.random.default_rng(1).lognormal(-0.18, 0.6, 1_000_000)).reshape(5, -1).mean(axis=1)
    assert group_means(5, 0.6) == pytest.approx(draws, rel=5e-3)


def test_workers_earn_the_given_mean_whatever_the_profile() -> None:
    labour = project_labour(PEOPLE, work(by_age("0", "0.5")), 2025)
    mean = Table(
        ("status",), {(name,): Series.constant(value) for name, value in (("formal_employee", 400), ("self_employed", 250), ("informal", 150))}
    )
    earnings = Earnings.of(Pay(mean, by_age("0", "3"), 5, Decimal("0.6")), labour, 2025)
    grid = earnings.grid(1.0)
    workers = labour.persons[:, :, 0]
    assert (grid[:, :, 0].mean(axis=-1) * workers).sum() / workers.sum() == pytest.approx(400)
    assert grid[:, :, 3:].max() == 0 and earnings.depends == {"status", "age"}
