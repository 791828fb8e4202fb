"""Samples drawn in two stages: chances counted out one by one, exact weights, whole households, and a design that tells the truth of its errors."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.errors import DataError, InputError, Problems
from opensocle.population.people import make_people
from opensocle.population.survey.areas import Frame, make_frame
from opensocle.population.survey.drawing import Drawn, Plan, decimal, draw, inclusion, systematic
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.rows import read_table
from opensocle.population.survey.sampled import DESIGN, draw_survey, take, with_receipts
from opensocle.population.survey.variance import standard_errors
from opensocle.population.tables import Population, Table

PLAN = Plan(households=600, per_area=10, seed=1)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Population:
    folder = make_people(tmp_path_factory.mktemp("drawing") / "people", persons=30_000, seed=4, months=12)
    return Population.open(folder)


@pytest.fixture(scope="module")
def frame(people: Population) -> Frame:
    return make_frame(people)


@pytest.fixture(scope="module")
def spent(people: Population) -> np.ndarray:
    """(household,): consumption a month."""
    return read_table(people.tables["households"], ["consumption"]).column(0).cast("float64").to_numpy()


def tiny(*sizes: int) -> Frame:
    """One stratum of areas with so many households, of two living persons each."""
    area_of = np.repeat(np.arange(len(sizes)), sizes)
    homes = len(area_of)
    names = tuple(f"area{at}" for at in range(len(sizes)))
    return Frame(pa.array(range(homes)), area_of, np.full(homes, 2), np.zeros(homes, bool), names, np.zeros(len(sizes), np.int64), ("all",))


# --- chances


@settings(deadline=None, max_examples=150)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=7), st.integers(1, 7))
def test_the_chance_of_every_area_is_what_counting_all_starts_gives(sizes: list[int], count: int) -> None:
    chances = inclusion(sizes, count)
    assert sum(chances) == min(count, len(sizes))
    open_ = [at for at, chance in enumerate(chances) if chance < 1]
    if not open_:
        return
    left, total = count - (len(sizes) - len(open_)), sum(sizes[at] for at in open_)
    drawn: Counter[int] = Counter()
    for start in range(total):
        found = systematic([sizes[at] for at in open_], left, start)
        assert len(set(found)) == left
        drawn.update(open_[at] for at in found)
    assert all(Fraction(drawn[at], total) == chances[at] for at in open_)


def test_an_area_larger_than_the_step_is_certain_and_the_others_share_the_rest() -> None:
    assert inclusion([50, 1, 1, 1], 2) == [1, Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]
    assert inclusion([50, 20, 1, 1], 3) == [1, 1, Fraction(1, 2), Fraction(1, 2)]


@pytest.mark.parametrize("selection", ["size", "equal"])
def test_a_weight_is_the_inverse_of_a_households_chance_counted_over_all_samples(selection: str) -> None:
    sizes, areas, take_ = [3, 5, 2, 4, 4], 2, 2
    frame = tiny(*sizes)
    measures = sizes if selection == "size" else [1] * len(sizes)
    chance: dict[int, Fraction] = dict.fromkeys(range(frame.households), Fraction(0))
    starts = range(sum(measures))
    for start in starts:  # every sample of the first stage, then every choice of households
        for at in systematic(measures, areas, start):
            for chosen in combinations(frame.members[at].tolist(), take_):
                for home in chosen:
                    chance[home] += Fraction(1, len(starts) * comb(sizes[at], take_))
    seen = set()
    for seed in range(60):
        plan = Plan(households=4, per_area=take_, selection="size" if selection == "size" else "equal", seed=seed)
        drawn = draw(frame, plan)
        for row, weight in zip(drawn.rows.tolist(), drawn.weights, strict=True):
            assert weight == decimal(1 / chance[row])
            seen.add(row)
    assert seen == set(range(frame.households))


def test_households_are_drawn_as_often_as_their_weights_say() -> None:
    frame, times = tiny(3, 5, 2, 4, 4), 4_000
    drawn: Counter[int] = Counter()
    for seed in range(times):
        drawn.update(draw(frame, Plan(households=4, per_area=2, seed=seed)).rows.tolist())
    chance = 4 / frame.households  # in proportion to size, then a fixed number: the same for all
    reach = 4.5 * (times * chance * (1 - chance)) ** 0.5
    assert all(abs(drawn[home] - times * chance) < reach for home in range(frame.households))


def test_weights_with_equal_chances_are_right_on_average_over_all_starts() -> None:
    sizes = [3, 5, 2, 4, 4, 6]
    totals = []
    for start in range(len(sizes)):
        totals.append(sum(Fraction(sizes[at] * len(sizes), 2) for at in systematic([1] * len(sizes), 2, start)))
    assert len(set(totals)) > 1
    assert sum(totals, Fraction(0)) / len(totals) == sum(sizes)


@given(st.fractions(min_value=0, max_value=10**6))
def test_a_weight_is_rounded_once_to_nine_decimals(number: Fraction) -> None:
    found = decimal(number)
    assert found.as_tuple().exponent == -9
    assert abs(Fraction(found) - number) <= Fraction(1, 2 * 10**9)


# --- the sample


def test_the_weights_add_up_to_the_households_of_each_stratum(frame: Frame) -> None:
    drawn = draw(frame, PLAN)
    assert 600 <= drawn.asked == len(drawn.rows) <= 620
    there = np.bincount(frame.stratum_of[frame.area_of], minlength=len(frame.strata))
    for number, name in enumerate(frame.strata):
        inside = [weight for row, weight in zip(drawn.rows, drawn.weights, strict=True) if frame.stratum_of[frame.area_of[row]] == number]
        assert float(sum(inside)) == pytest.approx(there[number], abs=1e-6), name


def test_the_same_seed_draws_the_same_and_another_seed_others(people: Population) -> None:
    one, same, other = (draw_survey(people, Plan(households=200, seed=seed)) for seed in (5, 5, 6))
    assert one.hash() == same.hash() != other.hash()
    assert one.date == people.date and one.currency == "XMU" and one.kind == "survey"


def test_whole_households_come_with_all_their_histories(people: Population, frame: Frame) -> None:
    drawn = draw(frame, PLAN)
    survey = take(people, frame, drawn)
    homes = set(frame.ids.take(pa.array(drawn.rows)).to_pylist())
    all_persons = read_table(people.tables["persons"], ["person_id", "household_id"]).to_pylist()
    members = [row["person_id"] for row in all_persons if row["household_id"] in homes]
    assert survey.tables["persons"].data is not None
    assert survey.tables["persons"].data.column("person_id").to_pylist() == members
    for name in ("contributions", "employment", "residence", "events", "benefits_in_payment"):
        whole = Counter(read_table(people.tables[name], ["person_id"]).column(0).to_pylist())
        kept = Counter(read_table(survey.tables[name], ["person_id"]).column(0).to_pylist())
        assert kept == {person: count for person, count in whole.items() if person in set(members)}, name


def test_persons_and_households_have_the_same_weight_stratum_and_cluster(people: Population, tmp_path: Path) -> None:
    survey = draw_survey(people, PLAN).save(tmp_path / "survey")
    assert survey.kind == "survey"
    homes = {row["household_id"]: row for row in read_table(survey.tables["households"], ["household_id", *DESIGN]).to_pylist()}
    for row in read_table(survey.tables["persons"], ["household_id", *DESIGN]).to_pylist():
        assert row == homes[row["household_id"]]
    assert survey.tables["persons"].columns["weight"] == "decimal128(18, 9)"


def test_only_the_columns_asked_for_are_kept(people: Population) -> None:
    survey = draw_survey(people, PLAN, {"persons": ("person_id", "household_id", "sex"), "events": ()})
    assert set(survey.tables["persons"].columns) == {"person_id", "household_id", "sex", *DESIGN}
    assert "events" not in survey.tables and "district" in survey.tables["households"].columns


def test_a_sample_of_all_households_is_the_population_with_weight_one(people: Population, frame: Frame) -> None:
    drawn = draw(frame, Plan(households=frame.households))
    assert drawn.rows.tolist() == list(range(frame.households)) and set(drawn.weights) == {Decimal(1)}
    survey = take(people, frame, drawn)
    for name, table in people.tables.items():
        kept = read_table(survey.tables[name], list(table.columns))
        assert kept.cast(read_table(table).schema).equals(read_table(table)), name
    design = design_of(survey)
    everybody = np.arange(design.rows)
    assert standard_errors(design, everybody, design.weights, np.ones(design.rows)).tolist() == [0.0]


def test_an_area_drawn_with_certainty_is_a_stratum_of_its_households() -> None:
    drawn = draw(tiny(60, 4, 4, 4), Plan(households=16, per_area=8, seed=2))
    large = [at for at, row in enumerate(drawn.rows) if row < 60]
    assert {drawn.strata[at] for at in large} == {"area0"} and len({drawn.clusters[at] for at in large}) == 8
    assert {int(drawn.stratum_clusters[at]) for at in large} == {60}
    others = [at for at in range(len(drawn.rows)) if at not in large]
    assert {drawn.strata[at] for at in others} == {"all"} and {int(drawn.stratum_clusters[at]) for at in others} == {3}
    assert {drawn.weights[at] for at in large} == {Decimal("7.5")} and {drawn.weights[at] for at in others} == {Decimal(3)}


def test_more_households_are_asked_in_an_area_where_all_areas_are_not_enough() -> None:
    drawn = draw(tiny(20, 20, 20), Plan(households=45, per_area=5))
    assert drawn.asked == 45 and set(drawn.weights) == {decimal(Fraction(60, 45))}


# --- unbiased, and honest about its errors


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frame, np.ndarray]:
    """A larger population's frame, and each household's consumption a month."""
    folder = make_people(tmp_path_factory.mktemp("many") / "people", persons=120_000, seed=9, contributions=False)
    people = Population.open(folder)
    return make_frame(people), read_table(people.tables["households"], ["consumption"]).column(0).cast("float64").to_numpy()


@pytest.fixture(scope="module", params=["size", "equal"])
def draws(request: pytest.FixtureRequest, many: tuple[Frame, np.ndarray]) -> np.ndarray:
    """(sample, 3): the estimates of households and of total consumption, and the standard error of the latter."""
    frame, spent = many
    found = []
    for seed in range(200):
        drawn = draw(frame, Plan(households=480, per_area=12, selection=request.param, seed=seed))
        design = design_of(_design_only(drawn), "households")
        error = standard_errors(design, np.arange(design.rows), design.weights, spent[drawn.rows])
        found.append((design.weights.sum(), float(design.weights @ spent[drawn.rows]), float(error[0])))
    return np.array(found)


def _design_only(drawn: Drawn) -> Population:
    """A survey of nothing but its design."""
    ids = pa.array(range(len(drawn.rows)))
    columns = {
        "household_id": ids,
        "weight": pa.array(drawn.weights, pa.decimal128(18, 9)),
        "stratum": pa.array(drawn.strata),
        "cluster": pa.array(drawn.clusters),
        "stratum_clusters": pa.array(drawn.stratum_clusters.astype(np.int32)),
    }
    homes = pa.table(columns)
    persons = homes.append_column("person_id", ids)
    return Population("survey", date(2026, 1, 1), {"persons": Table("persons", data=persons), "households": Table("households", data=homes)})


def test_estimates_are_right_on_average_over_many_samples(draws: np.ndarray, many: tuple[Frame, np.ndarray]) -> None:
    for position, truth in ((0, many[0].households), (1, many[1].sum())):
        values = draws[:, position]
        assert abs(values.mean() - truth) < 4 * values.std(ddof=1) / len(values) ** 0.5 + 1e-5


def test_the_standard_error_is_that_of_many_samples(draws: np.ndarray, many: tuple[Frame, np.ndarray]) -> None:
    """200 samples know their own standard deviation to about 5 %."""
    values, errors = draws[:, 1], draws[:, 2]
    assert 0.82 < (errors**2).mean() ** 0.5 / values.std(ddof=1) < 1.22
    assert (np.abs(values - many[1].sum()) < 2 * errors).mean() > 0.9


def test_neighbours_are_alike_so_that_clusters_cost_precision(frame: Frame, spent: np.ndarray) -> None:
    level = np.log(spent / np.maximum(frame.size, 1))
    place = np.array([name.rsplit("-", 1)[0] for name in frame.areas])[frame.area_of]
    between = within = whole = 0.0
    for name in np.unique(place):
        inside = place == name
        centred = level[inside] - level[inside].mean()
        for area in np.unique(frame.area_of[inside]):
            own = centred[frame.area_of[inside] == area]
            between += len(own) * own.mean() ** 2
            within += ((own - own.mean()) ** 2).sum()
        whole += (centred**2).sum()
    assert between + within == pytest.approx(whole)
    assert 0.1 < between / whole < 0.3
    assert frame.counts.min() > 30 and frame.counts.max() < 250 and abs(frame.counts.mean() - 100) < 5


def test_areas_do_not_change_with_the_sample_and_lie_in_one_district(people: Population, frame: Frame) -> None:
    assert (make_frame(people).area_of == frame.area_of).all()
    homes = read_table(people.tables["households"], ["region", "urban", "district"]).to_pylist()
    for row, area in zip(homes, frame.area_of, strict=True):
        assert frame.areas[area].startswith(f"{row['region']}-{row['urban']}-{row['district']}-")


# --- those who do not answer


def test_those_who_answer_stand_for_those_who_do_not(frame: Frame) -> None:
    full, partial = (draw(frame, Plan(households=900, per_area=10, response=Decimal(share), seed=3)) for share in ("1", "0.8"))
    assert partial.asked == full.asked == len(full.rows)
    assert set(partial.rows) < set(full.rows)
    assert 0.74 < len(partial.rows) / partial.asked < 0.86
    for name in set(partial.strata):
        sums = [float(sum(w for w, stratum in zip(d.weights, d.strata, strict=True) if stratum == name)) for d in (full, partial)]
        assert sums[1] == pytest.approx(sums[0], abs=1e-6)


def test_within_an_area_the_weight_is_shared_by_those_who_answered(frame: Frame) -> None:
    full, partial = (draw(frame, Plan(households=900, per_area=10, response=Decimal(share), seed=3)) for share in ("1", "0.9"))
    asked, answered = (Counter(frame.area_of[drawn.rows].tolist()) for drawn in (full, partial))
    assert set(asked) == set(answered)  # no area is silent in this sample
    weight = dict(zip(frame.area_of[full.rows].tolist(), full.weights, strict=True))
    for area, found in zip(frame.area_of[partial.rows].tolist(), partial.weights, strict=True):
        assert float(found) == pytest.approx(float(weight[area]) * asked[area] / answered[area], abs=1e-8)


def test_people_in_towns_and_those_who_live_alone_answer_less(frame: Frame) -> None:
    drawn = draw(frame, Plan(households=frame.households, response=Decimal("0.7")))
    answered = np.zeros(frame.households, bool)
    answered[drawn.rows] = True
    assert answered[frame.in_town].mean() == pytest.approx(1 - 0.3 * 1.4, abs=0.03)
    assert answered[~frame.in_town & (frame.size > 1)].mean() == pytest.approx(1 - 0.3 * 0.8, abs=0.03)
    assert answered[~frame.in_town & (frame.size == 1)].mean() == pytest.approx(1 - 0.3 * 0.8 * 1.5, abs=0.1)


def test_silence_of_a_whole_stratum_is_said() -> None:
    frame = tiny(1, 1)
    silent = 0
    for seed in range(40):
        try:
            draw(frame, Plan(households=2, per_area=1, response=Decimal("0.3"), seed=seed))
        except InputError as error:
            assert error.code == "P049" and "all" in error.what
            silent += 1
    assert 0 < silent < 40


# --- what households say they receive


def test_receipts_go_to_households_by_take_up_and_leave_what_was_there(people: Population, frame: Frame) -> None:
    survey = take(people, frame, draw(frame, Plan(households=2_000, seed=1)))
    persons = read_table(survey.tables["persons"], ["person_id", "household_id"]).to_pylist()
    entitled = [(row["person_id"], Decimal("30.00")) for row in persons]
    shares = {"child_grant": Decimal("0.4"), "social_pension": Decimal(1)}
    told = with_receipts(survey, dict.fromkeys(shares, entitled), shares.__getitem__, 7, date(2026, 1, 1), "XE")
    rows = read_table(told.tables["benefits_in_payment"]).to_pylist()
    before = read_table(survey.tables["benefits_in_payment"], ["person_id", "scheme", "amount"]).to_pylist()
    kept = [{key: row[key] for key in ("person_id", "scheme", "amount")} for row in rows if row["scheme"] != "child_grant"]
    assert sorted(map(repr, kept)) == sorted(map(repr, before))  # the register knows who gets the social pension
    home = {row["person_id"]: row["household_id"] for row in persons}
    grants = [row for row in rows if row["scheme"] == "child_grant"]
    homes = {home[row["person_id"]] for row in grants}
    assert len(grants) == sum(row["household_id"] in homes for row in persons)  # all of a household, or none
    assert 0.35 < len(homes) / len(set(home.values())) < 0.45
    assert {(row["amount"], row["start_date"], row["end_date"], row["country"]) for row in grants} == {
        (Decimal("30.00"), date(2026, 1, 1), None, "XE")
    }


# --- what is refused


def test_all_faults_of_a_plan_are_reported_at_once(frame: Frame) -> None:
    with pytest.raises(Problems) as caught:
        draw(frame, Plan(households=0, per_area=0, selection="snow", response=Decimal("0.1"), seed=-1))  # ty: ignore[invalid-argument-type]
    assert [problem.code for problem in caught.value.problems] == ["P048"] * 5


def test_people_without_households_or_places_are_refused(people: Population) -> None:
    persons = people.tables["persons"]
    with pytest.raises(Problems) as caught:
        make_frame(Population("registry", people.date, {"persons": persons}))
    assert [problem.code for problem in caught.value.problems] == ["D048"]
    homes = read_table(people.tables["households"]).drop_columns(["region", "urban"])
    with pytest.raises(Problems) as caught:
        make_frame(Population("registry", people.date, {"persons": persons, "households": Table("households", data=homes)}))
    assert ["region" in p.what or "urban" in p.what for p in caught.value.problems] == [True, True]


def test_persons_of_a_household_that_is_not_there_are_refused(people: Population, tmp_path: Path) -> None:
    homes = read_table(people.tables["households"])
    lacking = Table("households", data=homes.slice(1))
    with pytest.raises(DataError, match="not in the table of households"):
        make_frame(Population("registry", people.date, {**people.tables, "households": lacking}))
    persons = read_table(people.tables["persons"])
    column = persons.column_names.index("household_id")
    without = persons.set_column(column, "household_id", pa.array([None, *persons.column("household_id").to_pylist()[1:]], pa.int64()))
    pq.write_table(without, tmp_path / "persons.parquet")
    with pytest.raises(Problems) as caught:
        make_frame(Population("registry", people.date, {**people.tables, "persons": Population.open(tmp_path / "persons.parquet").tables["persons"]}))
    assert "no household" in caught.value.problems[0].what
