"""Samples drawn again and again from a census, and what their estimates and intervals say of the truth, which is known.

Shared with users: areas and drawing (`make_frame`, `draw`), the reading of the design (`design_of`), every measure (`Battery`, `effects`), errors and
intervals. Not shared: the files, and the law, since welfare and transfers are columns of the census.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opensocle.analysis.impact.battery import Battery, Columns, Key
from opensocle.analysis.impact.effects import effects
from opensocle.analysis.impact.groups import Split
from opensocle.analysis.impact.measured import Measured
from opensocle.analysis.impact.model import CURRENT, NONE, Group, Grouping
from opensocle.analysis.impact.settings import Line
from opensocle.analysis.impact.view import Ground, View, bounds, degrees, errors
from opensocle.population.people import make_people
from opensocle.population.survey.areas import Frame, make_frame
from opensocle.population.survey.design import Design
from opensocle.population.survey.drawing import Drawn, Plan, draw
from opensocle.population.survey.reading import design_of
from opensocle.population.survey.rows import homes_of, read_table
from opensocle.population.tables import Population, Table

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
FIXED = 60.0
"""The national line: consumption a head a month, XMU."""
GRANT, YOUNG = 30.0, 5
"""A universal grant a month for each child below this age."""
LINES = (Line("national", {}, FIXED), Line("relative", {}, share=0.6))
URBAN = Grouping("urban", {}, (Group("urban", {}), Group("rural", {})))
REGIONS = ("east", "north", "south", "west")
REGION = Grouping("region", {}, tuple(Group(name, {}) for name in REGIONS))


@dataclass(frozen=True, eq=False)
class Census:
    """Households in the order of the frame: living persons, consumption a month, transfers a month by name, in town, region."""

    frame: Frame
    size: Numbers
    consumption: Array
    transfers: dict[str, Array]
    region: Numbers

    @property
    def town(self) -> Numbers:
        return np.where(self.frame.in_town, 0, 1)


def make_census(folder: Path, persons: int, seed: int = 9) -> Census:
    """Exemplia's people, made in a folder if they are not there yet. Everything is known of everybody."""
    if not (folder / "population.yaml").is_file():
        make_people(folder, persons=persons, seed=seed, contributions=False, unknowns=0.0)
    people = Population.open(folder)
    frame = make_frame(people)
    homes = read_table(people.tables["households"], ["household_id", "consumption", "region"])
    rows = read_table(people.tables["persons"], ["person_id", "household_id", "birth_date", "death_date"])
    place = {key: at for at, key in enumerate(homes.column("household_id").to_pylist())}
    keys, of = homes_of(rows)
    of = np.array([place[key] for key in keys.to_pylist()])[of]
    living = rows.column("death_date").is_null().to_numpy()
    assert people.date is not None
    born = rows.column("birth_date").to_numpy().astype("datetime64[D]")
    young = living & (born > np.datetime64(people.date.replace(year=people.date.year - YOUNG)))
    paid = read_table(people.tables["benefits_in_payment"], ["person_id", "amount"])
    home = dict(zip(rows.column("person_id").to_pylist(), of.tolist(), strict=True))
    pensions = np.zeros(len(place))
    np.add.at(pensions, [home[person] for person in paid.column("person_id").to_pylist()], paid.column("amount").cast("float64").to_numpy())
    transfers = {"pensions": pensions, "child_grant": GRANT * np.bincount(of, young, len(place))}
    consumption = homes.column("consumption").cast("float64").to_numpy()
    region = np.array([REGIONS.index(name) for name in homes.column("region").to_pylist()])
    return Census(frame, frame.size, consumption, transfers, region)


# --- a sample


def measured(census: Census, rows: Numbers, design: Design, influences: bool = True) -> tuple[Ground, list[tuple[Key, Measured]]]:
    """Every figure of a study of these households; the design's rows are their living persons."""
    size = census.size[rows]
    heads = np.maximum(size, 1).astype(np.float64)
    of = np.repeat(np.arange(len(rows)), size)
    money = {name: amount[rows] / heads for name, amount in census.transfers.items()}
    now = census.consumption[rows] / heads
    columns = Columns(
        {NONE: np.maximum(now - sum(money.values()), 0), CURRENT: now},
        {CURRENT: money},
        {CURRENT: money},
        {CURRENT: sum(money.values())},
        np.ones(len(rows)),
        LINES,
    )
    splits = (Split(URBAN, census.town[rows], True), Split(REGION, census.region[rows], True))
    ground = Ground(design, of, np.ones(len(of), dtype=bool), size > 0, splits)
    battery = Battery(View(ground, design.weights, influences), columns)
    return ground, [*battery.groups(), *effects(battery)]


