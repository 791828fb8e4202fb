"""Warnings about dates that look like slips."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opensocle.law.loading import LawText

Changed = Callable[..., LawText]


def warnings(text: LawText) -> list[str]:
    assert not text.problems
    return [str(warning) for warning in text.warnings]


def test_a_day_and_a_month_that_were_exchanged_are_noticed(changed: Changed) -> None:
    [warning] = warnings(changed("{2024-01-01: 5, 2027-01-01: 8}", "{2022-07-01: 4, 2023-07-01: 5, 2024-01-07: 6, 2025-07-01: 7}"))
    assert "L030" in warning
    assert "2024-01-07" in warning
    assert "did you mean 2024-07-01?" in warning
    assert warning.startswith("schemes/child_grant.yaml:16:44")


def test_a_value_out_of_a_yearly_rhythm_is_noticed(changed: Changed) -> None:
    [warning] = warnings(changed("{2024-01-01: 5, 2027-01-01: 8}", "{2022-01-01: 4, 2023-01-01: 5, 2024-10-01: 6, 2025-01-01: 7}"))
    assert "2024-10-01 is out of rhythm, the other dates are 01-01" in warning


@pytest.mark.parametrize(
    "values",
    [
        "{2024-01-01: 5, 2027-01-01: 8}",
        "{2022-07-01: 5, 2027-01-01: 8, 2028-03-01: 9}",
        "{2022-01-01: 1, 2022-07-01: 2, 2023-01-01: 3, 2023-07-01: 4}",
        "{2022-03-15: 5}",
        "{2022-03-15: 5, 2023-03-15: 6, 2024-03-15: 7}",
    ],
)
def test_no_warning_where_there_is_no_rhythm_to_break(changed: Changed, values: str) -> None:
    assert not warnings(changed("{2024-01-01: 5, 2027-01-01: 8}", values))


def test_an_indexed_value_that_was_left_behind_is_noticed(changed: Changed) -> None:
    newer = """parameters:
  other:
    unit: XMU
    values: {2024-01-01: 5, 2027-02-01: 6}
    index: {by: wages}
    source: x
"""
    [warning] = warnings(changed("parameters:\n", newer))
    assert "L031" in warning
    assert "'amount' is indexed, but has no value since 2024-01-01, while the law was changed on 2027-02-01" in warning
    assert not warnings(changed("parameters:\n", newer.replace("2027-02-01", "2027-01-01")))
    assert not warnings(changed("parameters:\n", newer.replace("    index: {by: wages}\n", "")))


def test_a_gap_between_bands_and_a_missing_cell_are_noticed(changed: Changed) -> None:
    [gap] = warnings(changed("70-79: 700", "71-79: 700"))
    assert "L032" in gap
    assert "nothing between 60-69 and 71-79" in gap
    [cell] = warnings(changed("south: {male: 2, female: 2}", "south: {male: 2}"))
    assert "L033" in cell
    assert "south has no value for female" in cell


def test_dates_at_the_end_of_the_calendar_do_no_harm(changed: Changed) -> None:
    text = changed("    values: {2024-01-01: 30}\n", "    values: {2024-01-01: 30, 9999-12-31: 31}\n")
    assert not text.problems
