"""Two hundred samples from a census whose truth is known: estimates are right on average, and 95 % intervals hold the truth as often as they say.

The same as benchmarks/impact/coverage.py with fewer samples. Bounds follow from the binomial law of 200 samples, for fixed seeds.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from opensocle.analysis.impact import battery
from opensocle.analysis.impact.battery import Key
from opensocle.population.survey.drawing import Plan

FILE = Path(__file__).parents[3] / "benchmarks" / "impact" / "samples.py"
SAMPLES, PERSONS = 200, 100_000
PLAN = Plan(households=600, per_area=12)
FAR = 3.5
"""Standard deviations that eleven figures with fixed seeds may lie from what is expected: one in two thousand lies farther."""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("impact_samples", FILE)
    assert spec is not None and spec.loader is not None
    module = sys.modules["impact_samples"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def census(tool: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tool.make_census(tmp_path_factory.mktemp("census") / "people", PERSONS)


@pytest.fixture(scope="module")
def found(tool: ModuleType, census: Any) -> dict[Key, Any]:
    """What 200 samples say of each figure, those of the study and not only those that are looked at one by one."""
    drawn = [tool.drawn_again(tool.shuffled(census, seed), Plan(PLAN.households, PLAN.per_area, seed=seed)) for seed in range(SAMPLES)]
    return {one.key: one for one in tool.repeated(drawn, tool.whole(census))}


def test_measures_of_everybody_are_what_their_definitions_give_person_by_person(tool: ModuleType, census: Any) -> None:
    whole = tool.whole(census)
    for key, value in tool.truth(census).items():
        assert whole[key] == pytest.approx(value, rel=1e-12), key


def test_the_definitions_do_not_rest_on_the_measures(tool: ModuleType, census: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    right = tool.truth(census)
    honest = battery.inequality.gini
    monkeypatch.setattr(battery.inequality, "gini", lambda sample, column: honest(sample, column) * (1 + 1e-6))
    assert tool.truth(census) == right
    assert tool.whole(census)[Key("gini")] != pytest.approx(right[Key("gini")], rel=1e-9)


def test_intervals_hold_the_truth_as_often_as_they_say(tool: ModuleType, census: Any, found: dict[Key, Any]) -> None:
    reach = FAR * (0.95 * 0.05 / SAMPLES) ** 0.5
    looked_at = [found[key] for key in tool.truth(census)]
    assert len(looked_at) == 11
    for one in looked_at:
        assert one.covered > 0.95 - reach, one
    assert 0.93 < np.mean([one.covered for one in looked_at]) < 0.97
    others = [one.covered for one in found.values() if one.observations >= 30]
    assert len(others) > 200 and 0.93 < np.mean(others) < 0.97


def test_estimates_are_right_on_average(tool: ModuleType, census: Any, found: dict[Key, Any]) -> None:
    for key, value in tool.truth(census).items():
        assert found[key].truth == pytest.approx(value, rel=1e-12)
        assert abs(found[key].bias) < FAR, found[key]


def test_standard_errors_are_the_spread_of_the_estimates(tool: ModuleType, census: Any, found: dict[Key, Any]) -> None:
    """200 samples know their own spread to one part in √(2 × 199): 5 %."""
    for key in tool.truth(census):
        assert abs(found[key].ratio - 1) < FAR / (2 * (SAMPLES - 1)) ** 0.5, found[key]