def sampled_design(census: Census, drawn: Drawn) -> Design:
    """The design as a study reads it from the tables of those drawn."""
    columns = {
        "household_id": pa.array(range(len(drawn.rows))),
        "weight": pa.array(drawn.weights, pa.decimal128(18, 9)),
        "stratum": pa.array(drawn.strata),
        "cluster": pa.array(drawn.clusters),
        "stratum_clusters": pa.array(drawn.stratum_clusters.astype(np.int32)),
    }
    homes = pa.table(columns)
    persons = homes.take(pa.array(np.repeat(np.arange(len(drawn.rows)), census.size[drawn.rows])))
    persons = persons.append_column("person_id", pa.array(range(persons.num_rows)))
    tables = {name: Table(name, data=data) for name, data in (("persons", persons), ("households", homes))}
    return design_of(Population("survey", date(2026, 1, 1), tables))


def whole(census: Census) -> dict[Key, float]:
    """Every figure of the census itself, by the same measures."""
    rows = np.arange(census.frame.households)
    _, found = measured(census, rows, Design.of(np.ones(int(census.size.sum()))), influences=False)
    return {key: one.estimate for key, one in found}


def truth(census: Census) -> dict[Key, float]:
    """Some of the figures once more, by their definitions on one row a person, without the measures that are tested."""
    welfare = np.repeat(census.consumption / np.maximum(census.size, 1), census.size)
    order = np.sort(welfare)
    count = len(order)
    median = order[(count + 1) // 2 - 1]
    gini = 2 * float(np.arange(1, count + 1) @ order) / (count * float(order.sum())) - (count + 1) / count
    found = {Key("gini"): gini, Key("mean"): float(welfare.mean()), Key("median"): float(median)}
    for name, line in (("national", FIXED), ("relative", 0.6 * float(median))):
        poor = welfare < line
        for alpha in (0, 1, 2):
            found[Key(f"fgt{alpha}", line=name)] = float(np.sum((1 - welfare[poor] / line) ** alpha) / count)
    for name, amount in census.transfers.items():
        found[Key("coverage", name)] = float(np.repeat(amount > 0, census.size).mean())
    return found


def shuffled(census: Census, seed: int) -> Census:
    """The census with the areas of each stratum in another order."""
    frame = census.frame
    order = np.lexsort((np.random.default_rng(seed).random(len(frame.areas)), frame.stratum_of))
    place = np.argsort(order)
    areas = tuple(frame.areas[at] for at in order.tolist())
    return replace(census, frame=replace(frame, area_of=place[frame.area_of], areas=areas, stratum_of=frame.stratum_of[order]))


@dataclass(frozen=True, slots=True)
class Guess:
    """What one sample says of one figure. observations: households on which it rests."""

    estimate: float
    error: float
    low: float
    high: float
    observations: int


def drawn_again(census: Census, plan: Plan) -> dict[Key, Guess]:
    """A sample by this plan: every figure with its interval, as in a study."""
    drawn = draw(census.frame, plan)
    ground, found = measured(census, drawn.rows, sampled_design(census, drawn))
    view = View(ground, ground.design.weights)
    free = {domain.group: degrees(ground, domain) for split in ground.splits for domain in view.domains(split)}
    everyone = degrees(ground, view.everyone)
    se = errors(ground, [one for _, one in found]).tolist()
    made = {}
    for (key, one), error in zip(found, se, strict=True):
        low, high = bounds(key.measure, one.estimate, error, free.get(key.group, everyone), 0.95)
        made[key] = Guess(one.estimate, error, low, high, one.observations)
    return made


# --- many samples


@dataclass(frozen=True, slots=True)
class Coverage:
    """One figure in many samples. covered: share of intervals that hold the truth; below, above: share that lies wholly on one side of it.

    bias: mean estimate - truth, in Monte-Carlo errors (standard deviation / √samples). ratio: root mean square of the standard errors over the
    standard deviation of the estimates. observations: households on which the figure rests in the sample that has the fewest.
    """

    key: Key
    truth: float
    covered: float
    below: float
    above: float
    bias: float
    ratio: float
    observations: int


def repeated(samples: list[dict[Key, Guess]], true: dict[Key, float]) -> Iterator[Coverage]:
    """The coverage of every figure that has an error in all samples."""
    for key, value in true.items():
        found = [sample[key] for sample in samples if key in sample]
        table = np.array([(one.estimate, one.error, one.low, one.high) for one in found])
        if len(found) < len(samples) or not np.isfinite(table).all() or not table[:, 1].all():
            continue
        estimate, error, low, high = table.T
        spread = float(estimate.std(ddof=1))
        below, above = float((high < value).mean()), float((low > value).mean())
        bias = (float(estimate.mean()) - value) / (spread / len(found) ** 0.5)
        ratio = float((error**2).mean() ** 0.5) / spread
        yield Coverage(key, value, 1 - below - above, below, above, bias, ratio, min(one.observations for one in found))
